"""The identity policies that a program writes, and the roles that have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import Policy, PolicyError, parse
from lab_support.iam.regions import partition_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, created

# AWS-managed policies for whole services or accounts; those that a service needs for its own work are not among them.
_MANAGED: Final = re.compile(
    r":iam::aws:policy/(job-function/)?(\w*FullAccess\w*|AdministratorAccess|PowerUserAccess|SystemAdministrator|"
    r"DatabaseAdministrator|NetworkAdministrator)$"
)
# Resources that list the policies that they attach.
_LISTS: Final = {"iam.Role": "managed_policy_arns", "iam.RolePolicyAttachmentsExclusive": "policy_arns"}


@dataclass(frozen=True)
class PolicyDocument:
    """A policy of the program: the resource to change, its statements, and the roles that have it."""

    resource: Resource
    policy: Policy
    roles: tuple[Resource, ...] = ()


def policy_documents(plan: Plan) -> Iterator[PolicyDocument | Observation]:
    """Every identity policy that the program writes, and every attachment of an AWS-managed policy
    for a whole service or account to a workload's role.

    A policy that cannot be read is an Observation that says so.
    """
    for resource in created(plan, "iam.RolePolicy"):
        yield _read(resource, resource.get("policy"), plan.referenced(resource, "role", "iam.Role"))
    for resource in created(plan, "iam.UserPolicy", "iam.GroupPolicy"):
        yield _read(resource, resource.get("policy"), ())
    for resource in created(plan, "iam.Policy"):
        if _is_only_a_boundary(plan, resource.get("arn")):
            continue  # a permissions boundary allows nothing by itself (IAM User Guide, "Permissions boundaries")
        yield _read(resource, resource.get("policy"), tuple(_roles_with(plan, resource.get("arn"))))
    for role in created(plan, "iam.Role"):
        for inline in _known_list(role, "inline_policies"):
            if isinstance(inline, Mapping) and (inline.get("policy") is UNKNOWN or inline.get("policy")):
                yield _read(role, inline["policy"], (role,))
    yield from _managed(plan)


def _known_list(resource: Resource, name: str) -> list[Any]:
    value = resource.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _read(resource: Resource, document: Any, roles: tuple[Resource, ...]) -> PolicyDocument | Observation:
    if document is UNKNOWN:
        is_secret = not {"policy", "inline_policies"}.isdisjoint(resource.secrets)
        why = "a secret, which stays sealed" if is_secret else "unknown until deployment"
        return Observation(resource, unknown=f"its document is {why}")
    try:
        return PolicyDocument(resource, parse(document), roles)
    except (PolicyError, TypeError):
        return Observation(resource, unknown="its document cannot be parsed")


def _roles_with(plan: Plan, arn: Any) -> Iterator[Resource]:
    """The roles that a policy is attached to, in any way."""
    for attachment, roles in _attachments(plan, arn):
        yield from roles if attachment.op not in ("delete", "read") else ()


def _is_only_a_boundary(plan: Plan, arn: Any) -> bool:
    """Whether a policy is the permissions boundary of someone and attached to nobody."""
    owners = plan.of_type("iam.Role", "iam.User")
    if not isinstance(arn, str) or all(owner.get("permissions_boundary") != arn for owner in owners):
        return False
    others = plan.of_type("iam.UserPolicyAttachment", "iam.GroupPolicyAttachment")
    return not any(_attachments(plan, arn)) and all(other.get("policy_arn") != arn for other in others)


def _attachments(plan: Plan, arn: Any) -> Iterator[tuple[Resource, tuple[Resource, ...]]]:
    """Each attachment of a policy: the resource to change, and the roles."""
    for kind, role_property in (("iam.RolePolicyAttachment", "role"), ("iam.PolicyAttachment", "roles")):
        for attachment in plan.of_type(kind):
            if attachment.get("policy_arn") == arn:
                yield attachment, plan.referenced(attachment, role_property, "iam.Role")
    for exclusive in plan.of_type("iam.RolePolicyAttachmentsExclusive"):
        if arn in _known_list(exclusive, "policy_arns"):
            yield exclusive, plan.referenced(exclusive, "role_name", "iam.Role")
    for role in plan.of_type("iam.Role"):
        if arn in _known_list(role, "managed_policy_arns"):
            yield role, (role,)


def _managed(plan: Plan) -> Iterator[PolicyDocument]:
    partition = partition_of(plan.region).name
    for arn in dict.fromkeys(_attached_arns(plan)):
        policy = (
            managed_policy(arn.replace(f"arn:{partition}:", "arn:aws:", 1)) if _MANAGED.search(arn) else None
        )
        for attachment, roles in _attachments(plan, arn) if policy is not None else ():
            workloads = tuple(role for role in roles if is_for_workload(role))
            if policy is not None and workloads and attachment.op not in ("delete", "read"):
                yield PolicyDocument(attachment, policy, workloads)


def _attached_arns(plan: Plan) -> Iterator[str]:
    for attachment in plan.of_type("iam.RolePolicyAttachment", "iam.PolicyAttachment"):
        if isinstance(arn := attachment.get("policy_arn"), str):
            yield arn
    for kind, name in _LISTS.items():
        for resource in plan.of_type(kind):
            yield from (arn for arn in _known_list(resource, name) if isinstance(arn, str))


def is_for_workload(role: Resource) -> bool:
    """Whether a service may assume a role, or only federated workloads, not people."""
    try:
        statements = parse(role.get("assume_role_policy", "")).statements
    except (PolicyError, TypeError):
        return False
    principals = [
        principal for statement in statements if statement.allows for principal in statement.principals or ()
    ]
    if any(kind == "Service" for kind, _ in principals):
        return True
    return bool(principals) and all(kind == "Federated" and "saml" not in value for kind, value in principals)
