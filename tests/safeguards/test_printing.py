"""What a terminal and a CI system get to see of texts that hold anything."""

from __future__ import annotations

import io
import json
import re

import pytest

from lab_support.safeguards.printing import PrintableStream, json_text, printable

HARMFUL = {
    "escape": "\x1b[2J",
    "title": "\x1b]0;x\x07",
    "eight-bit": "\x9b2J",
    "return": "seen\rover",
    "backspace": "a\x08b",
    "bidi": "a\u202eb",
    "surrogate": "\ud800",
    "github": "::add-mask::x",
    "github-indented": "first\n  ::error file=a::x",
    "github-old": "text ##[error]x",
    "azure": "##vso[task.setvariable variable=a]b",
    "teamcity": "##teamcity[buildStop comment='x']",
}
HARMLESS = ["tab\tand line\n", "ä → 日本", "::/0", "2001::1", "a::b::c", "## Heading", "C#[0]"]


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL)
def test_what_steers_a_terminal_or_a_log_is_spelled_out(text: str) -> None:
    shown = printable(text)
    assert shown != text
    assert all(character.isprintable() or character in "\t\n" for character in shown)
    assert not any(
        line.lstrip().startswith("::") or re.search(r"##\w*\[", line) for line in shown.split("\n")
    )
    assert printable(shown) == shown


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", [*HARMFUL.values(), *HARMLESS])
def test_json_means_the_same_and_is_printable(text: str) -> None:
    written = json_text({text: [text]})
    assert json.loads(written) == {text: [text]}
    assert printable(written) == written


def test_a_stream_gets_only_printable_text() -> None:
    target = io.StringIO()
    PrintableStream(target).write("\x1b[1mname\n")
    assert target.getvalue() == "\\x1b[1mname\n"
