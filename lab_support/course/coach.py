"""What a learner asks for on the way: a hint, the solution, a fresh start, the next exercise.

The panel's buttons, the `lab` command and plain Python all use these functions:

    hint("02")                    # the next hint you have not seen; hint("02", 1) for a particular one
    solution("02", yes=True)      # yes=True is needed before a pass
    compare_notes("06", found)    # your notes compared with the actual flaws
    reset("02")                   # the notebook as shipped; yours is kept as a copy
    next_exercise("02")           # the one to continue with, or None

They return data; `show()` draws it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_support.course import exercises, notebooks, progress
from lab_support.course.cells import plans_of, shipped_plans
from lab_support.course.exercises import EXERCISE, HINT, HINTS, SOLUTION, Exercise, find_exercise
from lab_support.course.fixes import DifferenceError, FixError, fix_file, read_fix
from lab_support.course.notes import Comparison, compare, read_notes
from lab_support.course.places import NO_SOLUTIONS, is_learner_course
from lab_support.course.progress import Entry
from lab_support.errors import BriefError, InternalError
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
    """Another right way to solve an exercise: what is special about it, and its whole program against `before`."""

    what: str
    source: str
    path: Path
    before: str

    @property
    def difference(self) -> list[str]:
        """The lines of a unified diff from `before` to this way, without its two heading lines."""
        return _difference(self.before, self.source)

    def to_json(self) -> dict[str, Any]:
        return {"what": self.what, "source": self.source, "difference": self.difference}


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
        return _difference(self.before, self.after)

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise": self.exercise,
            "whose": self.whose,
            "before": self.before,
            "after": self.after,
            "difference": self.difference,
            "ways": [way.to_json() for way in self.ways],
        }


@dataclass(frozen=True)
class Reset:
    """A notebook as shipped again, and the copy of the previous one, where there was one."""

    exercise: str
    path: Path
    copy: Path | None


class NotPassed(BriefError):
    """The answer was requested before a pass, and without confirming that."""


def folder() -> Path:
    """The folder of the learner's notebooks and of their progress."""
    return exercises.root() / "notebooks"


def entry_of(exercise: Exercise) -> Entry:
    """The learner's progress in an exercise."""
    return progress.read(folder()).get(exercise.slug, Entry())


def hint(slug: str, step: int | None = None) -> Hint:
    """The next unseen hint (the last one once all have been seen), or hint `step`; it counts as seen now.

    Raises UnknownExercise, and ValueError for a step out of range.
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
    """The solution compared with `program` (a function, or its source), else with the program as shipped.

    Raises NotPassed before a pass unless `yes`, UnknownExercise, BriefError in a learner's course, which has no
    solutions, and InternalError for a broken one.
    """
    exercise = find_exercise(slug)
    if is_learner_course():
        raise BriefError(f"{NO_SOLUTIONS[0].upper()}{NO_SOLUTIONS[1:]}.")
    if not (yes or entry_of(exercise).passed):
        raise NotPassed(
            f"You have not passed {exercise.slug} yet. To see the solution anyway: solution({slug!r}, yes=True)."
        )
    progress.record_solution(exercise.slug, folder())
    own = program if isinstance(program, str) else source_of(program)
    before = own if own is not None else "\n\n".join(exercise.sources(EXERCISE))
    whose = "your program" if own is not None else "the program as shipped"
    try:
        after = "\n\n".join(exercise.sources(SOLUTION))
    except DifferenceError as error:
        raise InternalError(str(error)) from None
    return Solution(exercise.slug, whose, before, after, _ways(exercise, before))


def compare_notes(slug: str, found: Any, *, yes: bool = False) -> Comparison:
    """The learner's notes (pairs of a resource and a consequence) compared with the actual flaws.

    Raises NotPassed before a pass unless `yes`, as this gives the answers away; BriefError where the notes are not
    pairs or the exercise asks for none; and UnknownExercise.
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


def plans(slug: str, program: Any, environments: Sequence[str] = ("dev",)) -> list[tuple[Plan, Plan]]:
    """The plans of the program as shipped and of `program`, for each environment.

    Raises what preview() raises about `program`.
    """
    exercise = find_exercise(slug)
    after = plans_of(program, environments, exercise.config)
    return list(zip(shipped_plans(exercise, environments, exercise.config), after, strict=True))


def reset(slug: str) -> Reset:
    """Puts the notebook back as shipped and keeps a copy of the learner's; a pass remains, hints begin again."""
    exercise = find_exercise(slug)
    path = folder() / f"{exercise.slug}.ipynb"
    copy = notebooks.keep_copy(path) if path.is_file() else None
    path.parent.mkdir(exist_ok=True)
    path.write_text(notebooks.text_of(notebooks.notebook(exercise)), encoding="utf-8")
    progress.record_reset(exercise.slug, folder())
    return Reset(exercise.slug, path, copy)


def next_exercise(slug: str = "") -> Exercise | None:
    """The next exercise that is not passed yet, starting over at the first; None when all are passed."""
    slugs = [exercise.slug for exercise in exercises.catalogue()]
    name = find_exercise(slug).slug if slug else ""
    start = slugs.index(name) + 1 if name in slugs else 0
    entries = progress.read(folder())
    for name in (*slugs[start:], *slugs[:start]):
        if not entries.get(name, Entry()).passed:
            return find_exercise(name)
    return None


def _ways(exercise: Exercise, before: str) -> tuple[Way, ...]:
    """The right fixes that the author names; an exercise that was copied without its fixes has none."""
    found = []
    for name in exercise.ways:
        try:
            fix = read_fix(fix_file(exercise, name), exercise)
        except (FixError, DifferenceError):  # `lab validate` reports a fix that does not fit
            continue
        found.append(Way(fix.about, "\n\n".join(fix.program), fix.path, before))
    return tuple(found)


def _difference(before: str, after: str) -> list[str]:
    return list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]
