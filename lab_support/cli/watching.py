"""`lab watch`: the verdict on an exercise, again after each save."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import click
from watchfiles import Change, watch

from lab_support.checking import judge
from lab_support.cli.checking import notes_on, time_limit
from lab_support.cli.completing import slugs
from lab_support.cli.options import SUCCESS, exercise_or_exit, folder_or_exit, notebook_of, usage_error
from lab_support.course import exercises, places
from lab_support.course.exercises import Exercise

_SUFFIXES: Final = (".ipynb", ".py")
_SETTLED: Final = 1000  # milliseconds without an event after which a file is no longer being written
_CLEAR: Final = "\x1b[2J\x1b[3J\x1b[H"


@click.command("watch")
@click.argument("slug", required=False, shell_complete=slugs)
@click.option(
    "--with",
    "file",
    metavar="FILE",
    type=click.Path(),
    help="Watch this .py or .ipynb file instead of your notebook; needs SLUG.",
)
@time_limit
def watch_command(slug: str | None, file: str | None, timeout: float) -> None:
    """Check an exercise each time you save its program.

    Works beside any editor: save the notebook, or a .py file beside it whose name begins with the exercise's.
    Without SLUG, the exercise that you save is checked. A save that does not change the program is not checked again.

    Ctrl+C stops it. Where the system does not report saves (network drives, some containers), set
    WATCHFILES_FORCE_POLLING=1.

    Exit codes: 0 stopped, 2 usage error.
    """
    if file is not None and slug is None:
        usage_error("--with needs SLUG: which exercise is the file for?")
    exercise = exercise_or_exit(slug) if slug else None
    if file is None:
        folder_or_exit()
        only, folder = None, places.root() / "notebooks"
    else:
        only = Path(file).absolute()
        folder = only.parent
    if not folder.is_dir():
        usage_error(f"there is no folder {folder}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as cleanly as Ctrl+C
    watcher = _Watcher(folder, exercise, only, timeout)
    try:
        watcher.run()
    except KeyboardInterrupt:
        click.echo()
    sys.exit(SUCCESS)


@dataclass
class _Watcher:
    """Checks what is saved in `folder`: one exercise or any; with `only`, one file."""

    folder: Path
    exercise: Exercise | None
    only: Path | None
    timeout: float
    checked: dict[str, list[str]] = field(default_factory=dict)  # the program that the last verdict is on

    def run(self) -> None:
        """Shows verdicts until it is interrupted."""
        first = self.only or (notebook_of(self.exercise) if self.exercise else None)
        # Read once more when nothing more is written: what could not be read, and what was saved before it was watched.
        pending = {first} if first else set()
        if first:
            self._check(first)
        if not self.checked:
            name = self.exercise.slug if self.exercise else "a notebook"
            click.echo(f"Save {name} in {self.folder} to check it; Ctrl+C stops.")
        sys.stdout.flush()
        for changes in watch(
            self.folder,
            watch_filter=lambda change, name: self._exercise_of(change, Path(name)) is not None,
            recursive=False,  # checkpoints and copies are in folders below
            yield_on_timeout=True,
            rust_timeout=_SETTLED,
            raise_interrupt=True,
        ):
            saved = [path for _, name in changes if (path := Path(name)).is_file()]
            for path in sorted(saved, key=lambda path: path.stat().st_mtime):
                if self._check(path):
                    pending.add(path)
            if not changes:
                for path in pending:
                    if reason := self._check(path):
                        click.echo(f"{path.name} is not checked: {reason}")
                pending.clear()
            sys.stdout.flush()

    def _check(self, path: Path) -> str:
        """Shows the verdict on a file unless its program is the one last checked; returns why it cannot be read."""
        exercise = self._exercise_of(Change.modified, path)
        if exercise is None:
            return ""
        try:
            cells = judge.read_program(path, exercise)
            notes = notes_on(path, exercise)
        except (judge.UnusableFile, ValueError) as error:
            return str(error)
        if self.checked.get(path.name) == cells:
            return ""
        _clear()
        click.echo(f"Checking {exercise.slug}…")
        sys.stdout.flush()
        ruling = judge.judge(
            exercise,
            cells,
            time_limit=self.timeout,
            folder=path.resolve().parent,
            keep_progress=self.only is None and path.name == f"{exercise.slug}.ipynb",
        )
        _clear()
        for line in self._report(path, [*notes, ruling.text]):
            click.echo(line)
        if ruling.outcome == "lab-error":
            self.checked.pop(path.name, None)  # the next save tries again
        else:
            self.checked[path.name] = cells
        return ""

    def _report(self, path: Path, texts: list[str]) -> Iterator[str]:
        yield f"{datetime.now():%H:%M:%S}  {path.name}"
        yield from texts
        yield ""

    def _exercise_of(self, change: Change, path: Path) -> Exercise | None:
        """The exercise that a file holds a program for; None if the file is not watched."""
        if change is Change.deleted or path.suffix not in _SUFFIXES:
            return None
        if self.only is not None:
            return self.exercise if path.name == self.only.name else None
        known = [self.exercise] if self.exercise else exercises.catalogue()
        # A dot in the name: copies by editors, and notebooks by `lab update` (NAME.new.ipynb).
        named = (e for e in known if path.stem.startswith(e.slug) and "." not in path.stem)
        return next(named, None)


def _clear() -> None:
    """Clears the screen if there is one; past the stream that shows escape sequences instead of obeying them."""
    screen = sys.__stdout__
    if screen is not None and screen.isatty() and os.environ.get("TERM", "") not in ("", "dumb"):
        sys.stdout.flush()
        screen.write(_CLEAR)
        screen.flush()
