"""`lab share` and `lab room`: a learner shows where they are, and an instructor sees who is stuck."""

from __future__ import annotations

import getpass
import os
import signal
import sys
import time
from pathlib import Path

import click

from lab_support.cli.options import FAILED, SUCCESS, as_json, folder_or_exit, print_json, usage_error
from lab_support.course import coach, progress, sharing
from lab_support.course.room import read_room
from lab_support.display.room import RELOAD, room_page, room_text


@click.command("share")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--as", "name", metavar="NAME", help="The name to show. [default: your user name]")
@click.option("--stop", is_flag=True, help="Stop sharing, and delete the copy.")
@as_json
def share_command(folder: Path | None, name: str | None, stop: bool, as_json: bool) -> None:
    """Share your progress with an instructor, through a folder that both of you can reach.

    A copy goes to FOLDER and follows your progress: your name, the exercise you are at, checks, points, passes and open
    findings. Your programs, notes and predictions are not in it. Anyone who can read FOLDER can read the copy.

    Without FOLDER, it says whether your progress is shared, and where.
    """
    folder_or_exit(as_json)
    notebooks = coach.folder()
    if stop and (folder or name):
        usage_error("--stop needs no folder and no name", as_json)
    try:
        problem = _change(notebooks, folder, name, stop, as_json)
    except OSError as error:
        problem = f"{notebooks} cannot be written ({error.strerror or error})"
    current = sharing.sharing_of(notebooks)
    if as_json:
        print_json({"file": str(current.path) if current else None, "problem": problem or None})
    else:
        shared = f"Your progress is shared as {current.name}: {current.path}" if current else ""
        click.echo(problem or shared or "Your progress is not shared.")
    sys.exit(FAILED if problem else SUCCESS)


def _change(notebooks: Path, folder: Path | None, name: str | None, stop: bool, as_json: bool) -> str:
    """Starts or ends the sharing; returns a sentence if that failed."""
    if stop:
        before = sharing.stop(notebooks)
        if before and before.path.exists():
            return f"Sharing has ended, but {before.path} could not be deleted."
        return ""
    if folder is None:
        if name:
            usage_error("--as needs the folder to share with", as_json)
        return ""
    if not folder.is_dir():
        usage_error(f"there is no folder {folder}", as_json)
    return progress.share(notebooks, folder, name or _user())


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "learner"


@click.command("room")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--page",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write an HTML page to FILE and keep it up to date, until Ctrl+C. The page reloads itself.",
)
@as_json
def room_command(folder: Path, page: Path | None, as_json: bool) -> None:
    """Show where the learners of a class are, who is stuck, and what to talk about next.

    FOLDER is where learners share their progress (lab share). A learner with the same finding for ten minutes is stuck;
    one who has done nothing for thirty minutes is away. Nothing else of theirs is read.
    """
    if not folder.is_dir():
        usage_error(f"there is no folder {folder}", as_json)
    if page is not None and as_json:
        usage_error("--page and --json exclude each other", as_json)
    if page is not None:
        _follow(folder, page)
    elif as_json:
        print_json(read_room(folder).to_json())
    else:
        click.echo(room_text(read_room(folder)))


def _follow(folder: Path, page: Path) -> None:
    """Keeps a page up to date until it is interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as cleanly as Ctrl+C
    try:
        _write(page, room_page(read_room(folder)))
        click.echo(f"Open {page.absolute().as_uri()}; Ctrl+C stops.")
        sys.stdout.flush()
        while True:
            time.sleep(RELOAD)
            _write(page, room_page(read_room(folder)))
    except KeyboardInterrupt:
        click.echo()
    except (OSError, ValueError) as error:  # an empty name is a ValueError
        usage_error(f"{page} cannot be written: {getattr(error, 'strerror', None) or error}")


def _write(page: Path, text: str) -> None:
    """Replaces the page as a whole: a browser may be reading it."""
    new = page.with_name(f".{page.name}.new")
    new.write_text(text, encoding="utf-8")
    os.replace(new, page)
