"""What all views share: the style sheet comes first, names can wrap, and text is escaped."""

from __future__ import annotations

import pytest

from lab_support.display.html import breakable, chip, frame, icon, page, prose, sign, state_class, view


def test_a_page_has_the_style_sheet_before_the_frame() -> None:
    head, found, rest = page("<p>A</p>").partition("</style>")
    assert head.startswith("<style>")
    assert found
    assert rest == frame("<p>A</p>") == '<div class="lab-view"><p>A</p></div>'


def test_a_view_is_a_page_and_its_text() -> None:
    made = view("<p>A</p>", "A")
    assert (made.html, made.text) == (page("<p>A</p>"), "A")


@pytest.mark.parametrize(("good", "shown"), [(True, ("✓", "lab-is-good")), (False, ("✗", "lab-is-bad"))])
def test_a_state_has_a_sign_and_a_colour(good: bool, shown: tuple[str, str]) -> None:
    assert (sign(good), state_class(good)) == shown


@pytest.mark.parametrize(
    ("style", "classes"),
    [("", "lab-chip"), ("High", "lab-chip lab-High"), ("lab-is-bad", "lab-chip lab-is-bad")],
)
def test_a_chip_has_the_class_of_its_style(style: str, classes: str) -> None:
    assert chip("a < b", style) == f'<span class="{classes}">a &lt; b</span>'


def test_a_name_may_wrap_after_each_of_its_words() -> None:
    assert breakable("storage_<type>") == "storage_<wbr>&lt;type&gt;"


def test_an_icon_is_hidden_from_a_screen_reader() -> None:
    assert 'aria-hidden="true"' in icon("<path/>")


def test_in_sentences_a_percentage_stays_on_one_line_and_names_are_code() -> None:
    assert prose("At 97 %, `a<b` fails.") == "At 97\u00a0%, <code>a&lt;b</code> fails."
