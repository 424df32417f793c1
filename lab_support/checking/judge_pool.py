"""Judges many programs, with warm processes that fork a fresh child for each.

Starting Python and importing Pulumi's SDK takes a third of a check. A warm process does that once; each program still
gets a process of its own, so nothing it does survives it. Without fork (on Windows), each program is judged as
`lab check` does it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

from lab_support.checking.judge import TIME_LIMIT, Ruling, ended_early, judge, read_ruling
from lab_support.checking.judge_process import child_environment
from lab_support.course.exercises import Exercise

Cells = Sequence[str]


def judge_all(programs: Sequence[tuple[Exercise, Cells]], workers: int | None = None) -> Iterator[Ruling]:
    """The ruling on each program for its exercise, in order."""
    # One more than there are processors, because a program sometimes waits for its engine.
    count = min(workers or (os.cpu_count() or 1) + 1, max(len(programs), 1))
    if not hasattr(os, "fork"):
        with ThreadPoolExecutor(count) as threads:
            yield from threads.map(lambda program: judge(*program), programs)
        return
    with tempfile.TemporaryDirectory(prefix="pulumi-review-judge-") as scratch:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        slugs = list(dict.fromkeys(exercise.slug for exercise, _ in programs))
        pool = [_Worker(slugs, Path(scratch) / f"worker-{n}") for n in range(count)]
        for worker in pool:
            idle.put(worker)

        def judge_one(program: tuple[Exercise, Cells]) -> Ruling:
            worker = idle.get()
            try:
                return worker.judge(*program)
            finally:
                idle.put(worker)

        try:
            with ThreadPoolExecutor(count) as threads:
                yield from threads.map(judge_one, programs)
        finally:
            for worker in pool:
                worker.stop()


class _Worker:
    """A warm process: it is sent a line of JSON for each program and replies with a line holding an exit code."""

    def __init__(self, slugs: Sequence[str], folder: Path) -> None:
        self.folder, self.number = folder, 0
        folder.mkdir()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "lab_support.checking.judge_pool", *slugs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=child_environment(keep_progress=False),
        )

    def judge(self, exercise: Exercise, cells: Cells) -> Ruling:
        self.number += 1
        result = self.folder / f"ruling-{self.number}.json"
        request = {
            "slug": exercise.slug,
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
        except (OSError, ValueError):
            # The warm process has died. Judged alone, the program shows whether it is to blame.
            return judge(exercise, cells)
        return read_ruling(result) if result.is_file() else ended_early(exercise, code)

    def stop(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        self.process.terminate()
        self.process.wait()


def _serve(slugs: Sequence[str], requests: IO[bytes], answer: Callable[[int], Any]) -> None:
    """The warm process: gets ready, then forks for each request and replies with the child's exit code."""
    # start-up time: only this process needs these
    from lab_support.checking import judge_child
    from lab_support.engine.preload import preload
    from lab_support.mock_aws.services import specs

    specs()  # loads the mock account's entries, which every program needs
    for program in judge_child.get_ready(*slugs):
        preload(program)
    for line in requests:
        child = os.fork()
        if child == 0:
            os.setsid()
            with open(os.devnull, "r+b", buffering=0) as null:
                for number in (0, 1, 2):
                    os.dup2(null.fileno(), number)
            judge_child.rule(json.loads(line))
        _, status = os.waitpid(child, 0)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, 9)  # processes that the program left running
        answer(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    _serve(sys.argv[1:], sys.stdin.buffer, lambda code: print(code, flush=True))
