"""Runs a Python file of a project so that its imports work, wherever in the project the file is.

`lib/stack.py` may import with `from .network import Network` or `from lib.network import Network`: then it is a module
of the package `lib` in the project's folder.
"""

from __future__ import annotations

import ast
import linecache
import runpy
import sys
from pathlib import Path
from typing import Any, Final

from lab_support.program_code import parsed

# How many folders above a file its project's folder may be.
_LEVELS: Final = 4
_MARKS: Final = ("Pulumi.yaml", "Pulumi.yml", "pyproject.toml", "setup.py", ".git")


def run_file(path: Path, name: str) -> dict[str, Any]:
    """Runs a file under a module name (`__main__`) and returns its global names."""
    linecache.checkcache()  # a notebook reviews a program that its author changes in between
    root = _root(path)
    if root != path.parent:
        sys.path.append(str(root))
    if root != path.parent and _imports_relatively(path):
        return runpy.run_module(".".join(path.relative_to(root).with_suffix("").parts), run_name=name)
    return runpy.run_path(str(path), run_name=name)


def _root(path: Path) -> Path:
    """The folder that a file's imports are relative to: its project's, or the one around its packages."""
    above = path.parent.parents[:_LEVELS]
    for folder in (path.parent, *above):
        if any((folder / mark).exists() for mark in _MARKS):
            return folder
    inner = path.parent
    while (inner / "__init__.py").is_file():
        inner = inner.parent
    return inner if inner != path.parent or not _imports_relatively(path) else inner.parent


def _imports_relatively(path: Path) -> bool:
    tree = parsed(path)
    return tree is not None and any(
        isinstance(node, ast.ImportFrom) and node.level for node in ast.walk(tree)
    )
