"""Runs another program and ends it with all that it started, at a time limit or at Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class CommandResult:
    """How a program ended: its exit code, and all that it wrote."""

    code: int
    output: str
    errors: str


def run_command(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    limit: float | None = None,
    on_error_line: Callable[[str], None] | None = None,
    every_second: Callable[[], None] | None = None,
) -> CommandResult:
    """Runs `command` in `folder`. `on_error_line` gets each line of standard error, in a thread, as it comes.

    Raises OSError where it cannot be started and subprocess.TimeoutExpired past `limit` seconds. Where an
    exception ends the wait, the program and all that it started are ended first.
    """
    output: list[str] = []
    errors: list[str] = []
    process = _start(command, folder, {**environment, "PWD": str(folder)})
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        readers = [
            _reader(process.stdout, output, None),
            _reader(process.stderr, errors, on_error_line),
        ]
        code = _wait(process, limit, every_second)
    except BaseException:  # Ctrl-C is among them
        _end_all(process)
        raise
    for reader in readers:
        reader.join(timeout=5)  # not for ever: a grandchild that stays behind may hold the other end open
    return CommandResult(code, "".join(output), "".join(errors))


def _wait(
    process: subprocess.Popen[str], limit: float | None, every_second: Callable[[], None] | None
) -> int:
    started = time.monotonic()
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if every_second is not None:
                every_second()
            if limit is not None and time.monotonic() - started > limit:
                raise subprocess.TimeoutExpired(process.args, limit) from None


def _start(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    # A group of its own, so that one signal ends all of it. Its input is empty and it has no terminal, so
    # that a question for a password fails instead of waiting for ever.
    if sys.platform == "win32":
        new_group = subprocess.CREATE_NEW_PROCESS_GROUP
    else:
        new_group = 0
    return subprocess.Popen(
        list(command),
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=sys.platform != "win32",
        creationflags=new_group,
    )


def _reader(stream: IO[str], lines: list[str], on_line: Callable[[str], None] | None) -> threading.Thread:
    def read() -> None:
        for line in stream:
            lines.append(line)
            if on_line is not None:
                on_line(line.rstrip("\r\n"))

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def _end_all(process: subprocess.Popen[str]) -> None:
    """Ends the program and everything that it started."""
    if sys.platform == "win32":
        process.terminate()
    else:
        with suppress(ProcessLookupError):  # it may just have ended by itself
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
