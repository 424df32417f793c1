"""Python processes for tests that send signals or look for leftovers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from lab_support.toolchain.pulumi_cli import PROGRAM
from tests.programs import ROOT


def environment(**more: str) -> dict[str, str]:
    """This process's variables, for a child that imports the lab and the tests from this clone."""
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": paths, **more}


def started(command: Sequence[str], **options: Any) -> subprocess.Popen[str]:
    """A process that reacts to Ctrl+C; one that a shell starts in the background would ignore it, as do its children.

    Not by `preexec_fn`: for that Python forks this process as it is, and gRPC sometimes aborts in such a fork.
    """
    if threading.current_thread() is not threading.main_thread():  # may not say which signals are heard
        return subprocess.Popen(command, text=True, **options)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return subprocess.Popen(command, text=True, **options)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def python(code: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs this code with these variables; killed at the end of the block."""
    process = started(
        [sys.executable, "-u", "-c", textwrap.dedent(code)],
        env=environment(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        for engine in engines_of(process.pid):
            engine.kill()
        process.kill()
        process.communicate()


def engines_of(pid: int) -> list[psutil.Process]:
    """The Pulumi CLIs that a process has started."""
    try:
        children = psutil.Process(pid).children(recursive=True)
        return [child for child in children if _name(child) == PROGRAM]
    except psutil.NoSuchProcess:
        return []


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def left_in(folder: Path) -> list[str]:
    """The lab's own files and folders in a temporary folder."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("pulumi-review"))


def temporary_folder() -> Path:
    return Path(tempfile.gettempdir())
