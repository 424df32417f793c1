"""Which rules of security groups let HTTPS out to the internet."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.open_ports import lets_out
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

VPC = a_resource("ec2.Vpc", "vpc", default_security_group_id="sg-default")
SUBNET = a_resource("ec2.Subnet", "subnet", vpc_id="vpc-id")


def closed(*resources: Resource, groups: tuple[Any, ...] = ("group-id",)) -> str:
    return lets_out(a_plan(VPC, SUBNET, *resources), SUBNET, groups)


def a_group(**rule: Any) -> Resource:
    return a_resource("ec2.SecurityGroup", "group", egress=[rule] if rule else [])


EVERYWHERE = {"cidr_blocks": ["0.0.0.0/0"]}
OPEN = {
    "everything": a_group(protocol="-1", from_port=0, to_port=0, **EVERYWHERE),
    "its port": a_group(protocol="tcp", from_port=443, to_port=443, **EVERYWHERE),
    "a range": a_group(protocol="tcp", from_port=1, to_port=65535, **EVERYWHERE),
    "unknown rules": a_resource("ec2.SecurityGroup", "group", egress=UNKNOWN),
}
SHUT = {
    "no rule": a_group(),
    "another port": a_group(protocol="tcp", from_port=80, to_port=80, **EVERYWHERE),
    "another protocol": a_group(protocol="udp", from_port=443, to_port=443, **EVERYWHERE),
    "the VPC only": a_group(protocol="-1", cidr_blocks=["10.0.0.0/16"]),
}


@pytest.mark.parametrize("group", OPEN.values(), ids=OPEN.keys())
def test_a_rule_that_covers_https_to_the_internet_lets_out(group: Resource) -> None:
    assert not closed(group)


@pytest.mark.parametrize("group", SHUT.values(), ids=SHUT.keys())
def test_without_such_a_rule_nothing_is_let_out(group: Resource) -> None:
    assert "group" in closed(group)


def test_rules_that_are_resources_of_their_own_count() -> None:
    rule = a_resource(
        "vpc.SecurityGroupEgressRule",
        "out",
        security_group_id="group-id",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4="0.0.0.0/0",
    )
    assert not closed(a_group(), rule)
    assert closed(
        a_group(), a_resource("ec2.SecurityGroupRule", "in", security_group_id="group-id", type="ingress")
    )


def test_the_default_group_lets_everything_out_unless_it_is_declared() -> None:
    declared = a_resource("ec2.DefaultSecurityGroup", "default", id="sg-default", egress=[])
    assert not closed(groups=())
    assert closed(declared, groups=())


def test_a_group_of_another_program_may_let_out() -> None:
    assert not closed(a_group(), groups=("group-id", "sg-elsewhere"))
