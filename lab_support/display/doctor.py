"""What `lab doctor` finds, as a card: that all is well, or what is missing and how to get it."""

from __future__ import annotations

from lab_support.display.html import escape, sign, state_class, view
from lab_support.display.view import View
from lab_support.toolchain.doctor import Fact


def facts_view(facts: tuple[Fact, ...]) -> View:
    """What is missing comes first; what is well is folded."""
    ok = all(fact.ok for fact in facts)
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
        f'<div class="lab-card {state_class(ok)}"><p class="lab-title"><b>{sign(ok)} {_title(facts)}</b></p>'
        f"{listed}<details><summary>What was looked at</summary><table><tbody>{rows}</tbody></table></details></div>",
        facts_text(facts),
    )


def facts_text(facts: tuple[Fact, ...]) -> str:
    """A line for each fact, what is missing with its remedy, and the sum."""
    lines = []
    for fact in facts:
        lines.append(f"{sign(fact.ok)} {fact.what}: {fact.actual}")
        lines += [] if fact.ok else [f"    {fact.fix}"]
    return "\n".join([*lines, "", _title(facts)])


def _title(facts: tuple[Fact, ...]) -> str:
    ok = all(fact.ok for fact in facts)
    return "Everything is there." if ok else "Something is missing."
