"""Whether this machine allows what a run needs: threads, open files, temporary files.

Without them gRPC, the engine and Python fail in many ways, some of which look like a program that never ends.
"""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import ExitStack, suppress
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
_DESCRIPTORS: Final = 64
_BYTES: Final = 4096
_MANY: Final = 400  # threads or open files: no run of the lab needs as many
_MOST_COUNTED: Final = 100_000


def shortage(threads: int = FEW_THREADS) -> str:
    """What this process may not have, as a sentence; empty if nothing is missing."""
    return _of_descriptors() or _of_threads(threads) or _of_disk()


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
