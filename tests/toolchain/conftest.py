"""Fixtures of the toolchain's tests: an empty machine without access to the internet."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab_support.toolchain import download
from tests.toolchain.machine import NO_NETWORK, Machine


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """An empty machine, on which this process appears to run until the test ends."""
    if os.name == "nt":
        pytest.skip("the pretended programs are shell scripts")
    machine = Machine(tmp_path)
    for folder in (machine.home, machine.programs, machine.root / "tmp"):
        folder.mkdir()
    for name in [*os.environ]:
        if name.startswith(("GO", "PULUMI_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", str(machine.programs))
    monkeypatch.setenv("HOME", str(machine.home))
    monkeypatch.setenv("PULUMI_REVIEW_LAB_CACHE", str(machine.cache))
    monkeypatch.setattr(sys, "prefix", str(machine.prefix))
    monkeypatch.setattr(tempfile, "tempdir", str(machine.root / "tmp"))
    monkeypatch.setattr(download, "INSTALLER", NO_NETWORK)
    yield machine
    machine.stop_commands()
