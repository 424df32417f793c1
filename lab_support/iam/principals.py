"""All policies in a plan that apply to a role: its own, of every kind, and the resource policies that may name it.

    attached = policies_of(plan, role)
    attached.policies          # for evaluate.decide()
    attached.unreadable        # attached policies that cannot be read: their effect is unknown

A policy is named after the resource to change: the RolePolicy, the customer-managed Policy, the attachment of an
AWS-managed policy, or the Role with the inline policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.iam.evaluate import NamedPolicy, Policies
from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import Policy, PolicyError, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

_KEYS: Final = ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey", "kms.ReplicaExternalKey")


@dataclass(frozen=True)
class Attached:
    """The policies of one role, and those that cannot be read: (name of the resource to change, description)."""

    policies: Policies
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Found:
    """A policy that was found: `document` is the Policy, or a description of why it cannot be read."""

    name: str
    document: Policy | str
    attached_to: str = ""


def policies_of(plan: Plan, role: Resource) -> Attached:
    """All policies attached to a role of the plan, and the resource policies that may name it."""
    found = [*_inline(plan, role), *_attached(plan, role)]
    on_resources = list(_resource_policies(plan))
    identity = tuple(NamedPolicy(f.name, f.document) for f in found if isinstance(f.document, Policy))
    resource = tuple(
        NamedPolicy(f.name, f.document, f.attached_to) for f in on_resources if isinstance(f.document, Policy)
    )
    unreadable = tuple((f.name, f.document) for f in [*found, *on_resources] if isinstance(f.document, str))
    policies = Policies(str(role.get("arn", "")), identity, _boundary(plan, role), resource)
    return Attached(policies, unreadable)


def _read(name: str, document: Any, attached_to: str = "") -> _Found:
    if document is UNKNOWN:
        return _Found(name, "a policy that is unknown until the program is deployed", attached_to)
    try:
        return _Found(name, parse(document), attached_to)
    except PolicyError as error:
        return _Found(name, f"a policy that cannot be read ({error})", attached_to)


def _of_role(plan: Plan, role: Resource, kind: str, prop: str = "role") -> Iterator[Resource]:
    """The resources of a kind that refer to this role by name, in the property `prop`."""
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
    attachments = [
        *_of_role(plan, role, "iam.RolePolicyAttachment"),
        *_of_role(plan, role, "iam.PolicyAttachment", "roles"),
    ]
    attached = [(attachment.name, attachment.get("policy_arn")) for attachment in attachments]
    attached += [(role.name, arn) for arn in _listed(role, "managed_policy_arns")]
    # An exclusive resource also attaches what it lists and no other resource attaches.
    for exclusive in _of_role(plan, role, "iam.RolePolicyAttachmentsExclusive", "role_name"):
        known = {arn for _, arn in attached}
        attached += [(exclusive.name, arn) for arn in _listed(exclusive, "policy_arns") if arn not in known]
    for name, arn in attached:
        if kept is None or arn in kept:
            yield _policy_of_arn(plan, name, arn)


def _listed(resource: Resource, name: str) -> list[Any]:
    """The items of a list property; none if the list is unknown until deployment."""
    value = resource.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _kept_by(plan: Plan, role: Resource, kind: str, prop: str) -> set[Any] | None:
    """The policies that exclusive resources keep on the role; all others are removed. None without such a resource."""
    lists = [_listed(exclusive, prop) for exclusive in _of_role(plan, role, kind, "role_name")]
    return set.intersection(*map(set, lists)) if lists else None


def _policy_of_arn(plan: Plan, name: str, arn: Any) -> _Found:
    """The policy with this ARN: the program's own under its own name, an AWS-managed one under its attachment's."""
    own = plan.resolve(arn, "iam.Policy")
    if own is not None:
        return _read(own.name, own.get("policy"))
    known = managed_policy(arn) if isinstance(arn, str) else None
    return _Found(name, known or f"{arn}, whose content is not known here")


def _boundary(plan: Plan, role: Resource) -> NamedPolicy | None:
    """The permissions boundary, or None; one that cannot be read is not relied on to limit anything."""
    arn = role.get("permissions_boundary")
    if arn is UNKNOWN or not arn:
        return None
    found = _policy_of_arn(plan, role.name, arn)
    return NamedPolicy(found.name, found.document) if isinstance(found.document, Policy) else None


def _resource_policies(plan: Plan) -> Iterator[_Found]:
    """The policies of streams and keys, the grants of keys, and the trust policies of all roles."""
    for resource in plan.of_type("kinesis.ResourcePolicy"):
        yield _read(resource.name, resource.get("policy"), str(resource.get("resource_arn")))
    yield from _key_policies(plan)
    for resource in plan.of_type("iam.Role"):
        yield _read(resource.name, resource.get("assume_role_policy"), str(resource.get("arn")))


def _key_policies(plan: Plan) -> Iterator[_Found]:
    """The policies of the plan's keys, KMS's default policy for a key without one, and the keys' grants."""
    replaced = set()
    for resource in plan.of_type("kms.KeyPolicy"):
        for key in plan.referenced(resource, "key_id", *_KEYS):
            replaced.add(key)
            yield _read(resource.name, resource.get("policy"), str(key.get("arn")))
    for key in plan.of_type(*_KEYS):
        if key not in replaced:
            document = key.get("policy")
            given = document is UNKNOWN or document
            yield _read(key.name, document if given else _default_key_policy(plan), str(key.get("arn")))
    for resource in plan.of_type("kms.Grant"):
        for key in plan.referenced(resource, "key_id", *_KEYS):
            yield _read(resource.name, _as_policy(resource), str(key.get("arn")))


def _default_key_policy(plan: Plan) -> Mapping[str, Any]:
    """The policy of a key that is created without one: the account lets its roles in through their own policies.

    AWS KMS Developer Guide, "Default key policy".
    """
    account = {"AWS": plan.account}
    statement = {"Effect": "Allow", "Principal": account, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": statement}


def _as_policy(grant: Resource) -> str:
    """The policy equivalent to a grant of a key; its constraints are conditions on the encryption context.

    AWS KMS API Reference, "GrantConstraints".
    """
    constraints = [item for item in _listed(grant, "constraints") if isinstance(item, Mapping)]
    pairs = {
        f"kms:EncryptionContext:{key}": value
        for item in constraints
        for name in ("encryption_context_equals", "encryption_context_subset")
        for key, value in (item.get(name) or {}).items()
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": grant.get("grantee_principal")},
        "Action": [f"kms:{operation}" for operation in grant.get("operations", [])],
        "Resource": "*",
        "Condition": {"StringEquals": pairs} if pairs else {},
    }
    # A value that is known only after deployment becomes a text that names nobody.
    return json.dumps({"Version": "2012-10-17", "Statement": statement}, default=str)
