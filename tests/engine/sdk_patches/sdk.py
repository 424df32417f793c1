"""The SDK's own modules, and a run in which its functions can be called."""

from __future__ import annotations

import asyncio
import contextvars
import importlib.util
from collections.abc import Callable, Coroutine
from types import ModuleType
from typing import Any

from pulumi.runtime import settings


def as_is(module: str) -> ModuleType:
    """A module of the SDK without patches, loaded a second time."""
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    spec = importlib.util.spec_from_file_location(f"{module}_as_is", found.origin)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def in_a_run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Runs a coroutine as the SDK runs a program: on a loop, with settings of its own."""

    def run() -> Any:
        settings.configure(settings.Settings("project", "stack"))
        return asyncio.run(asyncio.wait_for(work(), timeout=20))

    return contextvars.copy_context().run(run)
