"""A resource's properties as text: Python's form, references by name, secrets masked, in a fixed order."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import SECRET_MARK, UNKNOWN, UNKNOWN_MARK

LONGEST: Final = 160  # characters shown of a value that is not a document
_WIDTH: Final = 72  # characters in a line of a document
# Left out, because it follows from the rest and tells a reviewer nothing.
_OMITTED: Final = frozenset({"region", "id", "arn", "owner_id"})
_LAST: Final = ("tags",)
# The parts of a policy in the order of AWS's own guides; their order has no meaning to IAM.
_POLICY: Final = (
    *("Version", "Id", "Statement", "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
    *("Resource", "NotResource", "Condition"),
)
_IDENTITY = re.compile(r"arn:[^\s{}\"]+|[a-z]+-[0-9a-f]{8,17}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Properties(NamedTuple):
    """Names and values as text: what the program gave, and what AWS adds."""

    given: dict[str, str]
    added: dict[str, str]


def properties_of(resource: Resource, plan: Plan | None = None) -> Properties:
    """The properties worth reading, by name, tags last. Without a plan, references are recognised by URN."""
    inputs, outputs = map(_decoded, resource.shown()) if _is_provider(resource) else resource.shown()
    place = place_words(resource, plan)
    given = {name: outputs.get(name, value) for name, value in inputs.items()}
    added = {name: value for name, value in outputs.items() if name not in given}
    if resource.get("tags_all") == resource.get("tags", {}):  # else the provider has default tags
        given.pop("tags_all", None)
        added.pop("tags_all", None)
    words = [_in_words(values, resource, plan) for values in (given, added)]
    return Properties({**place, **words[0]}, words[1])


def place_words(resource: Resource, plan: Plan | None) -> dict[str, str]:
    """The region and the provider, where they are not the plan's own: where things are is what a reviewer asks."""
    region = resource.get("region")
    own = isinstance(region, str) and (_is_provider(resource) or (plan is not None and region != plan.region))
    provider = plan.by_urn(resource.provider.rpartition("::")[0]) if plan is not None else None
    return {
        **({"provider": f"→ {provider.name}"} if provider is not None else {}),
        **({"region": repr(region)} if own else {}),
    }


def default_tags(resource: Resource) -> str:
    """The tags that a provider gives to all its resources, as text; empty for none and for other resources."""
    block = _decoded(resource.shown()[0]).get("default_tags") if _is_provider(resource) else None
    tags = block.get("tags") if isinstance(block, Mapping) else None
    return value_text(tags) if tags else ""


def _is_provider(resource: Resource) -> bool:
    return resource.type.startswith("pulumi:providers:")


def _decoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """A provider's properties as the program wrote them: the engine keeps all but texts as JSON."""
    found = dict(values)
    for name, value in values.items():
        with suppress(TypeError, ValueError):
            decoded = json.loads(value)
            found[name] = decoded if isinstance(decoded, (bool, Mapping, list)) else value
    return found


def properties(resource: Resource, plan: Plan | None = None) -> dict[str, str]:
    """The same in one mapping: what the program gave, then what AWS adds."""
    given, added = properties_of(resource, plan)
    return {**given, **added}


def _in_words(values: Mapping[str, Any], resource: Resource, plan: Plan | None) -> dict[str, str]:
    everything = {urn for urns in resource.properties_from.values() for urn in urns} | {*resource.depends_on}
    return {
        name: _origin(name, values[name], resource)
        if plan is None
        else value_text(
            values[name],
            plan,
            # What the program did not give follows from something that it gave.
            resource.properties_from.get(name, ()) if name in resource.inputs else everything,
        )
        for name in sorted(values, key=lambda name: (name in _LAST, name))
        if name not in _OMITTED and values[name] not in (None, {}, [], "")
    }


def stack_outputs(plan: Plan) -> dict[str, str]:
    """What the program exports, as text, by name."""
    return {
        name: value_text(SECRET_MARK if name in plan.output_secrets else plan.outputs[name])
        for name in sorted(plan.outputs)
    }


def value_text(value: Any, plan: Plan | None = None, sources: Collection[str] = ()) -> str:
    """A value as Python prints it; JSON as a laid-out document, and an id, ARN or name of a resource as an arrow to it.

    `sources` are the URNs from which the value was derived: an equal text alone is no reference.
    """
    if value is UNKNOWN or value in (SECRET_MARK, UNKNOWN_MARK):
        return str(value)
    if isinstance(value, str):
        holder = plan.resolve(value, among=sources) if plan is not None and len(value) > 12 else None
        if holder is not None and value != holder.name:
            return f"→ {holder.name}"
        return _document(value) or _quoted(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name!r}: {value_text(item, plan, sources)}" for name, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(value_text(item, plan, sources) for item in value)}]"
    return repr(value)


def _quoted(text: str) -> str:
    """A text in quotes, cut if it is long; of several lines, as they are."""
    shown = text if "\n" in text else repr(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."


def _origin(name: str, value: Any, resource: Resource) -> str:
    """A value of a resource shown without its plan; if it is only references, their names."""
    sources = [urn.rpartition("::")[2] for urn in resource.properties_from.get(name, ())]
    if not sources or value == SECRET_MARK:
        return value_text(value)
    is_list = isinstance(value, (list, tuple))
    names = re.compile(f"({'|'.join(map(re.escape, sources))})(-[0-9a-f]{{7}})?")  # with what autonaming adds
    if all(
        item == UNKNOWN_MARK or _IDENTITY.fullmatch(str(item)) or names.fullmatch(str(item))
        for item in (value if is_list else [value])
    ):
        arrows = ", ".join(f"→ {source}" for source in sources)
        return f"[{arrows}]" if is_list else arrows
    text = value_text(value)
    return text if "\n" in text else f"{text} (from {', '.join(sources)})"


def _document(text: str) -> str:
    """A JSON object or array, such as a policy, laid out over several lines; empty for any other text."""
    if text[:1] not in ("{", "["):
        return ""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    return _laid_out(value, "") if isinstance(value, (dict, list)) else ""


def _laid_out(value: Any, indent: str) -> str:
    """Like json.dumps with an indent, but flat lists and objects of one property stay on one line if they fit."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or (_is_short(value) and len(indent + flat) <= _WIDTH):
        return flat
    if isinstance(value, dict) and value.keys() <= set(_POLICY):
        value = {name: value[name] for name in _POLICY if name in value}
    deeper = f"{indent}  "
    if isinstance(value, dict):
        inner = [
            f"{deeper}{json.dumps(name, ensure_ascii=False)}: {_laid_out(item, deeper)}"
            for name, item in value.items()
        ]
        return "\n".join(["{", ",\n".join(inner), f"{indent}}}"])
    inner = [f"{deeper}{_laid_out(item, deeper)}" for item in value]
    return "\n".join(["[", ",\n".join(inner), f"{indent}]"])


def _is_short(value: dict[str, Any] | list[Any]) -> bool:
    parts = list(value.values()) if isinstance(value, dict) else value
    return not any(isinstance(part, (dict, list)) for part in parts) and (
        isinstance(value, list) or len(value) < 2
    )
