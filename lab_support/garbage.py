"""While programs run, Python's garbage collector does not look again and again through all that was there before.

A kernel with `pulumi_aws` in it holds a quarter of a million objects that stay. A run makes enough new ones to have
them all searched for garbage, which took a fifth of its time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_runs = 0


@contextmanager
def old_objects_left_alone() -> Iterator[None]:
    """What exists now is not searched for garbage until the block ends; blocks may overlap, on several threads.

    Nothing is lost: afterwards it is searched as before. Where somebody else has frozen objects, theirs stay frozen,
    and we leave the collector alone.
    """
    with _lock:
        ours = _begin()
    try:
        yield
    finally:
        with _lock:
            _end(ours)


def _begin() -> bool:
    global _runs
    if _runs == 0:
        if gc.get_freeze_count() > 0:
            return False
        gc.freeze()
    _runs += 1
    return True


def _end(ours: bool) -> None:
    global _runs
    if ours:
        _runs -= 1
        if _runs == 0:
            gc.unfreeze()
