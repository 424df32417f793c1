"""Downloading with the Pulumi SDK's installer, tested without the internet."""

import inspect
import os
from pathlib import Path

import pytest

from lab_support.toolchain import download
from lab_support.toolchain.pulumi_cli import MethodFailed
from tests.toolchain.machine import Machine

REAL_INSTALLER = download.INSTALLER


@pytest.fixture
def work(machine: Machine) -> Path:
    folder = machine.cache / "work-1"
    folder.mkdir(parents=True)
    return folder


def _download(machine: Machine, work: Path) -> Path:
    return download.download_pulumi(machine.cache, work, lambda text: None)


def test_a_refused_connection_is_reported_in_one_line(
    machine: Machine, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "INSTALLER", REAL_INSTALLER)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # a closed port
    with pytest.raises(MethodFailed, match=r"^URLError: <urlopen error .*>$"):
        _download(machine, work)
    assert os.listdir(machine.home) == []


def test_an_installer_past_the_time_limit_is_stopped(
    machine: Machine, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "INSTALLER", "import time; time.sleep(1000)")
    monkeypatch.setattr(download, "LIMIT_SECONDS", 0)
    with pytest.raises(MethodFailed, match="not done after 0 s"):
        _download(machine, work)


def test_the_install_scripts_message_is_reported(
    machine: Machine, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "raise subprocess.CalledProcessError(1, 'install.sh', output=b'getting it\\nno such version\\n')"
    installer = REAL_INSTALLER.replace("PulumiCommand.install(root=sys.argv[1], ", f"{script}; (")
    assert script in installer
    monkeypatch.setattr(download, "INSTALLER", installer.replace("(version=VersionInfo", "(VersionInfo"))
    with pytest.raises(MethodFailed, match=r"^no such version$"):
        _download(machine, work)


def test_the_sdk_accepts_the_arguments_of_the_installer(machine: Machine) -> None:
    from pulumi.automation import PulumiCommand

    parameters = inspect.signature(PulumiCommand.install).parameters
    assert list(parameters)[:2] == ["root", "version"], (
        "the command that the learner is told counts on this order"
    )
