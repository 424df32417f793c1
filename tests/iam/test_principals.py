"""The policies of a role are found however they are attached, under the name of the resource to change."""

from __future__ import annotations

import json
from typing import Any

from lab_support.iam.principals import policies_of
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.iam.policies import ROLE, STREAM, allow
from tests.plans import a_plan, a_resource

DOCUMENT = json.dumps({"Version": "2012-10-17", "Statement": allow()})
POLICY = a_resource("iam.Policy", "own", id="arn:own", arn="arn:own", policy=DOCUMENT)


def a_role(**properties: Any) -> Resource:
    return a_resource("iam.Role", "role", id="task", name="task", arn=ROLE, **properties)


def attached(arn: Any, name: str = "attachment") -> Resource:
    return a_resource("iam.RolePolicyAttachment", name, role="task", policy_arn=arn)


def identity_policies(role: Resource, *others: Resource) -> list[str]:
    return [named.name for named in policies_of(a_plan(role, *others), role).policies.identity]


def test_an_inline_policy_has_the_name_of_its_resource() -> None:
    inline = a_resource("iam.RolePolicy", "inline", role="task", policy=DOCUMENT)
    assert identity_policies(a_role(), inline) == ["inline"]
    assert identity_policies(a_role(inline_policies=[{"name": "x", "policy": DOCUMENT}])) == ["role"]


def test_a_policy_of_the_program_has_its_own_name_and_an_aws_managed_one_its_attachments() -> None:
    managed = "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
    assert identity_policies(a_role(), POLICY, attached("arn:own"), attached(managed, "managed")) == [
        "own",
        "managed",
    ]


def test_a_policy_of_another_role_is_not_the_roles() -> None:
    other = a_resource("iam.RolePolicy", "inline", role="other", policy=DOCUMENT)
    assert identity_policies(a_role(), other) == []


def test_an_exclusive_resource_removes_all_policies_that_it_does_not_list() -> None:
    inline = a_resource("iam.RolePolicy", "inline", role="task", name="x", policy=DOCUMENT)
    exclusive = a_resource("iam.RolePoliciesExclusive", "only", role_name="task", policy_names=["y"])
    assert identity_policies(a_role(), inline, exclusive) == []


def test_a_policy_that_cannot_be_read_is_listed_as_unreadable() -> None:
    role = a_role(assume_role_policy=DOCUMENT)
    plan = a_plan(role, attached("arn:aws:iam::aws:policy/NoSuchPolicy"), attached(UNKNOWN, "unknown"))
    assert [name for name, _ in policies_of(plan, role).unreadable] == ["attachment", "unknown"]


def test_the_boundary_is_read_and_an_unknown_one_is_none() -> None:
    bounded = a_role(permissions_boundary="arn:own")
    boundary = policies_of(a_plan(bounded, POLICY), bounded).policies.boundary
    assert boundary is not None
    assert boundary.name == "own"
    unknown = a_role(permissions_boundary=UNKNOWN)
    assert policies_of(a_plan(unknown), unknown).policies.boundary is None


def test_the_policy_of_a_stream_is_a_resource_policy_attached_to_it() -> None:
    on_stream = a_resource("kinesis.ResourcePolicy", "shared", resource_arn=STREAM, policy=DOCUMENT)
    role = a_role(assume_role_policy=DOCUMENT)
    resource_policies = policies_of(a_plan(role, on_stream), role).policies.resource
    assert ("shared", STREAM) in {(named.name, named.attached_to) for named in resource_policies}
