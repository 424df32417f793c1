"""Which other environment a program is previewed for, so that its names can be compared.

Another stack that the project has a file for comes first: that is what its authors deploy. Otherwise one is made up:
the stack gets another name, and so does whatever stands for the environment in its configuration, among the variables
that it reads, and in the texts of its configuration.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.plan.environment_names import names_environment
from lab_support.projects.config import InvalidProject, read_yaml, stacks_with_a_file
from lab_support.projects.project import Project, read_project
from lab_support.projects.sources import ConfigReads, config_reads

# Names that programs know: many refuse an environment that they have never heard of.
_USUAL: Final = ("staging", "prod", "dev", "test")
_MOST: Final = 3


@dataclass(frozen=True)
class OtherEnvironment:
    """A second environment: what its stack is called, its configuration, and the environment variables that differ."""

    stack: str
    config: Mapping[str, Any]
    variables: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that stand for this environment in names."""
        values = [str(v) for k, v in self.config.items() if names_environment(k.rpartition(":")[2])]
        return tuple(dict.fromkeys([self.stack, *values, *self.variables.values()]))


def others(path: Path, project: Project, given: Mapping[str, str]) -> tuple[OtherEnvironment, ...]:
    """Environments to try beside the project's own, the most telling first; `given` is what the command line says."""
    reads = _reads_of(path, project)
    stored = [_stored(path, stack, given, reads) for stack in _with_a_file(path) if stack != project.stack]
    new = [stack for stack in _USUAL if _is_new(stack, project)] or ["elsewhere"]
    made_up = [_made_up(project, stack, reads) for stack in new]
    return tuple([each for each in stored if each is not None][:1] + made_up)[:_MOST]


def configured_texts(path: Path, project: Project) -> frozenset[str]:
    """Texts that another environment may configure otherwise: the project's own values, and the program's defaults."""
    own = {v for k, v in project.config.items() if k.startswith(f"{project.name}:") and isinstance(v, str)}
    return _reads_of(path, project).defaults | own


def _reads_of(path: Path, project: Project) -> ConfigReads:
    return config_reads(project.folder, path if path.is_file() else path / "__main__.py", project.name)


def _with_a_file(path: Path) -> tuple[str, ...]:
    file = next((path / name for name in ("Pulumi.yaml", "Pulumi.yml") if (path / name).is_file()), None)
    return stacks_with_a_file(path, read_yaml(file)) if file else ()


def _is_new(stack: str, project: Project) -> bool:
    return not any(word in stack or stack in word for word in _words(project))


def _words(project: Project) -> set[str]:
    """What stands for the environment of a project now."""
    values = {v for k, v in project.config.items() if names_environment(k.rpartition(":")[2])}
    return {project.stack, *(v for v in values if isinstance(v, str) and v)}


def _stored(path: Path, stack: str, given: Mapping[str, str], reads: ConfigReads) -> OtherEnvironment | None:
    """Another stack of the project, as its own file has it."""
    same = {k: v for k, v in given.items() if not names_environment(k.rpartition(":")[2])}
    try:
        found = read_project(path, stack, same)
    except InvalidProject:
        return None
    return OtherEnvironment(stack, found.config, _variables(stack, reads))


def _made_up(project: Project, stack: str, reads: ConfigReads) -> OtherEnvironment:
    keys = [key for key in (*project.config, *reads.keys) if names_environment(key.rpartition(":")[2])]
    texts = {key: _for_stack(value, stack, project) for key, value in project.config.items()}
    return OtherEnvironment(stack, {**texts, **dict.fromkeys(keys, stack)}, _variables(stack, reads))


def _for_stack(value: Any, stack: str, project: Project) -> Any:
    """A configured text with the environment in it (`shop-dev.example.com`), for the other one."""
    if not isinstance(value, str):
        return value
    words = "|".join(re.escape(word) for word in sorted(_words(project), key=len, reverse=True))
    return re.sub(rf"(?<![A-Za-z0-9])({words})(?![A-Za-z0-9])", stack, value)


def _variables(stack: str, reads: ConfigReads) -> dict[str, str]:
    return {name: stack for name in reads.variables if names_environment(name)}
