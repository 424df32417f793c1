"""A program that runs in the sandbox, as the engine's runs in this process call it.

`RemoteProgram` stands where a check has the learner's function. Called within a run of the engine, it starts a process
in the sandbox and passes the program's calls on to that run's engine, as far as calls.py allows. So the engine, the
account and the check stay here, and the program sees answers to its own calls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.config import _SECRET_KEYS, CONFIG
from pulumi.runtime.settings import SETTINGS

from lab_support.checking.grading.confine import Limits
from lab_support.checking.grading.protocol import STACK_TYPE
from lab_support.checking.grading.sandbox import Sandbox
from lab_support.checking.grading.session import Callbacks, Seen, Session
from lab_support.checking.reached import Reached
from lab_support.program_code import ProgramElsewhere

# Processes of one run of the engine at once; each takes some 20 MB. A program may have forty environments.
_AT_ONCE: Final = 16


@dataclass
class Code:
    """A program's cells, and what their analysis in the sandbox found (analysis.py)."""

    cells: Sequence[str]
    setup: Sequence[str]  # imports
    stand_ins: Sequence[str]  # names of what does nothing there
    found: Mapping[str, Any]
    variables: Mapping[str, str] = field(default_factory=dict)


class RemoteProgram(ProgramElsewhere):
    """A program in the sandbox. To be used in a `with` statement, which ends its processes."""

    def __init__(self, sandbox: Sandbox, code: Code, limits: Limits, time_limit: float) -> None:
        self.sandbox, self.code, self.limits, self.time_limit = sandbox, code, limits, time_limit
        found = code.found
        self.names = frozenset(found["around"])
        self.reached = Reached(
            dict.fromkeys(found["compared"]),
            dict.fromkeys(found["other"]),
            dict.fromkeys(found["numbers"]),
            set(found["names"]),
            set(found["variables"]),
            tuple(map(tuple, found["sets"])),
        )
        self.seen = Seen()
        self._shift = 0.0
        self._callbacks = Callbacks()
        self._sessions: set[Session] = set()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self._until: float | None = None  # set when the program is first called

    def __enter__(self) -> RemoteProgram:
        return self

    def __exit__(self, *error: object) -> None:
        for session in list(self._sessions):
            session.end()
        self._callbacks.stop()

    @contextmanager
    def at_another_time(self, seconds: float) -> Iterator[None]:
        self._shift = seconds
        try:
            yield
        finally:
            self._shift = 0.0

    def __call__(self, environment_suffix: str) -> None:
        """Has the program run in the sandbox; the run that is going on here waits for it, and fails as it fails."""
        turn = self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))
        if self._until is None:
            self._until = time.monotonic() + self.time_limit
        until = self._until
        project, stack = SETTINGS.project, SETTINGS.stack
        root = f"urn:pulumi:{stack}::{project}::{STACK_TYPE}::{project}-{stack}"
        request = {
            "do": "run",
            "cells": list(self.code.cells),
            "setup": list(self.code.setup),
            "stand_ins": list(self.code.stand_ins),
            "variables": dict(self.code.variables),
            "environment": environment_suffix,
            "project": project,
            "stack": stack,
            "root": root,
            "preview": bool(SETTINGS.dry_run),
            "features": sorted(SETTINGS.monitor_features),
            "config": dict(CONFIG.get() or {}),
            "secret_keys": sorted(_SECRET_KEYS.get() or ()),
            "shift": self._shift,
        }

        async def ended() -> None:
            async with turn:
                session = Session(self.sandbox.start(self.limits), self.limits, self.seen, self._callbacks)
                self._sessions.add(session)
                try:
                    await session.converse({**request, "patience": max(1.0, until - time.monotonic() - 2.0)})
                finally:
                    self._sessions.discard(session)

        # The SDK waits for every output that is still pending.
        pending: Any = ended()
        pulumi.Output.from_input(pending)


__all__ = ["Code", "RemoteProgram"]
