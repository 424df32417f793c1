"""The view of compared notes, as HTML and as text: each group with its entries and comments."""

from __future__ import annotations

import pytest

from lab_support.course.exercises import find_exercise
from lab_support.course.notes import compare, read_notes
from lab_support.display.show import show
from lab_support.display.view import View
from tests.markup import body, words

NOTES = [
    ("emergency-alert-efs", "<b>not</b> encrypted"),
    ("the stream", "it is too small"),
    ("the KMS key policy", "kms:* on *"),
    ("an S3 bucket", "public"),
]


@pytest.fixture(scope="module")
def view() -> View:
    shown = show(compare(find_exercise("06_code_review"), read_notes(NOTES)))
    assert isinstance(shown, View)
    return shown


def test_the_title_counts_what_was_found_and_what_is_fine(view: View) -> None:
    assert view.text.startswith("You found 1 of 5 flaws and flagged 1 thing that is fine.")


def test_every_group_gives_its_reasons(view: View) -> None:
    lines = [line.strip() for line in view.text.splitlines()]
    for title in ("✓ Found", "≈ Almost", "✗ Missed", "Flagged, but fine", "Unknown to the lab"):
        assert title in lines
    assert "it cannot be encrypted later" in " ".join(lines)
    assert "* means this key" in " ".join(lines)
    assert "which proves nothing" in " ".join(lines)


def test_html_and_text_say_the_same(view: View) -> None:
    told = words(body(view))
    for line in view.text.splitlines():
        for part in line.strip().split(": ", 1):
            assert " ".join(part.split()) in told


def test_severities_are_shown_and_notes_are_escaped(view: View) -> None:
    assert 'lab-Critical">Critical' in view.html
    assert "<b>not</b>" not in view.html
    assert "“&lt;b&gt;not&lt;/b&gt; encrypted”" in view.html


def test_without_notes_everything_is_missed() -> None:
    text = show(compare(find_exercise("06_code_review"), ())).text
    assert text.startswith("You found 0 of 5 flaws.\n")
    assert "Found" not in text
