"""The side-by-side drill: environments share one account, each is released twice. Whose tasks still start?

    report = side_by_side([dev, prod])   # plans of the same program, in the order of their first deployment
    for eviction in report.evictions:
        print(eviction.by.name, "takes", eviction.lost.policy, "from", eviction.lost.name)

A role, user or group that has a managed policy keeps it until something detaches it. `iam.PolicyAttachment` is
exclusive: when it has attached its policy, the provider reads who has that policy in the whole account and takes all
of them as its state, and its next update detaches those that its program does not list
(hashicorp/terraform-provider-aws, internal/service/iam/policy_attachment.go; Pulumi Registry, `PolicyAttachment`).

`iam.RolePolicyAttachmentsExclusive` and `iam.RolePoliciesExclusive` are exclusive for one role. When they are created,
they remove every policy that they do not list, also from a role of another program (Pulumi Registry).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lab_support.drills.ecs_roles import task_definitions
from lab_support.drills.starting import refused_at_start
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["side_by_side"]  # what notebooks import from lab_support

EXCLUSIVE: Final = "iam.PolicyAttachment"
_ENTITIES: Final = ("role", "user", "group")
# Each type that attaches a managed policy to one entity, and the property that names the entity.
_SINGLE: Final = {f"iam.{entity.title()}PolicyAttachment": entity for entity in _ENTITIES}
# Each type that lists managed policies for one role, and the properties with the list and the role's name.
_OF_ROLE: Final = {
    "iam.Role": ("managed_policy_arns", "name"),
    "iam.RolePolicyAttachmentsExclusive": ("policy_arns", "role_name"),
}
# Each type that removes from one role whatever it does not list, and the property with the list.
EXCLUSIVE_OF_ROLE: Final = {
    "iam.RolePolicyAttachmentsExclusive": "policy_arns",
    "iam.RolePoliciesExclusive": "policy_names",
}
_INLINE: Final = "iam.RolePolicy"
_ATTACHING: Final = (EXCLUSIVE, _INLINE, *_OF_ROLE, *_SINGLE)


@dataclass(frozen=True)
class Attachment:
    """A policy and who has it: the kind of entity and its name, attached by `resource`.

    `policy` is the ARN of a managed policy, or the name of an inline one.
    """

    policy: str
    entity: str
    name: str
    environment: str
    resource: Resource

    @property
    def key(self) -> tuple[str, str, str]:
        """What AWS identifies it by."""
        return self.policy, self.entity, self.name


@dataclass(frozen=True)
class Eviction:
    """An attachment that a deployment of `environment` took away, through its resource `by`."""

    lost: Attachment
    environment: str
    by: Resource


@dataclass(frozen=True)
class Step:
    """A deployment, the first or a later one of its environment: what it takes away, and what is attached then."""

    environment: str
    is_first: bool
    evictions: tuple[Eviction, ...]
    attached: tuple[Attachment, ...]


@dataclass(frozen=True)
class Start:
    """Whether new tasks of a definition start after all deployments.

    `refused` is the first call that AWS refuses; empty if they start. `evicted` says whether it is refused only because
    of what another deployment took away.
    """

    environment: str
    definition: Resource
    refused: str
    evicted: bool


@dataclass(frozen=True)
class SideBySide:
    """The deployments of several environments into one account, in order, and whose tasks start at the end."""

    environments: tuple[str, ...]
    steps: tuple[Step, ...]
    starts: tuple[Start, ...]

    @property
    def evictions(self) -> tuple[Eviction, ...]:
        """Everything that a deployment took away."""
        return tuple(eviction for step in self.steps for eviction in step.evictions)


def side_by_side(plans: Iterable[Plan]) -> SideBySide:
    """What happens if each plan is deployed, in order, and then each once more, as its next release."""
    in_order = tuple(plans)
    account: dict[tuple[str, str, str], Attachment] = {}
    states: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
    steps = []
    for is_first in (True, False):
        for plan in in_order:
            lost = list(_deploy(plan, account, states))
            steps.append(Step(plan.stack, is_first, tuple(lost), tuple(account.values())))
    starts = tuple(start for plan in in_order for start in _starts(plan, account))
    return SideBySide(tuple(plan.stack for plan in in_order), tuple(steps), starts)


def attachments_in(plan: Plan) -> Iterator[Attachment]:
    """What the resources of a plan attach, as far as the plan knows it."""
    for resource in plan.of_type(*_ATTACHING):
        if resource.op not in ("read", "delete"):
            for policy, entity, name in _keys(resource):
                yield Attachment(policy, entity, name, plan.stack, resource)


def _deploy(
    plan: Plan,
    account: dict[tuple[str, str, str], Attachment],
    states: dict[tuple[str, str], set[tuple[str, str, str]]],
) -> Iterator[Eviction]:
    """Changes the account, and the states of exclusive attachments, as a deployment of this plan does."""
    attachments = list(attachments_in(plan))
    yield from _cleared(plan, account, states)
    for attachment in attachments:
        place = (plan.stack, attachment.resource.urn)
        # The engine leaves alone what its state says is there, whether it still is or not.
        if place not in states or (
            attachment.resource.kind == EXCLUSIVE and attachment.key not in states[place]
        ):
            account[attachment.key] = attachment
    for resource in dict.fromkeys(attachment.resource for attachment in attachments):
        place = (plan.stack, resource.urn)
        wanted = {attachment.key for attachment in attachments if attachment.resource == resource}
        for key in sorted(states.get(place, wanted) - wanted) if resource.kind == EXCLUSIVE else ():
            if key in account:
                yield Eviction(account.pop(key), plan.stack, resource)
        policies = {policy for policy, _, _ in wanted}
        states[place] = (
            {key for key in account if key[0] in policies} if resource.kind == EXCLUSIVE else wanted
        )
    for resource in plan.of_type(*EXCLUSIVE_OF_ROLE):  # also those that attach nothing
        states.setdefault((plan.stack, resource.urn), set())


def _cleared(
    plan: Plan,
    account: dict[tuple[str, str, str], Attachment],
    states: dict[tuple[str, str], set[tuple[str, str, str]]],
) -> Iterator[Eviction]:
    """What new exclusive lists remove from roles of other environments; the program's own roles are its own affair."""
    roles = [role for role in plan.of_type("iam.Role") if role.op not in ("read", "delete")]
    own = {name for role in roles for name in (role.id, role.get("name"))}
    for resource in plan.of_type(*EXCLUSIVE_OF_ROLE):
        place = (plan.stack, resource.urn)
        if resource.op in ("read", "delete") or place in states or resource.get("role_name") in own:
            continue
        listed = resource.inputs.get(EXCLUSIVE_OF_ROLE[resource.kind])
        if not isinstance(listed, (list, tuple)) or not all(isinstance(policy, str) for policy in listed):
            continue  # what it keeps is unknown
        is_inline = resource.kind == "iam.RolePoliciesExclusive"
        for key, attachment in list(account.items()):
            policy, entity, name = key
            is_meant = entity == "role" and name == resource.get("role_name")
            is_other = attachment.environment != plan.stack and policy not in listed
            if is_meant and is_other and policy.startswith("arn:") is not is_inline:
                yield Eviction(account.pop(key), plan.stack, resource)


def _keys(resource: Resource) -> Iterator[tuple[str, str, str]]:
    """What a resource attaches: the policy's ARN or name, the kind of entity, and its name."""
    found: list[tuple[Any, str, Any]] = []
    if resource.kind in _OF_ROLE:
        policies, role = _OF_ROLE[resource.kind]
        names = [policy.get("name") for policy in _inline(resource)]
        found = [(policy, "role", resource.get(role)) for policy in (*_listed(resource, policies), *names)]
    elif resource.kind == _INLINE:
        found = [(resource.get("name"), "role", resource.get("role"))]
    elif resource.kind == EXCLUSIVE:
        arn = resource.get("policy_arn")
        found = [(arn, entity, name) for entity in _ENTITIES for name in _listed(resource, f"{entity}s")]
    else:
        entity = _SINGLE[resource.kind]
        found = [(resource.get("policy_arn"), entity, resource.get(entity))]
    yield from (
        (arn, entity, name) for arn, entity, name in found if isinstance(arn, str) and isinstance(name, str)
    )


def _listed(resource: Resource, name: str) -> tuple[Any, ...]:
    """What the program lists; what the provider read back is no part of it."""
    value = resource.inputs.get(name)
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _inline(resource: Resource) -> list[Mapping[str, Any]]:
    """The inline policies that a role lists."""
    return [policy for policy in _listed(resource, "inline_policies") if isinstance(policy, Mapping)]


def _starts(plan: Plan, account: Collection[tuple[str, str, str]]) -> Iterator[Start]:
    left = _without_lost(plan, account)
    for definition in task_definitions(plan):
        refused = refused_at_start(left, definition)
        evicted = bool(refused) and not refused_at_start(plan, definition)
        yield Start(plan.stack, definition, refused, evicted)


def _without_lost(plan: Plan, account: Collection[tuple[str, str, str]]) -> Plan:
    """The plan without the attachments that are no longer in the account."""
    return replace(plan, resources=tuple(_left(resource, account) for resource in plan))


def _left(resource: Resource, account: Collection[tuple[str, str, str]]) -> Resource:
    if resource.op in ("read", "delete") or resource.kind not in _ATTACHING:
        return resource
    keys = list(_keys(resource))
    if all(key in account for key in keys):
        return resource
    if resource.kind in _OF_ROLE:
        policies, role = _OF_ROLE[resource.kind]
        kept = [arn for arn in _listed(resource, policies) if (arn, "role", resource.get(role)) in account]
        outputs = {**resource.outputs, policies: kept}
        if inline := _inline(resource):
            outputs["inline_policies"] = [
                p for p in inline if (p.get("name"), "role", resource.get(role)) in account
            ]
        return replace(resource, outputs=outputs)
    if resource.kind == EXCLUSIVE:
        roles = [name for arn, entity, name in keys if entity == "role" and (arn, entity, name) in account]
        return replace(resource, outputs={**resource.outputs, "roles": roles})
    entity = _SINGLE.get(resource.kind, "role")
    return replace(resource, op="delete", outputs={**resource.outputs, entity: None})
