"""Writes reviews as data: the program with its flaws, the ideal one, and the list of failures, in documents and JSONL.

    write(Path("dataset"), map(Spec, range(1, 101)))

Each review gets a folder with MODEL_RESPONSE.md, IDEAL_RESPONSE.md and MODEL_FAILURES.md, and a line of reviews.jsonl.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lab_support.course.excerpts import Excerpt, excerpts
from lab_support.course.exercises import EXERCISE, SETUP, SOLUTION, Exercise
from lab_support.course.record import Flaw, by_severity
from lab_support.course.reviews import stock, texts
from lab_support.course.reviews.generate import Spec, draw, exercise_of, review, variation_of
from lab_support.course.reviews.stock import StockFlaw
from lab_support.reporting import counted

MODEL, IDEAL, FAILURES, LINES = "MODEL_RESPONSE.md", "IDEAL_RESPONSE.md", "MODEL_FAILURES.md", "reviews.jsonl"


def program_text(exercise: Exercise, tag: str) -> str:
    """The whole program as shipped (EXERCISE) or solved (SOLUTION), with its imports, as one file."""
    setup = exercise.sources(SETUP)[0]
    imports = setup[: setup.index("\n\nfrom lab_support")]
    return imports + "\n\n\n" + "\n\n\n".join(exercise.sources(tag)) + "\n"


def flaws_of(spec: Spec) -> list[Flaw]:
    """The flaws of a review in the order of the program, each with its line in program_text() and its code.

    Which statements belong to a flaw is known from the program that has it alone.
    """
    drawn, changed = draw(spec), {_code(change): change for change in _changes(review(spec.slug))}
    rows = []
    for flaw in drawn.flaws:
        own = _changes(_with_only(flaw, spec))
        changes = [changed.get(_code(change), change) for change in own]
        rows.append(_flaw(flaw, sorted(changes, key=lambda change: not _shows(change, flaw.texts["issue"]))))
    return sorted(rows, key=lambda row: row.line)


def _with_only(flaw: StockFlaw, spec: Spec) -> Exercise:
    """The review in which all flaws but one are repaired."""
    return exercise_of(replace(draw(spec), flaws=(flaw,)), spec)


def _changes(exercise: Exercise) -> tuple[Excerpt, ...]:
    return excerpts(program_text(exercise, EXERCISE), program_text(exercise, SOLUTION))


def _code(change: Excerpt) -> tuple[str, str]:
    return change.before, change.after


def _shows(change: Excerpt, issue: str) -> bool:
    """Whether a change has the code that the issue quotes. What only follows from it comes after it."""
    quoted = re.findall(r"`([^`]+)`", issue)
    return any(code in change.before or code in change.after for code in quoted)


def _flaw(flaw: StockFlaw, changes: Sequence[Excerpt]) -> Flaw:
    return Flaw(
        **flaw.record,
        cell=None,
        line=changes[0].line,
        incorrect="\n\n".join(change.before for change in changes if change.before),
        correct="\n\n".join(change.after for change in changes if change.after),
    )


def failures_text(flaws: Sequence[Flaw]) -> str:
    """The list of failures: each flaw with its place, issue, impact, code, severity and category, and a summary."""
    parts = [
        "# Model Response Failures\n\n"
        f"This document lists the flaws of {MODEL}: realistic mistakes of an assistant that writes infrastructure code."
    ]
    for number, flaw in enumerate(flaws, start=1):
        before = f"# INCORRECT ({MODEL})\n{flaw.incorrect}" if flaw.incorrect else f"# MISSING in {MODEL}"
        after = f"# CORRECT ({IDEAL})\n{flaw.correct}" if flaw.correct else f"# CORRECT: not in {IDEAL}"
        parts.append(
            f"## Bug {number}: {flaw.title}\n\n"
            f"**Location**: {flaw.location}\n**Issue**: {flaw.issue}\n**Impact**: {flaw.impact}\n\n"
            f"```python\n{before}\n\n{after}\n```\n\n"
            f"**Severity**: {flaw.severity}\n**Category**: {flaw.category}"
        )
    return "\n\n".join([*parts, _summary(flaws)]) + "\n"


def _summary(flaws: Sequence[Flaw]) -> str:
    lessons = dict.fromkeys(stock.kinds()[flaw.finding]["lesson"] for flaw in flaws)
    lines = ["## Summary", "", f"Total Bugs: {len(flaws)}", "", *by_severity(flaws), "", "What they teach:"]
    return "\n".join([*lines, *(f"{number}. {lesson}" for number, lesson in enumerate(lessons, start=1))])


def line_of(spec: Spec, flaws: Sequence[Flaw]) -> dict[str, Any]:
    """One review as an object of reviews.jsonl: program, ideal program, brief, flaws (of flaws_of()), distractors, and
    repairs with their verdicts."""
    drawn, exercise = draw(spec), review(spec.slug)
    variation = variation_of(spec)
    by_finding: Mapping[str, StockFlaw] = {flaw.finding: flaw for flaw in drawn.flaws}
    described = [
        {
            **{name: value for name, value in flaw.to_json().items() if name != "cell"},
            "name": by_finding[flaw.finding].name,
            "control": stock.kinds()[flaw.finding]["control"],
            "consequence": variation.text(by_finding[flaw.finding].texts["what"]),
        }
        for flaw in flaws
    ]
    return {
        "review": spec.slug,
        "stock": stock.version(),
        "system": exercise.system,
        "brief": _brief(exercise),
        "program": program_text(exercise, EXERCISE),
        "ideal": program_text(exercise, SOLUTION),
        "flaws": described,
        "distractors": [
            {"name": change.name, "why": variation.text(change.texts["why"])} for change in drawn.distractors
        ],
        "repairs": _repairs(spec),
        "points": exercise.points,
    }


def _repairs(spec: Spec) -> list[dict[str, Any]]:
    """Repairs with the verdicts that the check gives them: the whole one, and for each flaw one that leaves it."""
    solved = program_text(review(spec.slug), SOLUTION)
    whole: dict[str, Any] = {"leaves": None, "outcome": "passed", "findings": [], "program": solved}
    return [whole] + [
        {
            "leaves": flaw.name,
            "outcome": "failed",
            "findings": [flaw.finding],
            "program": program_text(_with_only(flaw, spec), EXERCISE),
        }
        for flaw in draw(spec).flaws
    ]


def _brief(exercise: Exercise) -> str:
    """The requirements without the quotation marks and the link that they have in a notebook."""
    quoted = [line for line in exercise.cells[1].source.split("\n") if line.startswith(">")]
    return "\n".join(line.removeprefix("> ") for line in quoted)


def write(folder: Path, specs: Iterable[Spec]) -> Iterator[Path]:
    """Writes the reviews into a folder, which is made if necessary, and yields the folder of each. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LINES).open("w", encoding="utf-8") as lines:
        for spec in specs:
            flaws = flaws_of(spec)
            row = line_of(spec, flaws)
            place = folder / spec.slug
            place.mkdir(exist_ok=True)
            title = f"the {row['system'].replace('-', ' ')} system"
            for name, text in ((MODEL, row["program"]), (IDEAL, row["ideal"])):
                (place / name).write_text(
                    f"# {title.capitalize()}\n\n```python\n{text}```\n", encoding="utf-8"
                )
            (place / FAILURES).write_text(failures_text(flaws), encoding="utf-8")
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            yield place


def _place(spec: Spec, line: int) -> str:
    """Where a line of program_text() is in the notebook: below which heading, and which line of that cell."""
    exercise = review(spec.slug)
    text = program_text(exercise, EXERCISE)
    starts = [text[: text.index(source)].count("\n") for source in exercise.sources(EXERCISE)]
    cell = max(number for number, start in enumerate(starts) if start < line)
    return f"{texts.parts(variation_of(spec))[cell]}, line {line - starts[cell]}"


def key_text(spec: Spec) -> str:
    """The key of a review on one page: each flaw with its line, finding, points and repair; then what is right."""
    drawn, variation = draw(spec), variation_of(spec)
    hints = {flaw.finding: variation.text(flaw.texts["hint"]) for flaw in drawn.flaws}
    lines = [f"Key of {spec.slug}: {counted(len(drawn.flaws), 'flaw')}", ""]
    for flaw in flaws_of(spec):
        lines += [*flaw.key_lines(_place(spec, flaw.line)), f"    Repair: {hints[flaw.finding]}"]
    if drawn.distractors:
        lines += ["", "Looks suspicious and is right:"]
        lines += [f"- {variation.text(change.texts['why'])}" for change in drawn.distractors]
    return "\n".join(lines)
