"""Runs another program and kills it with all of its child processes at a time limit or at Ctrl-C."""

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
    """The result of a program: its exit code and its output."""

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
    """Runs `command` in `folder`. `on_error_line` is called with each line of standard error as it comes, in a thread.

    Raises OSError if it cannot be started, and subprocess.TimeoutExpired after `limit` seconds. On any exception, the
    program and all of its child processes are killed first.
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
    except BaseException:  # including Ctrl-C
        _kill_all(process)
        raise
    for reader in readers:
        reader.join(timeout=5)  # a surviving grandchild may keep the pipe open
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
    # In its own process group, so that one signal kills all of it. It has no input and no terminal, so that a password
    # prompt fails instead of waiting forever.
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


def _kill_all(process: subprocess.Popen[str]) -> None:
    """Kills the program and all of its child processes."""
    if sys.platform == "win32":
        process.terminate()
    else:
        with suppress(ProcessLookupError):  # it may just have exited
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
