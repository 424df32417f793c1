"""What a program has changed in its process is named, and put back."""

from __future__ import annotations

import builtins
import json
import os
import resource
import subprocess
import sys
import threading
import time

import pytest

from lab_support.safeguards.tampering import Watch, watched
from tests.processes import environment


def test_nothing_is_said_of_a_process_that_is_as_before() -> None:
    assert Watch().undo() == ""


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (threading.Thread, "start"),
        (time, "monotonic"),
        (json, "dumps"),
        (os, "replace"),
        (builtins, "isinstance"),
        (sys, "stdout"),
    ],
)
def test_a_function_that_is_replaced_is_named_and_put_back(owner: object, name: str) -> None:
    watch, before = Watch(), getattr(owner, name)
    setattr(owner, name, None)
    told = watch.undo()
    assert getattr(owner, name) is before
    assert f"{name}." in told
    assert watch.undo() == told, "what follows from it may fail later"


def test_modules_that_are_removed_are_put_back() -> None:
    watch, before = Watch(), sys.modules["json"]
    del sys.modules["json"]
    assert "sys.modules['json']" in watch.undo()
    assert sys.modules["json"] is before


def test_a_lowered_limit_is_named_and_raised_again() -> None:
    watch, before = Watch(), resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
    assert "RLIMIT_NOFILE is 64" in watch.undo()
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before


def test_a_block_in_another_sees_the_state_before_the_outer_one() -> None:
    with watched() as outer, watched() as inner:
        assert inner is outer
    with watched() as later:
        assert later is not outer


def test_a_process_without_modules_still_knows_what_has_happened() -> None:
    code = (
        "from lab_support.safeguards.tampering import Watch; import sys; watch = Watch(); sys.modules.clear(); "
        "told = watch.undo(); import json; print(json.dumps(told))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "sys.modules['" in done.stdout
