"""Hand-made plans for tests that need no engine, and a way to compare the engine's plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.toolchain.sdk_types import token_of

PROVIDER = "urn:pulumi:dev::emergency-alert::pulumi:providers:aws::default::id"
ZONE_A, ZONE_B, ZONE_C = (f"ap-southeast-1{letter}" for letter in "abc")


def logical_name(urn: str) -> str:
    """The logical name of the resource with this URN."""
    return urn.rpartition("::")[2]


def a_resource(kind: str, logical_name: str, /, **properties: Any) -> Resource:
    """A resource of this kind (`rds.Instance`): its `id`, `op`, `inputs` and the like, and the rest as outputs."""
    token = token_of(kind)
    assert token is not None, f"{kind} is not a type of the SDK"
    identity = properties.pop("id", f"{logical_name}-id")
    more = {
        key: properties.pop(key)
        for key in (
            "op",
            "inputs",
            "secrets",
            "properties_from",
            "protect",
            "retain_on_delete",
            "ignore_changes",
        )
        if key in properties
    }
    return Resource(
        urn=f"urn:pulumi:dev::emergency-alert::{token}::{logical_name}",
        type=token,
        name=logical_name,
        id=identity,
        outputs=properties,
        provider=PROVIDER,
        **more,
    )


def a_plan(*resources: Resource, **more: Any) -> Plan:
    """A plan of these resources, for environment dev in ap-southeast-1."""
    facts: dict[str, Any] = {
        "stack": "dev",
        "project": "emergency-alert",
        "account": "123456789012",
        "region": "ap-southeast-1",
    }
    return Plan(**{**facts, **more}, resources=resources)


def a_subnet_group(*zones: str) -> tuple[Resource, ...]:
    """A subnet group called `group` and its subnets, one in each zone."""
    subnets = [a_resource("ec2.Subnet", f"subnet-{zone}", availability_zone=zone) for zone in zones]
    group = a_resource("rds.SubnetGroup", "group", id="group", subnet_ids=[subnet.id for subnet in subnets])
    return (*subnets, group)


def without_chance(plan: Plan) -> Plan:
    """The plan in a canonical order: the SDK keeps dependencies in sets, and the engine's order varies between runs."""
    resources = [
        replace(
            resource,
            depends_on=tuple(sorted(resource.depends_on)),
            properties_from={name: tuple(sorted(urns)) for name, urns in resource.properties_from.items()},
        )
        for resource in plan.resources
    ]
    return replace(plan, resources=tuple(sorted(resources, key=lambda resource: resource.urn)))
