"""What docs/slides.py shows: drills of the exercises as shipped, and passages of the instructor's guide.

Each function returns what a notebook displays. The texts come from docs/teaching.md, so they are written once.
"""

from __future__ import annotations

import re
from typing import Any, Final

from IPython.display import HTML, Markdown

from lab_support.course.cells import compiled, evaluate, setup_names
from lab_support.course.exercises import DRILL, EXERCISE, find_exercise
from tools.data_file import ROOT

GUIDE: Final = ROOT / "docs" / "teaching.md"
_LINK: Final = re.compile(r"\[([^]]*)\]\([^)]*\)")


def drill(number: str) -> Any:
    """The picture of an exercise's drill for the program as shipped."""
    exercise = find_exercise(number)
    names = setup_names(exercise)
    for source in exercise.sources(EXERCISE):
        exec(compiled(source, f"<{exercise.slug}>"), names)
    pictures: list[str] = []
    for cell in exercise.of_tag(DRILL):
        if cell.kind == "code" and len(pictures) < 2:  # the plan, then the drill
            value, _ = evaluate(cell.source, f"<{exercise.slug} drill>", names)
            pictures.append(str(value.html))
    picture = re.sub(r"(</?)section\b", r"\1div", pictures[-1])  # a section would be a slide of its own
    return HTML(f'<div class="drill">{picture}</div>')


def title(number: str) -> Any:
    """The heading of an exercise, with its severity."""
    exercise = find_exercise(number)
    return Markdown(f"## {number} {exercise.title}\n\n*{exercise.severity}, {exercise.category.lower()}*")


def said(number: str) -> Any:
    """What its debrief comes down to, and the question to ask."""
    _, say, _, ask = debriefs()[number]
    return Markdown(f"## {number}: the debrief\n\n**{say}**\n\n{ask}")


def notes(number: str) -> Any:
    """For the speaker: the wrong repairs to play on the projector."""
    slug = find_exercise(number).slug
    _, _, wrong, _ = debriefs()[number]
    commands = [
        f"    lab check {number} --with exercises/{slug}/{name}.diff" for name in re.findall(r"\w+", wrong)
    ]
    return Markdown("\n".join(["Ask who made each of these repairs, then play them:", "", *commands]))


def debriefs() -> dict[str, list[str]]:
    """The rows of the guide's table of debriefs, by the exercise's number."""
    return {row[0]: row for row in _rows(_section("Debriefs"))}


def severities() -> Any:
    """The course's severities beside AWS's own, as a table."""
    lines = [line for line in _section("The severity debate") if line.startswith("|")]
    return Markdown("\n".join(lines))


def severity_questions() -> Any:
    """What two groups can argue about."""
    return Markdown("\n".join(line for line in _section("The severity debate") if line.startswith("- ")))


def scale() -> Any:
    """The questionnaire's statements, each with boxes for before and after, as a table."""
    boxes = "☐ 1 ☐ 2 ☐ 3 ☐ 4 ☐ 5".replace(" ", "\u00a0")
    rows = [f"| {number}. {text} | {boxes} | {boxes} |" for number, text in statements() if number <= 5]
    return Markdown("\n".join(["| | before | after |", "|---|---|---|", *rows]))


def open_questions() -> Any:
    """The questionnaire's open questions, each with room for an answer."""
    return Markdown(
        "\n\n".join(
            f'{number}. {text}\n\n<div class="answer"></div>' for number, text in statements() if number > 5
        )
    )


def statements() -> list[tuple[int, str]]:
    """The questionnaire's lines with their numbers."""
    found = re.findall(r"^(\d)\. (.+)$", "\n".join(_section("Questionnaire")), re.M)
    return [(int(number), text) for number, text in found]


def _section(heading: str) -> list[str]:
    """The lines of a section of the guide, without links, which lead nowhere on paper."""
    text = GUIDE.read_text(encoding="utf-8")
    found = re.search(rf"^## {heading}$\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    if found is None:
        raise LookupError(f"docs/teaching.md has no section {heading!r}")
    return _LINK.sub(r"\1", found[1]).splitlines()


def _rows(lines: list[str]) -> list[list[str]]:
    """The rows of a Markdown table, without its head."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in cells if re.fullmatch(r"\d\d", row[0])]
