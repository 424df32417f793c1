"""The process in which a learner's program is judged: runs the cells, then the exercise's own check.

It first gets ready for the exercise that its command line names. Then it reads one request as JSON from standard
input, writes the ruling to the file that the request names, and exits.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import sys
import threading
import time
import types
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from lab_support.checking.environments import new_seed
from lab_support.checking.judge import Ruling, lab_error, past_limit
from lab_support.checking.run_check import check_program
from lab_support.checking.verdict import Verdict
from lab_support.course import exercises
from lab_support.course.cells import compiled, setup_names, shipped_program
from lab_support.course.exercises import EXERCISE, Exercise
from lab_support.errors import (
    CLOSED_DESCRIPTORS,
    InternalError,
    MachineError,
    ProgramError,
    TimedOut,
    explain,
    is_of_closed_descriptor,
    location_of_thread,
)
from lab_support.plan.diagnostic import Location
from lab_support.safeguards import guard
from lab_support.safeguards.shortage import shortage, used_up
from lab_support.safeguards.starvation import TOO_BUSY, is_starved, seconds_waited
from lab_support.safeguards.tampering import Watch, watched

# Seconds past the limit after which this process says where the program is, and after which its guard kills it. On a
# busy machine the program's own loop gets in the way of the first.
_TOO_LATE: Final = 0.5
_LAST_WORDS: Final = 2.0


def main() -> None:
    get_ready(sys.argv[1])
    rule(json.loads(sys.stdin.buffer.read()))


def get_ready(*slugs: str) -> list[Any]:
    """Imports what the programs and checks of these exercises need, so that a request need not wait for it.

    Returns their programs as shipped. The services of pulumi_aws that a program uses are loaded when it runs, while the
    Pulumi CLI starts.
    """
    programs = []
    gc.disable()  # imports leave no garbage
    for slug in slugs:
        with suppress(Exception):  # a broken exercise is reported where its programs are judged
            programs.append(shipped_program(exercises.find_exercise(slug)))
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()
    return programs


def rule(request: Mapping[str, Any]) -> NoReturn:
    """Judges one program, writes the ruling to the file that the request names, and exits."""
    with guard.limited(request["time_limit"] + _LAST_WORDS):
        _rule_and_exit(request)


def _rule_and_exit(request: Mapping[str, Any]) -> NoReturn:
    began = time.monotonic()
    judge = os.getpid()
    seed = request.get("seed")
    seed = new_seed() if seed is None else int(seed)
    os.environ["PULUMI_REVIEW_LAB_SEED"] = str(seed)
    result = Path(request["result"])

    def write(ruling: Ruling) -> None:
        if os.getpid() != judge:  # the program has forked
            os._exit(0)
        ruling = dataclasses.replace(ruling, seconds=round(time.monotonic() - began, 2), seed=seed)
        result.parent.mkdir(parents=True, exist_ok=True)  # the program may have deleted it
        scratch = result.with_suffix(".part")
        scratch.write_text(json.dumps({**ruling.to_json(), "text": ruling.text}), encoding="utf-8")
        os.replace(scratch, result)

    if "folder" in request:
        os.chdir(request["folder"])
    if not request.get("keep_progress", True):
        os.environ["PULUMI_REVIEW_LAB_PROGRESS"] = "off"
    sys.path.append(os.getcwd())  # a program can import its neighbours, but they cannot shadow our modules
    exercise = exercises.find_exercise(request["slug"])
    with watched() as watch:
        ruling = _rule(exercise, request["cells"], request["time_limit"], write, watch)
        try:
            write(ruling)
        except BaseException:
            changed = watch.undo()
            if not changed:
                raise
            with suppress(
                OSError
            ):  # a limit that cannot be raised again; then the guard passes on what it was
                write(_program_error(exercise, changed))
            guard.blame(changed)
    guard.done()
    # Threads of a program that was cut short may still run; an ordinary exit would wait for them.
    os._exit(0)


def _program_error(
    exercise: Exercise, message: str, location: Location | None = None, environment: str = ""
) -> Ruling:
    place = {"line": location.line, "code": location.code.strip()} if location else None
    where = f"\n  line {location.line}:  {location.code.strip()}" if location else ""
    tried = f" (in environment {environment})" if environment else ""
    text = f"{exercise.slug}: the program did not run.\n  {message}{tried}{where}"
    return Ruling(
        exercise.slug, "program-error", message=message, location=place, of=exercise.points, text=text
    )


def _rule(exercise: Exercise, cells: list[str], time_limit: float, write: Any, watch: Watch) -> Ruling:
    program_error = partial(_program_error, exercise)

    def too_late() -> None:
        main_thread = threading.main_thread().ident or 0
        threads = [main_thread, *(thread for thread in sys._current_frames() if thread != main_thread)]
        places = (place for place in map(location_of_thread, threads) if place)
        in_cells = (place for place in places if place.file.startswith("<cell"))  # not in the check's own
        place = next(in_cells, None)
        if place is None and is_starved(seconds_waited(), time_limit):
            write(lab_error(exercise, MachineError(TOO_BUSY)))
        else:
            write(program_error(past_limit(time_limit), place))
        os._exit(0)

    # A module of its own, because a dataclass looks up the module that it is defined in.
    module = sys.modules["learner"] = types.ModuleType("learner")
    names: dict[str, Any] = module.__dict__
    names.update(setup_names(exercise) | {"__name__": "learner"})
    until = time.monotonic() + time_limit
    # A preview that reaches the limit says more, so it may speak first.
    clock = threading.Timer(time_limit + _TOO_LATE, too_late)
    clock.daemon = True
    clock.start()
    try:
        for number, source in enumerate(cells, start=1):
            exec(compiled(source, f"<cell {number}>"), names)
    except BaseException as error:
        changed = watch.undo()  # so that what follows works
        message, location = explain(error)
        return program_error(message if location or not changed else changed, location)
    if "program" not in names:
        return program_error("The code defines no function `program(environment_suffix)`.")

    # The check runs in a namespace of its own: the program may use the same names for other things.
    os.environ["PULUMI_REVIEW_LAB_TIME_LIMIT"] = str(max(0.1, until - time.monotonic()))
    try:
        verdict = check_program(exercise, names["program"])
    except TimedOut as error:
        return program_error(past_limit(time_limit), error.location, error.environment)
    except ProgramError as error:
        return program_error(error.message, error.location, error.environment)
    except KeyboardInterrupt:  # this process has a session of its own, so nobody else interrupts it
        return program_error("The program interrupted its own process (SIGINT); it must return instead.")
    except Exception as error:
        if is_of_closed_descriptor(error):
            return program_error(CLOSED_DESCRIPTORS)
        if changed := watch.undo():
            return program_error(changed)
        if missing := shortage():
            used = used_up()
            return program_error(used) if used else lab_error(exercise, MachineError(missing))
        return lab_error(
            exercise, error if isinstance(error, InternalError) else InternalError(explain(error)[0])
        )
    if not verdict.passed:
        return _failed(exercise, verdict, unchanged=_is_shipped(exercise, cells))
    note = verdict.note or None
    return Ruling(
        exercise.slug, "passed", message=note, points=exercise.points, of=exercise.points, text=str(verdict)
    )


def _failed(exercise: Exercise, verdict: Verdict, unchanged: bool) -> Ruling:
    findings = tuple(
        {"id": f.id, "resource": f.resource, "what": f.what, "hint": f.hint} for f in verdict.findings
    )
    message = (
        "This is the program as shipped; change it, then check again." if unchanged else verdict.note or None
    )
    text = f"{verdict}\n\n{message}" if unchanged else str(verdict)
    outcome = "unchanged" if unchanged else "failed"
    return Ruling(
        exercise.slug,
        outcome,
        findings=findings,
        message=message,
        points=verdict.points,
        of=exercise.points,
        text=text,
    )


def _is_shipped(exercise: Exercise, cells: list[str]) -> bool:
    """Whether these cells are the program as shipped; a file may have imports of its own."""
    return exercises.same_program(cells, exercise.sources(EXERCISE))


if __name__ == "__main__":
    main()
