"""A kernel loads what an exercise needs while the learner reads, and nothing of it shows."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from lab_support.jupyter import early_imports
from lab_support.jupyter.server import lab_environment
from tests.processes import environment
from tests.programs import ROOT, SLUG

NOTEBOOK = str(ROOT / "notebooks" / f"{SLUG}.ipynb")
WAIT = """
import threading
[thread.join() for thread in threading.enumerate() if thread.name == "early imports"]
import sys
print("lab_support.engine.operations" in sys.modules)
"""
SERVICES = """
import sys
print("pulumi_aws.rds.instance" in sys.modules, "pulumi_aws.ec2.vpc" in sys.modules)
"""


@contextmanager
def kernel(tmp_path: Path, **more: str) -> Iterator[BlockingKernelClient]:
    variables = {"PYTHONSTARTUP": lab_environment()["PYTHONSTARTUP"], "IPYTHONDIR": str(tmp_path)}
    manager = KernelManager(connection_file=str(tmp_path / "kernel.json"))
    manager.start_kernel(env={**environment(**variables), "JPY_SESSION_NAME": "", **more}, cwd=str(tmp_path))
    client = manager.blocking_client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def said_by(client: BlockingKernelClient, cell: str) -> str:
    texts: list[str] = []

    def listen(message: dict[str, dict[str, object]]) -> None:
        texts.append(str(message["content"].get("text", message["content"].get("evalue", ""))))

    client.execute_interactive(cell, timeout=60, output_hook=listen)
    return "".join(texts).strip()


def test_everything_that_the_first_preview_needs_is_loaded(tmp_path: Path) -> None:
    with kernel(tmp_path, JPY_SESSION_NAME=NOTEBOOK) as client:
        assert said_by(client, "print([name for name in dir() if 'early' in name])") == "[]"
        assert said_by(client, WAIT) == "True"
        # Services are loaded between cells, on the thread of the cells.
        for _ in range(100):
            if (found := said_by(client, SERVICES)) == "True True":
                break
            time.sleep(0.05)
        assert found == "True True"


def test_a_cell_that_is_run_at_once_works(tmp_path: Path) -> None:
    cell = """
        import pulumi_aws as aws
        from lab_support import preview
        print(len(preview(lambda suffix: aws.sqs.Queue(suffix)).of_type(aws.sqs.Queue)))
    """
    with kernel(tmp_path, JPY_SESSION_NAME=NOTEBOOK) as client:
        assert said_by(client, cell) == "1"


@pytest.mark.parametrize("notebook", ["", "/somewhere/my_own.ipynb"], ids=["no session", "no exercise"])
def test_a_kernel_without_an_exercise_loads_nothing(notebook: str, tmp_path: Path) -> None:
    with kernel(tmp_path, JPY_SESSION_NAME=notebook) as client:
        assert said_by(client, WAIT) == "False"
        assert said_by(client, SERVICES) == "False False"


def test_the_learners_own_startup_file_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/home/me/.pythonrc")
    assert lab_environment()["PYTHONSTARTUP"] == "/home/me/.pythonrc"


def test_a_kernel_of_another_environment_starts_without_the_lab(tmp_path: Path) -> None:
    startup = lab_environment()["PYTHONSTARTUP"]
    done = subprocess.run(
        [sys.executable, "-I", "-S", startup], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_error_is_not_shown(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def broken(folder: Path) -> None:
        raise OSError("no such folder")

    monkeypatch.setenv("JPY_SESSION_NAME", NOTEBOOK)
    monkeypatch.setattr("lab_support.course.exercises._read_all", broken)
    thread = early_imports.begin()
    assert thread is not None
    assert thread.daemon
    thread.join(timeout=60)
    assert capfd.readouterr() == ("", "")


def test_without_a_session_there_is_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert early_imports.begin() is None
    assert "JPY_SESSION_NAME" not in os.environ
