"""Anybody's Pulumi program as something that the engine can run: a project folder, a script or a function."""

from __future__ import annotations

import ast
import inspect
import os
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

DEFAULT_NAME: Final = "emergency-alert"


class NoProgram(Exception):
    """There is no Pulumi Python program at a path, or its call cannot be understood; the text says why."""


@dataclass(frozen=True)
class Project:
    """A program to preview: `program(stack)` runs it, `notes` tell what was left out (secret configuration)."""

    name: str
    folder: Path
    program: Callable[[str], Any]
    config: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @contextmanager
    def prepared(self) -> Iterator[None]:
        """Runs the program where it lives: its folder is the current one and first on the path for imports.

        What it prints goes to standard error, so that standard output holds our answer and nothing else.
        """
        before = Path.cwd()
        sys.path.insert(0, str(self.folder))
        os.chdir(self.folder)
        try:
            with redirect_stdout(sys.stderr):
                yield
        finally:
            os.chdir(before)
            sys.path.remove(str(self.folder))


def read_project(path: Path, stack: str, config: Mapping[str, str]) -> Project:
    """The project at a path. Raises NoProgram with a sentence where there is none that the lab can run."""
    path = path.resolve()
    if path.is_file() and path.suffix == ".py":
        return Project(DEFAULT_NAME, path.parent, _script(path), _full_keys(config, DEFAULT_NAME))
    file = next((path / name for name in ("Pulumi.yaml", "Pulumi.yml") if (path / name).is_file()), None)
    if file is None:
        what = (
            "does not exist" if not path.exists() else "is neither a .py file nor a folder with a Pulumi.yaml"
        )
        raise NoProgram(f"{path} {what}")
    facts = _yaml(file)
    runtime = facts.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        raise NoProgram(f"{file} says that its runtime is {language!r}; the lab runs Python programs")
    name = str(facts.get("name") or path.name)
    folder = path / str(facts.get("main") or ".")
    main = folder if folder.suffix == ".py" else folder / "__main__.py"
    if not main.is_file():
        raise NoProgram(f"{file} names a program at {main}, and there is none")
    stored, notes = _stored_config(path, stack, name)
    return Project(name, main.parent, _script(main), {**stored, **_full_keys(config, name)}, notes)


def split_config(settings: Sequence[str]) -> dict[str, str]:
    """`KEY=VALUE` arguments as a mapping. Raises NoProgram for one without a `=`."""
    pairs = [setting.partition("=") for setting in settings]
    for key, equals, _ in pairs:
        if not equals or not key:
            raise NoProgram(f"--config takes KEY=VALUE, not {key!r}")
    return {key: value for key, _, value in pairs}


def _yaml(file: Path) -> dict[str, Any]:
    try:
        facts = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise NoProgram(f"{file} cannot be read: {error}") from None
    if not isinstance(facts, dict):
        raise NoProgram(f"{file} does not hold a mapping")
    return facts


def _stored_config(folder: Path, stack: str, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The plain values of the stack's own configuration file; secrets are left alone, and that is said."""
    file = folder / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        return {}, ()
    values = _yaml(file).get("config") or {}
    plain = {
        key: value for key, value in values.items() if not (isinstance(value, dict) and "secure" in value)
    }
    secret = [key for key in values if key not in plain]
    notes = tuple(
        f"The secret {key} in {file.name} is not read; give a value with --config {key}=…" for key in secret
    )
    return _full_keys(plain, name), notes


def _full_keys(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key if ":" in key else f"{name}:{key}": value for key, value in config.items()}


def _script(path: Path) -> Callable[[str], Any]:
    """Runs a file as `pulumi` would; where it only defines `program`, calls that with the stack's name."""

    def run(stack: str) -> Any:
        if _defines_program(path):
            names = runpy.run_path(str(path), run_name="__lab__")
            return _called(names["program"], stack)
        runpy.run_path(str(path), run_name="__main__")
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
