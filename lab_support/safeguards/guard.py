"""Runs code in a child process, and ends that child with everything it has started, however it has detached itself.

`supervise(run)` forks a child for `run`. This process then waits for it and kills it once its time limit is over, or
once `life` reports that the process that wanted the answer is gone. On Linux it adopts what the child leaves behind
(PR_SET_CHILD_SUBREAPER), so a daemon that has left its group and session is found as well. If this process is itself
killed, the kernel kills the child (PR_SET_PDEATHSIG).

    python -m lab_support.safeguards.guard LIFE MODULE ARGUMENT...

supervises `MODULE.main()`; LIFE is the number of a socket, to which the fate of the child is written at the end.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, Final

from lab_support.safeguards.folders import sweep

_PDEATHSIG, _CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_LINUX: Final = sys.platform == "linux"
_PATIENCE: Final = 5.0  # seconds within which killed processes must be gone
_LONGEST_REASON: Final = 400  # characters
_channel: int | None = None  # where a supervised process reports to its guard
_limits = 0  # blocks with a time limit that this process is in


@dataclass
class Fate:
    """How a supervised process ended: its exit code, or minus the number of the signal that killed it.

    `begun` says whether it got as far as setting a time limit, `late` whether it was killed for that, and `done`
    whether it said itself that it was done. `out_of_memory` says whether the system killed it, or another process at
    the same time, for lack of memory. `blamed` is what the process said that the program did to it.
    """

    code: int = 0
    begun: bool = False
    late: bool = False
    done: bool = False
    out_of_memory: bool = False
    blamed: str = ""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """The guard of this process, if it has one, kills it if the block takes longer. Within another limit, that counts.

    Unlike every limit that the process keeps itself, this one also ends code that holds Python's interpreter lock.
    """
    global _limits
    _limits += 1
    if _limits == 1:
        _report(f"limit {seconds}\n")
    try:
        yield
    finally:
        _limits -= 1
        if _limits == 0:
            _report("unlimited\n")


def wake(child: int) -> None:
    """Lets a guard of this process go on where the program that it guards has stopped it (SIGSTOP)."""
    if hasattr(os, "waitid"):
        with suppress(ChildProcessError, ProcessLookupError):
            if os.waitid(os.P_PID, child, os.WSTOPPED | os.WNOHANG):
                os.kill(child, signal.SIGCONT)


def runs_program() -> bool:
    """Whether this process has a guard, because it runs a program of a user."""
    return _channel is not None


def done() -> None:
    """Says that this process ends as it should."""
    _report("done\n")


def blame(reason: str) -> None:
    """Says in a sentence what the program has done, where this process can no longer write a file."""
    _report(f"blame {' '.join(reason.split())[:_LONGEST_REASON]}\n")


def _report(line: str) -> None:
    if _channel is not None:
        with suppress(OSError):  # the program has closed it
            os.write(_channel, line.encode())


def supervise(run: Callable[[], Any], life: int | None = None) -> Fate:
    """Runs `run` in a child until it ends, and then ends everything that it has started.

    `life` is a descriptor that becomes readable when the child must end. SIGINT interrupts the child, too.
    """
    _prctl(_CHILD_SUBREAPER, 1)
    reports, channel = os.pipe()
    guard = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(reports)
        _become_child(guard, channel)
        _exit_after(run)
    os.close(channel)
    try:
        with _signals(child) as changes:
            return _Watch(child, reports, life, changes).fate()
    finally:
        os.close(reports)


def _become_child(guard: int, channel: int) -> None:
    global _channel
    _channel = channel
    _prctl(_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:  # it was killed before the kernel knew that this process goes with it
        os._exit(1)
    os.setsid()
    # In a session of its own, only the process itself sends these; an interrupt from outside comes as SIGUSR1.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGUSR1, signal.default_int_handler)


def _exit_after(run: Callable[[], Any]) -> None:
    """Runs the child's code and exits, whatever happens: nothing of the parent's code may run in the child."""
    code = 1
    try:
        run()
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(code)


class _Watch:
    """Waits for a child to end, for its time limit, or for the end of `life`."""

    def __init__(self, child: int, reports: int, life: int | None, changes: int) -> None:
        self.child, self.reports, self.life, self.changes = child, reports, life, changes
        self.result = Fate()
        self.until: float | None = None
        self.unread = b""
        self.kills = _kills_for_memory()

    def fate(self) -> Fate:
        poll = select.poll()
        for descriptor in (self.reports, self.changes, self.life):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        code = self._reap()
        while code is None:
            left = None if self.until is None else max(0.0, self.until - time.monotonic()) * 1000
            ready = [descriptor for descriptor, _ in poll.poll(left)]
            if self.reports in ready and not self._read():
                poll.unregister(self.reports)
            if self.changes in ready:
                os.read(self.changes, 1000)
            code = self._reap()
            if code is None and self._is_late():
                self.result.late = True
                break
            if code is None and self.life in ready:
                break
        self._read()
        end_children(self.child)
        sweep()  # a child whose program was cut short, or that was killed, leaves its folders
        self.result.code = -signal.SIGKILL if code is None else code
        self.result.out_of_memory = code == -signal.SIGKILL and _kills_for_memory() != self.kills
        return self.result

    def _is_late(self) -> bool:
        return self.until is not None and time.monotonic() >= self.until

    def _read(self) -> bool:
        """Takes in what the child has reported; False at the end."""
        if not select.select([self.reports], [], [], 0)[0]:
            return True
        received = os.read(self.reports, 4096)
        *lines, self.unread = (self.unread + received).split(b"\n")
        for line in lines:
            self.result.done |= line == b"done"
            if line == b"unlimited":
                self.until = None
            elif line.startswith(b"blame "):
                self.result.blamed = line[6:].decode(errors="replace")
            elif line.startswith(b"limit "):
                self.result.begun = True
                with suppress(ValueError):
                    self.until = time.monotonic() + float(line[6:])
        return bool(received)

    def _reap(self) -> int | None:
        """Reaps what has ended; returns the child's exit code if it is among that."""
        with suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1 if _LINUX else self.child, os.WNOHANG)
                if pid == self.child:
                    return os.waitstatus_to_exitcode(status)
                if pid == 0:
                    break
        return None


def end_children(group: int | None = None) -> None:
    """Kills the children of this process, and theirs as they are handed up to it, until none is left.

    A child's number is not given to another process before this one has reaped it. Elsewhere than on Linux, where
    nothing is handed up, the process `group` is killed.
    """
    if not _LINUX:
        with suppress(ProcessLookupError, PermissionError):
            if group is not None:
                os.killpg(group, signal.SIGKILL)
    until = time.monotonic() + _PATIENCE
    with suppress(ChildProcessError):
        while True:
            for child in _children() if _LINUX else ():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGKILL)
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            if time.monotonic() >= until:
                break
            time.sleep(0.001)


def _children() -> list[int]:
    """The numbers of this process's children."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listing:
            return [int(number) for number in listing.read().split()]
    except OSError:  # a kernel without CONFIG_PROC_CHILDREN
        return [
            pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _parent(pid) == os.getpid()
        ]


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as facts:
            return int(facts.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


@contextmanager
def _signals(child: int) -> Iterator[int]:
    """A descriptor that becomes readable when a child has ended; in the block, SIGINT interrupts `child`."""
    changes, wake = os.pipe()
    os.set_blocking(wake, False)

    def pass_on(number: int, frame: Any) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGUSR1)

    before = {
        signal.SIGCHLD: signal.signal(signal.SIGCHLD, lambda number, frame: None),
        signal.SIGINT: signal.signal(signal.SIGINT, pass_on),
    }
    fd_before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        yield changes
    finally:
        signal.set_wakeup_fd(fd_before)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(changes)
        os.close(wake)


def _kills_for_memory() -> bytes:
    """The kernel's count of processes that it has killed for lack of memory, as it writes it."""
    with suppress(OSError), open("/proc/vmstat", "rb") as facts:
        return next((line for line in facts if line.startswith(b"oom_kill ")), b"")
    return b""


def _prctl(option: int, value: int) -> None:
    if _LINUX:
        ctypes.CDLL(None).prctl(option, ctypes.c_ulong(value), 0, 0, 0)


def main() -> None:
    life, module = int(sys.argv[1]), sys.argv[2]
    sys.argv[:] = [module, *sys.argv[3:]]

    def run() -> None:
        os.close(life)
        import_module(module).main()

    fate = supervise(run, life)
    with suppress(OSError):  # nobody waits for it any more
        os.write(life, json.dumps(asdict(fate)).encode())


if __name__ == "__main__":
    # What a supervised module imports must be this module, not a second one of another name.
    sys.modules["lab_support.safeguards.guard"] = sys.modules["__main__"]
    main()
