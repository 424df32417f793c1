"""The Pulumi CLI is linked into the Python environment, where it is found independently of HOME."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from lab_support.toolchain import PULUMI_VERSION, Toolchain, find_pulumi, link_into_environment
from tests.toolchain.machine import Machine


@pytest.fixture
def cached(machine: Machine) -> Toolchain:
    return Toolchain(machine.put_pulumi(machine.cached_pulumi), PULUMI_VERSION, "cache")


@pytest.fixture
def linked(machine: Machine) -> Toolchain:
    """The expected result: the program in the environment."""
    return Toolchain(machine.environment_pulumi, PULUMI_VERSION, "environment")


def _refuse(*arguments: object, **options: object) -> None:
    raise OSError("not here")


def test_a_linked_cli_is_found_with_another_home_and_without_the_cache(
    machine: Machine, cached: Toolchain, linked: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert link_into_environment(cached) == linked
    shutil.rmtree(machine.cache)
    monkeypatch.delenv("PULUMI_REVIEW_LAB_CACHE")
    monkeypatch.setenv("HOME", str(machine.root / "other-home"))
    assert find_pulumi() == linked


def test_the_cli_is_a_hard_link_if_possible(machine: Machine, cached: Toolchain) -> None:
    link_into_environment(cached)
    assert machine.environment_pulumi.samefile(machine.cached_pulumi)
    assert not machine.environment_pulumi.is_symlink()


def test_the_cli_is_a_symbolic_link_if_a_hard_link_is_impossible(
    machine: Machine, cached: Toolchain, linked: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _refuse)
    assert link_into_environment(cached) == linked
    assert machine.environment_pulumi.readlink() == machine.cached_pulumi


def test_the_cli_is_a_copy_if_links_are_impossible(
    machine: Machine, cached: Toolchain, linked: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _refuse)
    monkeypatch.setattr(Path, "symlink_to", _refuse)
    assert link_into_environment(cached) == linked
    assert not machine.environment_pulumi.is_symlink()
    assert not machine.environment_pulumi.samefile(machine.cached_pulumi)
    assert find_pulumi() == linked


def test_a_program_that_only_works_in_its_own_folder_is_linked_symbolically(
    machine: Machine, linked: Toolchain
) -> None:
    # It looks for the folder it lies in, links resolved, as the launchers of some version managers do.
    place = machine.programs / "pulumi"
    place.write_text('#!/bin/sh\nPATH=/usr/bin:/bin\n. "$(dirname "$(readlink -f "$0")")/version"\n')
    (machine.programs / "version").write_text(f"echo {PULUMI_VERSION}\n")
    place.chmod(0o755)
    assert link_into_environment(Toolchain(place, PULUMI_VERSION, "PATH")) == linked
    assert machine.environment_pulumi.is_symlink()


def test_another_version_in_the_environment_is_replaced(
    machine: Machine, cached: Toolchain, linked: Toolchain
) -> None:
    machine.put_pulumi(machine.environment_pulumi, "3.1.0")
    assert link_into_environment(cached) == linked
    assert find_pulumi() == linked


def test_outside_a_virtual_environment_nothing_is_replaced(
    machine: Machine, cached: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "base_prefix", sys.prefix)
    machine.put_pulumi(machine.environment_pulumi, "3.1.0")
    before = machine.environment_pulumi.read_text()
    assert link_into_environment(cached) == cached
    assert machine.environment_pulumi.read_text() == before


def test_an_existing_cli_of_the_right_version_is_kept(
    machine: Machine, cached: Toolchain, linked: Toolchain
) -> None:
    machine.put_pulumi(machine.environment_pulumi)
    before = machine.environment_pulumi.stat()
    assert link_into_environment(cached) == linked
    assert link_into_environment(linked) == linked
    assert machine.environment_pulumi.stat() == before


def test_a_read_only_environment_is_left_unchanged(
    machine: Machine, cached: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.root / "file").write_text("")
    monkeypatch.setattr(sys, "prefix", str(machine.root / "file" / "environment"))
    assert link_into_environment(cached) == cached


def test_the_link_is_verified_once_and_leaves_no_other_files(machine: Machine, cached: Toolchain) -> None:
    link_into_environment(cached)
    runs = len(machine.pulumi_runs)
    assert find_pulumi() is not None
    assert len(machine.pulumi_runs) == runs
    assert os.listdir(machine.environment_pulumi.parent) == ["pulumi"]
