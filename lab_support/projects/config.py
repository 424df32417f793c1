"""The configuration with which a project is previewed: its own files first, and what they leave open.

As `pulumi` does it: what the stack's file says counts more than the defaults in Pulumi.yaml. What neither says is
taken from the defaults with which `pulumi new` would have begun, because nobody is here to be asked; that is noted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

# What stands for a secret that only its owner can decrypt: long enough for a password, and plain letters.
MADE_UP_SECRET: Final = "madeUpSecretValue0"


class InvalidProject(Exception):
    """There is no Pulumi Python program at a path, or its call cannot be understood; the text says why."""


@dataclass(frozen=True)
class Configuration:
    """Values by full key (`aws:region`), and in words what was made up."""

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def stored_configuration(folder: Path, facts: Mapping[str, Any], stack: str, name: str) -> Configuration:
    """What Pulumi.yaml (`facts`) and the stack's own file say. Raises InvalidProject where they are not well-formed."""
    template, said = _template_defaults(facts, name)
    defaults = {key: _default(value) for key, value in _project_config(facts, name).items()}
    own, notes = _of_stack(stack_file(folder, facts, stack), name)
    values = {**{k: v for k, v in defaults.items() if v is not None}, **own}
    left_open = {key: value for key, value in template.items() if key not in values}
    notes += tuple(said[key] for key in left_open)
    return Configuration({**left_open, **values}, notes)


def stacks_with_a_file(folder: Path, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the stacks that have a configuration file."""
    files = sorted(stack_file(folder, facts, "*").parent.glob("Pulumi.*.y*ml"))
    return tuple(file.name.removeprefix("Pulumi.").rpartition(".")[0] for file in files)


def stack_file(folder: Path, facts: Mapping[str, Any], stack: str) -> Path:
    """Where the configuration of a stack is; Pulumi.yaml may name another folder for it."""
    place = facts.get("stackConfigDir") or facts.get("config")
    return (folder / place if isinstance(place, str) else folder) / f"Pulumi.{stack}.yaml"


def full_keys(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Keys without a namespace are the project's own."""
    return {key if ":" in key else f"{name}:{key}": value for key, value in config.items()}


def read_yaml(file: Path) -> dict[str, Any]:
    """A file that holds a mapping. Raises InvalidProject where it does not."""
    try:
        facts = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidProject(f"{file} cannot be read: {error}") from None
    if not isinstance(facts, dict):
        raise InvalidProject(f"{file} does not hold a mapping")
    return facts


def _project_config(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    config = facts.get("config")
    return full_keys(config, name) if isinstance(config, dict) else {}


def _default(declared: Any) -> Any:
    """A value, or a declaration (`{type: integer, default: 3}`) with one."""
    if not isinstance(declared, dict):
        return declared
    return declared.get("value", declared.get("default"))


def _template_defaults(facts: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """What `pulumi new` proposes, and how that is said."""
    template = facts.get("template")
    proposed = template.get("config") if isinstance(template, dict) else None
    if not isinstance(proposed, dict):
        return {}, {}
    values = {k: _default(v) for k, v in full_keys(proposed, name).items() if _default(v) is not None}
    said = {
        key: f"{key} is {value!r}, the default in the template of Pulumi.yaml"
        for key, value in values.items()
    }
    return values, said


def _of_stack(file: Path, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    if not file.is_file():
        return {}, ()
    values = read_yaml(file).get("config") or {}
    if not isinstance(values, dict):
        raise InvalidProject(f"`config` in {file} does not hold a mapping")
    readable = {key: _readable(value) for key, value in values.items()}
    secret = [key for key, value in values.items() if readable[key] != value]
    notes = tuple(
        f"The secret {key} in {file.name} cannot be decrypted here, so a made-up value stands for it; "
        f"give one with --config {key}=…"
        for key in secret
    )
    return full_keys(readable, name), notes


def _readable(value: Any) -> Any:
    """A value in which something made up stands for each secret, however deep it lies."""
    if isinstance(value, dict):
        return MADE_UP_SECRET if set(value) == {"secure"} else {k: _readable(v) for k, v in value.items()}
    return [_readable(each) for each in value] if isinstance(value, list) else value
