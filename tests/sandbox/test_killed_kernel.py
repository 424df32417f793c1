"""A kernel killed during a preview leaves no process, no port, and no folder for long.

These tests need no namespace of their own, so they run everywhere.
"""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from jupyter_client.manager import KernelManager

from tests.browser.server import LAB, wait_until
from tests.processes import engines_of, left_in

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")]

SLOW = """
import pathlib, time
from lab_support import check, preview

def program(environment_suffix):
    pathlib.Path(f"reached-{environment_suffix}").touch()
    for _ in range(1200):
        time.sleep(0.1)
"""
PREVIEW = SLOW + "preview(program, 'dev')"
CHECK = SLOW + "with check('02_database_zone', program) as verdict:\n    list(verdict.plans)"
SMALL = "import pulumi\npulumi.export('a', 1)\n"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The temporary folder of the kernel."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    return folder


@pytest.fixture
def kernel(tmp_path: Path, scratch: Path) -> Iterator[KernelManager]:
    """A kernel that works in a folder of its own."""
    manager = KernelManager(kernel_name="python3", connection_file=str(tmp_path / "kernel.json"))
    manager.start_kernel(
        cwd=str(tmp_path), env={**os.environ, "TMPDIR": str(scratch), "IPYTHONDIR": str(tmp_path / "ipython")}
    )
    yield manager
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()


def listening(processes: list[psutil.Process]) -> list[int]:
    """The ports that these processes listen on."""
    return [
        connection.laddr.port
        for process in processes
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    ]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def an_engine(pid: int, folder: Path) -> bool:
    return bool(engines_of(pid))


def the_program(pid: int, folder: Path) -> bool:
    """The program runs, and the engine, too: in a check the program begins while the engine starts."""
    return any(folder.glob("reached-*")) and an_engine(pid, folder)


@pytest.mark.parametrize(
    ("code", "moment"),
    [(PREVIEW, an_engine), (PREVIEW, the_program), (CHECK, the_program)],
    ids=["as the engine starts", "while the program runs", "in the middle of a check"],
)
def test_a_killed_kernel_leaves_no_process_and_the_next_one_removes_its_folder(
    kernel: KernelManager, tmp_path: Path, scratch: Path, code: str, moment: Callable[[int, Path], bool]
) -> None:
    pid = kernel.provisioner.pid
    client = kernel.blocking_client()
    client.start_channels()
    client.execute(code)
    wait_until(lambda: moment(pid, tmp_path), "the kernel is in the middle of it", 120)
    victim = psutil.Process(pid)
    engines = engines_of(pid)
    everyone = [victim, *victim.children(recursive=True)]
    ports = listening(everyone)
    assert engines
    assert ports
    assert left_in(scratch), "the preview has a folder, so there is something to clear up"

    victim.kill()
    kernel.provisioner.process.wait()  # as JupyterLab does; else it would linger as a zombie
    client.stop_channels()
    _, alive = psutil.wait_procs(engines, timeout=60)
    assert alive == []
    wait_until(lambda: not any(map(is_open, ports)), "all their ports are closed")

    (tmp_path / "small.py").write_text(SMALL)
    started = subprocess.run(
        [LAB, "preview", tmp_path / "small.py"],
        env={**os.environ, "TMPDIR": str(scratch)},
        timeout=120,
        check=False,
    )
    assert started.returncode == 0
    assert left_in(scratch) == []
