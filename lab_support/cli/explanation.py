"""What the account answers for a resource type, and where each part of the answer comes from.

    stream = explain("aws:kinesis/stream:Stream")
    stream.properties["arn"].value     # "arn:{partition}:kinesis:{region}:{account}:stream/{name}"
    stream.properties["arn"].source    # "services/kinesis.py"
    stream.force_new["name"]           # "identity"

It asks the same tables as answers.py, in the same order, and creates nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from lab_support.mock_aws import services
from lab_support.mock_aws.combinations import arn_inputs, combinations_of
from lab_support.mock_aws.common_outputs import account_defaults, common_outputs
from lab_support.mock_aws.data.name_limits import NameLimit, name_limit
from lab_support.mock_aws.fallback import handle_templates, source_of_arn, source_of_id
from lab_support.mock_aws.force_new import force_new
from lab_support.mock_aws.naming import autonamed_property
from lab_support.mock_aws.resource_spec import ErrorTemplate, ResourceSpec
from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.resource import kind_of
from lab_support.toolchain.sdk_defaults import documented_defaults
from lab_support.toolchain.sdk_source import registered_resources
from lab_support.toolchain.sdk_types import ResourceType, resource_tokens, resource_type, token_of

DOCUMENTED: Final = "documented default"
COMMON: Final = "common output"
REQUEST: Final = "the request"


@dataclass(frozen=True)
class Property:
    """What the account answers for one property.

    `name` is what a program writes, `wire_name` what the engine speaks. `value` is a template (templates.py) or a plain
    value; None where a function of the entry computes it, which `how` then describes. `role` says when it counts: as
    `id`, as a `default` (an input that the program does not give), as `computed` (whatever the program gives).
    `source` is the entry's file in mock_aws, or one of: documented default, import example, AWS's reference, common
    output, the request, fallback.
    """

    name: str
    wire_name: str
    role: str
    value: Any
    how: str
    source: str


@dataclass(frozen=True)
class Naming:
    """What names a resource: `input` as a program writes it (empty for none), and whether Pulumi fills it in.

    `forms` are the demands of the provider or the service that the entry knows, in their own words; `limit` is what
    AWS's API model says.
    """

    input: str
    is_autonamed: bool
    forms: tuple[str, ...]
    limit: NameLimit | None


@dataclass(frozen=True)
class Uniqueness:
    """The property that must be unique, within what (`region`, a property; nothing: the account), and the error."""

    input: str
    within: tuple[str, ...]
    error: str


@dataclass(frozen=True)
class Explanation:
    """Everything that the account knows of a type; names are those that a program writes.

    `entry` is the file in mock_aws that has the type's entry; empty where there is none. `references` maps an input
    to the type of what must exist. `refusals` are what is known of refusals: rules, inputs that exclude or need
    each other, inputs that take ARNs only. `inline` maps an input to the type that writes the same thing.
    `force_new` maps an input to its source: the entry's file, documentation, identity, cloudformation or fallback.
    `overwrites` are the properties that identify what a second request replaces in silence; None where none does.
    """

    type: str
    token: str
    aliases: tuple[str, ...]
    entry: str
    properties: Mapping[str, Property]
    naming: Naming
    unique: Uniqueness | None
    references: Mapping[str, str]
    refusals: tuple[str, ...]
    deletion: tuple[str, ...]
    force_new: Mapping[str, str]
    overwrites: tuple[str, ...] | None
    inline: Mapping[str, str]
    data_sources: tuple[str, ...]

    def to_json(self, name: str = "") -> dict[str, Any]:
        """The explanation as plain JSON values; with a `name`, only what concerns this property."""
        limit, unique = self.naming.limit, self.unique
        about = {
            "type": self.type,
            "token": self.token,
            "aliases": list(self.aliases),
            "entry": self.entry,
            "properties": [asdict(found) for found in self.properties.values() if name in ("", found.name)],
            "naming": {
                "input": self.naming.input,
                "autonamed": self.naming.is_autonamed,
                "forms": list(self.naming.forms),
                "shortest": limit.shortest if limit else None,
                "longest": limit.longest if limit else None,
                "pattern": limit.pattern if limit else None,
                "parameter": f"{limit.service} {limit.operation} {limit.parameter}" if limit else None,
            },
            "unique": {**asdict(unique), "within": list(unique.within)} if unique else None,
            "references": {input: type for input, type in self.references.items() if name in ("", input)},
            "refusals": list(self.refusals),
            "deletion": list(self.deletion),
            "force_new": {input: source for input, source in self.force_new.items() if name in ("", input)},
            "overwrites": None if self.overwrites is None else list(self.overwrites),
            "inline": dict(self.inline),
            "data_sources": list(self.data_sources),
        }
        if not name:
            return about
        if name != self.naming.input:
            about["naming"] = None
        if unique and name not in (unique.input, *unique.within):
            about["unique"] = None
        of_the_type = ("refusals", "deletion", "overwrites", "inline", "data_sources")
        return {key: value for key, value in about.items() if key not in of_the_type}


class UnknownName(LookupError):
    """Nothing has this name; `similar` are names that look like it."""

    def __init__(self, what: str, name: str, known: list[str]) -> None:
        by_lower = {other.lower(): other for other in known}
        self.similar = tuple(by_lower[near] for near in get_close_matches(name.lower(), [*by_lower], 3, 0.6))
        meant = f"; did you mean {' or '.join(self.similar)}?" if self.similar else ""
        super().__init__(f"{what} {name!r}{meant}")


def token_named(name: str) -> str:
    """The token of a type as a program or the engine writes it. Raises UnknownName."""
    token = name if name in resource_tokens() else token_of(name)
    if token is None:
        known = [resource.qualified_name for resource in registered_resources().values()]
        raise UnknownName("pulumi_aws has no resource type", name.removeprefix("aws."), known)
    return token


def property_named(explanation: Explanation, name: str) -> str:
    """The name that a program writes for a property, which may be given by its wire name. Raises UnknownName."""
    described = resource_type(explanation.token)
    assert described is not None
    names = _python_names(described)
    if name not in names.values() and name not in names:
        raise UnknownName(f"{explanation.type} has no property", name, sorted({*names.values()}))
    return names.get(name, name)


def explain(token: str) -> Explanation:
    """What the account knows of a type, by token. Raises KeyError for a token that the SDK does not have."""
    described = resource_type(token)
    if described is None:
        raise KeyError(token)
    spec = services.spec_of(token)
    file = services.file_of(token)
    names = _python_names(described)
    known = spec or ResourceSpec()
    properties = {
        names.get(found.wire_name, found.name): found
        for found in _properties(token, described, spec, file, names)
    }
    unique = unique_of(token)
    return Explanation(
        type=services.canonical(token),
        token=token,
        aliases=_aliases(token),
        entry=file,
        properties=properties,
        naming=_naming(token, described, known, names),
        unique=Uniqueness(
            names.get(unique.name, unique.name),
            tuple(names.get(name, name) for name in unique.within),
            unique.code or unique.text,
        )
        if unique
        else None,
        references={
            names.get(reference.name, reference.name): services.canonical(reference.target)
            for reference in known.references
        },
        refusals=tuple(_refusals(known, described, names)),
        inline={names.get(name, name): type for name, type in known.inline.items()},
        deletion=tuple(_words(guard) for guard in known.guards),
        force_new={names.get(name, name): source for name, source in sorted(force_new(token).items())},
        overwrites=None
        if known.overwrites is None
        else tuple(names.get(name, name) for name in known.overwrites),
        data_sources=tuple(known.data_sources),
    )


def coverage() -> dict[str, int]:
    """How many types of the SDK have an entry, documented defaults only, or nothing but a fallback."""
    counts = Counter({"entry": 0, "documented": 0, "fallback": 0})
    for token in resource_tokens():
        if services.spec_of(token) is not None:
            counts["entry"] += 1
        else:
            counts["documented" if documented_defaults(token) else "fallback"] += 1
    return dict(counts)


def _properties(
    token: str, described: ResourceType, spec: ResourceSpec | None, file: str, names: Mapping[str, str]
) -> Iterator[Property]:
    """In the order of answers.answer, except that what comes first there is first here, too."""
    given: set[str] = set()

    def new(name: str, role: str, value: Any, source: str) -> Iterator[Property]:
        if name not in given and name in names:
            given.add(name)
            yield _property(name, names, role, value, source)

    for name, role, value, source in _answers(token, described, spec, file):
        yield from new(name, role, value, source)


def _answers(
    token: str, described: ResourceType, spec: ResourceSpec | None, file: str
) -> Iterator[tuple[str, str, Any, str]]:
    known = spec or ResourceSpec()
    identity, arn, id_source, arn_source = known.id, known.arn, file, file
    if not known.id:
        identity, arn = handle_templates(token, {}, described)
        id_source, arn_source = source_of_id(token), source_of_arn(token, described)
    yield "id", "id", identity, id_source
    for name, value in known.computed.items():
        yield name, "computed", value, file
    if arn and "arn" in described.outputs:
        yield "arn", "computed", arn, arn_source
    for name, value in known.defaults.items():
        yield name, "default", value, file
    if not known.id:
        for name, value in account_defaults(described).items():
            yield name, "default", value, COMMON
    if "region" in described.outputs:
        yield "region", "default", "{region}", REQUEST
    if "tagsAll" in described.outputs:
        yield "tagsAll", "computed", None, REQUEST
    for name, value in common_outputs(described).items():
        yield name, "computed", value, COMMON
    for name, value in documented_defaults(token).items():
        yield name, "default", value, DOCUMENTED


def _property(name: str, names: Mapping[str, str], role: str, value: Any, source: str) -> Property:
    how = ""
    if name == "tagsAll":
        how = "The provider's default tags and the resource's own."
    elif callable(value):
        value, how = None, _sentence(value)
    return Property(names.get(name, name), name, role, _plain(value), how, source)


def _plain(value: Any) -> Any:
    """The value as JSON has it; a function inside becomes what it does, in words."""
    if callable(value):
        return _sentence(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value


def _naming(token: str, described: ResourceType, spec: ResourceSpec, names: Mapping[str, str]) -> Naming:
    autonamed = autonamed_property(token, described)
    named = autonamed or (spec.name if spec.name in described.inputs else "")
    limit = name_limit(token)
    return Naming(
        names.get(named, named),
        bool(autonamed),
        tuple(_form(form.text, form.pattern) for form in spec.name_forms),
        limit if limit is not None and limit.input == named else None,
    )


def _refusals(spec: ResourceSpec, described: ResourceType, names: Mapping[str, str]) -> Iterator[str]:
    yield from (_sentence(rule) for rule in spec.rules)
    for combination in combinations_of(described.token):
        yield f"{combination}  [{'entry' if combination in spec.combinations else 'documentation'}]"
    if arns := arn_inputs(described.token):
        yield f"a text that is no ARN: {', '.join(names[name] for name in arns)}"


def _form(text: str, pattern: str) -> str:
    return text.replace("{name}", "…") or pattern


def _sentence(function: Callable[..., Any]) -> str:
    """What a function says of itself: the first sentence of its docstring, or its name in words."""
    document = (function.__doc__ or "").strip().split("\n\n")[0]
    first = re.split(r"(?<=\.)\s", " ".join(document.split()))[0]
    name = str(getattr(function, "__name__", "")).strip("_")
    return first or (
        "follows from the other values" if name in ("", "<lambda>", "found") else name.replace("_", " ")
    )


def _words(error: ErrorTemplate) -> str:
    return f"{error.code}: {error.text}" if error.code else error.text


def _python_names(described: ResourceType) -> dict[str, str]:
    """What a program writes for each property, by wire name."""
    return {
        "id": "id",
        **{name: prop.python_name for name, prop in {**described.outputs, **described.inputs}.items()},
    }


@cache
def _aliases(token: str) -> tuple[str, ...]:
    """Other names of the SDK for the same type than the one that has the entry."""
    canonical = services.canonical(token)
    names = (kind_of(other) for other in sorted(resource_tokens()) if services.canonical(other) == canonical)
    return tuple(name for name in names if name != canonical)
