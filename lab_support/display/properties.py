"""The properties of a resource in words: references by name, secrets masked, policies laid out, always in one order."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import SECRET_MARK, UNKNOWN, UNKNOWN_MARK

LONGEST: Final = 160  # characters of a value that is no document
_WIDTH: Final = 72  # of a line of a document
# What a reviewer learns nothing from, because it follows from the rest.
_DULL: Final = frozenset({"tags_all", "region", "id", "arn", "owner_id"})
_LAST: Final = ("tags",)
# The parts of a policy, in the order in which AWS's own guides write them; to IAM no order means anything.
_POLICY: Final = (
    *("Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
_IDENTITY = re.compile(r"arn:[^\s{}\"]+|[a-z]+-[0-9a-f]{8,17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Properties(NamedTuple):
    """What the program gave, and what AWS answers beyond that: names and values in words."""

    given: dict[str, str]
    answered: dict[str, str]


def properties_of(resource: Resource, plan: Plan | None = None) -> Properties:
    """What is worth reading of a resource, by name, tags last. Without a plan, references are told from URNs."""
    inputs, outputs = resource.shown()
    given = {name: outputs.get(name, value) for name, value in inputs.items()}
    answered = {name: value for name, value in outputs.items() if name not in given}
    return Properties(*(_in_words(values, resource, plan) for values in (given, answered)))


def properties(resource: Resource, plan: Plan | None = None) -> dict[str, str]:
    """The same in one: what the program gave, then what AWS answers."""
    given, answered = properties_of(resource, plan)
    return {**given, **answered}


def _in_words(values: Mapping[str, Any], resource: Resource, plan: Plan | None) -> dict[str, str]:
    return {
        name: _origin(name, values[name], resource)
        if plan is None
        else value_text(values[name], resource, plan)
        for name in sorted(values, key=lambda name: (name in _LAST, name))
        if name not in _DULL and values[name] not in (None, {}, [], "")
    }


def value_text(value: Any, resource: Resource, plan: Plan | None) -> str:
    """A value in words; the id or ARN of another resource of the plan becomes its name, a JSON text a document."""
    if value is UNKNOWN or value == SECRET_MARK:
        return str(value)
    if isinstance(value, str):
        holder = plan.resolve(value) if plan is not None and len(value) > 12 else None
        if holder is not None and holder is not resource and value != holder.name:
            return f"→ {holder.name}"
        return _document(value) or (value if len(value) <= LONGEST else f"{value[: LONGEST - 3]}...")
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={value_text(each, resource, plan)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(each, resource, plan) for each in value)
    return str(value)


def _origin(name: str, value: Any, resource: Resource) -> str:
    """A value of a resource that stands alone: where it is nothing but references, their names."""
    sources = [urn.rpartition("::")[2] for urn in resource.properties_from.get(name, ())]
    if not sources or value == SECRET_MARK:
        return value_text(value, resource, None)
    listed = value if isinstance(value, (list, tuple)) else [value]
    names = re.compile(f"({'|'.join(map(re.escape, sources))})(-[0-9a-f]{{7}})?")  # with what autonaming adds
    if all(
        each == UNKNOWN_MARK or _IDENTITY.fullmatch(str(each)) or names.fullmatch(str(each))
        for each in listed
    ):
        return ", ".join(f"→ {source}" for source in sources)
    text = value_text(value, resource, None)
    return text if "\n" in text else f"{text} (from {', '.join(sources)})"


def _document(text: str) -> str:
    """A JSON object or array laid out over lines, such as a policy; empty for any other text."""
    if text[:1] not in ("{", "["):
        return ""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    return _laid_out(value, "") if isinstance(value, (dict, list)) else ""


def _laid_out(value: Any, indent: str) -> str:
    """Like json.dumps with an indent, but lists of words and objects of one property stay in a line where they fit."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or (_is_short(value) and len(indent + flat) <= _WIDTH):
        return flat
    if isinstance(value, dict) and value.keys() <= set(_POLICY):
        value = {name: value[name] for name in _POLICY if name in value}
    deeper = f"{indent}  "
    if isinstance(value, dict):
        inner = [
            f"{deeper}{json.dumps(name, ensure_ascii=False)}: {_laid_out(each, deeper)}"
            for name, each in value.items()
        ]
        return "\n".join(["{", ",\n".join(inner), f"{indent}}}"])
    inner = [f"{deeper}{_laid_out(each, deeper)}" for each in value]
    return "\n".join(["[", ",\n".join(inner), f"{indent}]"])


def _is_short(value: dict[str, Any] | list[Any]) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else value
    return not any(isinstance(each, (dict, list)) for each in parts) and (
        isinstance(value, list) or len(value) < 2
    )
