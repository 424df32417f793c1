"""Parses a view's HTML; malformed markup fails here."""

from __future__ import annotations

from xml.etree import ElementTree

from lab_support.display.view import View


def body(view: View) -> ElementTree.Element:
    """The markup after the style sheet, without <wbr>."""
    markup = view.html.partition("</style>")[2].replace("<wbr>", "").replace("<br>", "<br/>")
    return ElementTree.fromstring(markup)


def words(element: ElementTree.Element) -> str:
    """The words of an element, in reading order."""
    return " ".join(" ".join(element.itertext()).split())


def all_words(view: View, path: str) -> list[str]:
    """The words of each element of a view that matches a path."""
    return [words(element) for element in body(view).findall(path)]
