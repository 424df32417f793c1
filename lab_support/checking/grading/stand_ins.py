"""What a program finds in place of `lab_support`: names that do nothing, whatever is done with them.

A learner's cells may still hold calls such as `show(preview(program, "dev"))`. In the notebook they draw; here they
must neither fail nor find the lab.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any


class _Nothing:
    """Anything at all: every attribute, item and result of it is nothing, too."""

    def __call__(self, *arguments: Any, **named: Any) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> _Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> _Nothing:
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *error: Any) -> None:
        return None

    def __str__(self) -> str:
        return ""


class _Module(types.ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


def hide_lab() -> None:
    """Python forgets the lab's modules; what is left of them lives on unnamed. `lab_support` is a stand-in."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "lab_support"]:
        del sys.modules[name]
    sys.modules["lab_support"] = _Module("lab_support")
    sys.modules["IPython"] = _Module("IPython")
    sys.modules["IPython.display"] = _Module("IPython.display")


def named(names: list[str]) -> dict[str, Any]:
    """A stand-in for each of these names."""
    return {name: _Nothing() for name in names}
