"""The pages of a grading: feedback for each learner, and what the class got wrong most."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from lab_support.checking.grading.book import Grade, by_learner, write
from lab_support.checking.grading.run import Grading
from lab_support.course.exercises import EXERCISE, find_exercise
from lab_support.display.html import chip, document, escape, state_class
from lab_support.reporting import counted

FEEDBACK, OVERVIEW = "feedback", "overview.html"
_TITLES: Final = {
    "passed": "Passed",
    "failed": "Not yet",
    "unchanged": "As shipped: nothing was changed",
    "program-error": "The program did not run",
    "suspect": "Your instructor will look at this one",
    "lab-error": "Could not be graded",
}
_MOST_LINES: Final = 400  # of a difference
_MOST_FINDINGS: Final = 10
_BAR: Final = 360  # width of the longest bar


def write_pages(grading: Grading) -> None:
    """Writes a feedback page for each learner, and the overview, into the grading's folder."""
    folder = grading.book.folder / FEEDBACK
    folder.mkdir(exist_ok=True)
    wanted = {}
    for learner, own in by_learner(grading.grades).items():
        wanted[file_of(learner)] = _feedback(learner, own, grading)
    for old in folder.glob("*.html"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        write(folder / name, text)
    write(grading.book.folder / OVERVIEW, _overview(grading))


def file_of(learner: str) -> str:
    """The name of a learner's page: their name as far as a file may have it, and a digest that keeps names apart."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", learner).strip("-")[:40] or "learner"
    return f"{plain}-{hashlib.sha256(learner.encode(errors='surrogatepass')).hexdigest()[:6]}.html"


def _feedback(learner: str, own: Sequence[Grade], grading: Grading) -> str:
    earned, of = sum(grade.points for grade in own), sum(grade.of for grade in own)
    body = f"<h1>{escape(learner)}</h1><p>{earned} of {counted(of, 'point')}</p>"
    return _document(learner, body + "".join(_exercise(grade, grading) for grade in own))


def _exercise(grade: Grade, grading: Grading) -> str:
    exercise = find_exercise(grade.exercise)
    good = grade.outcome == "passed"
    head = (
        f"<h2>{exercise.slug[:2]} {escape(exercise.title)}</h2><p>"
        f"{chip(_TITLES[grade.outcome], state_class(good))} {grade.points} of {counted(grade.of, 'point')}</p>"
    )
    reason = f"<p>{escape(grade.reason)}</p>" if grade.reason and grade.outcome == "program-error" else ""
    found = "".join(
        f'<div class="lab-finding"><b>{escape(finding["id"])}</b> <code>{escape(finding["resource"])}</code>'
        f'<p class="lab-what">{escape(finding["what"])}</p><p class="lab-hint">{escape(finding["hint"])}</p></div>'
        for finding in grade.findings[:_MOST_FINDINGS]
    )
    picture = grading.pictures.get(grade.program, "")
    drill = f"<h3>What would happen</h3>{picture}" if picture else ""
    cells = grading.cells.get(grade.program, [])
    changed = _difference(exercise.sources(EXERCISE), cells) if cells else ""
    program = f"<h3>Your program, compared with the one you were given</h3>{changed}" if changed else ""
    return f'<section class="lab-card {state_class(good)}">{head}{reason}{found}{drill}{program}</section>'


def _difference(shipped: Sequence[str], own: Sequence[str]) -> str:
    before, after = ("\n\n".join(cells).splitlines() for cells in (shipped, own))
    if len(after) > 5_000:
        return "<p>The program is too long to be shown.</p>"
    lines = list(difflib.unified_diff(before, after, lineterm="", n=2))[2:]
    if not lines:
        return ""
    shown = "\n".join(f"<span{_style(line)}>{escape(line[:300])}</span>" for line in lines[:_MOST_LINES])
    more = f"\n… and {len(lines) - _MOST_LINES} more lines" if len(lines) > _MOST_LINES else ""
    return f'<pre class="lab-source" tabindex="0">{shown}{more}</pre>'


def _style(line: str) -> str:
    return {"+": ' class="added"', "-": ' class="removed"', "@": ' class="place"'}.get(line[:1], "")


def _overview(grading: Grading) -> str:
    grades = grading.grades
    learners = len({grade.learner for grade in grades})
    intro = (
        f"<h1>The class</h1><p>{counted(len(grades), 'submission')} of {counted(learners, 'learner')}.</p>"
    )
    listed = "".join(_suspects(grades))
    others = ""
    if grading.others:
        lines = "".join(
            f"<li><code>{escape(name)}</code>: {escape(reason)}</li>"
            for name, reason in sorted(grading.others.items())
        )
        others = f"<h2>Not graded</h2><ul>{lines}</ul>"
    body = f"{intro}{listed}<h2>By exercise</h2>{_table_of_exercises(grades)}"
    return _document("The class", f"{body}<h2>What was wrong most</h2>{_most_wrong(grades)}{others}")


def _suspects(grades: Sequence[Grade]) -> Iterator[str]:
    listed = [grade for grade in grades if grade.outcome in ("suspect", "lab-error")]
    if listed:
        lines = "".join(
            f"<li><b>{escape(grade.learner)}</b>, {grade.exercise} ({escape(grade.file)}): "
            f"{escape(grade.reason or '')}</li>"
            for grade in listed
        )
        yield f"<h2>For you to decide</h2><ul>{lines}</ul>"


def _table_of_exercises(grades: Sequence[Grade]) -> str:
    outcomes = [name for name in _TITLES if any(grade.outcome == name for grade in grades)]
    head = "".join(f'<th scope="col">{name}</th>' for name in ("exercise", *outcomes))
    rows = []
    for slug in sorted({grade.exercise for grade in grades}):
        counts = Counter(grade.outcome for grade in grades if grade.exercise == slug)
        cells = "".join(f"<td>{counts[name]}</td>" for name in outcomes)
        rows.append(f'<tr><th scope="row">{slug}</th>{cells}</tr>')
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def most_wrong(grades: Sequence[Grade]) -> list[tuple[str, str, int]]:
    """What was wrong: exercise, finding, and in how many programs; the most frequent first."""
    counts: Mapping[tuple[str, str], int] = Counter(
        (grade.exercise, finding)
        for grade in grades
        for finding in dict.fromkeys(
            [f["id"] for f in grade.findings]
            or (["program-error"] if grade.outcome == "program-error" else [])
        )
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [(exercise, finding, count) for (exercise, finding), count in ordered]


def _most_wrong(grades: Sequence[Grade]) -> str:
    """A bar chart, and below it the same as a table."""
    wrong = most_wrong(grades)
    if not wrong:
        return "<p>Nothing.</p>"
    longest = wrong[0][2]
    bars, rows = [], []
    for number, (exercise, finding, count) in enumerate(wrong[:15]):
        y, width = number * 26, round(_BAR * count / longest)
        bars.append(
            f'<text x="0" y="{y + 15}">{exercise[:2]} {finding}</text>'
            f'<rect x="240" y="{y + 3}" width="{width}" height="16" rx="3"/>'
            f'<text x="{246 + width}" y="{y + 15}">{count}</text>'
        )
    for exercise, finding, count in wrong:
        rows.append(f'<tr><th scope="row">{exercise}</th><td>{finding}</td><td>{count}</td></tr>')
    height = 26 * len(bars)
    picture = (
        f'<svg role="img" aria-label="The most frequent findings; the table below has the same figures" '
        f'viewBox="0 0 640 {height}" width="640" height="{height}">{"".join(bars)}</svg>'
    )
    head = '<tr><th scope="col">exercise</th><th scope="col">finding</th><th scope="col">programs</th></tr>'
    return f"{picture}<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


_SHEET: Final = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b;
  background: #fff; }
section { margin: 1.5rem 0; padding: .2rem 1rem; }
pre { overflow-x: auto; padding: .6rem; background: #f6f6f6; font-size: 13px; line-height: 1.4; }
.added { color: #0a5c1f; } .removed { color: #9b1c1c; } .place { color: #5b5b5b; }
table { border-collapse: collapse; } th, td { padding: .2rem .7rem; border-bottom: 1px solid #ccc; text-align: left; }
svg[viewBox^="0 0 640"] rect { fill: #9b1c1c; }
"""


def _document(title: str, body: str) -> str:
    return document(title, body, _SHEET)


__all__ = ["FEEDBACK", "OVERVIEW", "file_of", "most_wrong", "write_pages"]
