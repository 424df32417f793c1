"""NO-WAY-OUT on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_support.drills.way_out import ways_out
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.no_way_out import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.network_plans import (
    PRIVATE,
    a_gateway,
    a_network,
    a_service,
    a_table,
    gateway_per_zone,
    one_gateway,
)
from tests.plans import a_plan, a_resource


def observations(plan: Plan) -> list[Observation]:
    return list(check(ReviewSubject(plan)))


def test_one_gateway_for_the_tasks_of_three_zones_is_a_finding() -> None:
    (found,) = observations(one_gateway(a_service(*PRIVATE)))
    assert found.resource is not None
    assert found.resource.name == "nat"
    assert found.what.startswith("When ap-southeast-1a fails, service in ap-southeast-1b and ap-southeast-1c")
    assert "availability_mode" in found.repair


WORKLOADS = {
    "function": a_resource("lambda.Function", "work", vpc_config={"subnet_ids": ["in-b-id"]}),
    "instance": a_resource("ec2.Instance", "work", subnet_id="in-b-id"),
    "group": a_resource("autoscaling.Group", "work", vpc_zone_identifiers=["in-b-id"]),
    "nodes": a_resource("eks.NodeGroup", "work", subnet_ids=["in-b-id"]),
}


@pytest.mark.parametrize("workload", WORKLOADS.values(), ids=WORKLOADS.keys())
def test_whatever_runs_in_another_zone_counts(workload: Resource) -> None:
    (found,) = observations(one_gateway(workload))
    assert "work in ap-southeast-1b runs and reaches nothing" in found.what


SOUND = {
    "a gateway in each zone": gateway_per_zone(a_service(*PRIVATE)),
    "tasks in the zone of the gateway only": a_plan(
        *a_network(),
        a_gateway("nat", "out-a"),
        *a_table("t", "in-a", nat_gateway_id="nat-id"),
        a_service("in-a"),
    ),
    "a regional gateway": a_plan(
        *a_network(),
        a_resource("ec2.NatGateway", "nat", availability_mode="regional", vpc_id="vpc-id"),
        *a_table("t", *PRIVATE, nat_gateway_id="nat-id"),
        a_service(*PRIVATE),
    ),
    "subnets of a database only": one_gateway(
        a_resource("rds.SubnetGroup", "group", subnet_ids=[f"{name}-id" for name in PRIVATE])
    ),
    "no gateway": a_plan(*a_network(), *a_table("t", *PRIVATE), a_service(*PRIVATE)),
    "another network": a_plan(
        *a_network(), *a_table("t", *PRIVATE, transit_gateway_id="tgw"), a_service(*PRIVATE)
    ),
}


@pytest.mark.parametrize("plan", SOUND.values(), ids=SOUND.keys())
def test_a_way_out_that_no_other_zone_is_needed_for_is_no_finding(plan: Plan) -> None:
    assert observations(plan) == []


def test_subnets_in_which_nothing_runs_are_unknown() -> None:
    (found,) = observations(one_gateway())
    assert "in-b and in-c" in found.unknown
    assert not found.what


REGIONAL = a_resource(
    "ec2.NatGateway",
    "nat",
    availability_mode="regional",
    vpc_id="vpc-id",
    connectivity_type="public",
    availability_zone_addresses=[{"availability_zone": "ap-southeast-1a"}],
)
MACHINE = a_resource(
    "ec2.Instance",
    "nat",
    subnet_id="out-a-id",
    primary_network_interface_id="eni-1",
    source_dest_check=False,
    associate_public_ip_address=True,
)
NETWORKS = {
    "zonal": one_gateway(a_service(*PRIVATE, security_groups=["group-id"], assign_public_ip=False)),
    "regional": a_plan(
        *a_network(), REGIONAL, *a_table("t", *PRIVATE, nat_gateway_id="nat-id"), a_service(*PRIVATE)
    ),
    "instance": a_plan(
        *a_network(), MACHINE, *a_table("t", *PRIVATE, network_interface_id="eni-1"), a_service(*PRIVATE)
    ),
}


@pytest.mark.parametrize("plan", NETWORKS.values(), ids=NETWORKS.keys())
def test_neither_the_rule_nor_the_drill_fails_on_an_unknown_value(plan: Plan) -> None:
    group = a_resource(
        "ec2.SecurityGroup", "group", egress=[{"protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}]
    )
    resources = (*plan.resources, group)
    for number, resource in enumerate(resources):
        for name in resource.outputs:
            changed = replace(resource, outputs={**resource.outputs, name: UNKNOWN}, inputs={})
            other = a_plan(*resources[:number], changed, *resources[number + 1 :])
            assert len(observations(other)) <= 1
            assert len(ways_out(other)) >= 3


def without_zone(resource: Resource, *names: str) -> Any:
    return replace(resource, inputs={}) if resource.name in names else resource


@pytest.mark.parametrize("name", ["in-b", "out-a"])
def test_zones_that_aws_chooses_make_it_unknown(name: str) -> None:
    plan = one_gateway(a_service(*PRIVATE))
    (found,) = observations(a_plan(*(without_zone(resource, name) for resource in plan)))
    assert "zones" in found.unknown
