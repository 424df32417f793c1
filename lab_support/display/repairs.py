"""Which of these repairs holds? Three differences to choose from, then the check's verdict on each.

repairs("02")           # the three, once you have passed
repairs("02", "B")      # your choice, and what the check says about each
"""

from __future__ import annotations

import textwrap

from lab_support.checking.judge import Ruling
from lab_support.checking.repairs import JudgedRepairs, judge_repairs
from lab_support.course.exercises import find_exercise
from lab_support.course.repairs import Repair, Repairs, repairs_of
from lab_support.display.coach import source_diff
from lab_support.display.html import escape, prose, sign, state_class, view
from lab_support.display.view import View

_TITLE = "Which of these repairs holds?"
_MOST = 2  # findings of a repair that are quoted


def repairs(slug: str, choice: str = "") -> View:
    """Three repairs of an exercise; with a letter, the check's verdict on each, the chosen one marked.

    Raises UnknownExercise, NotPassed before a pass, and BriefError for another letter or an exercise without repairs.
    """
    found = repairs_of(find_exercise(slug))
    return judged_view((judge_repairs(found, choice),)) if choice else repairs_view((found,))


def repairs_view(listed: tuple[Repairs, ...]) -> View:
    """A card for each repair, with how it differs from the program as shipped."""
    html = "".join(_html(found) for found in listed)
    return view(html, "\n\n".join(_text(found) for found in listed))


def judged_view(judged: tuple[JudgedRepairs, ...]) -> View:
    """A card for each repair, with the check's verdict and what the fix's author says about it."""
    html = "".join(_judged_html(found) for found in judged)
    return view(html, "\n\n".join(_judged_text(found) for found in judged))


def _before(found: Repairs) -> str:
    whose = "the solution" if found.exercise.worth else "the program as shipped"
    return f"How each differs from {whose}. One passes the check; the other two are tempting."


def _text(found: Repairs) -> str:
    parts = [f"{_TITLE} {_before(found)}"]
    parts += ["\n".join([repair.letter, *repair.difference]) for repair in found.listed]
    return "\n\n".join(parts)


def _html(found: Repairs) -> str:
    cards = "".join(
        f'<section class="lab-card"><h5>{repair.letter}</h5>{source_diff(list(repair.difference))}</section>'
        for repair in found.listed
    )
    return f"<h4>{_TITLE}</h4><p>{_before(found)}</p>{cards}"


def _headline(judged: JudgedRepairs) -> str:
    right = next((repair.letter for repair, ruling in judged.rulings if ruling.outcome == "passed"), "none")
    if judged.is_right:
        return f"{sign(True)} {right} holds, as you said."
    return f"{sign(False)} You chose {judged.chosen.letter}; {right} holds."


def _verdict(ruling: Ruling) -> tuple[str, list[str]]:
    """The verdict in a few words, and what the check found."""
    if ruling.outcome == "passed":
        return f"{sign(True)} passes", []
    found = list(dict.fromkeys(finding["what"] for finding in ruling.findings)) or [ruling.message or ""]
    return f"{sign(False)} {', '.join(ruling.finding_ids) or ruling.outcome}", found[:_MOST]


def _judged_text(judged: JudgedRepairs) -> str:
    lines = [_headline(judged)]
    for repair, ruling in judged.rulings:
        word, found = _verdict(ruling)
        lines += ["", f"{repair.letter}  {word}"]
        for sentence in (repair.fix.about, *found):
            lines += textwrap.wrap(sentence, 92, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)


def _judged_html(judged: JudgedRepairs) -> str:
    return f'<p role="status"><b>{escape(_headline(judged))}</b></p>' + "".join(
        _card(repair, ruling, repair is judged.chosen) for repair, ruling in judged.rulings
    )


def _card(repair: Repair, ruling: Ruling, is_chosen: bool) -> str:
    word, found = _verdict(ruling)
    quoted = "".join(f'<p class="lab-what">{prose(sentence)}</p>' for sentence in found)
    mine = " · your choice" if is_chosen else ""
    return (
        f'<section class="lab-card {state_class(ruling.outcome == "passed")}">'
        f"<h5>{repair.letter}: {escape(word)}{mine}</h5><p>{prose(repair.fix.about)}</p>{quoted}"
        f"<details><summary>The difference</summary>{source_diff(list(repair.difference))}</details></section>"
    )
