"""A learner's kernel without the browser: a real one, to which cells are sent as JupyterLab sends them.

It has a session's name, as kernels of a Jupyter server have, so that the lab draws what a learner would see. It keeps
no progress, and none of the user's settings reach it.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[1]
CELL_LIMIT = 300  # seconds


class Kernel:
    """A running kernel; `run` returns when the cell has ended and all that it shows has arrived."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self._client = client
        self._process = psutil.Process(manager.provisioner.pid)  # type: ignore[union-attr]

    def run(self, cell: str, error: str = "") -> None:
        """Runs a cell. Raises RuntimeError unless it ends well, or with the error of this name where one is named."""
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
        """The resident memory of the kernel's process, in MB of a million bytes."""
        return float(self._process.memory_info().rss) / 1e6


@contextmanager
def kernel() -> Iterator[Kernel]:
    """A fresh kernel with compiled Python files, as the lab starts them."""
    with TemporaryDirectory(prefix="bench-kernel-") as folder:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        variables = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": os.pathsep.join(paths),
            "PULUMI_REVIEW_LAB_PROGRESS": "off",
            "JPY_SESSION_NAME": str(ROOT / "notebooks" / "bench.ipynb"),
            "IPYTHONDIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
        }
        manager = KernelManager(connection_file=str(Path(folder) / "kernel.json"))
        manager.start_kernel(env=variables, cwd=folder)
        client = manager.blocking_client()
        try:
            client.start_channels()
            client.wait_for_ready(timeout=60)
            yield Kernel(manager, client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
