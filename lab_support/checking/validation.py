"""The author's proof: each exercise fails as shipped for the announced reason, and each fix gets its verdict.

The name of a fix says which one (see course/fixes.py): right_* passes, wrong_* fails with exactly the findings in its
first line, error_* is a program error.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.checking.judge import Ruling, as_shipped, as_solved
from lab_support.checking.judge_pool import judge_all
from lab_support.course.exercises import CHECK, DEBRIEF, EXERCISE, HINT, HINTS, SETUP, SOLUTION, Exercise
from lab_support.course.fixes import KINDS, DifferenceError, expected_findings, fix_files, read_fix
from lab_support.course.record import RecordError, record_of
from lab_support.course.repairs import problem_of as repairs_problem
from lab_support.course.scaffold import BLANK

# The smallest number of fixes of each kind.
RIGHT: Final = 8
WRONG: Final = 12


@dataclass(frozen=True)
class Claim:
    """Something that an exercise claims, and whether it holds; `saw` says what was found instead."""

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


def claims(*proved: Exercise) -> Iterator[Claim]:
    """The claims of these exercises, one exercise after the other: first those that need no run, then the others.

    All programs are in one queue, so that no processor waits for the last one of an exercise.
    """
    jobs = {exercise.slug: list(_jobs(exercise)) for exercise in proved}
    rulings = judge_all([(exercise, job.cells) for exercise in proved for job in jobs[exercise.slug]])
    for exercise in proved:
        yield from written_claims(exercise)
        for job in jobs[exercise.slug]:
            yield compare(exercise.slug, job, next(rulings))


def written_claims(exercise: Exercise) -> Iterator[Claim]:
    """The claims about the files, for which nothing has to be run."""

    def claim(what: str, holds: bool, saw: str = "") -> Claim:
        return Claim(exercise.slug, what, holds, saw)

    for tag in (SETUP, EXERCISE, CHECK, DEBRIEF):
        count = len(exercise.of_tag(tag))
        yield claim(f"has a cell tagged `{tag}`", count >= 1, f"it has {count}")
    solutions, problem = _solutions(exercise)
    yield claim("has a solution that fits its program", bool(solutions), problem)
    if solutions:
        same = len(exercise.of_tag(EXERCISE)) == solutions
        yield claim("has a solution for each exercise cell", same, f"there are {solutions}")
    hints = len(exercise.of_tag(HINT))
    yield claim(f"has {HINTS} hints", hints == HINTS, f"it has {hints}")
    yield claim("announces at least one finding", bool(exercise.findings), "the check's `expect` is empty")
    for kind, least in (("right", RIGHT), ("wrong", WRONG)):
        count = len(fix_files(exercise, kind))
        yield claim(f"has at least {least} {kind}_* fixes", count >= least, f"it has {count}")
    files = [path for kind in KINDS for path in fix_files(exercise, kind)]
    blanks = [path.name for path in (exercise.path, *files) if BLANK in path.read_text("utf-8", "replace")]
    yield claim("has no blanks left", not blanks, f"{BLANK} is in {', '.join(blanks)}")
    for path in files if solutions else ():
        try:
            read_fix(path, exercise)
        except DifferenceError as error:
            yield claim("each fix fits the program", False, str(error))
    for path in files:
        if len(list(path.parent.glob(f"{path.stem}.*"))) > 1 and path.suffix == ".py":
            yield claim("each fix is there once", False, f"{path.stem} is there as .py and as .diff")
    for path in fix_files(exercise, "wrong"):
        try:
            expected_findings(path)
        except ValueError as error:
            yield claim("each wrong fix names its findings", False, str(error))
    known = {path.stem for path in fix_files(exercise, "right")}
    lost = ", ".join(way for way in exercise.ways if way not in known)
    yield claim("names other right ways that exist", not lost, f"there is no right fix {lost}")
    problem = repairs_problem(exercise)
    yield claim("compares one right repair with two wrong ones", not problem, problem)
    if solutions:
        yield claim("records its flaws", *_recorded(exercise))
    early = _revealed_early(exercise)
    yield claim("keeps the answer for the last hint", not early, f"{', '.join(early)} is in an earlier one")


def _solutions(exercise: Exercise) -> tuple[int, str]:
    """The number of the solution's cells, or 0 and the reason where there is none that fits the program."""
    try:
        count = len(exercise.of_tag(SOLUTION))
    except DifferenceError as error:
        return 0, str(error)
    return count, "" if count else f"there is none: lab fix edit {exercise.slug} solution"


def _recorded(exercise: Exercise) -> tuple[bool, str]:
    """Whether the review record has every announced finding, and if not, why."""
    try:
        recorded = [flaw.finding for flaw in record_of(exercise)]
    except RecordError as error:
        return False, str(error)
    lost = [finding for finding in exercise.findings if finding not in recorded]
    return not lost, f"`record` in the header has no entry for {', '.join(lost)}"


def _revealed_early(exercise: Exercise) -> list[str]:
    """Code that the solution adds and that a hint before the last one already quotes."""
    if not _solutions(exercise)[0]:
        return []
    shipped = {line.strip() for source in exercise.sources(EXERCISE) for line in source.splitlines()}
    solved = [line.strip() for source in exercise.sources(SOLUTION) for line in source.splitlines()]
    added = {line.rstrip(",") for line in solved if line not in shipped and len(line) > 3}
    early = "\n".join(exercise.sources(HINT)[: HINTS - 1])
    return sorted(line for line in added if line in early)


@dataclass(frozen=True)
class Job:
    """A program to be judged, and the verdict that it must get."""

    what: str
    cells: list[str]
    outcome: str
    findings: tuple[str, ...] = ()


def _jobs(exercise: Exercise) -> Iterator[Job]:
    announced = ", ".join(exercise.findings)
    yield Job(f"fails as shipped with {announced}", as_shipped(exercise), "unchanged", exercise.findings)
    if _solutions(exercise)[0]:
        yield Job("passes with its solution", as_solved(exercise), "passed")
    for kind in ("right", "wrong", "error"):
        for path in fix_files(exercise, kind):
            # A fix that does not fit, or does not name its findings, is a broken claim already.
            with suppress(DifferenceError, ValueError):
                yield _job(path, exercise)


def _job(path: Path, exercise: Exercise) -> Job:
    fix = read_fix(path, exercise)
    cells = list(fix.cells)
    if fix.kind == "right":
        return Job(f"{path.name} passes", cells, "passed")
    if fix.kind == "error":
        return Job(f"{path.name} is a program error", cells, "program-error")
    findings = expected_findings(path)
    return Job(f"{path.name} fails with {', '.join(findings)}", cells, "failed", findings)


def compare(proved: str, job: Job, ruling: Ruling) -> Claim:
    """The claim that a program gets its verdict; `proved` is what makes the claim."""
    holds = ruling.outcome == job.outcome and set(ruling.finding_ids) == set(job.findings)
    saw = f"{ruling.outcome} {', '.join(ruling.finding_ids)}".strip()
    if not holds and ruling.text:
        saw += "\n" + "\n".join(f"          {line}" for line in ruling.text.splitlines()[:12])
    return Claim(proved, job.what, holds, saw)
