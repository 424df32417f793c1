"""The work drill: a task starts and does its work. Which of its requests are refused, and by whom?

    for run in work(plan).runs:
        print(run.task, run.refused)          # the first request that is refused, or None

The task reads events from its stream and writes processed ones back. If a key encrypts the stream, Kinesis calls KMS in
the task's name, so each read and each write takes a second permission (Kinesis Data Streams Developer Guide,
"Permissions to use user-generated KMS keys").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lab_support.drills.ecs_roles import ecs_may_assume, task_definitions
from lab_support.drills.key_use import KEY_ACTIONS
from lab_support.drills.streams import Stream, key_arn_of, stream_of
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.denial import denial
from lab_support.iam.evaluate import AccessRequest, Decision, Policies, decide
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["work"]  # what notebooks import from lab_support

# The task's requests in their order, by what they are for.
STAGES: Final = (
    ("finds its stream", ("kinesis:DescribeStream", "kinesis:ListShards", "kinesis:GetShardIterator")),
    ("reads events", ("kinesis:GetRecords",)),
    ("writes events", ("kinesis:PutRecord", "kinesis:PutRecords")),
)


@dataclass(frozen=True)
class Call:
    """One request: the action, on what, and AWS's error if it is refused. `of_key`: Kinesis sends it to KMS."""

    action: str
    on: str
    of_key: bool
    error: str = ""


@dataclass(frozen=True)
class Run:
    """What happens to a task of one definition: its requests by stage, or why it cannot start."""

    task: str
    role: str
    calls: tuple[tuple[str, tuple[Call, ...]], ...]
    problem: str = ""

    @property
    def all_calls(self) -> tuple[Call, ...]:
        return tuple(call for _, calls in self.calls for call in calls)

    @property
    def refused(self) -> Call | None:
        """The first request that is refused."""
        return next((call for call in self.all_calls if call.error), None)

    @property
    def locked_out(self) -> tuple[str, ...]:
        """The actions on the stream's key that are refused."""
        refused = [call.action for call in self.all_calls if call.of_key and call.error]
        return tuple(dict.fromkeys(refused))

    @property
    def not_allowed(self) -> str:
        """What keeps the task from its work apart from the key, in words; empty if nothing does."""
        refused = [call.action for call in self.all_calls if call.error and not call.of_key]
        return self.problem or (f"{self.role} is not allowed {', '.join(refused)}" if refused else "")

    @property
    def succeeds(self) -> bool:
        return not self.problem and self.refused is None


@dataclass(frozen=True)
class Work:
    """The work of a plan's tasks. `stream` is None if there is none to work with."""

    stream: Stream | None
    runs: tuple[Run, ...]


def work(plan: Plan) -> Work:
    """A run of the tasks of each definition, on the first stream of the plan."""
    stream = stream_of(plan)
    return Work(stream, tuple(_run(plan, definition, stream) for definition in task_definitions(plan)))


def _run(plan: Plan, definition: Resource, stream: Stream | None) -> Run:
    role = next(iter(plan.referenced(definition, "task_role_arn", "iam.Role")), None)
    if stream is None:
        return Run(definition.name, "", (), "there is no stream to work with")
    if role is None:
        return Run(definition.name, "", (), "it runs without a role of this program")
    if not ecs_may_assume(plan, role):
        return Run(definition.name, role.name, (), f"ECS is not allowed to assume the role {role.name}")
    policies = policies_of(plan, role).policies
    requests = TaskRequests(plan, role, unknown=False)
    stages = []
    for stage, actions in STAGES:
        calls = []
        for action in actions:
            calls.append(
                _call(AccessRequest(action, stream.arn, requests(stream.arn)), policies, stream.name)
            )
            if request := request_to_key(plan, stream, requests, action):
                key = plan.resolve(request.resource)
                name = key.name if key else request.resource
                calls.append(_call(request, policies, name, of_key=True))
        stages.append((stage, tuple(calls)))
    return Run(definition.name, role.name, tuple(stages))


def request_to_key(plan: Plan, stream: Stream, requests: TaskRequests, action: str) -> AccessRequest | None:
    """What Kinesis asks of KMS in the task's name for an action on the stream; None if it needs no key for it."""
    key = key_arn_of(plan, stream) if stream.resource.get("encryption_type") == "KMS" else None
    if not key or action not in KEY_ACTIONS:
        return None
    context = requests.through("kinesis", key, {"aws:kinesis:arn": stream.arn})
    return AccessRequest(KEY_ACTIONS[action], key, context)


def _call(request: AccessRequest, policies: Policies, on: str, *, of_key: bool = False) -> Call:
    decision = decide(request, policies)
    if decision.allowed:
        return Call(request.action, on, of_key)
    return Call(request.action, on, of_key, refusal(request, policies, decision, of_key=of_key))


def refusal(request: AccessRequest, policies: Policies, decision: Decision, *, of_key: bool = False) -> str:
    """Kinesis' answer to a request that it, or KMS in its place, denies."""
    exception = "KMSAccessDeniedException" if of_key else "AccessDeniedException"
    return f"{exception}: {denial(request, policies, decision)}"
