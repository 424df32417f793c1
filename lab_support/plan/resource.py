"""One resource of a plan: its inputs, its outputs, and the line of the program that declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from lab_support.plan.diagnostic import Location
from lab_support.plan.values import SECRET_MARK, masked, unmarked


@dataclass(frozen=True)
class Resource:
    """One resource of a plan.

    `inputs` come from the program and `outputs` from the account, both under Python names (`multi_az`). `secrets`
    names the properties whose values must not be shown. `properties_from` says which resources each input was derived
    from, as recorded by the engine. `defaults` names the inputs that the provider chose, such as a physical name.
    `source` is the line of the program that declares the resource. `protect`, `retain_on_delete` and `ignore_changes`
    (paths of properties by wire name) are its resource options of these names.
    `overwritten_by` is the URN of the resource that replaces this one in AWS without an error.
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
    overwritten_by: str = ""
    protect: bool = False
    retain_on_delete: bool = False
    ignore_changes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs", "properties_from"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __getitem__(self, name: str) -> Any:
        """The value after the update: the output, or the input if there is no such output.

        Raises KeyError, listing the properties that exist.
        """
        if name == "id":
            return self.id
        for values in (self.outputs, self.inputs):
            if name in values:
                return values[name]
        known = ", ".join(sorted({*self.inputs, *self.outputs}))
        raise KeyError(f"{self.name} ({self.type}) has no property {name!r}; it has: {known}")

    def get(self, name: str, default: Any = None) -> Any:
        """Like `resource[name]`, but returns `default` if the property is missing or None."""
        value = self.id if name == "id" else self.outputs.get(name, self.inputs.get(name))
        return default if value is None else value

    @property
    def is_custom(self) -> bool:
        """Whether this resource exists in the account, unlike a component, a stack or a provider."""
        return bool(self.provider)

    @property
    def kind(self) -> str:
        """The type as a program writes it: `rds.Instance` for `aws:rds/instance:Instance`."""
        return kind_of(self.type)

    def shown(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Inputs and outputs with secrets masked, ready to display or to write as JSON."""
        return masked(self.inputs, self.secrets), masked(self.outputs, self.secrets)

    def to_json(self) -> dict[str, Any]:
        """The resource as JSON values; secrets become `"[secret]"`, unknown values `"[unknown]"`."""
        inputs, outputs = self.shown()
        return {
            "urn": self.urn,
            "type": self.type,
            "name": self.name,
            "op": self.op,
            "id": self.id,
            "inputs": inputs,
            "outputs": outputs,
            "parent": self.parent,
            "provider": self.provider,
            "depends_on": list(self.depends_on),
            "properties_from": {k: list(v) for k, v in self.properties_from.items()},
            "defaults": sorted(self.defaults),
            "source": asdict(self.source) if self.source else None,
            "overwritten_by": self.overwritten_by,
            "protect": self.protect,
            "retain_on_delete": self.retain_on_delete,
            "ignore_changes": list(self.ignore_changes),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Resource:
        """A resource from the result of `to_json`."""
        marked = {n for part in ("inputs", "outputs") for n, v in data[part].items() if v == SECRET_MARK}
        return cls(
            urn=data["urn"],
            type=data["type"],
            name=data["name"],
            op=data["op"],
            id=data["id"],
            inputs=unmarked(data["inputs"]),
            outputs=unmarked(data["outputs"]),
            secrets=frozenset(marked),
            parent=data["parent"],
            provider=data["provider"],
            depends_on=tuple(data["depends_on"]),
            properties_from={k: tuple(v) for k, v in data["properties_from"].items()},
            defaults=frozenset(data.get("defaults") or ()),
            source=Location(**data["source"]) if data.get("source") else None,
            overwritten_by=data.get("overwritten_by", ""),
            protect=data.get("protect", False),
            retain_on_delete=data.get("retain_on_delete", False),
            ignore_changes=tuple(data.get("ignore_changes") or ()),
        )

    def __hash__(self) -> int:
        return hash(self.urn)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name} ({self.op})>"


# What `pulumi.dynamic` of each language calls the package of a program's own resources.
DYNAMIC_PACKAGES: Final = ("pulumi-python", "pulumi-nodejs")


@cache
def kind_of(token: str) -> str:
    """`rds.Instance` for the type token `aws:rds/instance:Instance`; other packages keep their name as a prefix.

    A program's own dynamic resources belong to a package that is called after its language: `dynamic.Resource`.
    """
    package, _, rest = token.partition(":")
    module, _, class_name = rest.rpartition(":")
    module = module.split("/")[0]
    prefix = "" if package == "aws" or package in DYNAMIC_PACKAGES else f"{package}."
    return f"{prefix}{class_name}" if module in ("index", "") else f"{prefix}{module}.{class_name}"


def written_kind(wanted: str | type) -> str:
    """`rds.Instance` for `"aws.rds.Instance"` or the class `aws.rds.Instance`."""
    if isinstance(wanted, str):
        return wanted.removeprefix("aws.").replace("lambda_.", "lambda.")
    # pulumi_aws.rds.instance.Instance -> rds.Instance
    modules = [name.rstrip("_") for name in wanted.__module__.split(".")[1:-1]]
    return ".".join([*modules, wanted.__name__])
