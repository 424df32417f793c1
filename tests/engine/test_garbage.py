"""The garbage collector searches less often while programs run, and loses nothing."""

from __future__ import annotations

import gc
import sys
import time
import weakref
from collections.abc import Iterator

import pytest

from lab_support.checking.run_check import check_program
from lab_support.course.cells import program_of
from lab_support.course.exercises import SOLUTION, find_exercise
from lab_support.engine.garbage import fewer_collections
from lab_support.engine.operations import preview


class Knot:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[tuple[int, int, int]]:
    """Python's own thresholds, which are the same afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(700, 11, 12)
    yield (700, 11, 12)
    assert gc.get_threshold() == (700, 11, 12)
    gc.set_threshold(*before)


def test_the_threshold_is_raised_until_the_last_block_ends(thresholds: tuple[int, int, int]) -> None:
    with fewer_collections():
        with fewer_collections():
            assert gc.get_threshold() == (5_000, 11, 12)
        assert gc.get_threshold() == (5_000, 11, 12)
    assert gc.get_threshold() == thresholds


@pytest.mark.parametrize("own", [20_000, 0])
def test_a_higher_threshold_and_none_at_all_are_kept(own: int, thresholds: tuple[int, int, int]) -> None:
    gc.set_threshold(own, 11, 12)
    with fewer_collections():
        assert gc.get_threshold() == (own, 11, 12)
    assert gc.get_threshold() == (own, 11, 12)
    gc.set_threshold(*thresholds)


def test_an_error_restores_the_threshold() -> None:
    with pytest.raises(KeyError), fewer_collections():
        raise KeyError


def test_a_preview_raises_the_threshold() -> None:
    seen = []
    preview(lambda suffix: seen.append(gc.get_threshold()[0]))
    assert seen == [5_000]


def test_garbage_is_freed_during_a_block() -> None:
    with fewer_collections():
        knot = weakref.ref(Knot())
        gc.collect()
        assert knot() is None
        assert gc.get_freeze_count() == 0


def remaining() -> tuple[int, int]:
    """The objects that exist after a search for garbage, and the blocks of memory that Python has allocated."""
    gc.collect()
    return len(gc.get_objects()), sys.getallocatedblocks()


def test_checks_leave_nothing_behind() -> None:
    """Fifteen checks of 01 after five to warm up; benchmarks/test_memory.py watches two hundred."""
    exercise = find_exercise("01_stream_name")

    def after(checks: int) -> tuple[int, int]:
        """What remains after so many more checks."""
        for _ in range(checks):
            check_program(exercise, program_of(exercise, exercise.sources(SOLUTION)))
        # The servers of the last runs still end, in threads of gRPC's.
        found, before = remaining(), (0, 0)
        until = time.monotonic() + 20
        while found != before and time.monotonic() < until:
            time.sleep(0.5)
            found, before = remaining(), found
        return found

    objects, blocks = after(5)
    objects_later, blocks_later = after(15)
    assert (objects_later - objects) / 15 < 20
    assert (blocks_later - blocks) / 15 < 200  # some 100 bytes each
