"""A verdict as a card: the findings, their resources and environments, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable

from lab_support.checking.verdict import MOST_SHOWN, Finding, Verdict
from lab_support.display.html import chip, escape, page, prose, sign, state_class
from lab_support.display.view import View
from lab_support.reporting import counted


def verdicts_view(verdicts: Iterable[Verdict]) -> View:
    """A card for each verdict, one below the other; the text is the verdict's own."""
    listed = tuple(verdicts)
    return View(page("".join(map(_card, listed))), "\n\n".join(map(str, listed)))


def _card(verdict: Verdict) -> str:
    head = f'<div class="lab-head"><span class="lab-title">{escape(_headline(verdict))}</span></div>'
    shown = "".join(_finding(finding, verdict) for finding in verdict.findings[:MOST_SHOWN])
    more = f"<p>{verdict.remainder}</p>" if verdict.remainder else ""
    style = f"lab-card {state_class(bool(verdict.passed))}"
    return f'<div class="{style}">{head}{_tried(verdict)}{shown}{more}</div>'


def _headline(verdict: Verdict) -> str:
    exercise = verdict.exercise
    if verdict.passed:
        return f"{sign(True)} Passed: {exercise.points} of {counted(exercise.points, 'point')}"
    return f"{sign(False)} {verdict.summary.capitalize().replace('. ', ': ', 1)}"


def _tried(verdict: Verdict) -> str:
    """A chip for each environment: good if nothing was found there."""
    bad = {name for finding in verdict.findings for name in finding.environments}
    chips = "".join(
        chip(f"{sign(name not in bad)} {name}", state_class(name not in bad)) for name in verdict.environments
    )
    return f'<div><span class="lab-dim lab-small">Tried in </span>{chips}</div>'


def _finding(finding: Finding, verdict: Verdict) -> str:
    where = verdict.environments_of(finding)
    place = f'<span class="lab-dim">{escape(where)}</span>' if where else ""
    severity = verdict.exercise.severities.get(finding.id)
    if severity is not None:
        # Folded, because in a review of a whole system the learner is to find the resource.
        worth = verdict.exercise.worth[finding.id]
        return (
            f'<details class="lab-finding"><summary>{chip(severity, severity)} '
            f"{counted(worth, 'point')}: what would happen</summary>"
            f'<div class="lab-head"><b>{escape(finding.heading)}</b>'
            f"<code>{escape(finding.resource)}</code>{place}</div>"
            f'<p class="lab-what">{prose(finding.what)}</p>'
            f'<p class="lab-hint">{escape(finding.hint)}</p></details>'
        )
    return (
        f'<div class="lab-finding"><div class="lab-head"><b>{escape(finding.heading)}</b>'
        f"<code>{escape(finding.resource)}</code>{place}</div>"
        f'<p class="lab-what">{prose(finding.what)}</p><p class="lab-hint">{escape(finding.hint)}</p></div>'
    )
