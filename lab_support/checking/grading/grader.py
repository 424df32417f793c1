"""Grades one program for one exercise: the check runs here, the program in the sandbox."""

from __future__ import annotations

import ast
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Final

from lab_support.checking.grading.confine import Limits
from lab_support.checking.grading.picture import picture_of
from lab_support.checking.grading.remote_program import Code, RemoteProgram
from lab_support.checking.grading.sandbox import Sandbox
from lab_support.checking.judge import Ruling, past_limit
from lab_support.checking.run_check import check_program
from lab_support.course.exercises import EXERCISE, SETUP, Exercise, same_program
from lab_support.errors import InternalError, ProgramError, explain
from lab_support.plan.diagnostic import Location

SUSPECT: Final = "suspect"
LARGEST_PROGRAM: Final = 300_000  # characters


def grade(
    exercise: Exercise,
    cells: Sequence[str],
    sandbox: Sandbox,
    *,
    seed: int,
    time_limit: float,
    when_late: Callable[[Ruling], None] | None = None,
) -> tuple[Ruling, str]:
    """The ruling on a program that is a stranger's: as `judge` rules, or `suspect` with the reason as its message.

    Beside it, the drill's picture as HTML where the program fails; else an empty text.

    `seed` draws the environments that no program can foresee. `when_late` is called with the ruling on a program
    whose time is over, from another thread.
    """
    began = time.monotonic()
    pictures: list[str] = []
    ruling = _grade(exercise, cells, sandbox, seed, time_limit, when_late, pictures)
    seconds = round(time.monotonic() - began, 2)
    return replace(ruling, seconds=seconds, seed=seed), "".join(pictures)


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Sets environment variables in this block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _grade(
    exercise: Exercise,
    cells: Sequence[str],
    sandbox: Sandbox,
    seed: int,
    time_limit: float,
    when_late: Callable[[Ruling], None] | None,
    pictures: list[str],
) -> Ruling:
    def program_error(message: str, place: Location | None = None, environment: str = "") -> Ruling:
        where = {"line": place.line, "code": place.code.strip()} if place else None
        tried = f" (in environment {environment})" if environment else ""
        return Ruling(
            exercise.slug,
            "program-error",
            message=f"{message}{tried}",
            location=where,
            of=exercise.points,
            text=message,
        )

    if sum(map(len, cells)) > LARGEST_PROGRAM:
        return program_error(f"The program is longer than {LARGEST_PROGRAM} characters.")
    limits = Limits(seconds=int(time_limit) + 10)
    try:
        found = _analysed(cells, sandbox, limits)
    except _NoAnalysis as error:
        return program_error(str(error))
    if "error" in found:
        line = int(found["line"])
        place = Location("<cell 1>", line, str(found["code"])) if line else None
        return program_error(str(found["error"]), place)
    sandbox.load(found["around"])
    imports, names = set_up(exercise)
    code = Code(cells, imports, names, found, VARIABLES)
    with ExitStack() as stack:
        program = stack.enter_context(RemoteProgram(sandbox, code, limits, time_limit))
        if when_late is not None:
            late: Any = when_late
            clock = threading.Timer(
                time_limit + 0.5, lambda: late(program_error(past_limit(time_limit), program.seen.place))
            )
            clock.daemon = True
            clock.start()
            stack.callback(clock.cancel)
        stack.enter_context(
            _environment(PULUMI_REVIEW_LAB_SEED=str(seed), PULUMI_REVIEW_LAB_TIME_LIMIT=str(time_limit))
        )
        try:
            verdict = check_program(exercise, program)
        except ProgramError as error:
            if "time limit" in error.message:
                return program_error(past_limit(time_limit), program.seen.place)
            return program_error(error.message, error.location, error.environment)
        except InternalError as error:
            if program.seen.died:
                return program_error(program.seen.died)
            return Ruling(exercise.slug, "lab-error", message=str(error), of=exercise.points, text=str(error))
        except Exception as error:
            message, _ = explain(error)
            return Ruling(exercise.slug, "lab-error", message=message, of=exercise.points, text=message)
    if not verdict.passed:
        findings = tuple(
            {"id": f.id, "resource": f.resource, "what": f.what, "hint": f.hint} for f in verdict.findings
        )
        pictures.append(picture_of(exercise, verdict))
        outcome = "unchanged" if same_program(list(cells), exercise.sources(EXERCISE)) else "failed"
        return Ruling(
            exercise.slug, outcome, findings, points=verdict.points, of=exercise.points, text=str(verdict)
        )
    if reason := _reason(found, program.seen.deeds):
        return Ruling(exercise.slug, SUSPECT, message=reason, of=exercise.points, text=reason)
    return Ruling(exercise.slug, "passed", points=exercise.points, of=exercise.points, text=str(verdict))


# A learner's own machine, as far as a program can tell.
VARIABLES: Final[Mapping[str, str]] = {
    "HOME": "/home/learner",
    "TMPDIR": "/home/learner",
    "USER": "learner",
    "LOGNAME": "learner",
    "SHELL": "/bin/bash",
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PWD": "/home/learner",
}


class _NoAnalysis(Exception):
    """Reading the code alone was too much; the text says for what."""


def _analysed(cells: Sequence[str], sandbox: Sandbox, limits: Limits) -> Mapping[str, Any]:
    run = sandbox.start(limits)
    try:
        run.connection.send({"do": "analyse", "cells": list(cells), "variables": {}})
        run.connection.socket.settimeout(limits.seconds)
        received = run.connection.receive()
        if received is None:
            raise _NoAnalysis("Python cannot read the program: it takes too much memory or time.")
        return received[0]
    except OSError:
        raise InternalError("the sandbox has ended") from None
    finally:
        run.kill()


def set_up(exercise: Exercise) -> tuple[list[str], list[str]]:
    """What a program finds of the exercise's set-up: its imports, and the names of what is only the lab's."""
    imports, names = [], []
    for source in exercise.sources(SETUP):
        for node in ast.parse(source).body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lab_support"):
                    names += [alias.asname or alias.name for alias in node.names]
                else:
                    imports.append(ast.unparse(node))
    return imports, names


def _reason(analysis: Mapping[str, Any], deeds: Mapping[str, int]) -> str:
    """Why a program that passes may not have earned it; empty where nothing speaks against it."""
    told = [f"{what} (line {line})" for what, line in analysis["suspicions"]]
    told += [f"{what}, line {line}" for what, line in deeds.items()]
    if not told:
        return ""
    found = "; it ".join(told[:4])
    return f"It would pass, but it {found}. Infrastructure code does not need that; read it before you accept it."
