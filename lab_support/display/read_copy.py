"""Draws a stolen copy: the first bytes as a thief sees them, and who can read them."""

from __future__ import annotations

from lab_support.display.html import BAD, GOOD, escape, view
from lab_support.display.view import View
from lab_support.drills.read_copy import StolenCopy

_WIDTH = 32  # bytes in a line of ciphertext


def copies_view(copies: tuple[StolenCopy, ...]) -> View:
    """A card for each copy."""
    return view("".join(map(_card, copies)), "\n\n".join(map(_text, copies)))


def _title(copy: StolenCopy) -> str:
    resource = copy.store.resource
    return f"A stolen copy of {resource.name} ({resource.kind}: {copy.store.protection})"


def _outcome(copy: StolenCopy) -> str:
    if copy.readable is None:
        return "Whether it is encrypted is known only after the deployment."
    if copy.readable:
        return f"{BAD} Plain text. Who can read it: {copy.store.readers}."
    return f"{GOOD} Ciphertext. Who can read it: {copy.store.readers}."


def _bytes(copy: StolenCopy) -> str:
    if copy.readable:
        return copy.data.decode()
    blocks = (copy.data[start : start + _WIDTH] for start in range(0, len(copy.data), _WIDTH))
    return "\n".join(block.hex(" ", 2) for block in blocks)


def _text(copy: StolenCopy) -> str:
    indented = "\n".join(f"    {line}" for line in _bytes(copy).splitlines())
    return "\n".join(filter(None, (_title(copy), f"  {_outcome(copy)}", indented)))


def _card(copy: StolenCopy) -> str:
    state = {True: " lab-is-bad", False: " lab-is-good", None: ""}[copy.readable]
    shown = f'<pre class="lab-source" tabindex="0">{escape(_bytes(copy))}</pre>' if copy.data else ""
    return (
        f'<section class="lab-card{state}"><h4>{escape(_title(copy))}</h4>'
        f"<p>{escape(_outcome(copy))}</p>{shown}</section>"
    )
