"""What `lab doctor` finds, as a card: that the machine is ready, or what is missing and how to install it."""

from __future__ import annotations

from lab_support.display.html import escape, sign, state_class, view
from lab_support.display.view import View
from lab_support.toolchain.doctor import Fact


def facts_view(facts: tuple[Fact, ...]) -> View:
    """A card: missing prerequisites first, the full list folded."""
    ready = _is_ready(facts)
    missing = "".join(
        f"<li><b>{escape(fact.what)}</b>: {escape(fact.actual)}<br>{escape(fact.fix)}</li>"
        for fact in facts
        if not fact.ok
    )
    rows = "".join(
        f'<tr><th scope="row">{sign(fact.ok)} {escape(fact.what)}</th><td>{escape(fact.actual)}</td></tr>'
        for fact in facts
    )
    listed = f"<ul>{missing}</ul>" if missing else ""
    return view(
        f'<div class="lab-card {state_class(ready)}"><p class="lab-title"><b>{sign(ready)} {_title(facts)}</b></p>'
        f"{listed}<details><summary>All prerequisites</summary><table><tbody>{rows}</tbody></table></details></div>",
        facts_text(facts),
    )


def facts_text(facts: tuple[Fact, ...]) -> str:
    """A line for each prerequisite, with the remedy if it is missing, and a summary."""
    lines = []
    for fact in facts:
        lines.append(f"{sign(fact.ok)} {fact.what}: {fact.actual}")
        lines += [] if fact.ok else [f"    {fact.fix}"]
    return "\n".join([*lines, "", _title(facts)])


def _title(facts: tuple[Fact, ...]) -> str:
    return "This machine is ready." if _is_ready(facts) else "Something is missing."


def _is_ready(facts: tuple[Fact, ...]) -> bool:
    return all(fact.ok for fact in facts)
