"""What a learner asks for on the way: a hint, the solution, a fresh start, the next exercise.

The panel's buttons, the `lab` command and plain Python all come here:

    hint("02")                    # the next one that you have not seen, and step 1, 2 or 3 on demand
    solution("02", yes=True)      # before a pass only with yes=True
    compare_notes("06", found)    # what you wrote down against what there was to be found
    reset("02")                   # the notebook as shipped; yours is kept as a copy
    next_exercise("02")           # the one to go on with, or None

Each returns data; `show()` draws it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_support.course import exercises, notebooks, progress
from lab_support.course.cells import shipped_plan
from lab_support.course.exercises import EXERCISE, HINT, HINTS, SOLUTION, Exercise, find_exercise
from lab_support.course.notes import Comparison, compare, read_notes
from lab_support.course.progress import Entry
from lab_support.errors import BriefError
from lab_support.plan.plan import Plan
from lab_support.program_code import source_of


@dataclass(frozen=True)
class Hint:
    """Hint `step` of `of`; `text` is Markdown."""

    exercise: str
    step: int
    of: int
    title: str
    text: str


@dataclass(frozen=True)
class Way:
    """Another right way to solve an exercise: what is different about it, and its whole program."""

    what: str
    source: str
    path: Path


@dataclass(frozen=True)
class Solution:
    """The solution against another program, `before`, which is `whose` (a phrase); and other right ways."""

    exercise: str
    whose: str
    before: str
    after: str
    ways: tuple[Way, ...] = ()

    @property
    def difference(self) -> list[str]:
        """The lines of a unified diff from `before` to the solution, without its two heading lines."""
        left, right = self.before.splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(left, right, lineterm="", n=3))[2:]


@dataclass(frozen=True)
class Reset:
    """A notebook as shipped again, and the copy that was kept of what was there before."""

    exercise: str
    path: Path
    copy: Path | None


class NotPassed(BriefError):
    """What gives away the answer was asked for before a pass, without saying that it is wanted all the same."""


def folder() -> Path:
    """Where the learner's notebooks and their progress lie."""
    return exercises.root() / "notebooks"


def entry_of(exercise: Exercise) -> Entry:
    """How far an exercise has come."""
    return progress.read(folder()).get(exercise.slug, Entry())


def hint(slug: str, step: int | None = None) -> Hint:
    """The next hint that was not seen (the last again after all were), or hint `step`; it counts as seen now.

    Raises UnknownExercise, and ValueError for a step that there is not.
    """
    exercise = find_exercise(slug)
    number = step if step is not None else min(entry_of(exercise).hints + 1, HINTS)
    if not 1 <= number <= HINTS:
        raise ValueError(f"there are hints 1 to {HINTS}, not {number}")
    progress.record_hint(exercise.slug, folder(), number)
    return hint_of(exercise, number)


def hint_of(exercise: Exercise, number: int) -> Hint:
    """Hint `number` as its author wrote it, without the folding."""
    source = exercise.sources(HINT)[number - 1]
    heading = re.search(r"<summary>(.*?)</summary>", source, re.DOTALL)
    title = re.sub(r"</?b>", "", heading.group(1)) if heading else f"Hint {number} of {HINTS}"
    body = re.sub(r"<summary>.*?</summary>", "", source, flags=re.DOTALL)
    return Hint(exercise.slug, number, HINTS, title, re.sub(r"</?(details|b)>", "", body).strip())


def solution(slug: str, program: Any = None, *, yes: bool = False) -> Solution:
    """The solution against `program` (a function, or its source as text), else against the program as shipped.

    Raises NotPassed before a pass unless `yes`, and UnknownExercise.
    """
    exercise = find_exercise(slug)
    if not (yes or entry_of(exercise).passed):
        raise NotPassed(
            f"You have not passed {exercise.slug} yet. To see the solution anyway: solution({slug!r}, yes=True)."
        )
    progress.record_solution(exercise.slug, folder())
    theirs = program if isinstance(program, str) else source_of(program)
    before = theirs if theirs is not None else "\n\n".join(exercise.sources(EXERCISE))
    whose = "your program" if theirs is not None else "the program as shipped"
    return Solution(exercise.slug, whose, before, "\n\n".join(exercise.sources(SOLUTION)), _ways(exercise))


def compare_notes(slug: str, found: Any, *, yes: bool = False) -> Comparison:
    """The learner's notes (pairs of a resource and a consequence) against what there was to be found.

    Raises NotPassed before a pass unless `yes`, as this tells everything; BriefError where the notes are no pairs or
    the exercise asks for none; and UnknownExercise.
    """
    exercise = find_exercise(slug)
    notes = read_notes(found)
    if not (yes or entry_of(exercise).passed):
        raise NotPassed(
            f"You have not passed {exercise.slug} yet, and this gives the answers away. To see them anyway: "
            f"compare_notes({slug!r}, found, yes=True)."
        )
    comparison = compare(exercise, notes)
    progress.record_solution(exercise.slug, folder())
    return comparison


def plans(slug: str, program: Any, environment: str = "dev") -> tuple[Plan, Plan]:
    """What would exist with the program as shipped, and what with `program`: two previews of one environment.

    Raises what preview() raises about `program`.
    """
    from lab_support.engine.operations import preview  # start-up time: loads Pulumi

    exercise = find_exercise(slug)
    after = preview(program, environment, config=exercise.config)
    return shipped_plan(exercise, environment, exercise.config), after


def reset(slug: str) -> Reset:
    """Puts the notebook back as shipped and keeps a copy of what was there; what was passed stays passed."""
    exercise = find_exercise(slug)
    path = folder() / f"{exercise.slug}.ipynb"
    copy = notebooks.keep_copy(path) if path.is_file() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(notebooks.text_of(notebooks.notebook(exercise)), encoding="utf-8")
    return Reset(exercise.slug, path, copy)


def next_exercise(slug: str = "") -> Exercise | None:
    """The first exercise after this one that is not passed yet, else the first of all; None when all are passed."""
    slugs = [each.slug for each in exercises.catalogue()]
    start = slugs.index(find_exercise(slug).slug) + 1 if slug else 0
    entries = progress.read(folder())
    for name in (*slugs[start:], *slugs[:start]):
        if not entries.get(name, Entry()).passed:
            return find_exercise(name)
    return None


def _ways(exercise: Exercise) -> tuple[Way, ...]:
    """The fixes that the author names; what is special about each is told by its first line, a comment.

    An exercise that was copied without its fixes has none.
    """
    found = []
    for path in (exercise.fixes / f"{name}.py" for name in exercise.ways):
        if not path.is_file():
            continue
        first, _, source = path.read_text(encoding="utf-8").partition("\n")
        found.append(Way(first.lstrip("# ").strip(), source.strip("\n"), path))
    return tuple(found)
