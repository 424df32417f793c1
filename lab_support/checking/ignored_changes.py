"""What `ignore_changes` keeps from a repair where the system is already deployed.

The engine then keeps the value that a property was deployed with, so that a repair of it reaches new stacks only.
https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name

_ALL: Final = "*"


def ignores_changes(plan: Plan) -> bool:
    """Whether a resource of the plan has `ignore_changes`."""
    return any(resource.ignore_changes for resource in plan.resources)


def kept_from(deployed: Plan, plan: Plan) -> tuple[Plan, str] | None:
    """The plan as it is where `deployed` exists already, and why, as a clause; None if nothing ignored differs."""
    before = {resource.urn: resource for resource in deployed.resources}
    resources, clauses = [], []
    for resource in plan.resources:
        old = before.get(resource.urn)
        names = [*_kept(old, resource)] if old else []
        if old and names:
            clauses.append(f"ignore_changes keeps the deployed {', '.join(names)} of {resource.name}")
            resource = _with(resource, old, names)
        resources.append(resource)
    return (replace(plan, resources=tuple(resources)), "; ".join(clauses)) if clauses else None


def _kept(old: Resource, new: Resource) -> Iterator[str]:
    """The inputs that differ and whose changes are ignored. Paths inside a property are not followed."""
    ignored = {*map(python_name, new.ignore_changes)}
    for name in sorted({*old.inputs, *new.inputs}):
        is_ignored = _ALL in ignored or name in ignored
        if is_ignored and old.inputs.get(name) != new.inputs.get(name):
            yield name


def _with(resource: Resource, old: Resource, names: list[str]) -> Resource:
    inputs, outputs = dict(resource.inputs), dict(resource.outputs)
    for now, before in ((inputs, old.inputs), (outputs, old.outputs)):
        for name in names:
            now.pop(name, None)
        now.update({name: before[name] for name in names if name in before})
    return replace(resource, inputs=inputs, outputs=outputs)
