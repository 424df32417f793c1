"""Starts a module of the lab as a process that ends with this one, and takes with it whatever it has started."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from lab_support.safeguards.folders import sweep
from lab_support.safeguards.guard import Fate, done, supervise, wake
from lab_support.safeguards.shortage import FEW_THREADS, shortage

_HAS_GUARDS = hasattr(os, "fork")
_PATIENCE = 10.0  # seconds that a guard may take to end what it guards
_DYING: Final = 0.3  # seconds that what a killed guard has guarded takes to end, and to let go of its folders

WAKING: Final = 1.0  # seconds after which it is looked whether a guard has been stopped


class NoAnswer(Exception):
    """A process did not end in time; it has been killed."""


class SupervisedProcess:
    """`MODULE.main()` in a process of its own, under a guard (guard.py). To be used in a `with` statement."""

    def __init__(
        self, module: str, arguments: Sequence[str] = (), *, env: Mapping[str, str] | None = None
    ) -> None:
        self._life, guards_end = socket.socketpair()
        with guards_end:
            number = guards_end.fileno()
            command = [module]
            if _HAS_GUARDS:
                command = ["lab_support.safeguards.guard", str(number), module]
            self._guard = subprocess.Popen(
                [sys.executable, "-P", "-X", "utf8", "-m", *command, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=env,
                pass_fds=[number] if _HAS_GUARDS else (),
                start_new_session=True,
            )

    def send(self, request: bytes) -> None:
        """Writes to the process's standard input, and closes it."""
        assert self._guard.stdin is not None
        with suppress(BrokenPipeError), self._guard.stdin as pipe:
            pipe.write(request)

    def wait(self, seconds: float) -> Fate:
        """Waits until the process and all that it has started have ended. Raises NoAnswer after so many seconds."""
        if not _HAS_GUARDS:
            return self._wait_without_guard(seconds)
        until = time.monotonic() + seconds
        received = b""
        while (left := until - time.monotonic()) > 0:
            if not select.select([self._life], [], [], min(left, WAKING))[0]:
                wake(self._guard.pid)
                continue
            part = self._life.recv(4096)
            received += part
            if not part:
                self._guard.wait()
                if received:
                    return Fate(**json.loads(received))
                time.sleep(_DYING)
                sweep()
                return Fate(code=self._guard.returncode)
        self.end()
        raise NoAnswer

    def _wait_without_guard(self, seconds: float) -> Fate:
        try:
            return Fate(self._guard.wait(seconds), begun=True)
        except subprocess.TimeoutExpired:
            self.end()
            raise NoAnswer from None

    def end(self) -> None:
        """Ends the process and all that it has started; does nothing if that has happened."""
        self._life.close()
        if self._guard.stdin is not None:
            with suppress(OSError):
                self._guard.stdin.close()
        if not _HAS_GUARDS:
            self._guard.kill()
        try:
            self._guard.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def run_supervised(
    run: Callable[[], Any],
    explain: Callable[[Fate], int],
    refuse: Callable[[str], int],
    threads: int = FEW_THREADS,
) -> NoReturn:
    """Runs `run` in a child under a guard, and exits as the child does; SIGINT is passed on to it.

    If it ends in another way than by returning or raising, `run` must say `done()` first. Where that has not happened,
    `explain` says what has, and returns the exit code. Where the machine allows too little, `refuse` says what is
    missing. To be called before this process has threads.
    """
    life, ours = os.pipe()
    result, guards_end = os.pipe()
    try:
        guard = os.fork()
    except OSError as error:
        code = refuse(shortage(threads) or f"No process can be started: {error.strerror}.")
        sys.stdout.flush()
        os._exit(code)
    if guard == 0:
        os.close(ours)
        os.close(result)
        os.setsid()

        def in_child() -> None:
            os.close(life)
            os.close(guards_end)
            try:
                run()
            finally:
                done()

        try:
            fate = supervise(in_child, life)
        except OSError:  # no process can be started; the other side says why
            os._exit(1)
        with suppress(OSError):
            os.write(guards_end, json.dumps(asdict(fate)).encode())
        os._exit(0)
    os.close(guards_end)
    interrupts = 0

    def pass_on(number: int, frame: Any) -> None:
        nonlocal interrupts
        interrupts += 1
        if interrupts > 1 or number != signal.SIGINT:
            os.close(ours)  # the guard ends everything
            os.read(result, 1)
            sweep()
            os._exit(128 + number)
        os.kill(guard, signal.SIGINT)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, pass_on)
    signal.signal(signal.SIGCHLD, lambda number, frame: wake(guard))
    if missing := shortage(threads):
        os.close(ours)
        os.read(result, 1)
        code = refuse(missing)
        sys.stdout.flush()
        os._exit(code)
    received = os.read(result, 1000)
    os.waitpid(guard, 0)
    if interrupts and not received:  # before the guard could pass it on
        sweep()
        os._exit(128 + signal.SIGINT)
    fate = Fate(**json.loads(received)) if received else Fate(code=-signal.SIGKILL)
    sys.stdout.flush()
    code = fate.code if fate.done and fate.code >= 0 else explain(fate)
    sys.stdout.flush()
    os._exit(code)
