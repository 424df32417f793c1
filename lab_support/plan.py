"""A plan: what would exist in the account after an update, and how to ask it questions.

    plan = preview(program)
    database = plan.of_type("rds.Instance")[0]
    database["multi_az"]                      # under the name that the program writes
    plan.referenced(database, "kms_key_id")   # the resources that this property points to

A plan is data: it is frozen, knows nothing of the engine that made it, and goes to JSON and back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Final

SECRET_MARK: Final = "[secret]"
UNKNOWN_MARK: Final = "[unknown]"


class NotKnownYet(ValueError):
    """Something would have to be known that nobody knows before the update has run."""


class Unknown:
    """A value that nobody can know before the update has run; never true, never false, and of no type."""

    def __repr__(self) -> str:
        return UNKNOWN_MARK

    def __bool__(self) -> bool:
        raise NotKnownYet("this value is unknown until the program is deployed; compare it with `is UNKNOWN`")

    def _would_have_to_be_known(self, *_: Any) -> Any:
        return bool(self)

    # To look into it, to count it or to order it is as impossible.
    __iter__ = __len__ = __getitem__ = __contains__ = _would_have_to_be_known
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _would_have_to_be_known
    __int__ = __float__ = _would_have_to_be_known

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Location:
    """A place in somebody's program: `line` counts from 1, `code` is the text of that line."""

    file: str
    line: int
    code: str


@dataclass(frozen=True)
class Diagnostic:
    """What the engine or a provider said: `severity` is info, warning or error; `urn` may be empty."""

    severity: str
    text: str
    urn: str = ""

    @property
    def resource(self) -> str:
        """The logical name of the resource that this is about, or an empty string."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True)
class Resource:
    """One resource of a plan.

    `inputs` are what the program gave, `outputs` what the account answers; both carry the names that a
    Python program uses (`multi_az`). `secrets` names the properties whose values must not be shown.
    `properties_from` says which resources each input was built from, as the engine recorded it. `defaults` names the
    inputs that the provider has chosen, such as a physical name; `source` is the line of the program that made it.
    """

    urn: str
    type: str
    name: str
    op: str = "create"
    id: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    parent: str = ""
    provider: str = ""
    depends_on: tuple[str, ...] = ()
    properties_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: frozenset[str] = frozenset()
    source: Location | None = None

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs", "properties_from"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getitem__(self, name: str) -> Any:
        """The value after the update; what the program gave where the account says nothing.

        Raises KeyError with the names that exist.
        """
        if name == "id":
            return self.id
        for values in (self.outputs, self.inputs):
            if name in values:
                return values[name]
        known = ", ".join(sorted({*self.inputs, *self.outputs}))
        raise KeyError(f"{self.name} ({self.type}) has no property {name!r}; it has: {known}")

    def get(self, name: str, default: Any = None) -> Any:
        """Like `resource[name]`, but `default` where there is no such property or it is None."""
        try:
            value = self[name]
        except KeyError:
            return default
        return default if value is None else value

    @property
    def is_custom(self) -> bool:
        """Whether this is a real thing in the account, not a component, a stack or a provider."""
        return bool(self.provider)

    @property
    def kind(self) -> str:
        """The type as a program writes it: `rds.Instance` for `aws:rds/instance:Instance`."""
        return kind_of(self.type)

    def shown(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Inputs and outputs with secrets masked, ready to be shown or written as JSON."""
        return _masked(self.inputs, self.secrets), _masked(self.outputs, self.secrets)

    def __hash__(self) -> int:
        return hash(self.urn)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} ({self.op})>"


@dataclass(frozen=True)
class Plan:
    """Everything that an update of one stack would create, in the order in which the engine did it.

    `mocked_packages` are the Pulumi packages beside `aws` that took part; nothing of them was real.
    """

    stack: str
    project: str
    account: str
    region: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    output_secrets: frozenset[str] = frozenset()
    diagnostics: tuple[Diagnostic, ...] = ()
    mocked_packages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "outputs", MappingProxyType(dict(self.outputs)))

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    @property
    def zones(self) -> tuple[str, ...]:
        """The availability zones of the plan's region."""
        return tuple(f"{self.region}{letter}" for letter in "abc")

    def of_type(self, *types: str | type) -> tuple[Resource, ...]:
        """The resources of these types: `"rds.Instance"`, a type token, or the class `aws.rds.Instance`."""
        wanted = {_kind_of(each) for each in types}
        return tuple(r for r in self.resources if r.type in wanted or r.kind in wanted)

    def named(self, name: str) -> Resource:
        """The one resource with this logical name. Raises KeyError when there is none or more than one."""
        found = [r for r in self.resources if r.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise KeyError(f"{len(found)} resources are named {name!r}: {', '.join(r.kind for r in found)}")
        raise KeyError(
            f"no resource is named {name!r}; there are: {', '.join(r.name for r in self.resources)}"
        )

    def by_urn(self, urn: str) -> Resource | None:
        """The resource with this URN, if it is in the plan."""
        return next((r for r in self.resources if r.urn == urn), None)

    def holder_of(self, value: Any, *types: str | type) -> Resource | None:
        """The resource that an id, an ARN or a physical name belongs to, among `types` where given.

        None when no resource of the plan has it: it lives outside of this program, or does not exist.
        """
        if not isinstance(value, str) or not value:
            return None
        wanted = {_kind_of(each) for each in types}
        for resource in self._holders.get(value, ()):
            if not types or resource.type in wanted or resource.kind in wanted:
                return resource
        return None

    @cached_property
    def _holders(self) -> Mapping[str, list[Resource]]:
        """The real resources by each of their handles: drills ask for hundreds."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            for handle in _handles(resource) if resource.is_custom else ():
                found.setdefault(handle, []).append(resource)
        return found

    def referenced(self, resource: Resource, name: str, *types: str | type) -> tuple[Resource, ...]:
        """The resources (among `types`) that a property points to by id, ARN or name, however it was written."""
        values = resource.get(name)
        listed = values if isinstance(values, (list, tuple)) else [values]
        found = (self.holder_of(value, *types) for value in listed)
        return tuple(dict.fromkeys(each for each in found if each is not None and each is not resource))

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values; secrets are `"[secret]"`, what is unknown is `"[unknown]"`."""
        return {
            "stack": self.stack,
            "project": self.project,
            "account": self.account,
            "region": self.region,
            "resources": [_resource_json(r) for r in self.resources],
            "outputs": _masked(self.outputs, self.output_secrets),
            "diagnostics": [{"severity": d.severity, "text": d.text, "urn": d.urn} for d in self.diagnostics],
            "mocked_packages": list(self.mocked_packages),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """A plan from what `to_json` returned. Values of secrets do not come back: they were never written."""
        return cls(
            stack=data["stack"],
            project=data["project"],
            account=data["account"],
            region=data["region"],
            resources=tuple(_resource_from_json(r) for r in data["resources"]),
            outputs=_unmarked(data["outputs"]),
            output_secrets=frozenset(k for k, v in data["outputs"].items() if v == SECRET_MARK),
            diagnostics=tuple(Diagnostic(**d) for d in data["diagnostics"]),
            mocked_packages=tuple(data.get("mocked_packages") or ()),
        )

    def __repr__(self) -> str:
        return f"<Plan of {self.project}/{self.stack}: {len(self.resources)} resources>"


@cache
def kind_of(token: str) -> str:
    """`rds.Instance` for the type token `aws:rds/instance:Instance`; other packages keep their name in front."""
    package, _, rest = token.partition(":")
    module, _, class_name = rest.rpartition(":")
    module = module.split("/")[0]
    prefix = "" if package == "aws" else f"{package}."
    return f"{prefix}{class_name}" if module in ("index", "") else f"{prefix}{module}.{class_name}"


def _kind_of(wanted: str | type) -> str:
    if isinstance(wanted, str):
        return wanted.removeprefix("aws.").replace("lambda_.", "lambda.")
    # pulumi_aws.rds.instance.Instance -> rds.Instance
    modules = [name.rstrip("_") for name in wanted.__module__.split(".")[1:-1]]
    return ".".join([*modules, wanted.__name__])


def _handles(resource: Resource) -> set[Any]:
    """What other resources can call this one by: id, ARN, and the properties that carry a name."""
    names = ("arn", "name", "identifier", "key_id", "resource_id")
    handles = {
        resource.id,
        *(resource.get(name) for name in names if not isinstance(resource.get(name), list)),
    }
    return {h for h in handles if isinstance(h, str) and h}


def _masked(values: Mapping[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    return {name: SECRET_MARK if name in secrets else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_MARK
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _unmarked(value: Any) -> Any:
    if value == UNKNOWN_MARK:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {k: _unmarked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_unmarked(v) for v in value]
    return value


def _resource_json(resource: Resource) -> dict[str, Any]:
    inputs, outputs = resource.shown()
    return {
        "urn": resource.urn,
        "type": resource.type,
        "name": resource.name,
        "op": resource.op,
        "id": resource.id,
        "inputs": inputs,
        "outputs": outputs,
        "parent": resource.parent,
        "provider": resource.provider,
        "depends_on": list(resource.depends_on),
        "properties_from": {k: list(v) for k, v in resource.properties_from.items()},
        "defaults": sorted(resource.defaults),
        "source": asdict(resource.source) if resource.source else None,
    }


def _resource_from_json(data: Mapping[str, Any]) -> Resource:
    marked = {n for part in ("inputs", "outputs") for n, v in data[part].items() if v == SECRET_MARK}
    return Resource(
        urn=data["urn"],
        type=data["type"],
        name=data["name"],
        op=data["op"],
        id=data["id"],
        inputs=_unmarked(data["inputs"]),
        outputs=_unmarked(data["outputs"]),
        secrets=frozenset(marked),
        parent=data["parent"],
        provider=data["provider"],
        depends_on=tuple(data["depends_on"]),
        properties_from={k: tuple(v) for k, v in data["properties_from"].items()},
        defaults=frozenset(data.get("defaults") or ()),
        source=Location(**data["source"]) if data.get("source") else None,
    )


def python_name(wire_name: str) -> str:
    """`multiAz` -> `multi_az`: Pulumi's rule, for packages whose own table of names is not at hand."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire_name).lower()


def dump(plan: Plan) -> str:
    """The plan as JSON text."""
    return json.dumps(plan.to_json(), indent=2, ensure_ascii=False)
