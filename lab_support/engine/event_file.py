"""A stack whose events the engine writes to a file, which is read when the run is over.

The Automation API has the engine send each event over gRPC, to a thread of this process. That thread needs Python's
interpreter lock for every single event, while the program and the account need it for their work. Where nobody is told
of progress, the events are only wanted at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pulumi import automation as auto
from pulumi.automation.events import EngineEvent

from lab_support.errors import InternalError

Listener = Callable[[EngineEvent], Any]


class StackWithEventFile(auto.Stack):
    """A stack of the Automation API; its events arrive together, after the CLI has ended."""

    def _setup_event_log(self, command: str, on_event: Listener, pulumi_version: str) -> tuple[Any, ...]:
        path = Path(self.workspace.work_dir) / "events.jsonl"
        path.touch()
        return str(path), _Events(path, on_event), None, None, None


class _Events:
    """Stands where the Automation API has the thread that watches a file, and joins it at the end of a run."""

    def __init__(self, path: Path, on_event: Listener) -> None:
        self._path, self._on_event = path, on_event

    def join(self, timeout: float) -> None:
        """Passes the events on. The last line may be cut off where the engine was killed.

        Raises InternalError where another one is missing: the engine ignores that a disk is full.
        """
        *lines, _ = self._path.read_text(encoding="utf-8", errors="replace").split("\n")
        for number, line in enumerate(lines):
            try:
                event = EngineEvent.from_json(json.loads(line))
            except ValueError:
                event = None
            if event is None or event.sequence != number:
                raise InternalError("a message of the engine was lost, so the result does not count")
            self._on_event(event)


__all__ = ["StackWithEventFile"]
