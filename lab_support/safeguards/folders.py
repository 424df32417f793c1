"""Temporary folders that hold a lock for as long as their process lives, so that the next start can delete dead ones.

A process's number says too little: it may have been given to another process, or be that of one in another container
with the same temporary folder. A lock is gone as soon as its process is, even while that is still a zombie.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    _has_locks = False
else:
    _has_locks = True

LOCK: Final = "lock"
_OURS: Final = re.compile(r"pulumi-review-[a-z]+-[0-9]+-[a-z0-9_]{8}")
# A folder gets its lock before it gets its name, so that nobody takes it for a dead one in between.
_UNNAMED: Final = ".pulumi-review-"
_FORGOTTEN: Final = 3600.0  # seconds after which an unnamed folder is that of a killed process


@contextmanager
def temporary_folder(kind: str = "lab") -> Iterator[Path]:
    """A folder that only this user can read, deleted afterwards. First deletes what killed processes have left."""
    sweep()
    folder, lock = locked_folder(kind)
    try:
        yield folder
    finally:
        _delete(folder)
        os.close(lock)


def locked_folder(kind: str = "lab") -> tuple[Path, int]:
    """A new folder, and the descriptor that holds its lock until it is closed."""
    Path(tempfile.gettempdir()).mkdir(parents=True, exist_ok=True)  # the program may have deleted it
    unnamed = Path(tempfile.mkdtemp(prefix=_UNNAMED))
    try:
        lock = os.open(unnamed / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        _lock(lock)
        random = unnamed.name.removeprefix(_UNNAMED)
        return unnamed.rename(unnamed.with_name(f"pulumi-review-{kind}-{os.getpid()}-{random}")), lock
    except BaseException:
        shutil.rmtree(unnamed, ignore_errors=True)
        raise


def unusable_temporary_folder(error: OSError) -> str:
    """What to say where no temporary folder can be made."""
    try:
        place = tempfile.gettempdir()
    except OSError:  # none of the usual places can be written
        place = os.environ.get("TMPDIR", "")
    return (
        f"Temporary files cannot be written to {place or 'any folder'}: {error.strerror or error}. "
        "Make room there, or set TMPDIR to another folder."
    )


def sweep() -> list[Path]:
    """Deletes the folders of processes that have ended; returns them."""
    removed = []
    with suppress(OSError):
        for entry in os.scandir(tempfile.gettempdir()):
            if _OURS.fullmatch(entry.name) and _remove_if_dead(Path(entry.path)):
                removed.append(Path(entry.path))
            elif entry.name.startswith(_UNNAMED):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _FORGOTTEN:
                        shutil.rmtree(entry.path, ignore_errors=True)
    return removed


def _remove_if_dead(folder: Path) -> bool:
    try:
        if hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid():
            return False
        lock = os.open(folder / LOCK, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        if not _lock(lock):
            return False
        _delete(folder)
        return True
    finally:
        os.close(lock)


def _delete(folder: Path) -> None:
    """Deletes a folder, and its lock last: where that is cut short, or fails, a later sweep can go on with it."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.name != LOCK:
                os.unlink(entry.path)
        if os.listdir(folder) == [LOCK]:
            unnamed = folder.rename(folder.with_name(_UNNAMED + folder.name[-8:]))
            os.unlink(unnamed / LOCK)
            unnamed.rmdir()


def _lock(descriptor: int) -> bool:
    """Locks a file; False if another process holds the lock, or where the system has none."""
    if not _has_locks:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
