"""Makes any Pulumi program runnable by the engine: a project folder, a script or a function."""

from __future__ import annotations

import ast
import inspect
import os
import re
import site
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from lab_support.engine.operations import Settings, preview
from lab_support.engine.sdk_patches.stack_references import unknown_stack_references
from lab_support.mock_aws import Account
from lab_support.mock_aws.account import REGION
from lab_support.plan.plan import Plan
from lab_support.program_code import parsed
from lab_support.projects.component import build, component_of, resources_made
from lab_support.projects.config import (
    SECRET_PLACEHOLDER,
    Configuration,
    InvalidProject,
    full_keys,
    read_yaml,
    stacks_with_a_file,
    stored_configuration,
    with_readable_placeholders,
)
from lab_support.projects.files import run_file
from lab_support.projects.own_modules import own_modules_first
from lab_support.projects.python_environment import PythonEnvironment, environment_of
from lab_support.projects.sources import kinds_read, mentions_aws, region_in, required_keys, said_in

DEFAULT_NAME: Final = "emergency-alert"
DEFAULT_STACK: Final = "dev"
# How the errors of the program name a module that is missing (errors.py).
_MISSING_MODULE: Final = re.compile(
    r"No module named '([\w.]+)'|^The Pulumi package ([\w-]+) is not installed"
)
# What Pulumi accepts as the name of a stack (pkg/backend, "ValidateStackName").
_STACK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")


@dataclass(frozen=True)
class Preparation:
    """A process that is ready for a program: the other stacks to which the program refers, as the list grows, and a
    function that makes the program load its modules anew.
    """

    other_stacks: list[str]
    forget_modules: Callable[[], None]


@dataclass(frozen=True)
class Project:
    """A program to preview: `program(stack)` runs it.

    `notes` are about assumed configuration. `requires` are the keys that the program requires. `environment` is where
    its own packages are. `said` is what it says of things that it looks up (`Account.said`).
    """

    name: str
    folder: Path
    stack: str
    program: Callable[[str], Any]
    config: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    environment: PythonEnvironment | None = None
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def missing_config(self) -> tuple[str, ...]:
        """The full keys that the program requires but the configuration does not have."""
        return tuple(key for key in self.requires if key not in self.config)

    def advice_on(self, error: Exception) -> tuple[str, ...]:
        """What to do about an error of the program: options for missing configuration, where to install a package."""
        message = str(getattr(error, "message", ""))
        if message.startswith("ConfigMissingError") and self.missing_config:
            options = " ".join(f"--config {key}=…" for key in self.missing_config)
            return (f"The program requires configuration that is not set: {options}",)
        missing = _MISSING_MODULE.search(message)
        if missing and self.environment is not None:
            module = missing[1] or missing[2]
            return tuple(filter(None, [self.environment.advice_on_missing(module)]))
        return ()

    @contextmanager
    def prepared(self) -> Iterator[Preparation]:
        """Prepares this process for running the program: its folder is the current one and first on sys.path, and the
        packages of its own virtual environment are last.

        The program's output goes to standard error, because standard output is for results only.
        """
        before, path, finders = Path.cwd(), list(sys.path), list(sys.meta_path)
        os.chdir(self.folder)
        try:
            sys.path[:] = [str(self.folder), *path]
            # The lab's own packages take precedence: its SDK has the same version as its engine. What is installed in
            # place (`pip install -e`, a uv workspace) is named in .pth files, as a folder or as a finder.
            for folder in self.environment.packages if self.environment else ():
                site.addsitedir(folder)
            with (
                redirect_stdout(sys.stderr),
                unknown_stack_references() as others,
                own_modules_first(self.folder) as forget,
            ):
                yield Preparation(others, forget)
        finally:
            os.chdir(before)
            sys.path[:] = path
            sys.meta_path[:] = finders

    def preview(self, time_limit: float, *, as_pulumi: bool = False) -> tuple[Plan, tuple[str, ...]]:
        """The plan in an account about which the lab knows nothing, and notes on assumptions.

        With `as_pulumi`, what `pulumi preview` does not know is unknown.
        Raises what the engine's preview() raises.
        """
        with self.prepared() as preparation:

            def program(stack: str) -> Any:
                preparation.forget_modules()  # the engine may run the program twice
                return self.program(stack)

            plan = preview(
                program,
                self.stack,
                account=Account(
                    holds_everything=False, only_previewed=True, as_pulumi=as_pulumi, said=self.said
                ),
                settings=Settings(self.name, self.config, time_limit),
            )
        names = dict.fromkeys(preparation.other_stacks)
        unknown = (f"The outputs of the stack {name} are unknown here." for name in names)
        return plan, (*self.notes, *unknown)


def read_project(path: Path, stack: str | None, config: Mapping[str, str]) -> Project:
    """The project at a path, to preview as `stack`; None means `dev`, or the only stack with a configuration file.

    Raises InvalidProject if there is no project that the lab can run.
    """
    if stack is not None and not _STACK_NAME.fullmatch(stack):
        raise InvalidProject(
            f"{stack!r} is not a valid stack name: up to 100 letters, digits, hyphens, underscores and periods"
        )
    path = Path(os.path.realpath(path))  # resolve() fails where links go in a circle
    if path.is_file() and path.suffix == ".py":
        own = Configuration(full_keys(config, DEFAULT_NAME))
        found = _project(DEFAULT_NAME, path, stack or DEFAULT_STACK, own)
        return _in_environment(found, environment_of(path.parent))
    file, facts = _project_file(path)
    runtime = facts.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        raise InvalidProject(
            f"the runtime in {file} is {language!r}; the lab runs only Python programs. For others, `lab review` reads "
            "what `pulumi stack export` or `pulumi preview --json` writes"
        )
    name = str(facts.get("name") or path.name)
    main = path / str(facts.get("main") or ".")
    main = main if main.suffix == ".py" else main / "__main__.py"
    if not main.is_file():
        raise InvalidProject(f"according to {file}, the program is {main}, which does not exist")
    chosen, notes = _stack(path, facts) if stack is None else (stack, ())
    stored = stored_configuration(path, facts, chosen, name)
    given = full_keys(config, name)
    notes += tuple(note for note in stored.notes if not any(_is_about(key, note, name) for key in given))
    found = _project(name, main, chosen, Configuration({**stored.values, **given}, notes))
    return _in_environment(found, environment_of(path, runtime))


def _project_file(path: Path) -> tuple[Path, dict[str, Any]]:
    """The project file and its content; a folder with only a program is a project, too."""
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
    raise InvalidProject(f"{path} {what}")


def _in_environment(project: Project, environment: PythonEnvironment) -> Project:
    return replace(project, environment=environment, notes=(*project.notes, *environment.advice_on_python()))


def _project(name: str, main: Path, stack: str, config: Configuration) -> Project:
    """The project; if its region is not configured, it is derived from the program."""
    values, notes = dict(config.values), config.notes
    if SECRET_PLACEHOLDER in values.values():
        values = with_readable_placeholders(values, kinds_read(main.parent, main, name))
    if "aws:region" not in values and (found := region_in(main.parent, main)):
        values["aws:region"], where = found
        notes += (
            f"aws:region is not configured; assuming {found[0]}, because of {where}. "
            "Set another one with --config aws:region=…",
        )
    elif "aws:region" not in values and mentions_aws(main.parent, main):
        notes += (
            f"No region is configured, and the program names none, or several; assuming {REGION}, the lab's own. "
            "Set another one with --config aws:region=…",
        )
    keys = required_keys(main.parent, main, name)
    said = said_in(main.parent, main)
    return Project(name, main.parent, stack, _script(main), values, notes, keys, said=said)


def _stack(folder: Path, facts: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The default stack, and a note if it is not `dev`."""
    known = stacks_with_a_file(folder, facts)
    if DEFAULT_STACK in known or len(known) != 1:
        return DEFAULT_STACK, ()
    return known[0], (f"Previewed as the stack {known[0]}, the only one that has a configuration file.",)


def _is_about(key: str, note: str, name: str) -> bool:
    """Whether a note is about a key, in its full or its short form."""
    return any(f" {form} " in f" {note}" for form in (key, key.removeprefix(f"{name}:")))


def split_config(settings: Sequence[str]) -> dict[str, str]:
    """`KEY=VALUE` arguments as a mapping. Raises InvalidProject if one has no key or no `=`."""
    pairs = [setting.partition("=") for setting in settings]
    for key, equals, _ in pairs:
        if not equals or not key:
            raise InvalidProject(f"--config takes KEY=VALUE, not {key!r}")
    return {key: value for key, _, value in pairs}


def _script(path: Path) -> Callable[[str], Any]:
    """A program that runs a file as `pulumi` would.

    If the file defines `program`, that is called with the stack's name; if it only defines a component class, one is
    built for the stack.
    """

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
    tree = parsed(path)
    return tree is not None and any(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == "program"
        for node in tree.body
    )
