"""The intruder drill: somebody runs code in a task. What can they read, change and delete, and in whose stream?

    report = intruder(plan)
    for role in report.roles:
        for grant in role.excess:
            print(grant.action, grant.where, grant.policies)

Whoever runs code in an ECS task has the permissions of its task role: the credentials lie at an address that every
process in the task can ask (Amazon ECS Developer Guide, "Amazon ECS task IAM role").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

from lab_support.drills.ecs_roles import EcsRole, execution_roles, is_trusted, task_definitions, task_roles
from lab_support.drills.execution_role_policy import execution_role_policy
from lab_support.drills.grants import Grant, Where
from lab_support.drills.harm import in_words, places, worst
from lab_support.drills.streams import Stream, key_arn_of, neighbours, stream_of
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.actions import LEVELS, actions_in
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import VERSION, Policy, parse
from lab_support.iam.principals import policies_of
from lab_support.iam.reach import ReachedAction, ReachQuery, reach
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# What the processing task does with its stream: it reads events, and writes those that it has processed.
NEEDS: Final = (
    "kinesis:DescribeStream",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
)
# What a reader and writer of an encrypted stream may do with the stream's own key (Kinesis Data Streams Developer
# Guide, "Permissions to use user-generated KMS keys"), and how it finds out about it.
KEY_USE: Final = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey")


@dataclass(frozen=True)
class RoleReach:
    """What one role can do. `use` says what the role is for: `task` or `execution`.

    `missing` are the actions of its work that it is not allowed, `refused_by` the reason for each; `unreadable` are
    policies whose content nobody can see in the plan: (name to change, what it is).
    """

    role: Resource
    use: str
    grants: tuple[Grant, ...]
    missing: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()

    @cached_property
    def excess(self) -> tuple[Grant, ...]:
        """What it can do beyond its work, the most dangerous first."""
        beyond = (grant for grant in self.grants if grant.is_excess)
        order = {where: n for n, where in enumerate(Where)}
        return tuple(sorted(beyond, key=lambda g: (-LEVELS.index(g.level), order[g.where], g.action)))

    def excess_of(self, policy: str) -> tuple[Grant, ...]:
        """The excess that one policy gives."""
        return tuple(grant for grant in self.excess if policy in grant.policies)

    def beyond(self, policy: str) -> str:
        """What one policy gives beyond the role's work, in words: the worst of it, and how much more; or nothing."""
        excess = self.excess_of(policy)
        said = [f"{in_words(grant)}: {places(grant.action, excess)}" for grant in worst(excess, 3)]
        more = len({grant.action for grant in excess}) - len(said)
        said += [f"{more} more"] if more > 0 else []
        said += [
            f"{what}, so nobody can show what it allows" for name, what in self.unreadable if name == policy
        ]
        return "; ".join(said)

    @property
    def policies_to_change(self) -> tuple[str, ...]:
        """The names of the policies that give more than the work takes, or that cannot be read."""
        names = [name for grant in self.excess for name in grant.policies]
        return tuple(dict.fromkeys([*names, *(name for name, _ in self.unreadable)]))


@dataclass(frozen=True)
class Intruder:
    """What somebody can do who runs code in a task of this plan. `stream` is None when the plan has no stream.

    `missing_access` says, for each task definition, what its tasks need and are not allowed; it is empty as
    soon as one task definition can do it all.
    """

    stream: Stream | None
    roles: tuple[RoleReach, ...]
    task_definitions: tuple[Resource, ...]
    missing_access: Mapping[str, str]

    def roles_for(self, use: str) -> tuple[RoleReach, ...]:
        """The roles of one use: those of the tasks (`task`), or those that start them (`execution`)."""
        return tuple(each for each in self.roles if each.use == use)


def intruder(plan: Plan, needs: Iterable[str] = NEEDS) -> Intruder:
    """What every role that a task of the plan runs with, or is started with, can do against what the work `needs`.

    The work is with the plan's own stream: the first one.
    """
    stream = stream_of(plan)
    reports = [_task(plan, held, stream, tuple(needs)) for held in task_roles(plan)]
    reports += [_execution(plan, held.role, stream) for held in execution_roles(plan)]
    definitions = task_definitions(plan)
    lacking = {each.name: _lacking(plan, each, reports) for each in definitions}
    missing_access = {} if "" in lacking.values() else lacking
    return Intruder(stream, tuple(reports), definitions, missing_access)


def _lacking(plan: Plan, definition: Resource, reports: list[RoleReach]) -> str:
    """What the tasks of a definition cannot do that their work takes; empty when they can do all of it."""
    for role in plan.referenced(definition, "task_role_arn", "iam.Role"):
        missing = next((each.missing for each in reports if each.role == role and each.use == "task"), ())
        if missing and not is_trusted(plan, role):
            return f"ECS may not assume the role {role.name}"
        return f"{role.name} is not allowed {', '.join(missing)} on the stream" if missing else ""
    return "it runs without a role of this program"


def _task(plan: Plan, held: EcsRole, stream: Stream | None, needs: tuple[str, ...]) -> RoleReach:
    own = stream.arn if stream else "arn:aws:kinesis:::stream/none"
    key = key_arn_of(plan, stream)
    needed = _allowing(needs, own)
    harmless = _allowing(KEY_USE, key) if key else None
    if not held.used:
        # It might as well be meant for starting tasks.
        harmless = _together(harmless, NamedPolicy("", execution_role_policy(plan)))
    attached = policies_of(plan, held.role)
    grants = _grants(plan, held.role, attached.policies, stream, needed, harmless)
    certain = TaskRequests(plan, held.role, unknown=False)
    missing = tuple(
        name
        for name in needs
        if not decide(AccessRequest(name, own, certain(own)), attached.policies).allowed
        or not is_trusted(plan, held.role)
    )
    return RoleReach(held.role, "task", grants, missing if held.used else (), attached.unreadable)


def _execution(plan: Plan, role: Resource, stream: Stream | None) -> RoleReach:
    """A role that starts tasks: what goes beyond that work is excess."""
    attached = policies_of(plan, role)
    work = NamedPolicy("its work", execution_role_policy(plan, role))
    grants = _grants(plan, role, attached.policies, stream, work, None)
    return RoleReach(role, "execution", grants, unreadable=attached.unreadable)


def _together(left: NamedPolicy | None, right: NamedPolicy) -> NamedPolicy:
    statements = (*(left.policy.statements if left else ()), *right.policy.statements)
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
    """Everything that the policies reach, one example for each action, place and set of policies."""
    keys = tuple(str(key.get("arn")) for key in plan.of_type("kms.Key", "kms.ReplicaKey", "kms.ExternalKey"))
    roles = tuple(str(each.get("arn")) for each in plan.of_type("iam.Role"))
    targets = (*(neighbours(plan, stream) if stream else ()), *keys, *roles)

    @cache
    def place_of(arn: str) -> str:
        where = _where(arn, stream)
        return arn if where is Where.SERVICE else where

    asked = ReachQuery(targets, plan.region, TaskRequests(plan, role, unknown=True), place_of)
    return tuple(
        Grant(
            granted.action.name,
            granted.action.level,
            _where(granted.resource, stream),
            granted.resource,
            granted.policies,
            _fits(granted, needed, role),
            _fits(granted, harmless, role),
        )
        for granted in reach(policies, asked)
    )


def _fits(granted: ReachedAction, policy: NamedPolicy | None, role: Resource) -> bool:
    """Whether a grant is among what a policy allows."""
    if policy is None or all(
        granted.action.name not in actions_in(s.action) for s in policy.policy.statements
    ):
        return False
    allowed = Policies(str(role.get("arn", "")), (policy,))
    return decide(AccessRequest(granted.action.name, granted.resource), allowed).allowed


def _where(arn: str, stream: Stream | None) -> Where:
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[2] != "kinesis" or not parts[5].startswith("stream/"):
        return Where.SERVICE
    # A consumer belongs to its stream: stream/NAME/consumer/...
    of = ":".join([*parts[:5], "/".join(parts[5].split("/")[:2])])
    if stream is None:
        return Where.OTHER
    return Where.OWN if of == stream.arn else Where.ENVIRONMENT if of in stream.environments else Where.OTHER
