"""A verdict in words: which findings, about what, in which environments, and how to get on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab_support.verdict import Finding, Verdict

WIDTH = 88
MOST = 6  # findings that a screen has room for


def verdict_text(verdict: Verdict) -> str:
    """The verdict as plain text, for a terminal, nbval's output and a screen reader."""
    asked = verdict.exercise
    tried = ", ".join(verdict.environments)
    if verdict.passed:
        return f"{asked.slug}: passed, {asked.points} of {asked.points} points. Tried in {tried}."
    count = len(verdict.findings)
    lines = [f"{asked.slug}: not yet. {count} finding{'s' if count != 1 else ''}."]
    for finding in verdict.findings[:MOST]:
        lines += ["", f"{finding.id}  {finding.resource}{_where(finding, verdict)}"]
        lines += textwrap.wrap(
            finding.what, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
        lines += textwrap.wrap(f"Hint: {finding.hint}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    if count > MOST:
        lines += ["", f"And {count - MOST} more."]
    return "\n".join(lines)


def _where(finding: Finding, verdict: Verdict) -> str:
    seen = [each for each in finding.environments if each]
    if not seen:
        return ""
    if len(seen) == len(verdict.environments):
        return "  (in every environment)"
    return f"  (in {', '.join(seen)})"
