"""Network ACLs: requests need a rule, and so do their answers, and the lowest number decides."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.network_acls import acl_problem, relay_problem
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

SUBNET = a_resource("ec2.Subnet", "subnet", vpc_id="vpc-id")
VPC = a_resource("ec2.Vpc", "vpc", default_network_acl_id="acl-default")


def rule(number: int, first: int, last: int, action: str = "allow", **more: Any) -> dict[str, Any]:
    given = {"protocol": "tcp", "from_port": first, "to_port": last, "cidr_block": "0.0.0.0/0"}
    return {"rule_no": number, "action": action, **given, **more}


OUT, IN = rule(100, 443, 443), rule(100, 1024, 65535)
ALL = rule(100, 0, 0, protocol="-1")


def problem(egress: Any, ingress: Any, *more: Resource) -> str:
    acl = a_resource("ec2.NetworkAcl", "acl", subnet_ids=["subnet-id"], egress=egress, ingress=ingress)
    return acl_problem(a_plan(VPC, SUBNET, acl, *more), SUBNET)


@pytest.mark.parametrize(
    ("egress", "ingress", "found"),
    [
        ([OUT], [IN], ""),
        ([ALL], [ALL], ""),
        ([], [IN], "acl lets no HTTPS out"),
        ([OUT], [], "acl lets no answers in"),
        ([OUT], [rule(100, 443, 443)], "acl lets no answers in"),
        ([OUT], [{**IN, "cidr_block": "10.0.0.0/16"}], "acl lets no answers in"),
        ([rule(90, 0, 65535, "deny"), OUT], [IN], "acl lets no HTTPS out"),
        ([rule(110, 0, 65535, "deny"), OUT], [IN], ""),
        (UNKNOWN, [], ""),
        ([OUT], [{**IN, "action": UNKNOWN}], ""),
    ],
)
def test_https_needs_a_rule_for_requests_and_one_for_answers(egress: Any, ingress: Any, found: str) -> None:
    assert problem(egress, ingress) == found


def test_separate_rules_count() -> None:
    answers = a_resource(
        "ec2.NetworkAclRule",
        "answers",
        network_acl_id="acl-id",
        rule_number=100,
        egress=False,
        protocol="6",
        rule_action="allow",
        cidr_block="0.0.0.0/0",
        from_port=1024,
        to_port=65535,
    )
    assert problem([OUT], [])
    assert not problem([OUT], [], answers)


def test_without_an_acl_of_the_program_everything_is_allowed() -> None:
    assert acl_problem(a_plan(VPC, SUBNET), SUBNET) == ""


def test_the_vpcs_default_acl_counts_as_the_program_declares_it() -> None:
    closed = a_resource("ec2.DefaultNetworkAcl", "closed", default_network_acl_id="acl-default")
    assert acl_problem(a_plan(VPC, SUBNET, closed), SUBNET) == "closed lets no HTTPS out"


def test_an_association_counts_before_the_default() -> None:
    acl = a_resource("ec2.NetworkAcl", "acl", egress=[OUT], ingress=[])
    linked = a_resource("ec2.NetworkAclAssociation", "link", subnet_id="subnet-id", network_acl_id="acl-id")
    assert acl_problem(a_plan(VPC, SUBNET, acl, linked), SUBNET) == "acl lets no answers in"


TASKS = a_resource("ec2.Subnet", "tasks", vpc_id="vpc-id", cidr_block="10.0.10.0/24")
INSIDE = {"cidr_block": "10.0.0.0/16"}
RELAY_OUT = [rule(100, 443, 443), rule(110, 32768, 60999, **INSIDE)]
RELAY_IN = [rule(100, 1024, 65535), rule(110, 443, 443, **INSIDE)]


@pytest.mark.parametrize(
    ("egress", "ingress", "found"),
    [
        (RELAY_OUT, RELAY_IN, ""),
        ([ALL], [ALL], ""),
        (RELAY_OUT[1:], RELAY_IN, "acl lets no HTTPS out"),
        (RELAY_OUT, RELAY_IN[1:], "acl lets no answers in"),
        (RELAY_OUT[:1], RELAY_IN, "acl lets no answers out to tasks"),
        (RELAY_OUT, RELAY_IN[:1], "acl lets no HTTPS in from tasks"),
        (RELAY_OUT, [rule(100, 32768, 60999), RELAY_IN[1]], "acl lets no answers in"),
        (UNKNOWN, [], ""),
    ],
)
def test_nat_needs_rules_for_both_sides(egress: Any, ingress: Any, found: str) -> None:
    acl = a_resource("ec2.NetworkAcl", "acl", subnet_ids=["subnet-id"], egress=egress, ingress=ingress)
    plan = a_plan(VPC, SUBNET, TASKS, acl)
    assert relay_problem(plan, SUBNET, TASKS, is_gateway=True) == found


def test_a_nat_instance_is_answered_on_fewer_ports_than_a_nat_gateway() -> None:
    given = {"egress": RELAY_OUT, "ingress": [rule(100, 32768, 60999), RELAY_IN[1]]}
    acl = a_resource("ec2.NetworkAcl", "acl", subnet_ids=["subnet-id"], **given)
    assert relay_problem(a_plan(VPC, SUBNET, TASKS, acl), SUBNET, TASKS, is_gateway=False) == ""


@pytest.mark.parametrize("senders", [SUBNET, a_resource("ec2.Subnet", "tasks", cidr_block=UNKNOWN)])
def test_no_rule_is_needed_within_a_subnet_or_for_a_range_that_is_unknown(senders: Resource) -> None:
    given = {"egress": RELAY_OUT[:1], "ingress": RELAY_IN[:1]}
    acl = a_resource("ec2.NetworkAcl", "acl", subnet_ids=["subnet-id"], **given)
    assert relay_problem(a_plan(VPC, SUBNET, acl), SUBNET, senders, is_gateway=True) == ""
