"""The card of prerequisites: what is missing comes first, with its remedy."""

from __future__ import annotations

from lab_support.display.doctor import facts_text, facts_view
from lab_support.toolchain.doctor import Fact
from tests.markup import all_words, body

PRESENT = Fact("Python", True, "3.12.1", "")
ABSENT = Fact("Pulumi <CLI>", False, "not found", "Run `make set-up`.")


def test_a_machine_that_lacks_nothing_is_ready() -> None:
    view = facts_view((PRESENT,))
    assert all_words(view, ".//p") == ["✓ This machine is ready."]
    assert body(view).find(".//ul") is None
    assert view.text == "✓ Python: 3.12.1\n\nThis machine is ready."


def test_what_is_missing_comes_first_with_its_remedy() -> None:
    view = facts_view((PRESENT, ABSENT))
    assert all_words(view, ".//p") == ["✗ Something is missing."]
    assert all_words(view, ".//li") == ["Pulumi <CLI> : not found Run `make set-up`."]
    assert all_words(view, ".//tr") == ["✓ Python 3.12.1", "✗ Pulumi <CLI> not found"]


def test_the_text_has_the_remedy_below_what_is_missing() -> None:
    assert facts_text((PRESENT, ABSENT)).splitlines() == [
        "✓ Python: 3.12.1",
        "✗ Pulumi <CLI>: not found",
        "    Run `make set-up`.",
        "",
        "Something is missing.",
    ]
