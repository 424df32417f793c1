"""Whether this machine allows what a run needs: memory, threads, open files, temporary files.

Without them gRPC, the engine and Python fail in many ways, some of which look like a program that never ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from lab_support.safeguards.folders import unusable_temporary_folder

try:
    import resource
except ImportError:  # Windows
    _address_limit = None
else:
    _address_limit = getattr(resource, "RLIMIT_AS", None)

FEW_THREADS: Final = 24  # what one preview needs, with its engine
MANY_THREADS: Final = 64  # what previews of several environments at once need
# Bytes that are enough for the engine and the process that runs a program; then with another process that judges it.
_LEAST_MEMORY: Final = 128 << 20
_MUCH_MEMORY: Final = 160 << 20
_DESCRIPTORS: Final = 64
_BYTES: Final = 4096
_MANY: Final = 400  # threads or open files: no run of the lab needs as many
_MOST_COUNTED: Final = 100_000


def shortage(threads: int = FEW_THREADS) -> str:
    """What this process may not have, as a sentence; empty if nothing is missing."""
    return (
        shortage_of_memory(_MUCH_MEMORY if threads > FEW_THREADS else _LEAST_MEMORY)
        or _of_descriptors()
        or _of_threads(threads)
        or _of_disk()
    )


def shortage_of_memory(
    least: int = _LEAST_MEMORY, own: Path = Path("/proc/self/cgroup"), groups: Path = Path("/sys/fs/cgroup")
) -> str:
    """Whether this process's control groups may use less memory than `least` bytes, as a sentence; empty if not.

    Linux kills a process that exceeds the limit, which then cannot say why. `own` lists the groups of this process, and
    the files of all are in `groups`.
    """
    allowed = min(_memory_limits(own, groups), default=least)
    if allowed >= least:
        return ""
    return (
        f"This container may use only {allowed >> 20} MB of memory, too little to run the engine. "
        "Raise the limit (docker run --memory)."
    )


def _memory_limits(own: Path, groups: Path) -> Iterator[int]:
    """The limits, in bytes, of the control groups that this process is in (versions 1 and 2)."""
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):  # not Linux
        return
    for line in lines:
        _, kind, name = line.split(":", 2)
        if kind not in ("", "memory"):
            continue
        top, file = (groups / "memory", "memory.limit_in_bytes") if kind else (groups, "memory.max")
        folder = top / name.strip("/")
        for group in (folder, *folder.parents):
            with suppress(OSError, ValueError):  # there is none, or it says "max"
                yield int((group / file).read_text(encoding="utf-8"))
            if group == top:
                break


def used_up() -> str:
    """What this process has used up itself, as a sentence about the program in it; empty if that is little.

    To be asked where there is a shortage: what the program holds is then no fault of the machine.
    """
    if (threads := threading.active_count()) > _MANY:
        return f"The program starts more threads than this machine allows: {threads:,} are running."
    if (files := _open_descriptors()) > _MANY:
        return f"The program opens more files than this machine allows: {files:,} are open."
    return ""


def _open_descriptors() -> int:
    try:
        most = os.sysconf("SC_OPEN_MAX")
    except (AttributeError, ValueError, OSError):  # Windows
        return 0
    found = 0
    for descriptor in range(min(most, _MOST_COUNTED)):
        with suppress(OSError):
            os.fstat(descriptor)
            found += 1
    return found


def _of_threads(count: int) -> str:
    over = threading.Event()
    started = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        if megabytes := _address_space():
            return (
                f"This process may use only {megabytes:,} MB of address space, too little to run the engine. "
                "Raise the limit (ulimit -v)."
            )
        return (
            f"This machine allows only {len(started)} more processes and threads, too few to run the engine. "
            "Raise the limit (ulimit -u, or pids.max of the container) or end other programs."
        )
    finally:
        over.set()
        for thread in started:
            thread.join()
    return ""


def _address_space() -> int:
    """The limit of this process's address space in MB; 0 where there is none."""
    if _address_limit is None:
        return 0
    soft = resource.getrlimit(_address_limit)[0]
    return 0 if soft == resource.RLIM_INFINITY else soft // 1_000_000


def _of_descriptors() -> str:
    with ExitStack() as opened:
        for count in range(_DESCRIPTORS):
            try:
                descriptor = os.open(os.devnull, os.O_RDONLY)
            except OSError:
                return (
                    f"This process may open only {count} more files, too few to run the engine. "
                    "Raise the limit (ulimit -n)."
                )
            opened.callback(os.close, descriptor)
    return ""


def _of_disk() -> str:
    try:
        with tempfile.TemporaryFile() as file:
            file.write(bytes(_BYTES))
            file.flush()
    except OSError as error:
        return unusable_temporary_folder(error)
    return ""
