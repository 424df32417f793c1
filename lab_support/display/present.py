"""Puts a view where the learner looks: below the cell in a notebook, on the terminal elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

_quiet: Final[ContextVar[bool]] = ContextVar("quiet", default=False)


@contextmanager
def quietly() -> Iterator[None]:
    """Nothing is presented in this block: somebody else draws what comes out of it."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def present(view: Any) -> None:
    """Shows a view now, not as the value of a cell."""
    if _quiet.get():
        return
    if "IPython" in sys.modules:
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(view)
            return
    print(view)


def is_quiet() -> bool:
    """Whether this is inside quietly()."""
    return _quiet.get()
