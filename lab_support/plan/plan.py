"""A plan: what would exist in the account after an update, and how to query it.

    plan = preview(program)
    database = plan.of_type("rds.Instance")[0]
    database["multi_az"]                      # properties have the names that a program uses
    plan.referenced(database, "kms_key_id")   # the resources that this property points to

A plan is data: it is frozen, knows nothing about the engine that made it, and converts to and from JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from types import MappingProxyType
from typing import Any, TypeVar

from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.resource import Resource, written_kind
from lab_support.plan.values import SECRET_MARK, masked, unmarked

T = TypeVar("T")


@dataclass(frozen=True)
class Plan:
    """Everything that an update of one stack would create, in the engine's order.

    `mocked_packages` lists the other Pulumi packages in use besides `aws`; their resources are simulated generically.
    `printed` is what the program printed in this run. It may hold a secret, so it is not written as JSON.
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
    printed: str = field(default="", compare=False)

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
        """The resources of these types: `"rds.Instance"`, a type token, or the class `aws.rds.Instance`.

        Those that AWS overwrites without an error are left out, because the account does not have them.
        """
        wanted = {written_kind(wanted_type) for wanted_type in types}
        places = {place for name in wanted for place in self._places.get(name, ())}
        return tuple(self.resources[place] for place in sorted(places))

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """Where the resources of each type and kind are; an index, because drills ask again and again."""
        found: dict[str, list[int]] = {}
        for place, resource in enumerate(self.resources):
            for name in (resource.type, resource.kind) if not resource.overwritten_by else ():
                found.setdefault(name, []).append(place)
        return found

    def named(self, name: str) -> Resource:
        """The resource with this logical name. Raises KeyError if there is none, or more than one."""
        found = [r for r in self.resources if r.name == name]
        if len(found) == 1:
            return found[0]
        if found:
            raise KeyError(f"{len(found)} resources are named {name!r}: {', '.join(r.kind for r in found)}")
        raise KeyError(
            f"no resource is named {name!r}; there are: {', '.join(r.name for r in self.resources)}"
        )

    def by_urn(self, urn: str) -> Resource | None:
        """The resource with this URN, or None."""
        return next((r for r in self.resources if r.urn == urn), None)

    def resolve(
        self, value: Any, *types: str | type, among: Collection[str] | None = None
    ) -> Resource | None:
        """The resource that an id, an ARN or a physical name refers to, among `types` and the URNs `among` if given.

        None if no resource of the plan has it: it is defined outside this program, or does not exist.
        """
        if not isinstance(value, str) or not value:
            return None
        wanted = {written_kind(wanted_type) for wanted_type in types}
        for resource in self._by_handle.get(value, ()):
            if among is not None and resource.urn not in among:
                continue
            if not types or resource.type in wanted or resource.kind in wanted:
                return resource
        return None

    @cached_property
    def _by_handle(self) -> Mapping[str, list[Resource]]:
        """Custom resources by each of their handles; an index, because drills resolve hundreds of values."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            for handle in _handles(resource) if resource.is_custom and not resource.overwritten_by else ():
                found.setdefault(handle, []).append(resource)
        return found

    def referenced(self, resource: Resource, name: str, *types: str | type) -> tuple[Resource, ...]:
        """The resources (among `types`) that a property refers to, by id, ARN or name; a list may refer to several."""
        values = resource.get(name)
        listed = values if isinstance(values, (list, tuple)) else [values]
        found = (self.resolve(value, *types) for value in listed)
        return tuple(
            dict.fromkeys(target for target in found if target is not None and target is not resource)
        )

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON values; secrets become `"[secret]"`, unknown values `"[unknown]"`."""
        return {
            "stack": self.stack,
            "project": self.project,
            "account": self.account,
            "region": self.region,
            "resources": [r.to_json() for r in self.resources],
            "outputs": masked(self.outputs, self.output_secrets),
            "diagnostics": [{"severity": d.severity, "text": d.text, "urn": d.urn} for d in self.diagnostics],
            "mocked_packages": list(self.mocked_packages),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """A plan from the result of `to_json`. Secret values are lost: they were never written."""
        return cls(
            stack=data["stack"],
            project=data["project"],
            account=data["account"],
            region=data["region"],
            resources=tuple(Resource.from_json(r) for r in data["resources"]),
            outputs=unmarked(data["outputs"]),
            output_secrets=frozenset(k for k, v in data["outputs"].items() if v == SECRET_MARK),
            diagnostics=tuple(Diagnostic(**d) for d in data["diagnostics"]),
            mocked_packages=tuple(data.get("mocked_packages") or ()),
        )

    def __repr__(self) -> str:
        return f"<Plan of {self.project}/{self.stack}: {len(self.resources)} resources>"


def once_per_plan(function: Callable[[Plan], T]) -> Callable[[Plan], T]:
    """Makes a function of a plan alone compute its result once for each plan: checks ask for it in several places."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def known(plan: Plan) -> T:
        if name not in plan.__dict__:
            plan.__dict__[name] = function(plan)  # where cached_property keeps what it computes
        result: T = plan.__dict__[name]
        return result

    return known


def _handles(resource: Resource) -> set[Any]:
    """The values by which other resources refer to this one: its id, its ARN and its physical names."""
    names = ("arn", "name", "identifier", "key_id", "resource_id")
    handles = (resource.id, *(resource.get(name) for name in names))
    return {handle for handle in handles if isinstance(handle, str) and handle}
