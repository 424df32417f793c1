"""Where the Pulumi CLI is cached if the usual folder is read-only."""

import os
import stat
import sys

import pytest

from lab_support.toolchain import PULUMI_VERSION, Toolchain, ToolchainError, find_pulumi, obtain_pulumi
from lab_support.toolchain.cache import cache_folders, pulumi_in, usable_cache
from lab_support.toolchain.pulumi_cli import MethodFailed
from tests.toolchain.machine import Machine


@pytest.fixture
def no_chosen_cache(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that not even root can create, because its parent is a file."""
    (machine.root / "file").write_text("")
    monkeypatch.setenv("PULUMI_REVIEW_LAB_CACHE", str(machine.root / "file" / "cache"))


@pytest.fixture
def no_environment(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only Python environment."""
    (machine.root / "file").write_text("")
    monkeypatch.setattr(sys, "prefix", str(machine.root / "file" / "environment"))


def test_the_chosen_folder_is_created(machine: Machine) -> None:
    assert usable_cache() == machine.cache
    assert machine.cache.is_dir()


def test_a_tilde_in_the_chosen_folder_means_the_home_folder(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_REVIEW_LAB_CACHE", "~/kept")
    assert usable_cache() == machine.home / "kept"


def test_the_default_cache_is_in_the_home_folder(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_REVIEW_LAB_CACHE")
    assert machine.home in cache_folders()[0].parents
    assert cache_folders()[0].name == "pulumi-review-lab"


@pytest.mark.usefixtures("no_chosen_cache")
def test_the_second_choice_is_in_the_environment(machine: Machine) -> None:
    machine.put_go()
    place = pulumi_in(machine.prefix / "share" / "pulumi-review-lab")
    assert obtain_pulumi() == Toolchain(place, PULUMI_VERSION, "built")
    assert find_pulumi() == Toolchain(place, PULUMI_VERSION, "cache")
    assert len(machine.pulumi_runs) == 1, "what was verified is not remembered in the second folder"


@pytest.mark.usefixtures("no_chosen_cache", "no_environment")
def test_the_third_choice_is_a_private_temporary_folder(machine: Machine) -> None:
    machine.put_go()
    found = obtain_pulumi()
    private = usable_cache()
    assert found.path == pulumi_in(private)
    assert private.parent == machine.root / "tmp"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert private.stat().st_uid == os.getuid()


@pytest.mark.usefixtures("no_chosen_cache", "no_environment")
@pytest.mark.parametrize("trap", ["open to others", "a link", "another user's"])
def test_a_temporary_folder_that_other_users_control_is_refused(machine: Machine, trap: str) -> None:
    folder = cache_folders()[-1]
    elsewhere = machine.root / "elsewhere"
    machine.put_pulumi(pulumi_in(elsewhere))
    elsewhere.chmod(0o777 if trap == "open to others" else 0o700)
    if trap == "a link":
        folder.symlink_to(elsewhere)
    else:
        elsewhere.rename(folder)
    if trap == "another user's":
        if os.getuid() != 0:
            pytest.skip("only root can give a folder away")
        os.chown(folder, 12345, 12345)
    assert find_pulumi() is None, "a program was taken from a folder that others can write"
    with pytest.raises(MethodFailed, match="another user"):
        usable_cache()


@pytest.mark.usefixtures("no_chosen_cache", "no_environment")
def test_without_any_folder_the_error_lists_the_four_ways(machine: Machine) -> None:
    cache_folders()[-1].write_text("")
    with pytest.raises(ToolchainError, match="no cache folder can be written") as caught:
        obtain_pulumi()
    assert all(f"\n{number}. " in str(caught.value) for number in (1, 2, 3, 4))
