"""Shows texts that hold anything: names and messages of programs cannot steer a terminal or a CI system.

A terminal obeys escape sequences and hides or reorders text; GitHub Actions, Azure Pipelines and TeamCity obey commands
in a log.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
https://www.jetbrains.com/help/teamcity/service-messages.html
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

# Control characters but for tab and line feed, what changes the direction of text, and surrogates without a partner.
_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_HASHES: Final = re.compile(r"##(?=\w*\[)")
_COMMAND: Final = re.compile(rf"^(\s*):(?=:[^\n]*::)|{_HASHES.pattern}", re.MULTILINE)


def printable(text: str) -> str:
    """A text for people: control characters as Python writes them, commands for CI systems spelled apart."""
    text = _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)
    return _COMMAND.sub(lambda found: "# #" if found[1] is None else f"{found[1]}: ", text)


def json_text(data: Any) -> str:
    """A value as JSON in which everything that `printable` would change is escaped: it means the same."""
    text = json.dumps(data, indent=2, ensure_ascii=False)
    text = _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return _HASHES.sub(r"\\u0023#", text)


class PrintableStream:
    """A text stream on which only printable text arrives."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(printable(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
