"""The HTML that all views share: the style sheet in front, a frame around it, text made safe, signs and chips."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

from lab_support.display.view import View

GOOD, BAD = "✓", "✗"


@cache
def _sheet() -> str:
    """Every sheet of this folder; lab.css, which the others build on, comes first."""
    sheets = sorted(Path(__file__).parent.glob("*.css"), key=lambda path: (path.name != "lab.css", path.name))
    return "".join(path.read_text(encoding="utf-8") for path in sheets)


def page(body: str) -> str:
    """A whole output: the style sheet and the framed body."""
    return f"<style>{_sheet()}</style>{frame(body)}"


def frame(body: str) -> str:
    """A part of an output whose style sheet stands in another part."""
    return f'<div class="lab-view">{body}</div>'


def view(body: str, text: str) -> View:
    """A view of a body in HTML and the text that says the same."""
    return View(page(body), text)


def sign(well: bool) -> str:
    """✓ or ✗: what colours say, they say, too."""
    return GOOD if well else BAD


def state_class(well: bool) -> str:
    """The class that gives a card or a chip the colour of how it went."""
    return "lab-is-good" if well else "lab-is-bad"


def chip(text: str, style: str = "") -> str:
    """A word of classification in a frame; `style` is a severity or what state_class() returns."""
    named = style if style.startswith("lab-") or not style else f"lab-{style}"
    return f'<span class="{f"lab-chip {named}".strip()}">{escape(text)}</span>'


def breakable(name: str) -> str:
    """A name as HTML that may go on in the next line after each of its words."""
    return escape(name).replace("_", "_<wbr>")


def icon(paths: str) -> str:
    """A small drawing in a square of 16 units, in the colour of the text; words beside it say the same."""
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
]
