"""The author's proof, both ways: each exercise fails for the announced reason, and each fix gets its verdict.

A fix says what must become of it by its name: right_* passes, wrong_* fails with exactly the findings that its
first line names (`# finding: SINGLE-ZONE`), error_* is a program error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.checking.judge import Ruling, as_shipped, as_solved
from lab_support.checking.judge_pool import judge_all
from lab_support.course.exercises import CHECK, DEBRIEF, EXERCISE, HINT, HINTS, SETUP, SOLUTION, Exercise
from lab_support.course.scaffold import BLANK

_FINDING_LINE: Final = re.compile(r"^# finding: ([A-Z][A-Z-]*(?:, [A-Z][A-Z-]*)*)$")
RIGHT: Final = 8
WRONG: Final = 12


@dataclass(frozen=True)
class Claim:
    """Something that an exercise promises, and whether it holds; `saw` says what was there instead."""

    exercise: str
    what: str
    holds: bool
    saw: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        mark = "ok      " if self.holds else "BROKEN  "
        return f"{mark}{self.exercise}: {self.what}" + (
            f"\n          but: {self.saw}" if not self.holds else ""
        )


def claims(*exercise: Exercise) -> Iterator[Claim]:
    """Every claim of these exercises, one after the other: first those that can be read, then those that must be run.

    All programs stand in one queue, so that no processor waits for the last one of an exercise.
    """
    jobs = {each.slug: list(_jobs(each)) for each in exercise}
    rulings = judge_all([(each, job.cells) for each in exercise for job in jobs[each.slug]])
    for each in exercise:
        yield from written_claims(each)
        for job in jobs[each.slug]:
            yield _compare(each, job, next(rulings))


def expected_findings(path: Path) -> tuple[str, ...]:
    """The findings that a wrong fix announces in its first line. Raises ValueError, naming the file."""
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    match = _FINDING_LINE.match(first)
    if match is None:
        raise ValueError(f"{path.name} must begin with a line such as `# finding: SINGLE-ZONE`")
    return tuple(match.group(1).split(", "))


def fixes(exercise: Exercise, kind: str) -> list[Path]:
    """The files of one kind (right, wrong, error) beside an exercise."""
    return sorted(exercise.fixes.glob(f"{kind}_*.py"))


def written_claims(exercise: Exercise) -> Iterator[Claim]:
    """The claims that can be read off the files, without running anything."""

    def claim(what: str, holds: bool, saw: str = "") -> Claim:
        return Claim(exercise.slug, what, holds, saw)

    for tag, least in ((SETUP, 1), (EXERCISE, 1), (SOLUTION, 1), (CHECK, 1), (DEBRIEF, 1)):
        count = len(exercise.of_tag(tag))
        yield claim(f"has a cell tagged `{tag}`", count >= least, f"it has {count}")
    same = len(exercise.of_tag(EXERCISE)) == len(exercise.of_tag(SOLUTION))
    yield claim("has a solution for each exercise cell", same, "their numbers differ")
    yield claim(
        f"has {HINTS} hints", len(exercise.of_tag(HINT)) == HINTS, f"it has {len(exercise.of_tag(HINT))}"
    )
    yield claim("announces at least one finding", bool(exercise.findings), "the check's `expect` is empty")
    for kind, least in (("right", RIGHT), ("wrong", WRONG)):
        count = len(fixes(exercise, kind))
        yield claim(f"has at least {least} {kind}_* fixes", count >= least, f"it has {count}")
    blanks = [
        p.name
        for p in (exercise.path, *sorted(exercise.fixes.glob("*.py")))
        if BLANK in p.read_text(encoding="utf-8")
    ]
    yield claim("has no blanks left", not blanks, f"{BLANK} stands in {', '.join(blanks)}")
    for path in fixes(exercise, "wrong"):
        try:
            expected_findings(path)
        except ValueError as error:
            yield claim("each wrong fix names its findings", False, str(error))
    there = {path.stem for path in fixes(exercise, "right")}
    lost = ", ".join(way for way in exercise.ways if way not in there)
    yield claim("names other right ways that exist", not lost, f"there is no right fix {lost}")
    early = _revealed_early(exercise)
    yield claim(
        "keeps the answer for the last hint", not early, f"{', '.join(early)} stands in an earlier one"
    )


def _revealed_early(exercise: Exercise) -> list[str]:
    """Code that the solution adds and that a hint before the last one already quotes."""
    shipped = {line.strip() for source in exercise.sources(EXERCISE) for line in source.splitlines()}
    added = [line.strip() for source in exercise.sources(SOLUTION) for line in source.splitlines()]
    new = {line.rstrip(",") for line in added if line not in shipped and len(line) > 3}
    early = "\n".join(exercise.sources(HINT)[: HINTS - 1])
    return sorted(line for line in new if line in early)


@dataclass(frozen=True)
class _Job:
    """A program to be judged and what must come out."""

    what: str
    cells: list[str]
    outcome: str
    findings: tuple[str, ...] = ()


def _jobs(exercise: Exercise) -> Iterator[_Job]:
    announced = ", ".join(exercise.findings)
    yield _Job(f"fails as shipped with {announced}", as_shipped(exercise), "unchanged", exercise.findings)
    yield _Job("passes with its solution", as_solved(exercise), "passed")
    for path in fixes(exercise, "right"):
        yield _Job(f"{path.name} passes", [path.read_text(encoding="utf-8")], "passed")
    for path in fixes(exercise, "wrong"):
        with suppress(ValueError):  # a file that does not name its findings is a broken claim already
            wanted = expected_findings(path)
            text = path.read_text(encoding="utf-8")
            yield _Job(f"{path.name} fails with {', '.join(wanted)}", [text], "failed", wanted)
    for path in fixes(exercise, "error"):
        yield _Job(f"{path.name} is a program error", [path.read_text(encoding="utf-8")], "program-error")


def _compare(exercise: Exercise, job: _Job, ruling: Ruling) -> Claim:
    holds = ruling.outcome == job.outcome and set(ruling.finding_ids) == set(job.findings)
    saw = f"{ruling.outcome} {', '.join(ruling.finding_ids)}".strip()
    if not holds and ruling.text:
        saw += "\n" + "\n".join(f"          {line}" for line in ruling.text.splitlines()[:12])
    return Claim(exercise.slug, job.what, holds, saw)
