"""A learner's kernel without the browser: a real kernel that gets cells as from JupyterLab.

It has a session name, like the kernels of a Jupyter server, so the lab draws what a learner would see. It records no
progress and ignores the user's settings.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[1]
CELL_LIMIT = 300  # seconds


class Kernel:
    """A running kernel; `run` returns when the cell has finished and all of its output has arrived."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._client = client
        self._process = psutil.Process(manager.provisioner.pid)  # type: ignore[union-attr]

    def run(self, cell: str, error: str = "") -> None:
        """Runs a cell. Raises RuntimeError unless it succeeds, or fails with the error of this name if one is given."""
        shown: list[str] = []

        def listen(message: dict[str, Any]) -> None:
            if message["msg_type"] == "error":
                shown.extend(message["content"]["traceback"])

        reply = self._client.execute_interactive(
            cell, allow_stdin=False, timeout=CELL_LIMIT, output_hook=listen
        )
        if reply["content"].get("ename", "") != error:
            raise RuntimeError("\n".join(shown) or f"the cell did not end with {error}")

    def run_all(self, cells: Iterable[str]) -> None:
        for cell in cells:
            self.run(cell)

    @property
    def megabytes(self) -> float:
        """The resident memory of the kernel and its child processes, in MB (a million bytes)."""
        kept = [self._process, *self._process.children(recursive=True)]
        return sum(process.memory_info().rss for process in kept) / 1e6


@contextmanager
def kernel(python: Path | None = None) -> Iterator[Kernel]:
    """A fresh kernel with .pyc files, as the lab starts them, or one that runs another environment's `python`."""
    with TemporaryDirectory(prefix="bench-kernel-") as folder:
        variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        variables |= {"IPYTHONDIR": folder, "JUPYTER_RUNTIME_DIR": folder}
        if python is None:
            variables |= {
                "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
                "PULUMI_REVIEW_LAB_PROGRESS": "off",
                "JPY_SESSION_NAME": str(ROOT / "notebooks" / "bench.ipynb"),
            }
        else:
            variables.pop("PYTHONPATH", None)
        manager = KernelManager(
            kernel_name="bench",
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[_spec(Path(folder), python)]),
            connection_file=str(Path(folder) / "connection.json"),
        )
        manager.start_kernel(env=variables, cwd=folder)
        client = manager.blocking_client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=60)
            yield Kernel(manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def _spec(folder: Path, python: Path | None) -> str:
    """A folder with the kernel spec `bench`."""
    argv = [str(python or sys.executable), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = folder / "kernels" / "bench" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(
        json.dumps({"argv": argv, "display_name": "bench", "language": "python"}), encoding="utf-8"
    )
    return str(folder / "kernels")
