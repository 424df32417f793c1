"""EVICTED on small plans: what is a finding, what is unknown, and what is neither."""

from __future__ import annotations

from typing import Any

from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.evicted import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource

MANAGED = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
OWN = "arn:aws:iam::123456789012:policy/own"


def attachment(kind: str, arn: Any, **given: Any) -> Resource:
    return a_resource(f"iam.{kind}", kind, inputs={"policy_arn": arn, **given}, policy_arn=arn, **given)


def observations(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def own_policy(**more: Any) -> Resource:
    return a_resource("iam.Policy", "own", id=OWN, arn=OWN, **more)


def test_an_exclusive_attachment_of_a_policy_that_aws_manages_is_a_finding() -> None:
    exclusive = attachment("PolicyAttachment", MANAGED, roles=["task"])
    (found,) = observations(exclusive)
    assert found.resource is exclusive
    assert "AmazonECSTaskExecutionRolePolicy" in found.what
    assert "iam.RolePolicyAttachment" in found.repair


def test_an_own_policy_that_is_attached_in_two_places_is_a_finding() -> None:
    exclusive = attachment("PolicyAttachment", OWN, roles=["task"])
    (found,) = observations(own_policy(), exclusive, attachment("RolePolicyAttachment", OWN, role="other"))
    assert found.resource is exclusive
    assert "RolePolicyAttachment attaches it, too" in found.what


def test_an_own_policy_that_is_attached_once_and_single_attachments_are_no_findings() -> None:
    assert observations(own_policy(), attachment("PolicyAttachment", OWN, roles=["a", "b"])) == []
    assert observations(attachment("RolePolicyAttachment", MANAGED, role="task")) == []


def test_a_second_attachment_to_a_role_that_is_listed_is_no_finding() -> None:
    exclusive = attachment("PolicyAttachment", OWN, roles=["task"])
    assert observations(own_policy(), exclusive, attachment("RolePolicyAttachment", OWN, role="task")) == []


def test_a_policy_of_another_program_or_one_not_known_is_unknown() -> None:
    exclusive = attachment("PolicyAttachment", OWN, roles=["task"])
    for resources in (
        [exclusive],
        [own_policy(op="read"), exclusive],
        [attachment("PolicyAttachment", UNKNOWN, roles=["task"])],
    ):
        (found,) = observations(*resources)
        assert found.unknown
        assert not found.what


def test_an_exclusive_list_for_a_role_of_another_program_is_unknown() -> None:
    exclusive = a_resource("iam.RolePoliciesExclusive", "only", role_name="task", policy_names=[])
    role = a_resource("iam.Role", "task", id="task", name="task")
    assert observations(role, exclusive) == []
    (found,) = observations(exclusive)
    assert found.unknown
    assert not found.what
