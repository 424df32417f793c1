"""Previews the program for a second environment in a child process, while the first preview runs.

A program's modules stay loaded, and environment variables belong to a process, so a program cannot run twice in one
process. The child reads a request as JSON from standard input and writes a plan, or an error, to a file.

Starting a child and importing the SDK takes longer than the preview. So a process that reviews again and again, as a
notebook's kernel does, keeps one child ready (`keep_one_ready`); it ends with the process that started it.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from lab_support.engine.preload import load
from lab_support.errors import BriefError
from lab_support.plan.plan import Plan
from lab_support.projects.config import InvalidProject
from lab_support.projects.project import read_project
from lab_support.review.other_environment import OtherEnvironment
from lab_support.safeguards import guard
from lab_support.safeguards.folders import temporary_folder
from lab_support.safeguards.supervised import NoAnswer, SupervisedProcess

_MODULE: Final = "lab_support.review.second_preview"
# How many seconds beyond the program's limit the child may take for everything else, on a slow machine.
_OVERHEAD: Final = 60.0


_ready: list[SupervisedProcess] = []  # one at most: a child that waits for a request


def keep_one_ready() -> None:
    """Starts a child for the next review. It loads the services that are loaded here, and waits."""
    if not _ready:
        names = (name for name, module in [*sys.modules.items()] if type(module).__name__ != "_LazyModule")
        services = [name for name in names if name.startswith("pulumi_aws.") and name.count(".") == 1]
        _ready.append(SupervisedProcess(_MODULE, services))
        atexit.register(_ready[0].end)


def _child() -> SupervisedProcess:
    child = _ready.pop() if _ready else SupervisedProcess(_MODULE)
    atexit.unregister(child.end)
    return child


class SecondPreview:
    """A running preview. `result()` waits for it; `stop()` ends it."""

    def __init__(self, path: Path, environment: OtherEnvironment, time_limit: float) -> None:
        self.environment = environment
        self.time_limit = time_limit
        self._stack = ExitStack()
        self._result_file = self._stack.enter_context(temporary_folder("second")) / "plan.json"
        request = {
            "path": str(path.resolve()),
            "stack": environment.stack,
            "config": dict(environment.config),
            "time_limit": time_limit,
            "result": str(self._result_file),
            "variables": {**os.environ, **environment.variables},
        }
        self._child = _child()
        self._child.send(json.dumps(request).encode())

    def result(self) -> Plan | str:
        """The plan, or in words why there is none. Waits for the child."""
        try:
            fate = self._child.wait(self.time_limit + _OVERHEAD)
        except NoAnswer:
            return "it did not finish in time"
        finally:
            self.stop()
        text = self._text
        if not text:
            return "it did not finish in time" if fate.late else "its process ended early"
        result = json.loads(text)
        return Plan.from_json(result["plan"]) if "plan" in result else str(result["error"])

    def stop(self) -> None:
        """Ends the child and the engine that it started, and deletes its files."""
        self._child.end()
        self._text = self._result_file.read_text(encoding="utf-8") if self._result_file.is_file() else ""
        self._stack.close()


def preview_for(request: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a request: `{"plan": …}`, or `{"error": …}` with the reason in words."""

    try:
        project = replace(read_project(Path(request["path"]), request["stack"], {}), config=request["config"])
        plan, _ = project.preview(request["time_limit"])
    except (BriefError, InvalidProject) as error:
        return {"error": " ".join(str(error).split())}
    return {"plan": plan.to_json()}


def main() -> None:
    if services := sys.argv[1:]:
        import_module("pulumi_aws")
        for service in services:
            if service in sys.modules:
                load(sys.modules[service])
    request = json.loads(sys.stdin.buffer.read() or "null")
    if request is None:  # the process that started this one needs no other review
        os._exit(0)
    os.environ.clear()
    os.environ.update(request["variables"])
    result = preview_for(request)
    file = Path(request["result"])
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(result), encoding="utf-8")
    os.replace(partial, file)
    guard.done()
    os._exit(0)  # threads of a program that was stopped may still run


if __name__ == "__main__":
    main()
