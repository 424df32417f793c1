"""What a program has changed in the process that it shares with the lab: limits, modules, functions of Python itself.

A program can make the lab's own code fail: it replaces `threading.Thread.start`, empties `sys.modules`, or lowers the
number of files that may be open. The error is then raised in the lab, but the program caused it. `watched` notes the
state of the process before a program runs; `Watch.undo` says afterwards what is different and puts it back as far as it
can.

This code has to work in a process in which `isinstance` or `open` may be gone, so it restores the builtins first and
imports nothing later.
"""

from __future__ import annotations

import asyncio
import builtins
import concurrent.futures.thread
import contextvars
import io
import json
import linecache
import logging
import os
import pathlib
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any, Final

try:
    import resource
except ImportError:  # Windows
    _limits: dict[str, int] = {}
else:
    _limits = {name: getattr(resource, name) for name in dir(resource) if name.startswith("RLIMIT_")}

_SOURCES: Final = (
    asyncio,
    asyncio.base_events,
    asyncio.events,
    asyncio.futures,
    asyncio.tasks,
    concurrent.futures.thread,
    contextvars,
    io,
    json,
    linecache,
    logging,
    os,
    os.path,
    pathlib,
    queue,
    re,
    shutil,
    signal,
    socket,
    subprocess,
    sys,
    tempfile,
    threading,
    time,
    traceback,
)
# Packages that the lab cannot do without; modules of others may come and go.
_ESSENTIAL: Final = sys.stdlib_module_names | {"lab_support", "pulumi", "grpc", "google", "click"}
_MOST: Final = 3  # changes named in a sentence
_BUILTINS: Final = builtins.__dict__
_MISSING: Final = object()


class Watch:
    """The state of this process when it was made."""

    def __init__(self) -> None:
        self._found = ""
        self._builtins = _BUILTINS.copy()
        self._modules = {
            name: module for name, module in sys.modules.items() if name.partition(".")[0] in _ESSENTIAL
        }
        self._places = [
            (label, place, {name: value for name, value in vars(place).items() if callable(value)})
            for module in _SOURCES
            for label, place in _places_in(module)
        ]
        self._soft_limits = {name: resource.getrlimit(number) for name, number in _limits.items()}
        self._path = list(sys.path)
        self._streams = {name: getattr(sys, name) for name in ("stdout", "stderr")}
        self._recursion = sys.getrecursionlimit()
        self._timeout = socket.getdefaulttimeout()

    def undo(self) -> str:
        """Puts back what has been changed. Returns a sentence that says what it was, at later calls too, or nothing."""
        self._found = self._undo() or self._found
        return self._found

    def _undo(self) -> str:
        names = [
            *self._undo_builtins(),
            *self._undo_modules(),
            *self._undo_functions(),
            *self._undo_path(),
            *self._undo_streams(),
        ]
        limits = self._undo_limits()
        if names:
            more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
            return (
                "The program replaces or removes parts of Python that Pulumi and the lab use in the same process: "
                f"{', '.join(names[:_MOST])}{more}."
            )
        if limits:
            return (
                f"The program lowers limits of its process, in which Pulumi runs, too: {', '.join(limits)}."
            )
        return ""

    def _undo_builtins(self) -> list[str]:
        changed = [
            name
            for name, value in self._builtins.items()
            if name[:2] != "__" or name == "__import__"
            if name != "_"  # an interactive Python keeps its last result there
            if _BUILTINS.get(name, _MISSING) is not value
        ]
        for name in changed:
            _BUILTINS[name] = self._builtins[name]
        return [f"builtins.{name}" for name in changed]

    def _undo_modules(self) -> list[str]:
        gone = [name for name in self._modules if name not in sys.modules]
        replaced = [
            name
            for name in self._modules
            if name not in gone and name.startswith(("lab_support", "pulumi")) and name != "pulumi.__main__"
            if sys.modules[name] is not self._modules[name]
        ]
        for name in (*gone, *replaced):
            sys.modules[name] = self._modules[name]
        return [f"sys.modules[{name!r}]" for name in sorted((*gone, *replaced), key=len)]

    def _undo_functions(self) -> list[str]:
        found = []
        for label, place, before in self._places:
            now = vars(place)
            for name, value in before.items():
                found_now = now.get(name, _MISSING)
                module = str(getattr(found_now, "__module__", ""))
                is_ours = module.startswith("lab_support.")  # no_aws.py replaces functions, too
                if found_now is not value and not is_ours:
                    with suppress(AttributeError, TypeError):
                        setattr(place, name, value)
                    found.append(f"{label}.{name}")
        return found

    def _undo_path(self) -> list[str]:
        gone = [folder for folder in self._path if folder not in sys.path]
        sys.path.extend(gone)
        return [f"{folder or '.'} in sys.path" for folder in gone]

    def _undo_streams(self) -> list[str]:
        found = []
        for name, stream in self._streams.items():
            if stream is None or _is_open(getattr(sys, name)):
                continue
            setattr(sys, name, stream)  # where it is closed itself, that is how it stays
            found.append(f"sys.{name}")
        return found

    def _undo_limits(self) -> list[str]:
        found = []
        for name, (soft, hard) in self._soft_limits.items():
            now = resource.getrlimit(_limits[name])[0]
            if (
                now != soft
                and now != resource.RLIM_INFINITY
                and (soft == resource.RLIM_INFINITY or now < soft)
            ):
                found.append(f"{name} is {now}")
                with suppress(ValueError, OSError):  # the program has lowered the hard limit, too
                    resource.setrlimit(_limits[name], (soft, hard))
        if sys.getrecursionlimit() < self._recursion:
            found.append(f"the recursion limit is {sys.getrecursionlimit()}")
            sys.setrecursionlimit(self._recursion)
        if socket.getdefaulttimeout() != self._timeout:
            found.append(f"the default timeout of sockets is {socket.getdefaulttimeout()} s")
            socket.setdefaulttimeout(self._timeout)
        return found


def _places_in(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """A module and the classes that it defines, with their names."""
    yield module.__name__, module
    for name, value in list(vars(module).items()):
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield f"{module.__name__}.{name}", value


def _is_open(stream: Any) -> bool:
    return stream is not None and not getattr(stream, "closed", False)


_lock = threading.Lock()
_current: Watch | None = None
_blocks = 0  # that use it


@contextmanager
def watched() -> Iterator[Watch]:
    """The state of this process before the block; where another such block is running, before that one."""
    global _current, _blocks
    with _lock:
        watch = _current = _current or Watch()
        _blocks += 1
    try:
        yield watch
    finally:
        with _lock:
            _blocks -= 1
            if _blocks == 0:
                _current = None


__all__ = ["Watch", "watched"]
