"""Warm processes (warm.py) that read and grade submissions, several at a time."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from lab_support.checking.grading.warm import LAST_WORDS
from lab_support.checking.judge import Ruling, past_limit
from lab_support.checking.judge_pool import BUSY
from lab_support.checking.judge_process import child_environment
from lab_support.course.exercises import EXERCISE, SETUP, Exercise, find_exercise
from lab_support.errors import InternalError, MachineError
from lab_support.safeguards import lifeline
from lab_support.safeguards.folders import temporary_folder
from lab_support.safeguards.guard import Fate
from lab_support.safeguards.shortage import MANY_THREADS, shortage

Request = Mapping[str, Any]
_WARM: Final = "lab_support.checking.grading.warm"
# As where many programs are judged, but with less memory: a sandbox needs some beside it.
_ENGINE: Final = BUSY | {"GOMEMLIMIT": "256MiB"}
_START: Final = 90.0  # seconds within which a warm process is ready, on a busy machine
_GRACE: Final = 30.0  # seconds past everything else after which it is given up
READ_LIMIT: Final = 10.0


class Warm:
    """A warm process. Its answers are as its forks gave them; where a fork died, `fate` says how."""

    def __init__(self, slugs: Sequence[str], isolated: bool, folder: Path) -> None:
        services = {word for slug in slugs for word in _words(find_exercise(slug))}
        self.settings = json.dumps({"slugs": list(slugs), "services": sorted(services), "isolated": isolated})
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Request) -> tuple[Any, Fate]:
        """The answer to a request, and how the fork ended that gave it. Raises InternalError where there is none."""
        for attempt in (1, 2):
            try:
                if self.process is None:
                    self._start()
                assert self.process is not None
                assert self.process.stdin is not None
                self.process.stdin.write(json.dumps(request).encode() + b"\n")
                told = json.loads(self._line(request["time_limit"] + LAST_WORDS + _GRACE))
                if _is_of_broken_sandbox(told["result"]) and attempt == 1:
                    raise ValueError("the sandbox has ended")
                return told["result"], Fate(**told["fate"])
            except TimeoutError:
                self.stop()
                raise InternalError("the grading process did not answer and was killed") from None
            except (OSError, ValueError):
                self.stop()
        raise InternalError("the grading process ended twice without an answer")

    def _start(self) -> None:
        self.process = subprocess.Popen(
            lifeline.command(_WARM, self.settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=self.folder,
            env=child_environment(keep_progress=False) | _ENGINE,
            start_new_session=True,
        )
        try:
            self._line(_START)
        except (ValueError, TimeoutError):
            self.process.kill()
            told = self.process.communicate()[1].decode(errors="replace").strip().splitlines()
            self.process = None
            raise InternalError(f"the grading process does not start: {' '.join(told[-2:])[:400]}") from None

    def _line(self, seconds: float) -> bytes:
        """The next line of the warm process. Raises TimeoutError, and ValueError at the end of its output."""
        assert self.process is not None
        assert self.process.stdout is not None
        until, line = time.monotonic() + seconds, b""
        while not line.endswith(b"\n"):
            if not select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                raise TimeoutError
            part = self.process.stdout.read(1 << 16)
            if not part:
                raise ValueError("the process has ended")
            line += part
        return line

    def stop(self) -> None:
        """Ends the process, and with it what it grades."""
        process, self.process = self.process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        try:
            process.wait(3)  # at the end of its input, it ends what it grades and then itself
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Pool:
    """Several warm processes; `map` keeps them all busy."""

    def __init__(self, warm: Sequence[Warm]) -> None:
        self.size = len(warm)
        self._idle: SimpleQueue[Warm] = SimpleQueue()
        self._warm = warm
        for process in warm:
            self._idle.put(process)

    def ask(self, request: Request) -> tuple[Any, Fate]:
        """As `Warm.ask`, of the next process that is free."""
        process = self._idle.get()
        try:
            return process.ask(request)
        finally:
            self._idle.put(process)

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """The results of `work`, which calls `ask`, in the order of the items."""
        threads = ThreadPoolExecutor(self.size)
        try:
            yield from threads.map(work, items)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def stop(self) -> None:
        for process in self._warm:
            process.stop()


@contextmanager
def open_pool(slugs: Sequence[str], isolated: bool = True, workers: int | None = None) -> Iterator[Pool]:
    """Warm processes for these exercises, one more than there are processors unless told otherwise.

    Raises MachineError where the machine allows too little: programs would fail by that.
    """
    if missing := shortage(MANY_THREADS):
        raise MachineError(missing)
    count = workers or (os.cpu_count() or 1) + 1
    with temporary_folder("grading") as folder:
        pool = Pool([Warm(slugs, isolated, folder) for _ in range(count)])
        try:
            yield pool
        finally:
            pool.stop()


@dataclass(frozen=True)
class Graded:
    """The ruling on a program, and the drill's picture of it as HTML, which may be empty."""

    ruling: Ruling
    picture: str = ""


def graded(ask: Callable[[Request], tuple[Any, Fate]], request: Request) -> Graded:
    """What a `grade` request gets, whatever becomes of the process that does it; `ask` is a pool's."""
    exercise = find_exercise(request["slug"])

    def without_answer(outcome: str, message: str) -> Graded:
        return Graded(Ruling(exercise.slug, outcome, message=message, of=exercise.points, text=message))

    try:
        told, fate = ask(request)
        if _may_be_ours(told, fate, request):
            request = {**request, "time_limit": 2 * request["time_limit"]}
            told, fate = ask(request)
    except InternalError as error:
        return without_answer("lab-error", str(error.args[0]))
    if told is None and fate.late:
        return without_answer("program-error", past_limit(request["time_limit"]))
    if told is None:
        return without_answer("lab-error", f"the grading process ended (exit code {fate.code})")
    ruling = Ruling(**{**told["ruling"], "findings": tuple(told["ruling"]["findings"])})
    return Graded(ruling, told["picture"])


def _may_be_ours(told: Any, fate: Fate, request: Request) -> bool:
    """Whether the machine may be at fault: the grader's process died, or time ran out outside of the program's code."""
    if told is None:
        return not fate.late
    ruling = told["ruling"]
    return ruling["message"] == past_limit(request["time_limit"]) and ruling["location"] is None


def _is_of_broken_sandbox(told: Any) -> bool:
    ruling = told.get("ruling", {}) if isinstance(told, dict) else {}
    return ruling.get("outcome") == "lab-error" and "the sandbox has ended" in str(ruling["message"])


def _words(exercise: Exercise) -> set[str]:
    return {
        word
        for tag in (SETUP, EXERCISE)
        for source in exercise.sources(tag)
        for word in re.findall(r"aws\.(\w+)", source)
    }
