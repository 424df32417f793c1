"""Runs the cells of an exercise as its author wrote them: the set-up and the program as shipped.

Nothing that a learner has changed or named is involved, except the program that is being checked.
"""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
from collections.abc import Mapping, Sequence
from typing import Any

from lab_support.course.exercises import EXERCISE, SETUP, Exercise
from lab_support.errors import ProgramError, explain
from lab_support.plan.plan import Plan


def shipped_program(exercise: Exercise) -> Any:
    """The function `program` of the exercise as shipped."""
    names = setup_names(exercise)
    for number, source in enumerate(exercise.sources(EXERCISE), start=1):
        exec(compiled(source, f"<{exercise.slug} as shipped, cell {number}>"), names)
    return names["program"]


def shipped_plans(exercise: Exercise, environments: Sequence[str], config: Mapping[str, Any]) -> list[Plan]:
    """What would exist in each environment with the program as shipped."""
    return plans_of(shipped_program(exercise), environments, config)


def plans_of(program: Any, environments: Sequence[str], config: Mapping[str, Any]) -> list[Plan]:
    """The plan of each environment. Raises the first error, as preview() does."""
    from lab_support.engine.operations import preview_all  # start-up time: loads Pulumi

    plans = []
    for outcome in preview_all(program, environments, config=config).values():
        if not isinstance(outcome, Plan):
            raise outcome
        plans.append(outcome)
    return plans


def program_of(exercise: Exercise, cells: Sequence[str]) -> Any:
    """The function `program` that a learner's cells define. Raises ProgramError where they do not run."""
    names = setup_names(exercise)
    try:
        for number, source in enumerate(cells, start=1):
            exec(compiled(source, f"<cell {number}>"), names)
    except Exception as error:
        raise ProgramError(*explain(error)) from None
    if "program" not in names:
        raise ProgramError("The code defines no function `program(environment_suffix)`.")
    return names["program"]


def setup_names(exercise: Exercise) -> dict[str, Any]:
    """What the set-up cells of the exercise define, in a new namespace."""
    names: dict[str, Any] = {"__name__": "__check__"}
    for source in exercise.sources(SETUP):
        exec(compiled(source, f"<{exercise.slug} setup>"), names)
    return names


def evaluate(source: str, filename: str, names: dict[str, Any]) -> tuple[Any, str]:
    """Runs a cell in a namespace, as a notebook does: the value of its last expression, if any, and what it printed."""
    tree = ast.parse(source, filename)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, filename, "exec"), names)
        value = (
            eval(compile(ast.Expression(last.value), filename, "eval"), names)
            if isinstance(last, ast.Expr)
            else None
        )
    return value, printed.getvalue()


def compiled(source: str, filename: str) -> Any:
    """Code whose lines can be quoted later. Lines that only IPython understands (%, !) are left blank."""
    source = without_magics(source)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    return compile(source, filename, "exec")


def without_magics(source: str) -> str:
    """Code with the lines left blank that only IPython understands; as it is where it is Python already."""
    try:
        ast.parse(source)
    except SyntaxError:
        lines = ("" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
        return "\n".join(lines) + "\n"
    except (ValueError, RecursionError, MemoryError):
        return source  # running it reports the error
    return source
