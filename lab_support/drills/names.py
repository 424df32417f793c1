"""The names that do not say which environment a resource belongs to."""

from __future__ import annotations

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["names_without_environment"]  # what notebooks import from lab_support


def names_without_environment(plan: Plan) -> tuple[Resource, ...]:
    """The AWS resources of the program whose logical name lacks the environment; what it only reads is not its own."""
    return tuple(
        resource
        for resource in plan
        if resource.type.startswith("aws:")
        and resource.op not in ("read", "delete")
        and plan.stack not in resource.name
    )
