"""Which Pulumi CLI is found; looking for one changes nothing."""

import os
from pathlib import Path

import pytest

from lab_support.toolchain import PULUMI_VERSION, Toolchain, find_pulumi
from tests.toolchain.machine import Machine


def test_nothing_is_found_on_an_empty_machine(machine: Machine) -> None:
    assert find_pulumi() is None


def test_the_right_version_on_path_wins(machine: Machine) -> None:
    on_path = machine.put_pulumi(machine.programs / "pulumi")
    machine.put_pulumi(machine.environment_pulumi)
    machine.put_pulumi(machine.cached_pulumi)
    assert find_pulumi() == Toolchain(on_path, PULUMI_VERSION, "PATH")


def test_a_wrong_version_on_path_is_skipped(machine: Machine) -> None:
    machine.put_pulumi(machine.programs / "pulumi", "3.100.0")
    machine.put_pulumi(machine.environment_pulumi)
    assert find_pulumi() == Toolchain(machine.environment_pulumi, PULUMI_VERSION, "environment")


def test_the_environment_comes_before_the_cache(machine: Machine) -> None:
    machine.put_pulumi(machine.environment_pulumi)
    machine.put_pulumi(machine.cached_pulumi)
    assert find_pulumi() == Toolchain(machine.environment_pulumi, PULUMI_VERSION, "environment")


def test_a_cli_in_the_cache_is_found(machine: Machine) -> None:
    machine.put_pulumi(machine.environment_pulumi, "3.258.0")
    machine.put_pulumi(machine.cached_pulumi)
    assert find_pulumi() == Toolchain(machine.cached_pulumi, PULUMI_VERSION, "cache")


def test_a_program_that_does_not_run_is_skipped(machine: Machine) -> None:
    broken = machine.put_pulumi(machine.programs / "pulumi")
    broken.write_text("#!/bin/sh\necho 3.259.0\nexit 1\n")
    machine.put_pulumi(machine.cached_pulumi).write_bytes(b"")
    assert find_pulumi() is None


def test_a_relative_path_becomes_absolute(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.put_pulumi(machine.root / "here" / "pulumi")
    monkeypatch.chdir(machine.root)
    monkeypatch.setenv("PATH", "here")
    found = find_pulumi()
    assert found is not None
    assert found.path == machine.root / "here" / "pulumi"


def test_a_broken_link_is_skipped(machine: Machine) -> None:
    machine.environment_pulumi.parent.mkdir(parents=True)
    machine.environment_pulumi.symlink_to(machine.root / "gone")
    assert find_pulumi() is None


def test_the_learners_pulumi_folder_is_not_touched(machine: Machine, tmp_path: Path) -> None:
    machine.put_pulumi(machine.programs / "pulumi")
    assert find_pulumi() is not None
    assert machine.pulumi_runs, "the version was never asked for, so this test proves nothing"
    assert os.listdir(machine.home) == []
