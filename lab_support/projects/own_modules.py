"""A program's own modules come first, as in a Python that has loaded nothing but the Pulumi SDK.

The lab has loaded much more than that: a program's `import secrets` would find the standard library's module in
`sys.modules` and not the `secrets.py` beside it.
"""

from __future__ import annotations

import builtins
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from lab_support.errors import is_user_code

# What Pulumi's own executor (pulumi-language-python-exec) loads before it runs a program. psutil, which a project need
# not have, would load more.
_EXECUTOR: Final = (
    "import sys; sys.modules['psutil'] = None\n"
    "import argparse, asyncio, logging, os, runpy, sys, traceback, typing, pulumi, pulumi.runtime; "
    "print(*{name.partition('.')[0] for name in sys.modules})"
)


@contextmanager
def own_modules_first(folder: Path) -> Iterator[Callable[[], None]]:
    """Inside, imports of the program in this folder find its own modules first; other code finds what it would anyway.

    Yields a function that forgets the program's modules, so that it can run once more. At the end they are forgotten.
    """
    before = set(sys.modules)
    hidden = _hidden(folder)
    real = builtins.__import__

    def imported(
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> ModuleType:
        own = is_user_code(str((globals or {}).get("__file__") or ""))
        if own or level or name.partition(".")[0] not in tops:
            return real(name, globals, locals, fromlist, level)
        kept = _taken(tops)
        sys.modules.update(hidden)
        try:
            return real(name, globals, locals, fromlist, level)
        finally:
            hidden.update(_taken(tops))
            sys.modules.update(kept)

    def forget() -> None:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name not in before and isinstance(file, str) and _is_inside(file, folder):
                del sys.modules[name]
        _taken(tops)

    tops = frozenset(name.partition(".")[0] for name in hidden)
    _taken(tops)
    if tops:
        builtins.__import__ = imported
    try:
        yield forget
    finally:
        if tops:
            builtins.__import__ = real
        forget()
        sys.modules.update(hidden)


def _hidden(folder: Path) -> dict[str, ModuleType]:
    """The loaded modules, and what is inside them, that modules of the folder would shadow in a fresh Python."""
    loaded = {name.partition(".")[0] for name in sys.modules} - set(sys.builtin_module_names) - {"__main__"}
    shadowed = {
        name
        for name in loaded
        if ((folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file())
        and not _is_inside(str(getattr(sys.modules.get(name), "__file__", None) or ""), folder)
    }
    if shadowed:
        shadowed -= _loaded_by_executor()
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in shadowed}


def _taken(tops: frozenset[str]) -> dict[str, ModuleType]:
    """Takes modules of these packages out of `sys.modules`."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] in tops}


def _is_inside(file: str, folder: Path) -> bool:
    return is_user_code(file) and Path(file).is_relative_to(folder)


@cache
def _loaded_by_executor() -> frozenset[str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", _EXECUTOR], capture_output=True, text=True, check=False
    )
    return frozenset(done.stdout.split())


__all__ = ["own_modules_first"]
