"""The HTML that all views share: style sheet, frame, escaped text, signs and chips."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from html import escape
from pathlib import Path

from lab_support.display.view import View

GOOD, BAD = "✓", "✗"


@cache
def _sheet() -> str:
    """All style sheets in this folder; lab.css comes first, because the others build on it."""
    sheets = sorted(Path(__file__).parent.glob("*.css"), key=lambda path: (path.name != "lab.css", path.name))
    return "".join(path.read_text(encoding="utf-8") for path in sheets)


def page(body: str) -> str:
    """A whole output: the style sheet and the body in its frame."""
    return f"<style>{_sheet()}</style>{frame(body)}"


def frame(body: str) -> str:
    """Part of an output, in the frame; another part has the style sheet."""
    return f'<div class="lab-view">{body}</div>'


def document(title: str, body: str, sheet: str = "", reload_after: int = 0) -> str:
    """A page of its own, with a style sheet beside the views'; it may reload itself after some seconds."""
    reload = f'<meta http-equiv="refresh" content="{reload_after}">' if reload_after else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">{reload}'
        # Names and programs are escaped; should one slip through, the page still runs and loads nothing.
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{sheet}</style></head><body><main>{page(body)}</main></body></html>\n"
    )


def prose(text: str) -> str:
    """Sentences as HTML: what is in backticks is code, and a percentage stays on one line."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)).replace(" %", "\u00a0%")


def view(body: str, text: str) -> View:
    """A view made from an HTML body and the text that says the same."""
    return View(page(body), text)


def sign(good: bool) -> str:
    """✓ or ✗, so that colour is not the only cue."""
    return GOOD if good else BAD


def state_class(good: bool) -> str:
    """The class that colours a card or a chip as good or bad."""
    return "lab-is-good" if good else "lab-is-bad"


def chip(text: str, style: str = "") -> str:
    """A label in a small frame; `style` is a severity or what state_class() returns."""
    named = style if style.startswith("lab-") or not style else f"lab-{style}"
    return f'<span class="{f"lab-chip {named}".strip()}">{escape(text)}</span>'


def breakable(name: str) -> str:
    """A name as HTML that may wrap after each of its words."""
    return escape(name).replace("_", "_<wbr>")


def wrapped(words: str, indent: int) -> str:
    """A sentence of a text view, wrapped and indented, its further lines a little more; names stay whole."""
    return textwrap.fill(
        words,
        92,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
        break_long_words=False,
    )


def icon(paths: str) -> str:
    """A small drawing, 16 units square, in the colour of the text; words beside it say the same."""
    return f'<svg class="lab-icon" viewBox="0 0 16 16" aria-hidden="true">{paths}</svg>'


__all__ = [
    "BAD",
    "GOOD",
    "breakable",
    "chip",
    "escape",
    "frame",
    "icon",
    "page",
    "sign",
    "state_class",
    "view",
    "wrapped",
]
