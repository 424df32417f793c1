"""Progress of long work: to a given reporter, else to a terminal or a notebook, else nowhere."""

from __future__ import annotations

import io
import sys
import time
from typing import Any

import IPython
import pytest

from lab_support.cli.progress import on_terminal
from lab_support.display import waiting
from lab_support.errors import Interrupted
from lab_support.reporting import is_watched, progress, reporting_to


class Kernel:
    """What get_ipython() returns in a notebook, as far as is needed."""

    kernel = object()


class Handle:
    """Records what is displayed below a cell."""

    drawn: list[str]

    def display(self, bundle: dict[str, str], raw: bool) -> None:
        self.drawn.append(bundle["text/plain"])

    update = display


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A kernel started by a Jupyter server; returns what is displayed in it."""
    drawn: list[str] = []
    monkeypatch.setenv("JPY_SESSION_NAME", "a.ipynb")
    monkeypatch.setitem(sys.modules, "ipykernel", sys)
    monkeypatch.setattr(IPython, "get_ipython", lambda: Kernel())
    monkeypatch.setattr(Handle, "drawn", drawn, raising=False)
    monkeypatch.setattr("IPython.display.DisplayHandle", Handle)
    return drawn


class TestWhere:
    def test_progress_goes_to_the_reporter_that_was_passed(self, notebook: list[str]) -> None:
        heard: list[str] = []
        outer: list[str] = []
        with reporting_to(outer.append):
            with progress("Work", heard.append) as report:
                report("one")
            with progress("Work") as report:
                report("two")
        assert (heard, outer, notebook) == (["one"], ["two"], [])

    def test_progress_goes_nowhere_without_a_reporter_or_a_notebook(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert not is_watched()
        with progress("Work") as report:
            report("one")
        assert capsys.readouterr() == ("", "")

    def test_a_test_runners_kernel_is_not_watched(
        self, notebook: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert is_watched()
        monkeypatch.delenv("JPY_SESSION_NAME")
        assert not is_watched()

    def test_a_script_started_from_a_notebook_is_not_watched(
        self, notebook: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(IPython, "get_ipython", lambda: None)
        assert not is_watched()


class TestInterrupted:
    @pytest.mark.parametrize("error", [KeyboardInterrupt, Interrupted])
    def test_an_interrupt_is_shown_in_one_line(self, error: type[BaseException]) -> None:
        with pytest.raises(Interrupted) as caught, progress("Work"):
            raise error
        assert caught.value.__cause__ is None
        assert len(caught.value._render_traceback_()) == 1


class TestInANotebook:
    def test_short_work_shows_no_progress(self, notebook: list[str]) -> None:
        with progress("Work") as report:
            report("one")
        assert notebook == []

    def test_long_work_shows_progress_and_removes_it(
        self, notebook: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "DELAY", 0.01)
        monkeypatch.setattr(waiting, "INTERVAL", 0.01)
        with progress("Work") as report:
            report("resource 3: db")
            until = time.monotonic() + 10
            while not any("resource 3: db" in text for text in notebook) and time.monotonic() < until:
                time.sleep(0.01)
        assert any(text.startswith("Work: resource 3: db · 0 s.") for text in notebook)
        assert waiting.HOW_TO_STOP in notebook[0]
        assert notebook[-1] == ""

    def test_progress_is_removed_after_an_error_too(
        self, notebook: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting, "DELAY", 0.01)

        def fails_once_it_is_drawn() -> None:
            until = time.monotonic() + 10
            while not notebook and time.monotonic() < until:
                time.sleep(0.01)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), progress("Work"):
            fails_once_it_is_drawn()
        assert len(notebook) > 1
        assert notebook[-1] == ""


class TestOnATerminal:
    @pytest.mark.parametrize("is_terminal", [True, False])
    def test_a_terminal_shows_one_line_that_is_rewritten(
        self, monkeypatch: pytest.MonkeyPatch, is_terminal: bool
    ) -> None:
        stream: Any = io.StringIO()
        stream.isatty = lambda: is_terminal
        monkeypatch.setattr(sys, "stderr", stream)
        with on_terminal("Preview"), progress("Work") as report:
            report("resource 1: key")
            report("resource 2: database")
        shown = stream.getvalue()
        assert ("\rPreview: resource 2: database" in shown) is is_terminal
        assert shown.count("\n") == (1 if is_terminal else 0)
