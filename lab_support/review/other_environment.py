"""Which other environment a program is previewed for, to compare its names.

Another stack with a configuration file comes first: it is one that the authors deploy. Otherwise, an environment is
invented: a new name replaces that of the stack, and the environment's name in configuration values and environment
variables.
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

# Common names: many programs reject an environment that they do not know.
_COMMON_NAMES: Final = ("staging", "prod", "dev", "test")
_MOST: Final = 3
# Settings of the provider on which the account depends.
_ACCOUNT_KEYS: Final = (
    "aws:profile",
    "aws:assumeRole",
    "aws:assumeRoles",
    "aws:allowedAccountIds",
    "aws:accessKey",
)


@dataclass(frozen=True)
class OtherEnvironment:
    """A second environment: its stack's name, its configuration, and the environment variables that differ.

    `is_stored`: it is a stack with a configuration file, and not invented.
    """

    stack: str
    config: Mapping[str, Any]
    variables: Mapping[str, str]
    is_stored: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that name this environment."""
        values = [str(value) for key, value in self.config.items() if _is_environment_key(key)]
        return tuple(dict.fromkeys([self.stack, *values, *self.variables.values()]))


def reads_of(path: Path, project: Project) -> ConfigReads:
    """What the program at `path` reads, by its source."""
    return config_reads(project.folder, path if path.is_file() else path / "__main__.py", project.name)


def other_environments(
    path: Path, project: Project, given: Mapping[str, str], reads: ConfigReads
) -> tuple[OtherEnvironment, ...]:
    """Environments to try besides the project's own, the best first.

    `given` is the command line's configuration, and `reads` is what the program reads.
    """
    stacks = [stack for stack in _stacks_with_a_file(path) if stack != project.stack]
    stored = [_stored(path, stack, given, reads) for stack in stacks]
    new = [stack for stack in _COMMON_NAMES if _is_new(stack, project)] or ["elsewhere"]
    invented = [_invented(project, stack, reads) for stack in new]
    return tuple([environment for environment in stored if environment is not None][:1] + invented)[:_MOST]


def configured_texts(project: Project, reads: ConfigReads) -> frozenset[str]:
    """Texts that may be configured differently elsewhere: the project's values, and the program's defaults."""
    prefix = f"{project.name}:"
    own = {
        value for key, value in project.config.items() if key.startswith(prefix) and isinstance(value, str)
    }
    return reads.defaults | own


def separate_accounts(project: Project, other: OtherEnvironment) -> str:
    """Why a project's environment and another one may have AWS accounts of their own; empty if nothing says so.

    The account follows from settings of the provider, or from a value that the program calls an account. If both stacks
    have a file and the same value, they have the same account; an invented stack may have any.
    """
    for key, value in project.config.items():
        if not (key in _ACCOUNT_KEYS or "account" in key.rpartition(":")[2].lower()):
            continue
        if not other.is_stored or other.config.get(key) != value:
            return f"{key} is set by each stack"
    return ""


def _is_environment_key(key: str) -> bool:
    """Whether a full configuration key (`shop:env`) is for the environment's name."""
    return names_environment(key.rpartition(":")[2])


def _stacks_with_a_file(path: Path) -> tuple[str, ...]:
    file = next((path / name for name in ("Pulumi.yaml", "Pulumi.yml") if (path / name).is_file()), None)
    return stacks_with_a_file(path, read_yaml(file)) if file else ()


def _is_new(stack: str, project: Project) -> bool:
    return not any(word in stack or stack in word for word in _words(project))


def _words(project: Project) -> set[str]:
    """The texts that name the project's own environment."""
    values = {value for key, value in project.config.items() if _is_environment_key(key)}
    return {project.stack, *(value for value in values if isinstance(value, str) and value)}


def _stored(path: Path, stack: str, given: Mapping[str, str], reads: ConfigReads) -> OtherEnvironment | None:
    """Another stack of the project, with the configuration in its own file."""
    same = {key: value for key, value in given.items() if not _is_environment_key(key)}
    try:
        found = read_project(path, stack, same)
    except InvalidProject:
        return None
    return OtherEnvironment(stack, found.config, _variables(stack, reads), is_stored=True)


def _invented(project: Project, stack: str, reads: ConfigReads) -> OtherEnvironment:
    keys = [key for key in (*project.config, *reads.keys) if _is_environment_key(key)]
    texts = {key: _for_stack(value, stack, project) for key, value in project.config.items()}
    return OtherEnvironment(stack, {**texts, **dict.fromkeys(keys, stack)}, _variables(stack, reads))


def _for_stack(value: Any, stack: str, project: Project) -> Any:
    """A configuration value that contains the environment's name (`shop-dev.example.com`), for another stack."""
    if not isinstance(value, str):
        return value
    words = "|".join(re.escape(word) for word in sorted(_words(project), key=len, reverse=True))
    return re.sub(rf"(?<![A-Za-z0-9])({words})(?![A-Za-z0-9])", stack, value)


def _variables(stack: str, reads: ConfigReads) -> dict[str, str]:
    return {name: stack for name in reads.variables if names_environment(name)}
