"""The intruder drill: an attacker runs code in a task. What can they read, change and delete, and in whose stream?

    report = intruder(plan)
    for role in report.roles:
        for grant in role.excess:
            print(grant.action, grant.where, grant.policies)

Code that runs in an ECS task has the permissions of its task role: every process in the task can fetch the credentials
from a local endpoint (Amazon ECS Developer Guide, "Amazon ECS task IAM role").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from lab_support.drills.ecs_roles import (
    EcsRole,
    ecs_may_assume,
    execution_roles,
    task_definitions,
    task_roles,
)
from lab_support.drills.execution_role_policy import execution_role_policy
from lab_support.drills.grants import Grant, Where
from lab_support.drills.harm import in_words, places, worst
from lab_support.drills.key_use import services_between
from lab_support.drills.streams import Stream, arn_of, key_arn_of, neighbours, stream_of
from lab_support.drills.task_requests import TaskRequests
from lab_support.drills.task_work import lacking_in_words, missing_for_work, secrets_policy
from lab_support.iam.actions import LEVELS, actions_in
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import VERSION, Policy, parse
from lab_support.iam.principals import policies_of
from lab_support.iam.reach import ReachedAction, ReachQuery, reach
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["intruder"]  # what notebooks import from lab_support

# What the processing task needs: it reads events from its stream and writes processed ones back.
NEEDS: Final = (
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
)
# What the work may do with the stream's key: what it needs (see key_use.py), the action that describes the key, and the
# other forms of data keys, which AWS's own examples include (`kms:GenerateDataKey*`) and which add nothing to these.
KEY_USE: Final = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
)


@dataclass(frozen=True)
class RoleReach:
    """What one role can do. `use` says what the role is for: `task` or `execution`.

    `missing` has the actions that its work needs and it is not allowed, on the stream, its key and its secrets.
    `unreadable` has the policies whose content the plan does not show: (name of the resource to change, description).
    """

    role: Resource
    use: str
    grants: tuple[Grant, ...]
    missing: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    @cached_property
    def excess(self) -> tuple[Grant, ...]:
        """The grants that its work does not need, the most dangerous first."""
        beyond = (grant for grant in self.grants if grant.is_excess)
        order = {where: rank for rank, where in enumerate(Where)}
        return tuple(sorted(beyond, key=lambda g: (-LEVELS.index(g.level), order[g.where], g.action)))

    def excess_of(self, policy: str) -> tuple[Grant, ...]:
        """The excess grants of one policy."""
        return tuple(grant for grant in self.excess if policy in grant.policies)

    def beyond(self, policy: str) -> str:
        """What one policy grants beyond the role's work, in words: the worst actions and how many more; or nothing."""
        excess = self.excess_of(policy)
        parts = [f"{in_words(grant)} on {places(grant.action, excess)}" for grant in worst(excess, 3)]
        more = len({grant.action for grant in excess}) - len(parts)
        parts += [f"{more} more"] if more > 0 else []
        parts += [f"{what}, so what it allows is unknown" for name, what in self.unreadable if name == policy]
        return "; ".join(parts)

    @property
    def policies_to_change(self) -> tuple[str, ...]:
        """The names of the policies that grant more than the work needs, or that cannot be read."""
        names = [name for grant in self.excess for name in grant.policies]
        return tuple(dict.fromkeys([*names, *(name for name, _ in self.unreadable)]))


@dataclass(frozen=True)
class Intruder:
    """What an attacker who runs code in a task of this plan can do. `stream` is None if the plan has no stream.

    `missing_access` says, for each task definition, what its tasks need and are not allowed. It is empty if at least
    one task definition has all that its tasks need.
    """

    stream: Stream | None
    roles: tuple[RoleReach, ...]
    task_definitions: tuple[Resource, ...]
    missing_access: Mapping[str, str]

    def roles_for(self, use: str) -> tuple[RoleReach, ...]:
        """The roles for one use: those that tasks run with (`task`), or those that start them (`execution`)."""
        return tuple(role for role in self.roles if role.use == use)


def intruder(plan: Plan, needs: Iterable[str] = NEEDS) -> Intruder:
    """What every task role and execution role of the plan can do, compared with what the work `needs`.

    The tasks work with the first stream of the plan.
    """
    stream = stream_of(plan)
    roles = [_task_role(plan, role, stream, tuple(needs)) for role in task_roles(plan)]
    roles += [_execution_role(plan, role.role, stream) for role in execution_roles(plan)]
    definitions = task_definitions(plan)
    missing = {definition.name: _missing_access(plan, definition, roles) for definition in definitions}
    return Intruder(stream, tuple(roles), definitions, {} if "" in missing.values() else missing)


def _missing_access(plan: Plan, definition: Resource, roles: list[RoleReach]) -> str:
    """What the tasks of a definition need and are not allowed, in words; empty if they are allowed all of it."""
    for role in plan.referenced(definition, "task_role_arn", "iam.Role"):
        missing = next((known.missing for known in roles if known.role == role and known.use == "task"), ())
        if missing and not ecs_may_assume(plan, role):
            return f"ECS is not allowed to assume the role {role.name}"
        return f"{role.name} is not allowed {lacking_in_words(missing)}" if missing else ""
    return "it runs without a role of this program"


def _task_role(plan: Plan, task_role: EcsRole, stream: Stream | None, needs: tuple[str, ...]) -> RoleReach:
    role = task_role.role
    key = key_arn_of(plan, stream)
    needed = _allowing(needs, arn_of(stream))
    harmless = _combined(_allowing(KEY_USE, key) if key else None, secrets_policy(plan, role))
    if not task_role.used:
        # An unused role may be meant for starting tasks.
        harmless = _combined(harmless, execution_role_policy(plan))
    attached = policies_of(plan, role)
    grants = _grants(plan, role, attached.policies, stream, needed, harmless)
    missing = missing_for_work(plan, role, stream, needs, attached.policies)
    return RoleReach(role, "task", grants, missing if task_role.used else (), attached.unreadable)


def _execution_role(plan: Plan, role: Resource, stream: Stream | None) -> RoleReach:
    """The reach of a role that starts tasks; what starting them does not need is excess."""
    attached = policies_of(plan, role)
    work = NamedPolicy("", execution_role_policy(plan, role))
    grants = _grants(plan, role, attached.policies, stream, work, None)
    return RoleReach(role, "execution", grants, unreadable=attached.unreadable)


def _combined(left: NamedPolicy | None, right: Policy) -> NamedPolicy:
    statements = (*(left.policy.statements if left else ()), *right.statements)
    return NamedPolicy("", Policy(statements, VERSION))


def _allowing(actions: Iterable[str], arn: str) -> NamedPolicy:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": arn}
    return NamedPolicy("", parse({"Version": "2012-10-17", "Statement": statement}))


def _grants(
    plan: Plan,
    role: Resource,
    policies: Policies,
    stream: Stream | None,
    needed: NamedPolicy,
    harmless: NamedPolicy | None,
) -> tuple[Grant, ...]:
    """Everything that the policies allow: one example for each action, place and set of policies."""
    others = plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey", "iam.Role")
    streams = neighbours(plan, stream) if stream else ()
    targets = (*streams, *(str(resource.get("arn")) for resource in others))

    @cache
    def place_of(arn: str) -> str:
        where = _where(arn, stream)
        return arn if where is Where.SERVICE else where

    requests = TaskRequests(plan, role, unknown=True)
    elsewhere = (*requests.tags.elsewhere, *requests.without_alias)
    tried = (*targets, *(arn for arn in elsewhere if arn not in targets))
    found = tuple(reach(policies, ReachQuery(tried, plan.region, requests, place_of)))
    services = {reached.action.service for reached in found} - {"kms"}

    def adds_nothing(reached: ReachedAction) -> bool:
        """Whether KMS does this only for a service: one that the role may not call, or Kinesis with a known key.

        Kinesis uses a key for the streams that the role may use, and what it may do to those is judged by itself.
        """
        if reached.action.service != "kms":
            return False
        between = services_between(reached, services, policies, requests)
        return between == frozenset() or (between == frozenset({"kinesis"}) and reached.resource in targets)

    return tuple(
        Grant(
            reached.action.name,
            reached.action.level,
            _where(reached.resource, stream),
            reached.resource,
            reached.policies,
            _is_allowed(reached, needed, role),
            _is_allowed(reached, harmless, role),
        )
        for reached in found
        if not adds_nothing(reached)
    )


def _is_allowed(reached: ReachedAction, policy: NamedPolicy | None, role: Resource) -> bool:
    """Whether a policy by itself allows an action that was reached."""
    name = reached.action.name
    if policy is None or all(name not in actions_in(s.action) for s in policy.policy.statements):
        return False
    alone = Policies(str(role.get("arn", "")), (policy,))
    return decide(AccessRequest(name, reached.resource), alone).allowed


def _where(arn: str, stream: Stream | None) -> Where:
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] != "kinesis" or not parts[5].startswith("stream/"):
        return Where.SERVICE
    # A consumer belongs to its stream: stream/NAME/consumer/...
    of = ":".join([*parts[:5], "/".join(parts[5].split("/")[:2])])
    if stream is None:
        return Where.OTHER
    return Where.OWN if of == stream.arn else Where.ENVIRONMENT if of in stream.environments else Where.OTHER
