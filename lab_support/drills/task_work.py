"""What a task's work needs beside the actions on its stream, and what of all that its role is not allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lab_support.drills.ecs_roles import ecs_may_assume, task_definitions
from lab_support.drills.execution_role_policy import containers_of, reading_policy, secret_arn
from lab_support.drills.key_use import missing_key_use
from lab_support.drills.streams import Stream, arn_of, key_arn_of
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.evaluate import AccessRequest, Policies, decide
from lab_support.iam.policy import Policy
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

_READ_SECRET = "secretsmanager:GetSecretValue"


def missing_for_work(
    plan: Plan, role: Resource, stream: Stream | None, needs: tuple[str, ...], policies: Policies
) -> tuple[str, ...]:
    """The actions that a task needs and its role is not allowed: on the stream, on the stream's key, on its secrets."""
    if not ecs_may_assume(plan, role):
        return needs
    own, key = arn_of(stream), key_arn_of(plan, stream)
    requests = TaskRequests(plan, role, unknown=False)
    missing = [
        name for name in needs if not decide(AccessRequest(name, own, requests(own)), policies).allowed
    ]
    if key is not None:
        missing += missing_key_use(needs, key, own, policies, requests)
    reads = [AccessRequest(_READ_SECRET, arn, requests(arn)) for arn in _secrets(plan, role)]
    return (*missing, *([] if all(decide(read, policies).allowed for read in reads) else [_READ_SECRET]))


def secrets_policy(plan: Plan, role: Resource) -> Policy:
    """What reading its secrets takes: those whose ARN the containers of a task with this role have in a variable.

    A task that reads a secret when it needs it has the current value after a rotation; one that is injected stays as
    it was when the task started (Amazon ECS Developer Guide, "Pass Secrets Manager secrets through Amazon ECS
    environment variables").
    """
    return reading_policy(plan, _secrets(plan, role))


def lacking_in_words(actions: Iterable[str]) -> str:
    """`kinesis:PutRecord on the stream, and kms:GenerateDataKey on the stream's key`."""
    places = (("kinesis:", "the stream"), ("kms:", "the stream's key"), ("secretsmanager:", "its secret"))
    given = tuple(actions)
    found = [
        f"{', '.join(names)} on {place}"
        for prefix, place in places
        if (names := [name for name in given if name.startswith(prefix)])
    ]
    return ", and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 2 else found)


def _secrets(plan: Plan, role: Resource) -> Iterator[str]:
    for definition in task_definitions(plan):
        if role in plan.referenced(definition, "task_role_arn", "iam.Role"):
            for container in containers_of(definition):
                for variable in container.get("environment") or ():
                    arn = secret_arn(variable.get("value"))
                    if arn is not None and arn.split(":")[2] == "secretsmanager":
                        yield arn
