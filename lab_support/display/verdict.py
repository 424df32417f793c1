"""A verdict: which findings, about what, in which environments, and how to get on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from lab_support.display import View
from lab_support.display.html import chip, escape, sign, state_class, view

if TYPE_CHECKING:
    from lab_support.verdict import Finding, Verdict

WIDTH = 88
MOST = 6  # findings that a screen has room for


def verdict_view(verdict: Verdict) -> View:
    """The verdict as a card; its text is verdict_text()."""
    head = f'<div class="lab-head"><span class="lab-title">{escape(_headline(verdict))}</span></div>'
    shown = "".join(_finding(each, verdict) for each in verdict.findings[:MOST])
    more = f"<p>{_more(verdict)}</p>" if len(verdict.findings) > MOST else ""
    style = f"lab-card {state_class(bool(verdict.passed))}"
    return view(f'<div class="{style}">{head}{_tried(verdict)}{shown}{more}</div>', verdict_text(verdict))


def verdict_text(verdict: Verdict) -> str:
    """The verdict as plain text, for a terminal, nbval's output and a screen reader."""
    asked = verdict.exercise
    if verdict.passed:
        tried = ", ".join(verdict.environments)
        return f"{asked.slug}: passed, {asked.points} of {asked.points} points. Tried in {tried}."
    lines = [f"{asked.slug}: not yet. {_count(verdict)}{_earned(verdict)}."]
    for finding in verdict.findings[:MOST]:
        where = _where(finding, verdict)
        lines += ["", f"{finding.id}  {finding.resource}{f'  ({where})' if where else ''}"]
        lines += textwrap.wrap(
            finding.what, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
        lines += textwrap.wrap(f"Hint: {finding.hint}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    if len(verdict.findings) > MOST:
        lines += ["", _more(verdict)]
    return "\n".join(lines)


def brief_text(verdict: Verdict) -> str:
    """One line for where the card stands beside it: the count, and the ids unless they would give away too much."""
    ids = ", ".join(dict.fromkeys(finding.id for finding in verdict.findings))
    said = "" if verdict.exercise.worth else f": {ids}"
    return f"{verdict.exercise.slug}: not yet. {_count(verdict)}{_earned(verdict)}{said}."


def _headline(verdict: Verdict) -> str:
    asked = verdict.exercise
    if verdict.passed:
        return f"{sign(True)} Passed: {asked.points} of {asked.points} points"
    return f"{sign(False)} Not yet: {_count(verdict)}{_earned(verdict)}"


def _earned(verdict: Verdict) -> str:
    """What is earned already, where flaws count one by one."""
    asked = verdict.exercise
    return f", {verdict.points} of {asked.points} points" if asked.worth else ""


def _count(verdict: Verdict) -> str:
    count = len(verdict.findings)
    return f"{count} finding{'s' if count != 1 else ''}"


def _more(verdict: Verdict) -> str:
    return f"And {len(verdict.findings) - MOST} more."


def _where(finding: Finding, verdict: Verdict) -> str:
    seen = [each for each in finding.environments if each]
    if not seen:
        return ""
    return "in every environment" if len(seen) == len(verdict.environments) else f"in {', '.join(seen)}"


def _tried(verdict: Verdict) -> str:
    """A chip for each environment: well there or not."""
    bad = {each for finding in verdict.findings for each in finding.environments}
    chips = "".join(
        chip(f"{sign(each not in bad)} {each}", state_class(each not in bad)) for each in verdict.environments
    )
    return f'<div><span class="lab-dim lab-small">Tried in </span>{chips}</div>'


def _finding(finding: Finding, verdict: Verdict) -> str:
    where = _where(finding, verdict)
    place = f'<span class="lab-dim">{escape(where)}</span>' if where else ""
    severity = verdict.exercise.severities.get(finding.id)
    if severity is not None:
        # Folded: in a review of a whole system, finding it is the work.
        worth = verdict.exercise.worth[finding.id]
        return (
            f'<details class="lab-finding"><summary>{chip(severity, severity)} {worth} '
            f"point{'s' if worth != 1 else ''}: what would happen</summary>"
            f'<div class="lab-head"><b>{escape(finding.id)}</b>'
            f"<code>{escape(finding.resource)}</code>{place}</div>"
            f'<p class="lab-what">{escape(finding.what)}</p>'
            f'<p class="lab-hint">{escape(finding.hint)}</p></details>'
        )
    return (
        f'<div class="lab-finding"><div class="lab-head"><b>{escape(finding.id)}</b>'
        f"<code>{escape(finding.resource)}</code>{place}</div>"
        f'<p class="lab-what">{escape(finding.what)}</p><p class="lab-hint">{escape(finding.hint)}</p></div>'
    )
