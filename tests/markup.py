"""A view's HTML, parsed: what is no well-formed markup fails here."""

from __future__ import annotations

from xml.etree import ElementTree

from lab_support.display.view import View


def body(view: View) -> ElementTree.Element:
    """What stands behind the style sheet; places where a name may break are left out."""
    return ElementTree.fromstring(view.html.partition("</style>")[2].replace("<wbr>", ""))


def words(element: ElementTree.Element) -> str:
    """What is read of an element, in order."""
    return " ".join(" ".join(element.itertext()).split())


def all_words(view: View, path: str) -> list[str]:
    """What is read of each element of a view that a path matches."""
    return [words(element) for element in body(view).findall(path)]
