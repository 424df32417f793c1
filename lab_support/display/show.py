"""How things look: `show(x)` draws plans, drills and verdicts, as HTML for a notebook and as text for everyone else.

The view of a class is found by its name: for `lab_support.drills.outage.Outage` it is the function in
lab_support/display/outage.py that ends in `_view` and takes a tuple of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, get_args, get_type_hints

from lab_support.display.view import Page, View


def show(thing: Any) -> View | Page:
    """The view of a plan, a resource, a topology, a review, the result of a drill or of coach.py, or of several alike.

    Raises TypeError for anything else.
    """
    things = tuple(thing) if isinstance(thing, (tuple, list)) else (thing,)
    kinds: set[type] = {type(item) for item in things}
    draw = view_of(next(iter(kinds))) if len(kinds) == 1 else None
    if draw is None:
        raise TypeError(
            "show() draws plans, resources, topologies, reviews and what drills and the coach return, "
            f"not {type(thing).__name__}"
        )
    view = draw(things)
    assert isinstance(view, (View, Page))
    return view


@cache
def view_of(kind: type) -> Callable[[tuple[Any, ...]], Any] | None:
    """The function that draws instances of a class: in the module of display/ that is named as the module of the
    class, or of a class that it extends, or as its package."""
    for parent in kind.__mro__:
        package, *names = parent.__module__.split(".")
        for name in reversed(names) if package == "lab_support" else ():
            module = f"lab_support.display.{name}"
            if find_spec(module) is None:
                continue
            for function in vars(import_module(module)).values():
                if getattr(function, "__name__", "").endswith("_view") and _draws(function, parent):
                    return function  # type: ignore[no-any-return]
    return None


def _draws(function: Callable[..., Any], kind: type) -> bool:
    """Whether the one argument of a function is a tuple of instances of this class."""
    hints = get_type_hints(function)
    hints.pop("return", None)
    return len(hints) == 1 and get_args(next(iter(hints.values())))[:1] == (kind,)
