"""Judges many programs, with warm processes that fork a fresh child for each.

Starting Python and importing Pulumi's SDK takes a third of a check. A warm process does that once; each program still
gets a process of its own, so nothing it does survives it. Without fork (on Windows), each program is judged as
`lab check` does it.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from lab_support.checking.judge import (
    OVERHEAD,
    TIME_LIMIT,
    Ruling,
    ended_early,
    judge,
    no_answer,
    read_ruling,
)
from lab_support.checking.judge_process import child_environment
from lab_support.course.exercises import Exercise
from lab_support.errors import MachineError
from lab_support.safeguards import lifeline
from lab_support.safeguards.folders import temporary_folder
from lab_support.safeguards.guard import Fate, supervise, wake
from lab_support.safeguards.shortage import MANY_THREADS, shortage
from lab_support.safeguards.supervised import WAKING

Cells = Sequence[str]
# For the CLI, which is written in Go. Here the processors are busy anyway, so it works on one of them, and it collects
# garbage only once it holds as much as this: a tenth less processor time for 02, a sixth for 06 (docs/performance.md).
BUSY: Final = {"GOMAXPROCS": "1", "GOGC": "off", "GOMEMLIMIT": "400MiB"}


def judge_all(
    programs: Sequence[tuple[Exercise, Cells]],
    workers: int | None = None,
    time_limit: float = TIME_LIMIT,
    overhead: float = OVERHEAD,
) -> Iterator[Ruling]:
    """The ruling on each program for its exercise, in order.

    A program may take `time_limit` seconds, and its warm process `overhead` more, before it is killed. Raises
    MachineError where the machine allows too little.
    """
    if missing := shortage(MANY_THREADS):
        raise MachineError(missing)
    # One more than there are processors, because a program sometimes waits for its engine.
    count = min(workers or (os.cpu_count() or 1) + 1, max(len(programs), 1))
    if not hasattr(os, "fork"):
        with ThreadPoolExecutor(count) as threads:
            yield from threads.map(lambda program: judge(*program, time_limit=time_limit), programs)
        return
    with temporary_folder("judge") as scratch:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        slugs = list(dict.fromkeys(exercise.slug for exercise, _ in programs if not exercise.is_review))
        slugs = slugs or [exercise.slug for exercise, _ in programs[:1]]  # all reviews use the same types
        pool = [_Worker(slugs, scratch / f"worker-{n}", time_limit, overhead) for n in range(count)]
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
                try:
                    yield from threads.map(judge_one, programs)
                except BaseException:  # an interrupt, or the caller wants no more rulings
                    for worker in pool:
                        worker.abandon()
                    raise
        finally:
            for worker in pool:
                worker.stop()


class _Worker:
    """A warm process: it is sent a line of JSON for each program and replies with a line that holds the child's fate.

    It ends with this process, because its standard input does.
    """

    def __init__(self, slugs: Sequence[str], folder: Path, time_limit: float, overhead: float) -> None:
        self.slugs, self.folder, self.number = slugs, folder, 0
        self.time_limit, self.overhead = time_limit, overhead
        self.is_abandoned = False
        folder.mkdir()
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            lifeline.command(__name__, *self.slugs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=self.folder,
            env={**BUSY, **child_environment(keep_progress=False)},
            start_new_session=True,
        )

    def judge(self, exercise: Exercise, cells: Cells) -> Ruling:
        self.number += 1
        result = self.folder / f"ruling-{self.number}.json"
        request = {
            "slug": exercise.slug,
            "cells": list(cells),
            "time_limit": self.time_limit,
            "result": str(result),
        }
        try:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            fate = Fate(**json.loads(self._line()))
        except TimeoutError:
            self.stop()
            self.process = self._start()
            return no_answer(exercise)
        except (OSError, ValueError):
            if self.is_abandoned:
                return no_answer(exercise)
            # The warm process has died. Judged alone, the program shows whether it is to blame.
            self.stop()
            self.process = self._start()
            return judge(exercise, cells, time_limit=self.time_limit)
        return read_ruling(result) or ended_early(exercise, fate, self.time_limit, self.folder)

    def _line(self) -> bytes:
        """The next line of the warm process. Raises TimeoutError, and ValueError at the end of its output."""
        assert self.process.stdout is not None
        until, line = time.monotonic() + self.time_limit + self.overhead, b""
        while not line.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            if not select.select([self.process.stdout], [], [], min(left, WAKING))[0]:
                wake(self.process.pid)
                continue
            part = self.process.stdout.read(4096)
            if not part:
                raise ValueError("the process has ended")
            line += part
        return line

    def abandon(self) -> None:
        """Tells the warm process to end, while another thread waits for its answer."""
        self.is_abandoned = True
        with suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()

    def stop(self) -> None:
        """Kills the warm process, and with it the program that it judges."""
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            self.process.wait(2)  # at the end of its input, it ends the program and then itself
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _serve(slugs: Sequence[str], requests: IO[bytes], answer: Callable[[Fate], Any]) -> None:
    """The warm process: gets ready, then forks for each request and replies with what became of the child."""
    # start-up time: only this process needs these
    from lab_support.checking import judge_child
    from lab_support.engine.preload import preload
    from lab_support.mock_aws.exercise_account import exercise_account
    from lab_support.mock_aws.services import specs

    specs()  # the mock account's entries and what it holds at first: every program needs both
    exercise_account()
    for program in judge_child.get_ready(*slugs):
        preload(program)
    lifeline.loaded()
    for line in requests:

        def run(request: bytes = line) -> None:
            with open(os.devnull, "r+b", buffering=0) as null:
                for number in (0, 1, 2):
                    os.dup2(null.fileno(), number)
            judge_child.rule(json.loads(request))

        answer(supervise(run, life=requests.fileno()))


def main() -> None:
    """What a warm process does; its arguments are the exercises."""
    _serve(sys.argv[1:], sys.stdin.buffer, lambda fate: print(json.dumps(asdict(fate)), flush=True))
