"""Starts the sandbox: bubblewrap around a fork server, from which each run of a program gets a process of its own.

    with Sandbox.open(services) as sandbox:
        run = sandbox.start(Limits())     # a process that waits for a request on run.connection
        ...
        run.kill()                        # and all that it has started

The sandbox has Python and the SDK: no network, no home, no variables, no folder in which it can write.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from lab_support.checking.grading.bubblewrap import bubblewrap, hidden_folders, variables
from lab_support.checking.grading.confine import Limits
from lab_support.checking.grading.frames import Connection
from lab_support.errors import InternalError

_PATIENCE: Final = 60.0  # seconds within which a fork server is ready


@dataclass
class Ended:
    """How a run's process ended: its exit code, and `time` or `memory` where it was killed for that."""

    code: int
    why: str = ""


class Run:
    """A process in the sandbox, and the connection to it."""

    def __init__(self, sandbox: Sandbox, number: int, connection: Connection) -> None:
        self.sandbox, self.number, self.connection = sandbox, number, connection

    def kill(self) -> None:
        """Ends the process and all that it has started."""
        self.connection.close()
        self.sandbox.send({"kill": self.number})

    def ended(self, seconds: float = 5.0) -> Ended | None:
        """How it ended; None where it has not within so many seconds."""
        return self.sandbox.ended(self.number, seconds)


class Sandbox:
    """A fork server in the sandbox. It may be used after a fork, by one process at a time that called `attach`."""

    def __init__(self, services: Iterable[str], isolated: bool = True) -> None:
        self.isolated = isolated
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            "socket": inside.fileno(),
            "services": sorted(services),
            "hidden": hidden_folders(),
            "isolated": isolated,
        }
        command = [
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-m",
            "lab_support.checking.grading.template",
            json.dumps(settings),
        ]
        self._process = subprocess.Popen(
            [*(bubblewrap() if isolated else ()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[inside.fileno()],
            env=variables(),
            start_new_session=True,
        )
        inside.close()
        self._control.settimeout(_PATIENCE)
        try:
            ready = self._control.recv(1000)
        except TimeoutError:
            ready = b""
        if not ready:
            self._process.kill()
            told = self._process.communicate()[1].decode(errors="replace").strip()
            raise InternalError(f"the sandbox does not start: {told[-3000:] or 'no answer'}")
        self._control.settimeout(None)
        self._number = 0
        self._ended: dict[int, Ended] = {}
        self._changed = threading.Condition()

    @classmethod
    @contextmanager
    def open(cls, services: Iterable[str] = (), isolated: bool = True) -> Iterator[Sandbox]:
        """A sandbox for the length of a block. Raises InternalError where there is none."""
        sandbox = cls(services, isolated)
        try:
            yield sandbox.attach()
        finally:
            sandbox.close()

    def attach(self) -> Sandbox:
        """This process uses the sandbox from now on; runs of an earlier one are ended."""
        self.send({"kill": None})
        self._number = int(time.monotonic() * 1000) % 1_000_000_000 * 1000  # no number of an earlier process
        self._ended, self._changed = {}, threading.Condition()
        threading.Thread(target=self._listen, daemon=True, name="sandbox").start()
        return self

    def start(self, limits: Limits) -> Run:
        """A new process in the sandbox, which waits for its request. Raises InternalError where the sandbox is gone."""
        with self._changed:
            self._number += 1
            number = self._number
        ours, theirs = socket.socketpair()
        message = json.dumps({"start": number, "limits": asdict(limits)}).encode()
        try:
            socket.send_fds(self._control, [message], [theirs.fileno()])
        except OSError:
            raise InternalError("the sandbox has ended") from None
        finally:
            theirs.close()
        return Run(self, number, Connection(ours))

    def load(self, services: Iterable[str]) -> None:
        """Has these services of pulumi_aws loaded before the next start."""
        self.send({"load": list(services)[:200]})

    def send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):
            self._control.send(json.dumps(message).encode())

    def ended(self, number: int, seconds: float) -> Ended | None:
        with self._changed:
            self._changed.wait_for(lambda: number in self._ended, seconds)
            return self._ended.get(number)

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while message := self._control.recv(1000):
                told = json.loads(message)
                with self._changed:
                    self._ended[told["ended"]] = Ended(told["code"], told["why"])
                    self._changed.notify_all()

    def close(self) -> None:
        """Ends the sandbox with everything in it."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()


__all__ = ["Ended", "Run", "Sandbox"]
