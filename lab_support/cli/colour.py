"""Colour on terminals: signs, severities, differences and headings. The text says the same without it.

There is none where NO_COLOR is set (no-color.org), where TERM is `dumb`, and in files, pipes and scripts. The colours
are the terminal's own, so they follow its theme.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Final

from lab_support.safeguards.printing import PrintableStream, printable

_RED, _GREEN, _YELLOW, _CYAN, _BOLD = "31", "32", "33", "36", "1"
# What is coloured, each a part of a line as the commands print it.
_STYLES: Final = {
    r"^✓(?: passed\b)?|^\d\d_\w+: passed\b": _GREEN,
    r"^✗|^\d\d_\w+: not yet\b": _RED,
    r"^(?:CRITICAL|HIGH)$": f"{_BOLD};{_RED}",
    r"^MEDIUM$|^… begun\b": _YELLOW,
    r"^NOTE$|^@@.*$": _CYAN,
    r"^[A-Z]+(?:-[A-Z]+)+(?=  )|^(?:Usage|Options|Commands|  Examples?):": _BOLD,  # a finding, a heading
    r"^\+(?!\+\+ )(?! \S).*$": _GREEN,  # lines of a difference; `- text` is a list
    r"^-(?!-- )(?! \S).*$": _RED,
}
_STYLED: Final = re.compile("|".join(f"({pattern})" for pattern in _STYLES), re.MULTILINE)
_CODES: Final = tuple(_STYLES.values())


def wants_colour(stream: Any, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a stream is a terminal that shows colour, and the user has not switched colour off."""
    if environment.get("NO_COLOR") or environment.get("TERM", "") in ("", "dumb"):
        return False
    return os.name != "nt" and bool(stream.isatty())


def coloured(text: str) -> str:
    """A printable text with colour; nothing that the text itself contains can set one."""
    return _STYLED.sub(
        lambda found: f"\x1b[{_CODES[(found.lastindex or 1) - 1]}m{found[0]}\x1b[0m", printable(text)
    )


class ColouredStream(PrintableStream):
    """A terminal on which only printable text arrives, with colour."""

    def write(self, text: str) -> int:
        self._stream.write(coloured(text))
        return len(text)
