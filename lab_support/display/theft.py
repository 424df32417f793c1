"""The theft drill drawn: every store of a plan, who can read a stolen copy, who holds the key, who can revoke it."""

from __future__ import annotations

import textwrap
from html import escape

from lab_support.display import View
from lab_support.drills.theft import Protection, Store, Theft

_STYLE = """<style>
.lab-theft { margin: 4px 0 12px; color: var(--jp-ui-font-color1, #222); }
.lab-theft.lab-theft table { border-collapse: collapse; margin: 0; table-layout: auto; font-size: 0.95em; }
.lab-theft.lab-theft caption { text-align: left; caption-side: top; padding: 2px 4px;
  color: var(--jp-ui-font-color1, #222); }
.lab-theft.lab-theft tbody tr, .lab-theft.lab-theft tbody tr:hover { background: none; }
.lab-theft.lab-theft th, .lab-theft.lab-theft td { text-align: left; vertical-align: top; padding: 5px 14px 5px 4px;
  max-width: none; white-space: normal; border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.lab-theft .lock { white-space: nowrap; }
.lab-theft .open { border-left: 4px solid var(--jp-error-color1, #b00020); padding-left: 8px; }
.lab-theft .small { display: block; font-size: 0.92em; }
</style>"""
_SIGNS = {Protection.NONE: "✗ ", Protection.CUSTOMER: "✓ "}


def thefts_view(thefts: tuple[Theft, ...]) -> View:
    """One table for each inventory, the worst protected store first."""
    return View(_STYLE + "".join(map(_table, thefts)), "\n\n".join(map(_text, thefts)))


def _title(theft: Theft) -> str:
    bare = sum(store.protection is Protection.NONE for store in theft.stores)
    if not theft.stores:
        return "Nothing in this plan keeps data"
    return f"{len(theft.stores)} stores of data at rest, {bare or 'none'} of them not encrypted"


def _protection(store: Store) -> str:
    words = str(store.protection)
    return f"{_SIGNS.get(store.protection, '· ')}{words[0].upper()}{words[1:]}"


def _text(theft: Theft) -> str:
    lines = [_title(theft)]
    for store in theft.stores:
        lines += [
            "",
            f"  {store.resource.name} ({store.resource.kind}: {store.what})",
            f"    {_protection(store)}",
        ]
        for label, value in (
            ("reads a stolen copy", store.readers),
            ("holds the key", store.fate.holder),
            ("can revoke it", store.fate.revoked_by),
        ):
            lines += textwrap.wrap(f"{label}: {value}", 92, initial_indent="    ", subsequent_indent="      ")
    return "\n".join(lines)


def _table(theft: Theft) -> str:
    rows = "".join(_row(store) for store in theft.stores)
    head = "".join(
        f'<th scope="col">{text}</th>'
        for text in ("Store", "At rest", "Who reads a stolen copy", "Who holds the key", "Who can revoke it")
    )
    return (
        f'<div class="lab-theft"><table><caption><b>{escape(_title(theft))}</b></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(store: Store) -> str:
    key = f'<span class="small">{escape(store.key.name)}</span>' if store.key else ""
    style = "open" if store.protection is Protection.NONE else ""
    return (
        f'<tr><th scope="row">{escape(store.resource.name)}<span class="small">{escape(store.resource.kind)}: '
        f'{escape(store.what)}</span></th><td class="{style}"><span class="lock">{escape(_protection(store))}</span>'
        f"{key}</td><td>{escape(store.readers)}</td><td>{escape(store.fate.holder)}</td>"
        f"<td>{escape(store.fate.revoked_by)}</td></tr>"
    )
