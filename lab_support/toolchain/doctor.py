"""Checks the lab's prerequisites on this machine: `machine_facts()`."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from lab_support.toolchain import PULUMI_VERSION, find_pulumi

_PINNED = {"pulumi": PULUMI_VERSION, "pulumi-aws": "7."}
_PACKAGES = ("pulumi", "pulumi-aws", "jupyterlab", "ipykernel", "ipywidgets", "nbval", "click")
IN_A_CLONE = "Run `make set-up` in the clone."


@dataclass(frozen=True)
class Fact:
    """One prerequisite of the lab: whether it is met, what was found, and how to fix it."""

    what: str
    ok: bool
    actual: str
    fix: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def machine_facts(set_up: str = IN_A_CLONE, get_cli: str = IN_A_CLONE) -> list[Fact]:
    """The facts about this machine, the most basic first. Installs and changes nothing.

    `set_up` says how to install a missing package, `get_cli` how to get the Pulumi CLI.
    """
    return [_python(), *(_package(name, set_up) for name in _PACKAGES), _cli(get_cli), _scratch()]


def _python() -> Fact:
    version = ".".join(map(str, sys.version_info[:3]))
    return Fact("Python", sys.version_info >= (3, 11), version, "The lab needs Python 3.11 or later.")


def _package(name: str, set_up: str) -> Fact:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Fact(name, False, "not installed", set_up)
    wanted = _PINNED.get(name, "")
    return Fact(name, version.startswith(wanted), version, f"The lab needs version {wanted}. {set_up}")


def _cli(get_cli: str) -> Fact:
    found = find_pulumi()
    if found is None:
        fix = f"{get_cli} It gets version {PULUMI_VERSION} of the CLI; the first time, that takes minutes."
        return Fact("Pulumi CLI", False, f"version {PULUMI_VERSION} not found", fix)
    return Fact("Pulumi CLI", True, f"{found.version} ({found.source}: {found.path})")


def _scratch() -> Fact:
    folder = tempfile.gettempdir()
    ok = os.access(folder, os.W_OK)
    return Fact("temporary folder", ok, folder, "Set TMPDIR to a folder that you can write to.")
