"""A process that reads requests ends with the one that writes them, even while it is still loading."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no poll")
READS = """
import sys
from lab_support.safeguards.lifeline import loaded

def main():
    loaded()
    print("ready", flush=True)
    print("read", sys.stdin.read(), sys.argv[1], flush=True)
"""


def started(module: str, folder: Path, source: str) -> subprocess.Popen[str]:
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    paths = os.pathsep.join([str(folder), environment()["PYTHONPATH"]])
    return subprocess.Popen(
        [sys.executable, "-m", "lab_support.safeguards.lifeline", module, "argument"],
        env={**environment(), "PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_it_ends_while_its_module_loads(tmp_path: Path) -> None:
    loads = "import time\nprint('loading', flush=True)\ntime.sleep(60)\n"
    with started("loads_slowly", tmp_path, loads) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "loading\n"
        process.stdin.close()
        assert process.wait(20) == 1


def test_once_loaded_it_ends_as_it_wants(tmp_path: Path) -> None:
    with started("reads_all", tmp_path, READS) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.communicate("request", timeout=20)[0] == "read request argument\n"
    assert process.returncode == 0


def test_an_interrupt_while_the_command_is_loaded_is_silent(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        """
import os, signal, sys

class Interrupts:
    def find_spec(self, name, path=None, target=None):
        if name == "lab_support.safeguards.supervised":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
signal.signal(signal.SIGINT, signal.default_int_handler)
""",
        encoding="utf-8",
    )
    paths = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "lab_support", "preview", "x.py"],
        env={**environment(), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
