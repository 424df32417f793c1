"""`lab watch`: files are really saved, and the command is a process of its own that is interrupted with Ctrl+C."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.lab import lab, repaired
from tests.processes import environment, left_in, started
from tests.programs import SLUG, solved

if os.name != "nt":
    import pty

PASSED, NOT_YET = f"{SLUG}: passed", "SINGLE-ZONE"
PATIENCE = 60.0


class Watch:
    """The command, and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str], output: int) -> None:
        self.process, self._output, self.text = process, output, ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while part := os.read(self._output, 65536):
                self.text += part.decode()
        except OSError:  # the other end of a terminal is closed
            pass

    def prints(self, text: str) -> str:
        """Waits until it has printed a text; returns everything up to there and forgets it."""
        until = time.monotonic() + PATIENCE
        while text not in self.text:
            assert self.process.poll() is None, f"it ended: {self.text}"
            assert time.monotonic() < until, f"no {text!r} in {self.text!r}"
            time.sleep(0.05)
        seen, _, self.text = self.text.partition(text)
        return seen + text

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(5)
        return code


@contextmanager
def watching(*arguments: str, terminal: bool = False, **variables: str) -> Iterator[Watch]:
    """`lab watch` with these arguments, on a terminal or into a pipe; killed at the end of the block."""
    ours, its = pty.openpty() if terminal else os.pipe()
    process = started(
        [sys.executable, "-m", "lab_support", "watch", *arguments],
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=its,
        stderr=its,
    )
    os.close(its)
    try:
        yield Watch(process, ours)
    finally:
        process.kill()
        process.wait()


def save_by_rename(path: Path, text: str) -> None:
    """Saves as many editors do: into a file beside it, which then replaces the old one."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def test_a_named_exercise_is_checked_at_once_and_after_each_save(learner: Path) -> None:
    notebook = learner / f"{SLUG}.ipynb"
    shipped = notebook.read_text(encoding="utf-8")
    with watching(SLUG) as watch:
        assert f"{SLUG}.ipynb" in watch.prints(NOT_YET)
        repaired(learner)
        watch.prints(PASSED)
        save_by_rename(notebook, shipped)
        watch.prints(NOT_YET)
        assert watch.stop() == 0
        assert "Traceback" not in watch.text


def test_without_a_name_the_exercise_that_is_saved_is_checked(learner: Path) -> None:
    with watching() as watch:
        watch.prints("Ctrl+C stops.")
        repaired(learner)
        watch.prints(PASSED)
        (learner / f"{SLUG}_other.py").write_text(solved().replace("multi_az=True", "multi_az=False"))
        assert f"{SLUG}_other.py" in watch.prints(NOT_YET)


def test_a_half_written_notebook_waits_for_the_rest(learner: Path) -> None:
    notebook = repaired(learner)
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace("multi_az=True", "multi_az=False"), encoding="utf-8")
    with watching(SLUG) as watch:
        watch.prints(NOT_YET)
        with notebook.open("w", encoding="utf-8") as file:
            file.write(text[: len(text) // 2])
            file.flush()
            time.sleep(0.3)
            file.write(text[len(text) // 2 :])
        assert "not checked" not in watch.prints(PASSED)


def test_a_file_that_stays_broken_is_named_once(learner: Path) -> None:
    with watching(SLUG) as watch:
        watch.prints(NOT_YET)
        (learner / f"{SLUG}.ipynb").write_text("{", encoding="utf-8")
        watch.prints("is not checked")
        time.sleep(2.5)
        assert "is not checked" not in watch.text
        assert watch.stop() == 0


def test_a_save_that_leaves_the_program_as_it_is_is_not_checked_again(learner: Path) -> None:
    notebook = learner / f"{SLUG}.ipynb"
    with watching(SLUG) as watch:
        watch.prints(NOT_YET)
        save_by_rename(notebook, notebook.read_text(encoding="utf-8") + "\n")
        time.sleep(2.5)
        assert SLUG not in watch.text.partition("\n\n")[2]


def test_a_file_elsewhere_is_watched_for_the_exercise_that_is_named(learner: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(solved(), encoding="utf-8")
    with watching(SLUG, "--with", str(file)) as watch:
        assert "mine.py" in watch.prints(PASSED)
    assert "needs SLUG" in lab("watch", "--with", str(file), code=2).stderr


def test_an_interrupt_during_a_check_leaves_nothing_behind(learner: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with watching(SLUG, TMPDIR=str(scratch)) as watch:
        watch.prints(f"Checking {SLUG}")
        assert watch.stop() == 0
        assert "Traceback" not in watch.text
    assert left_in(scratch) == []


def test_being_terminated_is_a_clean_end(learner: Path) -> None:
    with watching() as watch:
        watch.prints("Ctrl+C stops.")
        assert watch.stop(signal.SIGTERM) == 0


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("variables", "clears", "has_colour"),
    [
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "dumb", "NO_COLOR": ""}, False, False),
    ],
)
def test_a_terminal_shows_only_the_latest_verdict(
    learner: Path, variables: dict[str, str], clears: bool, has_colour: bool
) -> None:
    with watching(SLUG, terminal=True, **variables) as watch:
        seen = watch.prints(NOT_YET)
        assert ("\x1b[2J" in seen) == clears
        assert bool(re.search(r"\x1b\[[\d;]*m", seen)) == has_colour


def test_a_pipe_gets_lines_without_escape_sequences(learner: Path) -> None:
    with watching(SLUG, TERM="xterm") as watch:
        assert "\x1b" not in watch.prints(NOT_YET)


def test_without_notebooks_it_says_so(clone: Path) -> None:
    assert "there is no folder" in lab("watch", code=2).stderr
