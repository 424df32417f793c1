"""While programs run, Python's garbage collector does not look again and again through all that was there before.

A kernel with `pulumi_aws` in it holds a quarter of a million objects that stay. A run makes enough new ones to have
them all searched for garbage, which took a fifth of its time. And the more a run makes, the more often what it has made
is searched: of a thousand resources a third of the time. So it is searched less often, too.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# How many new objects make the collector search; Python's own number is 700 or 2,000.
_THRESHOLD: Final = 5_000
_lock = threading.Lock()
_runs = 0
_own_thresholds = gc.get_threshold()


@contextmanager
def old_objects_left_alone() -> Iterator[None]:
    """What exists now is not searched for garbage until the block ends, and what is new less often; blocks may
    overlap, on several threads.

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
    global _runs, _own_thresholds
    if _runs == 0:
        if gc.get_freeze_count() > 0:
            return False
        gc.freeze()
        _own_thresholds = gc.get_threshold()
        first, *others = _own_thresholds
        gc.set_threshold(max(first, _THRESHOLD) if first else 0, *others)  # 0 means never
    _runs += 1
    return True


def _end(ours: bool) -> None:
    global _runs
    if ours:
        _runs -= 1
        if _runs == 0:
            gc.unfreeze()
            gc.set_threshold(*_own_thresholds)
