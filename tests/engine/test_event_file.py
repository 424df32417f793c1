"""The engine's events, read from a file when a run is over."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lab_support.engine.event_file import StackWithEventFile
from lab_support.errors import InternalError


def heard(folder: Path, *lines: str) -> list[str]:
    """The messages in the events of a run in this folder that wrote these lines."""
    events: list[Any] = []
    stack: Any = SimpleNamespace(workspace=SimpleNamespace(work_dir=str(folder)))
    file, reader, *_ = StackWithEventFile._setup_event_log(stack, "preview", events.append, "3.259.0")
    Path(file).write_text("".join(lines), encoding="utf-8")
    reader.join(5)
    return [event.diagnostic_event.message for event in events]


def line(number: int, message: str = "") -> str:
    said = {"message": message, "color": "never", "severity": "info"}
    return (
        json.dumps({"sequence": number, "timestamp": 1, "diagnosticEvent": said}, ensure_ascii=False) + "\n"
    )


def test_a_message_with_other_line_ends_is_one_event(tmp_path: Path) -> None:
    assert heard(tmp_path, line(0, "a\u2028b\x85c"), line(1, "d")) == ["a\u2028b\x85c", "d"]


def test_a_run_that_was_killed_has_the_events_before(tmp_path: Path) -> None:
    assert heard(tmp_path, line(0, "a"), line(1)[:20]) == ["a"]


@pytest.mark.parametrize("lines", [(line(0), line(2)), (line(0)[:20] + "\n", line(1)), (line(1),)])
def test_lost_events_are_an_internal_error(tmp_path: Path, lines: tuple[str, ...]) -> None:
    with pytest.raises(InternalError):
        heard(tmp_path, *lines)
