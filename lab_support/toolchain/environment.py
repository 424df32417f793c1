"""Links the Pulumi CLI into the lab's Python environment, where it is found independently of HOME."""

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
    """The path of `pulumi` in this Python environment, whether it exists or not."""
    return Path(sys.prefix) / ("Scripts" if os.name == "nt" else "bin") / PROGRAM


def link_into_environment(toolchain: Toolchain) -> Toolchain:
    """Makes `toolchain` the environment's `pulumi`: as a hard link, else a symbolic link, else a copy.

    Returns the toolchain in the environment. If the environment is read-only, or is not a virtual environment and has
    a pulumi of another version, returns `toolchain` unchanged.
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
            for link in _LINK_METHODS:
                if _works(link, toolchain.path, new):
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


# A hard link survives a cleared cache and takes no space, but needs the same file system. A symbolic link needs
# permissions that Windows may not grant.
_LINK_METHODS: tuple[Callable[[Path, Path], None], ...] = (_hard_link, _symbolic_link, _copy)


def _works(link: Callable[[Path, Path], None], source: Path, target: Path) -> bool:
    """Links a program, and returns whether the result runs: some programs only work in their own folder."""
    try:
        target.unlink(missing_ok=True)
        link(source, target)
    except OSError:
        return False
    return ask_version(target) == PULUMI_VERSION


def _is_virtual_environment() -> bool:
    return sys.prefix != sys.base_prefix or (Path(sys.prefix) / "conda-meta").is_dir()
