"""Runs an exercise's own cells, as its author wrote them: its set-up, its shipped program, its check.

Nothing that a learner has changed or named takes part, except the program that is checked.
"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Mapping, Sequence
from typing import Any

from lab_support.display.present import quietly
from lab_support.exercises import CHECK, EXERCISE, SETUP, Exercise
from lab_support.faults import ProgramError, explain
from lab_support.plan import Plan
from lab_support.verdict import CheckFailed, Verdict


def check_program(asked: Exercise, program: Any) -> Verdict:
    """The verdict of the exercise's check on a program, passed or not; nothing is drawn of it.

    Raises ProgramError when the program does not run, LabFault when the check itself is at fault.
    """
    names = setup_names(asked)
    names["program"] = program
    try:
        with quietly():
            for source in asked.sources(CHECK):
                exec(compiled(source, f"<{asked.slug} check>"), names)
    except CheckFailed as failed:
        return failed.verdict
    verdict = names["verdict"]
    assert isinstance(verdict, Verdict)
    return verdict


def shipped_program(asked: Exercise) -> Any:
    """The program as the notebook ships it."""
    names = setup_names(asked)
    for number, source in enumerate(asked.sources(EXERCISE), start=1):
        exec(compiled(source, f"<{asked.slug} as shipped, cell {number}>"), names)
    return names["program"]


def shipped_plan(asked: Exercise, environment: str, config: Mapping[str, Any]) -> Plan:
    """What would exist in an environment with the program as shipped."""
    from lab_support.engine import preview

    return preview(shipped_program(asked), environment, config=config)


def program_of(asked: Exercise, cells: Sequence[str]) -> Any:
    """The program that a learner's cells define, run here. Raises ProgramError where they do not run."""
    names = setup_names(asked)
    try:
        for number, source in enumerate(cells, start=1):
            exec(compiled(source, f"<cell {number}>"), names)
    except Exception as error:
        raise ProgramError(*explain(error)) from None
    if "program" not in names:
        raise ProgramError("The code defines no function `program(environment_suffix)`.")
    return names["program"]


def setup_names(asked: Exercise) -> dict[str, Any]:
    """What the exercise's set-up cells define: a namespace of its own each time."""
    names: dict[str, Any] = {"__name__": "__check__"}
    for source in asked.sources(SETUP):
        exec(compiled(source, f"<{asked.slug} setup>"), names)
    return names


def compiled(source: str, filename: str) -> Any:
    """Code whose lines can be quoted later. Lines that only a notebook understands (%, !) are left blank."""
    try:
        ast.parse(source)
    except SyntaxError:
        lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
        source = "\n".join(lines) + "\n"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")
