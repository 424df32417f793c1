"""What JupyterLab is started with: the environment, and what the panel needs of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lab_support.jupyter import server
from lab_support.safeguards.folders import sweep
from tests.processes import environment

START = "import os, sys; from lab_support.jupyter.server import lab_environment; made = lab_environment(); "


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.usefixtures("no_home")
def test_without_a_home_its_folders_last_as_long_as_jupyterlab(tmp_path: Path) -> None:
    # The command becomes JupyterLab; here it becomes a Python that ends when its input does.
    wait = "os.execv(sys.executable, [sys.executable, '-c', 'print(1, flush=True); input()'])"
    with subprocess.Popen(
        [sys.executable, "-c", START + wait],
        env=environment(HOME=str(tmp_path / "nowhere"), TMPDIR=str(tmp_path)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "1\n"
        assert sweep() == []
        (folder,) = tmp_path.glob("pulumi-review-*")
        assert started.stdin is not None
        started.stdin.write("\n")
        started.stdin.flush()
        started.wait(30)
    assert sweep() == [folder]


@pytest.mark.usefixtures("no_home")
def test_without_a_home_jupyter_and_ipython_have_folders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    for name in names:
        monkeypatch.delenv(name, raising=False)
    made = server.lab_environment()
    assert all(Path(made[name]).is_relative_to(tmp_path) for name in names)


def test_what_a_notebook_and_its_kernel_say_is_encrypted(tmp_path: Path) -> None:
    assert "--KernelManager.transport_encryption=auto" in server.lab_command(tmp_path / "a.ipynb")


def test_a_terminal_shows_errors_only_and_the_log_of_a_hub_everything(tmp_path: Path) -> None:
    quiet = "--Application.log_level=ERROR"
    assert quiet in server.lab_command(tmp_path / "a.ipynb")
    assert quiet not in server.lab_command(tmp_path / "a.ipynb", hub=True)


def test_the_panel_can_run_cells_and_is_kept_with_the_notebook(tmp_path: Path) -> None:
    assert "--LabApp.expose_app_in_browser=True" in server.lab_command(tmp_path / "a.ipynb")
    assert server.OVERRIDES["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": True}
