"""The configuration of a project: from its files and, for what they leave open, from the template's defaults.

As in `pulumi`, the stack's file takes precedence over the defaults in Pulumi.yaml. Values that neither sets come from
the defaults that `pulumi new` would propose, because nobody can be asked; a note says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lab_support.safeguards import files

# Replaces a secret that only its owner can decrypt: long enough for a password, and without special characters.
SECRET_PLACEHOLDER: Final = "placeholderSecret0"
# What takes its place where the program reads something else than a text.
_PLACEHOLDERS: Final = {"object": "{}", "int": "1", "float": "1.0", "bool": "true"}


class InvalidProject(Exception):
    """There is no Pulumi Python program at a path, or its configuration is invalid; the message says why."""


@dataclass(frozen=True)
class Configuration:
    """Values by full key (`aws:region`), and notes on values that are not in the stack's file."""

    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def stored_configuration(folder: Path, facts: Mapping[str, Any], stack: str, name: str) -> Configuration:
    """The configuration in Pulumi.yaml (`facts`) and the stack's file. Raises InvalidProject if one is malformed."""
    template, template_notes = _template_defaults(facts, name)
    defaults = {key: _default(value) for key, value in _project_config(facts, name).items()}
    own, notes = _of_stack(stack_file(folder, facts, stack), name)
    values = {**{k: v for k, v in defaults.items() if v is not None}, **own}
    left_open = {key: value for key, value in template.items() if key not in values}
    notes += tuple(template_notes[key] for key in left_open)
    return Configuration({**left_open, **values}, notes)


def with_readable_placeholders(values: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """The configuration, with placeholders that the program can read; `kinds` says as what it reads each key."""
    return {
        key: _PLACEHOLDERS.get(kinds.get(key, ""), value) if value == SECRET_PLACEHOLDER else value
        for key, value in values.items()
    }


def stacks_with_a_file(folder: Path, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The stacks that have a configuration file."""
    files = sorted(stack_file(folder, facts, "*").parent.glob("Pulumi.*.y*ml"))
    return tuple(file.name.removeprefix("Pulumi.").rpartition(".")[0] for file in files)


def stack_file(folder: Path, facts: Mapping[str, Any], stack: str) -> Path:
    """The path of a stack's configuration file; Pulumi.yaml may set another folder for it."""
    place = facts.get("stackConfigDir") or facts.get("config")
    return (folder / place if isinstance(place, str) else folder) / f"Pulumi.{stack}.yaml"


def full_keys(config: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The configuration by full key: a key without a namespace is the project's own."""
    return {key if ":" in key else f"{name}:{key}": value for key, value in config.items()}


def read_yaml(file: Path) -> dict[str, Any]:
    """The mapping in a YAML file. Raises InvalidProject if the file does not contain one."""
    try:
        facts = files.read_yaml(file) or {}
    except files.UnreadableFile as error:
        raise InvalidProject(str(error)) from None
    if not isinstance(facts, dict):
        raise InvalidProject(f"{file} does not contain a mapping")
    return facts


def _project_config(facts: Mapping[str, Any], name: str) -> dict[str, Any]:
    config = facts.get("config")
    return full_keys(config, name) if isinstance(config, dict) else {}


def _default(declared: Any) -> Any:
    """The value of a declaration (`{type: integer, default: 3}`), or the value itself."""
    if not isinstance(declared, dict):
        return declared
    return declared.get("value", declared.get("default"))


def _template_defaults(facts: Mapping[str, Any], name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that `pulumi new` would propose, and a note on each."""
    template = facts.get("template")
    proposed = template.get("config") if isinstance(template, dict) else None
    if not isinstance(proposed, dict):
        return {}, {}
    values = {k: _default(v) for k, v in full_keys(proposed, name).items() if _default(v) is not None}
    notes = {
        key: f"{key} is {value!r}, the default in the template of Pulumi.yaml"
        for key, value in values.items()
    }
    return values, notes


def _of_stack(file: Path, name: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    if not file.is_file():
        return {}, ()
    values = read_yaml(file).get("config") or {}
    if not isinstance(values, dict):
        raise InvalidProject(f"`config` in {file} does not contain a mapping")
    readable = {key: _readable(value) for key, value in values.items()}
    secret = [key for key, value in values.items() if readable[key] != value]
    notes = tuple(
        f"The secret {key} in {file.name} cannot be decrypted here, so a placeholder replaces it; "
        f"set a value with --config {key}=…"
        for key in secret
    )
    return full_keys(readable, name), notes


def _readable(value: Any) -> Any:
    """A value with a placeholder for each secret, at any depth."""
    if isinstance(value, dict):
        return SECRET_PLACEHOLDER if set(value) == {"secure"} else {k: _readable(v) for k, v in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value
