"""Takes everything from a process but its memory, one socket, and a small folder of its own.

`confined(run)` runs in the fork server inside bubblewrap (template.py). It gives the child namespaces of its own, so
that it sees no other process and nothing of an earlier one, hides the lab's package, limits what the child may use,
and forbids the system calls by which it could get more. After that, what runs in the child is a stranger's.

Where bubblewrap was started by root, the child becomes a user that owns nothing; elsewhere it is alone in a user
namespace. Both make the kernel count its processes apart.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

if sys.platform != "win32":
    import resource

HOME: Final = "/home/learner"  # the only folder in which a program can write
_FOLDER_SIZE: Final = 16 << 20
# linux/sched.h, sys/mount.h, linux/prctl.h, linux/seccomp.h
_NEWNS, _NEWIPC, _NEWUSER, _NEWPID = 0x20000, 0x8000000, 0x10000000, 0x20000000
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
_PDEATHSIG, _DUMPABLE, _SECCOMP, _NO_NEW_PRIVS, _FILTER = 1, 4, 22, 38, 2
_libc: Any = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Limits:
    """What one run may use: seconds of processor time, bytes of memory, processes and threads, open files."""

    seconds: int = 40
    memory: int = 512 << 20
    processes: int = 96
    files: int = 128


def confined(
    run: Callable[[], Any], limits: Limits, keep: int, hidden: Sequence[str], isolated: bool
) -> NoReturn:
    """Runs `run` confined, and exits with its process. Of the open descriptors, only `keep` stays.

    `hidden` are folders that the child must not see. Without `isolated`, only the limits hold.
    """
    is_root = os.geteuid() == 0
    parent = os.getpid()
    if isolated:
        user, group = os.getuid(), os.getgid()
        _check(_libc.unshare(_NEWNS | _NEWIPC | _NEWPID | (0 if is_root else _NEWUSER)), "unshare")
        if not is_root:
            _write("/proc/self/setgroups", "deny")
            _write("/proc/self/gid_map", f"{group} {group} 1")
            _write("/proc/self/uid_map", f"{user} {user} 1")
        child = os.fork()
        if child:
            _wait_and_exit(child)
    try:
        _prctl(_PDEATHSIG, signal.SIGKILL)
        if not isolated and os.getpid() != parent:
            os._exit(1)
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        os.closerange(3, keep)
        os.closerange(keep + 1, 4096)
        if isolated:
            owner = 100_000 + int.from_bytes(os.urandom(2), "big") if is_root else os.getuid()
            _replace_folders(owner, hidden)
            if is_root:
                os.setgroups([])
                os.setresgid(owner, owner, owner)
                os.setresuid(owner, owner, owner)
            _prctl(_PDEATHSIG, signal.SIGKILL)  # changing the user cancels it
        _limit(limits)
        if isolated:
            _prctl(_NO_NEW_PRIVS, 1)
            _forbid()
        run()
    finally:
        os._exit(1)


def _wait_and_exit(child: int) -> NoReturn:
    """The parent of a new process namespace: ends as its child does."""
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _replace_folders(owner: int, hidden: Sequence[str]) -> None:
    _mount("none", "/", "", _MS_REC | _MS_PRIVATE)
    _mount(
        "tmpfs",
        HOME,
        "tmpfs",
        _MS_NOSUID | _MS_NODEV,
        f"size={_FOLDER_SIZE},nr_inodes=2000,mode=700,uid={owner}",
    )
    # /proc shows what a process is, and lets it reach others.
    for folder in ("/proc", "/dev/shm", *hidden):
        if os.path.isdir(folder):
            _mount("tmpfs", folder, "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV | _MS_NOEXEC, "size=4096")
    os.chdir(HOME)


def _limit(limits: Limits) -> None:
    heap = int(_status("VmData")) * 1024
    for name, value in (
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_DATA, heap + limits.memory),
        (resource.RLIMIT_FSIZE, _FOLDER_SIZE),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (value, value))


# Read before /proc is gone.
def _status(name: str) -> str:
    return next((line.split()[1] for line in _STATUS.splitlines() if line.startswith(f"{name}:")), "0")


def read_status() -> None:
    """Notes how much memory this process has, for the limits of its children."""
    global _STATUS
    with open("/proc/self/status", encoding="ascii", errors="replace") as facts:
        _STATUS = facts.read()


_STATUS = ""

# System calls that nothing here needs: memory that no limit counts, other processes, other namespaces, the kernel.
# Numbers from the kernel's syscall tables: x86-64, and the generic one that arm64 has.
_FORBIDDEN: Final = {
    "x86_64": (0xC000003E, (29, 64, 68, 101, 155, 161, 165, 166, 175, 246, 248, 249, 250, 272, 298, 304, 308, 310,
                            311, 313, 319, 321, 323, 424, 425, 426, 427, 428, 429, 430, 442, 447)),
    "aarch64": (0xC00000B7, (39, 40, 41, 51, 97, 104, 105, 117, 186, 190, 194, 217, 218, 219, 241, 265, 268, 270,
                             271, 273, 279, 280, 282, 424, 425, 426, 427, 428, 429, 430, 442, 447)),
}  # fmt: skip


def _forbid() -> None:
    """Installs a filter for system calls (seccomp) that answers the forbidden ones with EPERM."""
    if platform.machine() not in _FORBIDDEN:
        return
    machine, calls = _FORBIDDEN[platform.machine()]
    load, equal, reply = 0x20, 0x15, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_RET|K
    allow, forbid, kill = 0x7FFF0000, 0x00050001, 0x80000000
    program = [(load, 0, 0, 4), (equal, 1, 0, machine), (reply, 0, 0, kill), (load, 0, 0, 0)]
    program += [(equal, len(calls) - number, 0, call) for number, call in enumerate(calls)]
    program += [(reply, 0, 0, allow), (reply, 0, 0, forbid)]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    text = ctypes.create_string_buffer(code)
    header = struct.pack("HP", len(program), ctypes.addressof(text))
    _check(_libc.prctl(_SECCOMP, _FILTER, ctypes.c_char_p(header), 0, 0), "seccomp")


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    arguments = (source.encode(), target.encode(), kind.encode() or None, flags, options.encode() or None)
    _check(_libc.mount(*arguments[:3], ctypes.c_ulong(flags), arguments[4]), f"mount {target}")


def _prctl(option: int, value: int) -> None:
    _check(_libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0), "prctl")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
