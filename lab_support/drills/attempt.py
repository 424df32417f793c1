"""The intruder's part, played by hand: one request with the credentials of the task's role. Does AWS allow it?

    stream = plan.of_type("kinesis.Stream")[0]
    attempt(plan, "kinesis:DeleteStream", stream)
    attempt(plan, "kinesis:GetRecords", "emergency-alert-stream-prod")     # another environment's stream

The evaluation is that of the drills (intruder.py, work.py), and a refusal has AWS's words (iam/denial.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from lab_support.drills.ecs_roles import ecs_may_assume, task_roles
from lab_support.drills.harm import HARM
from lab_support.drills.intruder import NEEDS
from lab_support.drills.streams import stream_of
from lab_support.drills.task_requests import TaskRequests
from lab_support.drills.work import refusal, request_to_key
from lab_support.errors import BriefError
from lab_support.iam.actions import Action, actions_of, find_action
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.matching import matches
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["attempt"]  # what notebooks import from lab_support


@dataclass(frozen=True)
class Attempt:
    """One request by code that runs in a task, and whether AWS allows it.

    `target` is an ARN, or `*` for an action that is not about one resource. `needed`: the task's work requires it.
    `policies` are the resources that decided. `error` is AWS's answer to a request that is denied.
    """

    action: str
    target: str
    role: str
    needed: bool
    allowed: bool
    policies: tuple[str, ...]
    error: str = ""

    @property
    def harm(self) -> str:
        """What the action does, in words; empty for an action without a description."""
        return HARM.get(self.action, "")


def attempt(plan: Plan, action: str, target: Resource | str = "*") -> Attempt:
    """Sends one request as code in a task of the plan could, with the first of its roles that is allowed to.

    `action` is spelled as in a policy (`kinesis:DeleteStream`). `target` is a resource of the plan, an ARN, or the name
    of a stream, which may belong to another environment. Raises BriefError if there is no such action or target, or if
    no task of the plan has a role.
    """
    found = _action(action)
    arn = _arn(plan, found, target)
    roles = [known.role for known in task_roles(plan) if known.used and ecs_may_assume(plan, known.role)]
    if not roles:
        raise BriefError(
            "No task of this plan runs with a role, so code in it has no credentials to try this with."
        )
    attempts = [_as_role(plan, role, found.name, arn) for role in roles]
    return next((tried for tried in attempts if tried.allowed), attempts[0])


def _as_role(plan: Plan, role: Resource, action: str, arn: str) -> Attempt:
    policies = policies_of(plan, role).policies
    requests = TaskRequests(plan, role, unknown=False)
    request = AccessRequest(action, arn, requests(arn))
    decision = decide(request, policies)
    answer = "" if decision.allowed else refusal(request, policies, decision)
    stream = stream_of(plan)
    is_of_stream = stream is not None and arn == stream.arn
    needed = action in NEEDS and is_of_stream
    if stream and is_of_stream and decision.allowed:
        to_key = request_to_key(plan, stream, requests, action)
        if to_key and not (decision_on_key := decide(to_key, policies)).allowed:
            decision, answer = decision_on_key, refusal(to_key, policies, decision_on_key, of_key=True)
    return Attempt(action, arn, role.name, needed, decision.allowed, decision.policies, answer)


def _action(name: str) -> Action:
    found = find_action(name)
    if found is None:
        service = name.partition(":")[0]
        close = get_close_matches(name, actions_of(service), 1, 0.5)
        meant = f"Did you mean {close[0]}?" if close else "An action is written as in `kinesis:DeleteStream`."
        raise BriefError(f"AWS has no action {name!r}. {meant}")
    return found


def _arn(plan: Plan, action: Action, target: Resource | str) -> str:
    """The ARN that a request is about."""
    if not action.acts_on:
        return "*"
    arn = str(target.get("arn", "")) if isinstance(target, Resource) else target
    stream = stream_of(plan)
    if arn and not arn.startswith("arn:") and action.service == "kinesis" and stream and arn != "*":
        arn = f"{stream.arn.rpartition('/')[0]}/{arn}"
    if not any(matches(pattern, arn) for pattern in action.acts_on):
        named = target.name if isinstance(target, Resource) else repr(target)
        raise BriefError(f"{action.name} is about {' or '.join(action.acts_on)}, not about {named}.")
    return arn
