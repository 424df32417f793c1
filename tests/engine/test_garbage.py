"""Old objects are left alone by the garbage collector for as long as programs run, and no longer."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from lab_support.engine.garbage import old_objects_left_alone
from lab_support.engine.operations import preview


class Knot:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _nothing_is_frozen() -> Iterator[None]:
    assert gc.get_freeze_count() == 0
    yield
    assert gc.get_freeze_count() == 0


def test_it_is_over_when_the_last_block_ends() -> None:
    with old_objects_left_alone():
        assert gc.get_freeze_count() > 1000
        with old_objects_left_alone():
            pass
        assert gc.get_freeze_count() > 1000


def test_new_garbage_is_found_at_once_and_old_garbage_afterwards() -> None:
    old = weakref.ref(Knot())
    with old_objects_left_alone():
        new = weakref.ref(Knot())
        gc.collect()
        assert new() is None
        assert old() is not None
    gc.collect()
    assert old() is None


def test_what_somebody_else_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        with old_objects_left_alone():
            pass
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("own", [700, 20_000, 0])
def test_new_objects_are_searched_less_often_meanwhile_unless_somebody_wants_it_so(own: int) -> None:
    before = gc.get_threshold()
    gc.set_threshold(own, 11, 12)
    try:
        with old_objects_left_alone():
            meanwhile = gc.get_threshold()
        assert gc.get_threshold() == (own, 11, 12)
    finally:
        gc.set_threshold(*before)
    assert meanwhile == ({700: 5_000}.get(own, own), 11, 12)


def test_a_preview_leaves_old_objects_alone() -> None:
    seen = []
    preview(lambda suffix: seen.append(gc.get_freeze_count()))
    assert seen[0] > 1000


def test_an_error_ends_it() -> None:
    with pytest.raises(KeyError), old_objects_left_alone():
        raise KeyError
