"""The review record of an exercise: each flaw with its issue, its impact, and the code before and after the repair.

    for flaw in record_of(exercise):
        print(flaw.severity, flaw.issue, flaw.incorrect, flaw.correct)

The texts are in the exercise's header, one entry for each finding; for a flaw that an exercise of its own has, that
exercise's slug is enough. The code is cut from the program and the solution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from lab_support.course.excerpts import Excerpt, excerpts
from lab_support.course.exercises import DEBRIEF, EXERCISE, POINTS, SOLUTION, Cell, Exercise, read_exercise
from lab_support.reporting import counted

_TEXTS: Final = ("finding", "title", "short", "issue", "impact", "category")
_HEADING: Final = "### In the review's record"


class RecordError(ValueError):
    """The record in an exercise's header does not fit its findings or its solution; the text says how."""


@dataclass(frozen=True)
class Flaw:
    """One flaw of a program. `short` names it in a summary. `cell` and `line` say where the repair begins; `cell` is
    None in a program of one cell.

    `incorrect` is an excerpt of the program, empty where the flaw is that something is missing; `correct` is the same
    part of the solution.
    """

    finding: str
    title: str
    short: str
    severity: str
    category: str
    issue: str
    impact: str
    cell: int | None
    line: int
    incorrect: str
    correct: str

    def key_lines(self, where: str) -> list[str]:
        """What answer keys say of it, before the repair; `where` it is, in words."""
        return [
            f"- {where}: {self.title}",
            f"    {self.finding}, {self.severity}, {counted(POINTS[self.severity], 'point')}",
            f"    {self.impact}",
        ]

    @property
    def location(self) -> str:
        """Where the repair begins, in words."""
        return f"Line {self.line}" if self.cell is None else f"Cell {self.cell}, line {self.line}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def key_of(exercise: Exercise) -> str:
    """The answer key of an exercise, as text for one page."""
    flaws = record_of(exercise)
    lines = [f"Key of {exercise.slug}: {counted(len(flaws), 'flaw')}"]
    for flaw in flaws:
        lines += ["", *flaw.key_lines(flaw.location), "    Repaired:"]
        lines += [f"        {line}".rstrip() for line in flaw.correct.splitlines()]
    return "\n".join(lines)


def record_of(exercise: Exercise) -> tuple[Flaw, ...]:
    """The flaws of an exercise; none where its header has no `record`.

    The statements that the solution changes belong to the flaws in their order, or all to the only flaw. Raises
    RecordError where they do not, and DifferenceError where the solution does not fit the program.
    """
    if not exercise.record:
        return ()
    record = [text for entry in exercise.record for text in _texts(exercise, entry)]
    for text in record:
        _check(exercise, text)
    changes = [[change] for change in _changes(exercise)]
    if len(record) == 1:
        changes = [[change for group in changes for change in group]]
    if len(record) != len(changes) or not all(changes):
        found = sum(map(len, changes))
        raise RecordError(
            f"{exercise.slug}: the record has {counted(len(record), 'flaw')}, and the solution changes "
            f"{counted(found, 'statement')}"
        )
    return tuple(_flaw(exercise, entry, group) for entry, group in zip(record, changes, strict=True))


def flaw_text(flaw: Flaw, heading: str, wrong: str = "as shipped", right: str = "the solution") -> str:
    """A flaw as Markdown. `wrong` and `right` say where the two pieces of code are from."""
    before = f"# INCORRECT ({wrong})\n{flaw.incorrect}" if flaw.incorrect else f"# MISSING ({wrong})"
    after = f"# CORRECT ({right})\n{flaw.correct}"
    return (
        f"{heading}\n\n"
        f"**Location**: {flaw.location} of the program  \n**Issue**: {flaw.issue}  \n**Impact**: {flaw.impact}\n\n"
        f"```python\n{before}\n\n{after}\n```\n\n"
        f"**Severity**: {flaw.severity}  \n**Category**: {flaw.category}"
    )


def summary_text(flaws: Sequence[Flaw]) -> str:
    """How many flaws there are of each severity, the highest first, as Markdown."""
    return "\n".join([f"Total flaws: {len(flaws)}", "", *by_severity(flaws)])


def by_severity(flaws: Sequence[Flaw]) -> list[str]:
    """A line for each severity that some of the flaws have, the highest first, with their short names."""
    named = {severity: [flaw.short for flaw in flaws if flaw.severity == severity] for severity in POINTS}
    return [f"- {severity}: {len(names)} ({', '.join(names)})" for severity, names in named.items() if names]


def record_text(flaws: Sequence[Flaw]) -> str:
    """The whole record as Markdown; that of several flaws ends with the summary by severity."""
    if len(flaws) == 1:
        return flaw_text(flaws[0], f"{_HEADING}\n\n**{flaws[0].title}**")
    texts = [flaw_text(flaw, f"#### Flaw {n}: {flaw.title}") for n, flaw in enumerate(flaws, start=1)]
    return "\n\n".join([_HEADING, *texts, f"#### Summary\n\n{summary_text(flaws)}"])


def with_record(exercise: Exercise) -> tuple[Cell, ...]:
    """The exercise's cells with its record in the debrief: before the text, or at its end if there are several flaws.

    Raises what record_of() raises.
    """
    cells = list(exercise.cells)
    texts = [n for n, cell in enumerate(cells) if cell.tag == DEBRIEF and cell.kind == "markdown"]
    flaws = record_of(exercise)
    if flaws and texts:
        place = texts[0] if len(flaws) == 1 else texts[-1] + 1
        cells.insert(place, Cell("markdown", record_text(flaws), DEBRIEF))
    return tuple(cells)


def _texts(exercise: Exercise, entry: Mapping[str, Any] | str) -> Iterator[Mapping[str, Any]]:
    """The texts of an entry; those of another exercise's record where the entry is its slug."""
    if not isinstance(entry, str):
        yield entry
        return
    path = exercise.path.with_name(f"{entry}.py")
    if not path.is_file():
        raise RecordError(f"{exercise.slug}: the record names {entry}, and there is no such exercise")
    for text in read_exercise(path).record:
        if isinstance(text, str):
            raise RecordError(f"{exercise.slug}: the record names {entry}, whose own record names {text}")
        yield text


def _check(exercise: Exercise, entry: Mapping[str, Any]) -> None:
    missing = [name for name in _TEXTS if not entry.get(name)]
    if missing:
        raise RecordError(f"{exercise.slug}: an entry of the record lacks {', '.join(missing)}")
    if entry["finding"] not in exercise.findings:
        raise RecordError(
            f"{exercise.slug}: the check does not expect {entry['finding']}, which the record has"
        )


def _changes(exercise: Exercise) -> list[tuple[int, Excerpt]]:
    """The statements that the solution changes, each with the number of its cell."""
    old, new = exercise.sources(EXERCISE), exercise.sources(SOLUTION)
    if len(old) != len(new):
        raise RecordError(f"{exercise.slug}: the solution has {len(new)} cells, the program {len(old)}")
    pairs = enumerate(zip(old, new, strict=True), start=1)
    return [(number, excerpt) for number, cells in pairs for excerpt in excerpts(*cells)]


def _flaw(exercise: Exercise, entry: Mapping[str, Any], changes: Sequence[tuple[int, Excerpt]]) -> Flaw:
    texts = {name: str(entry[name]) for name in _TEXTS}
    cell, first = changes[0]
    return Flaw(
        **texts,
        severity=exercise.severities.get(texts["finding"], exercise.severity),
        cell=cell if len(exercise.of_tag(EXERCISE)) > 1 else None,
        line=first.line,
        incorrect="\n\n".join(excerpt.before for _, excerpt in changes if excerpt.before),
        correct="\n\n".join(excerpt.after for _, excerpt in changes if excerpt.after),
    )
