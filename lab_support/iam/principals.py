"""Everything in a plan that decides what a role may do: its policies of every kind, and those of what it touches.

    grants = policies_of(plan, role)
    grants.policies            # for evaluate.decide()
    grants.unreadable          # what is attached but cannot be read: its effect is unknown

Each policy goes by the name of the resource that somebody must change to change it: the RolePolicy, the
customer-managed Policy, the attachment of an AWS-managed one, or the Role that carries it inside.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lab_support.iam.evaluate import NamedPolicy, Policies
from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import Policy, PolicyError, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN


@dataclass(frozen=True)
class Attached:
    """The policies of one role, and what is attached to it but cannot be read: (name to change, what it is)."""

    policies: Policies
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Found:
    """One policy on its way: `document` is a Policy, or the reason why there is none."""

    name: str
    document: Policy | str
    about: str = ""


def policies_of(plan: Plan, role: Resource) -> Attached:
    """Everything attached to a role of the plan, and the resource policies that may name it."""
    found = [*_inline(plan, role), *_attached(plan, role)]
    about = list(_resource_policies(plan))
    identity = tuple(NamedPolicy(f.name, f.document) for f in found if isinstance(f.document, Policy))
    resource = tuple(
        NamedPolicy(f.name, f.document, f.about) for f in about if isinstance(f.document, Policy)
    )
    unreadable = tuple((f.name, f.document) for f in [*found, *about] if isinstance(f.document, str))
    policies = Policies(str(role.get("arn", "")), identity, _boundary(plan, role), resource)
    return Attached(policies, unreadable)


def _read(name: str, document: Any, about: str = "") -> _Found:
    if document is UNKNOWN:
        return _Found(name, "a policy that is unknown until the program is deployed", about)
    try:
        return _Found(name, parse(document), about)
    except PolicyError as error:
        return _Found(name, f"a policy that cannot be read ({error})", about)


def _of_role(plan: Plan, role: Resource, kind: str, prop: str = "role") -> Iterator[Resource]:
    """The resources of a kind that a property binds to this role, by its name."""
    for resource in plan.of_type(kind):
        given = resource.get(prop)
        names = given if isinstance(given, (list, tuple)) else [given]
        if role.get("name") in names or role.id in names:
            yield resource


def _inline(plan: Plan, role: Resource) -> Iterator[_Found]:
    kept = _kept_by(plan, role, "iam.RolePoliciesExclusive", "policy_names")
    for resource in _of_role(plan, role, "iam.RolePolicy"):
        if kept is None or resource.get("name") in kept:
            yield _read(resource.name, resource.get("policy"))
    for inline in _listed(role, "inline_policies"):
        document = inline.get("policy") if isinstance(inline, Mapping) else None
        if (document is UNKNOWN or document) and (kept is None or inline.get("name") in kept):
            yield _read(role.name, document)


def _attached(plan: Plan, role: Resource) -> Iterator[_Found]:
    kept = _kept_by(plan, role, "iam.RolePolicyAttachmentsExclusive", "policy_arns")
    bound = [(each.name, each.get("policy_arn")) for each in _of_role(plan, role, "iam.RolePolicyAttachment")]
    bound += [
        (each.name, each.get("policy_arn")) for each in _of_role(plan, role, "iam.PolicyAttachment", "roles")
    ]
    bound += [(role.name, arn) for arn in _listed(role, "managed_policy_arns")]
    for name, arn in bound:
        if kept is None or arn in kept:
            yield _behind(plan, name, arn)


def _listed(resource: Resource, name: str) -> list[Any]:
    """A list of the resource; empty where nobody knows yet what is in it."""
    value = resource.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _kept_by(plan: Plan, role: Resource, kind: str, prop: str) -> set[Any] | None:
    """What an exclusive resource leaves on the role: it removes everything that it does not list. None: no such one."""
    lists = [_listed(each, prop) for each in _of_role(plan, role, kind, "role_name")]
    return set.intersection(*map(set, lists)) if lists else None


def _behind(plan: Plan, name: str, arn: Any) -> _Found:
    """The policy of an ARN: one of the program under its own name, an AWS-managed one under its attachment's."""
    own = plan.resolve(arn, "iam.Policy")
    if own is not None:
        return _read(own.name, own.get("policy"))
    known = managed_policy(arn) if isinstance(arn, str) else None
    return _Found(name, known or f"{arn}, whose content is not known here")


def _boundary(plan: Plan, role: Resource) -> NamedPolicy | None:
    """The permissions boundary. One that cannot be read limits nothing that we could count on."""
    arn = role.get("permissions_boundary")
    if arn is UNKNOWN or not arn:
        return None
    found = _behind(plan, role.name, arn)
    return NamedPolicy(found.name, found.document) if isinstance(found.document, Policy) else None


def _resource_policies(plan: Plan) -> Iterator[_Found]:
    """Policies on what a role may touch: streams, keys and their grants, and who may assume the other roles."""
    for resource in plan.of_type("kinesis.ResourcePolicy"):
        yield _read(resource.name, resource.get("policy"), str(resource.get("resource_arn")))
    replaced = {
        key for each in plan.of_type("kms.KeyPolicy") for key in plan.referenced(each, "key_id", "kms.Key")
    }
    for resource in plan.of_type("kms.Key"):
        document = resource.get("policy")
        if resource not in replaced and (document is UNKNOWN or document):
            yield _read(resource.name, resource.get("policy"), str(resource.get("arn")))
    for resource in plan.of_type("kms.KeyPolicy"):
        for key in plan.referenced(resource, "key_id", "kms.Key"):
            yield _read(resource.name, resource.get("policy"), str(key.get("arn")))
    for resource in plan.of_type("kms.Grant"):
        for key in plan.referenced(resource, "key_id", "kms.Key"):
            yield _read(resource.name, _granted(resource), str(key.get("arn")))
    for resource in plan.of_type("iam.Role"):
        yield _read(resource.name, resource.get("assume_role_policy"), str(resource.get("arn")))


def _granted(grant: Resource) -> str:
    """A grant of a key, as the policy that it amounts to. Its constraints are left out: they only narrow it."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": grant.get("grantee_principal")},
        "Action": [f"kms:{operation}" for operation in grant.get("operations", [])],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": statement})
