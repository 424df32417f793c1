"""The fork server in the sandbox: has Pulumi's SDK loaded, and forks a confined process for each run of a program.

    python -m lab_support.checking.grading.template SETTINGS

It listens on a socket (SOCK_SEQPACKET) for `{"start": N, "limits": {…}}` with the run's own socket attached,
`{"kill": N}` and `{"load": [services]}`, and answers `{"ended": N, "code": …, "why": …}`. It never runs a line of a
program itself, and it ends when the grader does.
"""

from __future__ import annotations

import array
import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any, Final

from lab_support.checking.grading import client, confine
from lab_support.engine.preload import load

_POLL: Final = 0.1  # seconds between two looks at how much memory the runs use
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Template:
    """`grader` is the socket to it; `hidden` are folders that no program sees."""

    def __init__(self, grader: socket.socket, hidden: list[str], isolated: bool) -> None:
        self.grader, self.hidden, self.isolated = grader, hidden, isolated
        self.runs: dict[
            int, tuple[int, float, int]
        ] = {}  # process -> (number of the run, until when, memory)
        self.why: dict[int, str] = {}  # number of a run -> why it was killed
        self._next_look = 0.0

    def serve(self) -> None:
        """Serves until the grader closes its end."""
        wake, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        while True:
            sources: list[Any] = [self.grader, wake]
            ready, _, _ = select.select(sources, [], [], _POLL if self.runs else None)
            if wake in ready:
                os.read(wake, 1000)
            self._reap()
            self._look_after()
            if self.grader in ready and not self._obey():
                break
        for process in self.runs:
            _kill(process)

    def _obey(self) -> bool:
        """Does what the grader asks for; false once it has closed its end."""
        message, ancillary, _, _ = self.grader.recvmsg(100_000, socket.CMSG_SPACE(4))
        descriptors = array.array("i")
        for _, _, data in ancillary:
            descriptors.frombytes(data[:4])
        if not message:
            return False
        request = json.loads(message)
        if "start" in request:
            self._start(request["start"], confine.Limits(**request["limits"]), descriptors[0])
            os.close(descriptors[0])
        elif "load" in request:
            for service in request["load"]:
                if (module := sys.modules.get(f"pulumi_aws.{service}")) is not None:
                    load(module)
        else:
            for process, (number, _, _) in self.runs.items():
                if request["kill"] in (number, None):
                    _kill(process)
        return True

    def _start(self, number: int, limits: confine.Limits, end: int) -> None:
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                os.setsid()
                confine.confined(lambda: client.main(end), limits, end, self.hidden, self.isolated)
            finally:
                os._exit(1)
        self.runs[process] = (number, time.monotonic() + limits.seconds, limits.memory)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    return
                if process in self.runs:
                    number, _, _ = self.runs.pop(process)
                    _kill(process, is_gone=True)
                    answer = {"ended": number, "code": os.waitstatus_to_exitcode(status)}
                    self.grader.send(json.dumps({**answer, "why": self.why.pop(number, "")}).encode())

    def _look_after(self) -> None:
        """Kills what takes too long or too much."""
        now = time.monotonic()
        if not self.runs or now < self._next_look:  # each call and each ended process wakes this one up
            return
        self._next_look = now + _POLL
        own, used = _private(os.getpid()), _memory_by_tree(set(self.runs))
        for process, (number, until, most) in self.runs.items():
            if now > until:
                self.why[number] = "time"
            elif max(0, used[process] - own) > most:
                self.why[number] = "memory"
            else:
                continue
            _kill(process)


def _memory_by_tree(roots: set[int]) -> dict[int, int]:
    """Bytes of private memory that each of these processes uses, with all that descend from it."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError, ValueError, IndexError), open(f"/proc/{name}/stat", "rb") as facts:
                parents[int(name)] = int(facts.read().rpartition(b")")[2].split()[1])
    used = dict.fromkeys(roots, 0)
    for process in parents:
        above: int | None = process
        while above is not None and above not in roots:
            above = parents.get(above)
        if above is not None and process != above:
            used[above] += _private(process)
    return used


def _private(process: int) -> int:
    """Bytes of a process's own memory."""
    try:
        with open(f"/proc/{process}/statm", "rb") as facts:
            _, resident, shared, *_ = map(int, facts.read().split())
    except (OSError, ValueError):
        return 0
    return (resident - shared) * _PAGE


def _kill(process: int, is_gone: bool = False) -> None:
    """Kills a run: the first process of its namespace, and with it all others; without a namespace, its session."""
    with suppress(OSError), open(f"/proc/{process}/task/{process}/children", encoding="ascii") as children:
        for child in map(int, children.read().split()):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
    if not is_gone:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def main() -> None:
    settings: dict[str, Any] = json.loads(sys.argv[1])
    sys.argv[:] = ["__main__.py"]
    grader = socket.socket(fileno=settings["socket"])
    client.get_ready(settings["services"])
    confine.read_status()
    grader.send(b'{"ready": true}')
    Template(grader, settings["hidden"], settings["isolated"]).serve()


if __name__ == "__main__":
    main()
