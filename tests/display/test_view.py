"""The two kinds of output: what a notebook and a terminal get of each."""

from __future__ import annotations

from lab_support.display.view import Page, View


def test_a_notebook_gets_the_html_and_the_text_of_a_view() -> None:
    assert View("<p>A</p>", "A")._repr_mimebundle_() == {"text/html": "<p>A</p>", "text/plain": "A"}


def test_a_terminal_gets_the_text_of_a_view() -> None:
    view = View("<p>A</p>", "A")
    assert (str(view), repr(view)) == ("A", "A")


def test_a_page_is_markdown_in_a_notebook_and_on_a_terminal() -> None:
    page = Page("# A")
    assert page._repr_mimebundle_() == {"text/markdown": "# A", "text/plain": "# A"}
    assert (str(page), repr(page), page.text) == ("# A", "# A", "# A")
