"""Judges many programs for one exercise: a warm process that forks a fresh one for each, so nothing is shared.

Starting Python and importing Pulumi's SDK takes a third of a check. A warm process has done that once; each program
still gets a process of its own, and whatever it does to it ends with it. Where there is no fork (Windows), each
program is judged as `lab check` does it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from lab_support.exercises import Exercise
from lab_support.judge import TIME_LIMIT, Ruling, child_environment, ended_early, judge, read_ruling

Cells = Sequence[str]


def judge_all(
    asked: Exercise, programs: Mapping[str, Cells], workers: int | None = None
) -> Iterator[tuple[str, Ruling]]:
    """The ruling on each program, by its name, in the order of the mapping."""
    count = min(workers or os.cpu_count() or 2, max(len(programs), 1))
    if not hasattr(os, "fork"):
        with ThreadPoolExecutor(count) as threads:
            yield from zip(
                programs, threads.map(lambda cells: judge(asked, cells), programs.values()), strict=True
            )
        return
    with tempfile.TemporaryDirectory(prefix="pulumi-review-judge-") as scratch:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        team = [_Worker(asked, Path(scratch) / f"worker-{n}") for n in range(count)]
        for worker in team:
            idle.put(worker)

        def one(cells: Cells) -> Ruling:
            worker = idle.get()
            try:
                return worker.judge(cells)
            finally:
                idle.put(worker)

        try:
            with ThreadPoolExecutor(count) as threads:
                yield from zip(programs, threads.map(one, programs.values()), strict=True)
        finally:
            for worker in team:
                worker.stop()


class _Worker:
    """A warm process, and the talk with it: a line of JSON for each program, a line with an exit code back."""

    def __init__(self, asked: Exercise, folder: Path) -> None:
        self.asked, self.folder, self.number = asked, folder, 0
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "lab_support.judge_pool", asked.slug],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=child_environment(keep_progress=False),
        )

    def judge(self, cells: Cells) -> Ruling:
        self.number += 1
        result = self.folder / f"ruling-{self.number}.json"
        request = {
            "slug": self.asked.slug,
            "cells": list(cells),
            "time_limit": TIME_LIMIT,
            "result": str(result),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            code = int(self.process.stdout.readline())
        except (
            OSError,
            ValueError,
        ):  # the warm process is gone; judged alone, the program shows what it does
            return judge(self.asked, cells)
        return read_ruling(result) if result.is_file() else ended_early(self.asked, code)

    def stop(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        self.process.terminate()
        self.process.wait()


def _serve(slug: str, requests: IO[bytes], answer: Callable[[int], Any]) -> None:
    """The warm process: imports, then forks for each request and says how the fork ended."""
    from lab_support import exercises, judge_child
    from lab_support.concurrency import load_what_is_used_by

    names: dict[str, Any] = {}
    asked = exercises.exercise(slug)
    for source in (*asked.sources(exercises.SETUP), *asked.sources(exercises.EXERCISE)):
        exec(compile(source, f"<{slug}>", "exec"), names)
    load_what_is_used_by(names["program"])
    for line in requests:
        child = os.fork()
        if child == 0:
            os.setsid()
            with open(os.devnull, "r+b", buffering=0) as nowhere:
                for number in (0, 1, 2):
                    os.dup2(nowhere.fileno(), number)
            request = json.loads(line)
            judge_child.rule(request, Path(request["result"]))
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, 9)  # what the program has started and left running
        answer(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _serve(sys.argv[1], sys.stdin.buffer, lambda code: print(code, flush=True))
