"""Puts the Pulumi CLI beside the Python that runs the lab, where it is found whatever HOME is later."""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from lab_support.toolchain.pulumi_cli import PROGRAM, PULUMI_VERSION, Toolchain
from lab_support.toolchain.verify import ask_version, remember_version, version_of


def pulumi_in_environment() -> Path:
    """Where this Python environment keeps its `pulumi`, whether one is there or not."""
    return Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin") / PROGRAM


def link_into_environment(toolchain: Toolchain) -> Toolchain:
    """Makes the environment's `pulumi` that of `toolchain`: a hard link, else a symbolic link, else a copy.

    Returns the toolchain as the environment has it now. Where the environment cannot be written, or is no
    virtual environment and holds somebody's pulumi of another version, `toolchain` comes back as it was.
    """
    target = pulumi_in_environment()
    linked = replace(toolchain, path=target, source="environment")
    if version_of(target) == PULUMI_VERSION:
        return linked
    if target.exists() and not _is_virtual_environment():
        return toolchain
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pulumi-", dir=target.parent) as folder:
            new = Path(folder) / PROGRAM
            for put in _WAYS_TO_PUT:
                if _works(put, toolchain.path, new):
                    new.replace(target)
                    remember_version(target, PULUMI_VERSION)
                    return linked
    except OSError:
        pass
    return toolchain


def _hard_link(source: Path, target: Path) -> None:
    os.link(source.resolve(), target)


def _symbolic_link(source: Path, target: Path) -> None:
    target.symlink_to(source.absolute())


def _copy(source: Path, target: Path) -> None:
    shutil.copy2(source, target)


# A hard link survives a cleared cache and takes no room, but needs the same file system. A symbolic link
# needs rights that Windows may not give.
_WAYS_TO_PUT: tuple[Callable[[Path, Path], None], ...] = (_hard_link, _symbolic_link, _copy)


def _works(put: Callable[[Path, Path], None], source: Path, target: Path) -> bool:
    """Whether `put` gave a program that runs: some programs on PATH only work in their own place."""
    try:
        target.unlink(missing_ok=True)
        put(source, target)
    except OSError:
        return False
    return ask_version(target) == PULUMI_VERSION


def _is_virtual_environment() -> bool:
    return sys.prefix != sys.base_prefix or (Path(sys.prefix) / "conda-meta").is_dir()
