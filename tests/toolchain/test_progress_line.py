"""Progress is shown as a line that is updated on a terminal, and as occasional lines in a log."""

import io
import time

import pytest

from lab_support.toolchain.progress_line import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The current time, which a test sets."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_the_first_line_of_each_stage_and_then_one_every_15_seconds(clock: list[float]) -> None:
    log = io.StringIO()
    show = ProgressLine(log)
    show("building: 1 of 9")
    clock[0] += 14
    show("building: 2 of 9")
    clock[0] += 1
    show("building: 3 of 9")
    show("building: 4 of 9")
    show("linking: 1 of 9")
    show.close()
    assert log.getvalue() == "building: 1 of 9\nbuilding: 3 of 9\nlinking: 1 of 9\n"


def test_a_log_gets_every_line_without_a_stage(clock: list[float]) -> None:
    log = io.StringIO()
    show = ProgressLine(log)
    show("waiting")
    show("waiting")
    assert log.getvalue() == "waiting\nwaiting\n"


def test_a_terminal_shows_each_stage_on_its_own_line() -> None:
    terminal = Terminal()
    show = ProgressLine(terminal)
    show("downloading")
    show("building: 999 of 1,000")
    show("building: 1")
    show.close()
    assert terminal.getvalue() == "downloading\nbuilding: 999 of 1,000\rbuilding: 1           \n"


def test_a_long_line_is_cut_so_that_it_can_be_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    show = ProgressLine(terminal)
    show("building: 1")
    show("building: 2 of very many packages")
    assert terminal.getvalue().split("\r")[1] == "building: 2 of very"


def test_closing_without_progress_writes_nothing() -> None:
    terminal = Terminal()
    ProgressLine(terminal).close()
    assert terminal.getvalue() == ""
