"""Anybody's Pulumi program as something that the engine can run: a project folder, a script or a function."""

from __future__ import annotations

import ast
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lab_support.engine.sdk_patches.stack_references import unknown_stack_references
from lab_support.plan.plan import Plan
from lab_support.projects.component import build, component_of, resources_made
from lab_support.projects.config import (
    Configuration,
    NoProgram,
    full_keys,
    read_yaml,
    stacks_with_a_file,
    stored_configuration,
)
from lab_support.projects.files import run_file
from lab_support.projects.sources import region_in, required_keys

DEFAULT_NAME: Final = "emergency-alert"
DEFAULT_STACK: Final = "dev"
# What Pulumi takes for the name of a stack (pkg/backend, "ValidateStackName").
_STACK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True)
class Project:
    """A program to preview: `program(stack)` runs it, `notes` tell what was made up where nothing was said."""

    name: str
    folder: Path
    stack: str
    program: Callable[[str], Any]
    config: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    @property
    def lacks(self) -> tuple[str, ...]:
        """The configuration that the program requires and that nobody has given, by full key."""
        return tuple(key for key in self.requires if key not in self.config)

    @contextmanager
    def prepared(self) -> Iterator[list[str]]:
        """Runs the program where it lives: its folder is the current one and first on the path for imports, and the
        packages of its own virtual environment are on it, too.

        What it prints goes to standard error, so that standard output holds our answer and nothing else. Yields the
        list of the other stacks to which it refers, as it grows.
        """
        before, path = Path.cwd(), list(sys.path)
        # The lab's own packages come first: its SDK is of the version of its engine.
        sys.path[:] = [str(self.folder), *path, *self.packages]
        os.chdir(self.folder)
        try:
            with redirect_stdout(sys.stderr), unknown_stack_references() as others:
                yield others
        finally:
            os.chdir(before)
            sys.path[:] = path

    def preview(self, time_limit: float) -> tuple[Plan, tuple[str, ...]]:
        """The plan in somebody's account, of which the lab knows nothing, and notes on what was taken for granted.

        Raises what the engine's preview() raises.
        """
        from lab_support.engine.operations import Settings, preview
        from lab_support.mock_aws import Account

        with self.prepared() as others:
            plan = preview(
                self.program,
                self.stack,
                account=Account(holds_everything=False, only_previewed=True),
                settings=Settings(self.name, self.config, time_limit),
            )
        unknown = (f"The outputs of the stack {name} are unknown here." for name in others)
        return plan, (*self.notes, *unknown)


def read_project(path: Path, stack: str | None, config: Mapping[str, str]) -> Project:
    """The project at a path, to be previewed as `stack`; None means `dev`, or the only stack that has a file.

    Raises NoProgram with a sentence where there is none that the lab can run.
    """
    if stack is not None and not _STACK_NAME.fullmatch(stack):
        raise NoProgram(
            f"{stack!r} is no name for a stack: up to 100 letters, digits, hyphens, underscores and periods"
        )
    path = path.resolve()
    if path.is_file() and path.suffix == ".py":
        own = Configuration(full_keys(config, DEFAULT_NAME))
        return _project(DEFAULT_NAME, path, stack or DEFAULT_STACK, own)
    file, facts = _project_file(path)
    runtime = facts.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        raise NoProgram(f"{file} says that its runtime is {language!r}; the lab runs Python programs")
    name = str(facts.get("name") or path.name)
    main = path / str(facts.get("main") or ".")
    main = main if main.suffix == ".py" else main / "__main__.py"
    if not main.is_file():
        raise NoProgram(f"{file} names a program at {main}, and there is none")
    chosen, notes = _stack(path, facts) if stack is None else (stack, ())
    stored = stored_configuration(path, facts, chosen, name)
    given = full_keys(config, name)
    notes += tuple(note for note in stored.notes if not any(_is_about(key, note, name) for key in given))
    found = _project(name, main, chosen, Configuration({**stored.values, **given}, notes))
    return replace(found, packages=_packages_of(path, runtime))


def _project_file(path: Path) -> tuple[Path, dict[str, Any]]:
    """What describes the project; a folder that has a program and no description is a project all the same."""
    for name in ("Pulumi.yaml", "Pulumi.yml"):
        if (path / name).is_file():
            return path / name, read_yaml(path / name)
    if (path / "__main__.py").is_file():
        return path / "__main__.py", {"name": path.name, "runtime": "python"}
    what = (
        "is neither a .py file nor a folder with a Pulumi.yaml or a __main__.py"
        if path.exists()
        else "does not exist"
    )
    raise NoProgram(f"{path} {what}")


def _packages_of(folder: Path, runtime: Any) -> tuple[str, ...]:
    """Where the project's own virtual environment keeps its packages, if it has one."""
    options = runtime.get("options") if isinstance(runtime, dict) else None
    named = options.get("virtualenv") if isinstance(options, dict) else None
    for place in (named, "venv", ".venv"):
        if isinstance(place, str):
            found = sorted(
                [*(folder / place).glob("lib/python3*/site-packages"), folder / place / "Lib/site-packages"]
            )
            if existing := tuple(str(each) for each in found if each.is_dir()):
                return existing
    return ()


def _project(name: str, main: Path, stack: str, config: Configuration) -> Project:
    """The project, with a region that follows from the program where nothing else says it."""
    values, notes = dict(config.values), config.notes
    if "aws:region" not in values and (found := region_in(main.parent, main)):
        values["aws:region"], where = found
        notes += (
            f"aws:region is not configured; it is taken to be {found[0]}, because of {where}. "
            "Another one is set with --config aws:region=…",
        )
    keys = required_keys(main.parent, main, name)
    return Project(name, main.parent, stack, _script(main), values, notes, keys)


def _stack(folder: Path, facts: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The stack that is meant when nobody says one."""
    known = stacks_with_a_file(folder, facts)
    if DEFAULT_STACK in known or len(known) != 1:
        return DEFAULT_STACK, ()
    return known[0], (f"Previewed as the stack {known[0]}, the only one that has a configuration file.",)


def _is_about(key: str, note: str, name: str) -> bool:
    """Whether a note about made-up configuration is settled by a key that was given."""
    return any(f" {each} " in f" {note}" for each in (key, key.removeprefix(f"{name}:")))


def split_config(settings: Sequence[str]) -> dict[str, str]:
    """`KEY=VALUE` arguments as a mapping. Raises NoProgram for one without a `=`."""
    pairs = [setting.partition("=") for setting in settings]
    for key, equals, _ in pairs:
        if not equals or not key:
            raise NoProgram(f"--config takes KEY=VALUE, not {key!r}")
    return {key: value for key, _, value in pairs}


def _script(path: Path) -> Callable[[str], Any]:
    """Runs a file as `pulumi` would; where it only defines `program`, calls that with the stack's name, and where it
    only defines a component class, builds one for that stack."""

    def run(stack: str) -> Any:
        if _defines_program(path):
            return _called(run_file(path, "__lab__")["program"], stack)
        made = resources_made()
        names = run_file(path, "__main__")
        if not made and (component := component_of(names, path)):
            build(component, stack, names)
        return None

    return run


def _called(program: Callable[..., Any], stack: str) -> Any:
    takes = len(inspect.signature(program).parameters)
    return program(stack) if takes else program()


def _defines_program(path: Path) -> bool:
    try:
        body = ast.parse(path.read_text(encoding="utf-8")).body
    except (SyntaxError, ValueError):
        return False  # running it will tell
    return any(isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name == "program" for n in body)
