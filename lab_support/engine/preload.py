"""Loads the services of pulumi_aws that a program uses, before several threads can touch them.

`pulumi_aws.ec2` is loaded when it is first touched, by Python's importlib.util.LazyLoader. Before Python 3.11.9 and
3.12.3 that is not safe with threads (https://github.com/python/cpython/issues/114763): a second thread sees a module
without most of its names. So each run loads what its program names before the program runs, one run at a time.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import ModuleType
from typing import Any

from lab_support.program_code import ProgramElsewhere, names_around

_lock = threading.Lock()


def preload(program: Callable[..., Any]) -> None:
    """Loads the services that the program, or code defined beside it, names; waits for a thread that is doing so."""
    services = _needed(program)
    with _lock:
        for service in services:
            load(service)


def start_preload(program: Callable[..., Any]) -> None:
    """Loads them on a thread while the CLI starts. An interrupt cannot leave half a module."""
    if _needed(program):
        threading.Thread(target=preload, args=(program,), daemon=True, name="preload").start()


def services_in(sources: Iterable[str]) -> list[ModuleType]:
    """The services that source code names and that are not loaded yet."""
    return _unloaded({word for source in sources for word in re.findall(r"\w+", source)})


def load(service: ModuleType) -> None:
    """Loads a service. Raises nothing: an error shows again where the program touches the service."""
    with suppress(Exception):
        hasattr(service, "anything")  # asking for a name loads it


def _needed(program: Callable[..., Any]) -> list[ModuleType]:
    return [] if isinstance(program, ProgramElsewhere) else _unloaded(names_around(program))


def _unloaded(names: Iterable[str]) -> list[ModuleType]:
    modules = (sys.modules.get(f"pulumi_aws.{name}") for name in names)
    return [module for module in modules if module is not None and type(module).__name__ == "_LazyModule"]
