"""A front end that knows the Jupyter protocol but not JupyterLab, such as VS Code's: what docs/editors.md says of it.

Messages: jupyter-client.readthedocs.io/en/stable/messaging.html; widgets: the `jupyter.widget` comms of ipywidgets.
"""

from __future__ import annotations

import json
import queue
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from lab_support.course.notebooks import build
from tests.processes import environment
from tests.programs import SLUG

PATIENCE = 60.0


class FrontEnd:
    """Sends cells and clicks, and keeps the widgets that the kernel opens, by their comm's id."""

    def __init__(self, client: BlockingKernelClient, notebook: Path) -> None:
        self.client, self.widgets = client, dict[str, dict[str, Any]]()
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        self.cells = {cell["id"]: "".join(cell["source"]) for cell in cells}

    def run(self, cell: str) -> list[dict[str, Any]]:
        return self._until_idle(self.client.execute(self.cells[cell]))

    def click(self, label: str) -> None:
        (comm,) = (id for id, state in self.widgets.items() if state.get("description") == label)
        content = {"comm_id": comm, "data": {"method": "custom", "content": {"event": "click"}}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", content))

    def shows(self, text: str) -> bool:
        """Waits until a widget holds a text."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if text in json.dumps(list(self.widgets.values())):
                return True
            try:
                self._receive(1)
            except queue.Empty:
                continue
        return False

    def _until_idle(self, request: str) -> list[dict[str, Any]]:
        received = []
        while True:
            message = self._receive(PATIENCE)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return received
            received.append(message)

    def _receive(self, seconds: float) -> dict[str, Any]:
        message: dict[str, Any] = self.client.get_iopub_msg(timeout=seconds)
        content = message["content"]
        if message["msg_type"] in ("comm_open", "comm_msg"):
            self.widgets.setdefault(content["comm_id"], {}).update(content["data"].get("state", {}))
        return message


@pytest.fixture
def front_end(clone: Path) -> Iterator[FrontEnd]:
    """A kernel as such a front end starts it: without what `lab start` sets, in the notebook's folder."""
    build()
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(clone / "notebooks"), env=environment(PYTHONDONTWRITEBYTECODE=""))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        yield FrontEnd(client, clone / "notebooks" / f"{SLUG}.ipynb")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_cells_run_the_panels_buttons_answer_and_the_check_fails_with_its_verdict(
    front_end: FrontEnd,
) -> None:
    for cell in ("02-setup-1", "02-setup-2", "02-exercise-1"):
        assert [message for message in front_end.run(cell) if message["msg_type"] == "error"] == []
    (shown,) = (
        m["content"]["data"] for m in front_end.run("02-panel-1") if m["msg_type"] == "execute_result"
    )
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert "lab check" in shown["text/plain"]  # where there are no widgets

    front_end.click("Check")
    assert front_end.shows("SINGLE-ZONE")

    (error,) = (m["content"] for m in front_end.run("02-check-1") if m["msg_type"] == "error")
    assert "SINGLE-ZONE" in "\n".join(error["traceback"])
