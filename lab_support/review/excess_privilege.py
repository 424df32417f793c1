"""EXCESS-PRIVILEGE: a policy that allows nearly everything in a service. The intruder drill as a rule.

NIST SP 800-53 AC-6. Exercise 04 compares a role with its work; here, the work is unknown. So the rule only reports what
is too much for any work, by its effect, with IAM's own logic, including conditions, denials and permissions boundaries:

- nearly every write action of a service, on a resource that the policy does not name, however the actions are written;
- what a wildcard allows of a service that no work needs (`Delete*`, `Put*`, `U*`), for a workload, on a resource that
  is not named; a name such as `e*` (partial_names.py) names nothing;
- an AWS-managed policy for a whole service or account, on a role of a workload (people may administer an account);
- a way for a workload to become administrator (escalation.py), in one policy or through the roles that it can assume;
- sts:AssumeRole for a workload, on a role that is not named.

Services whose actions mostly cannot be limited to a resource are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from lab_support.drills.harm import HARM
from lab_support.iam.actions import Action, find_action
from lab_support.iam.evaluate import NamedPolicy
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.reporting import counted
from lab_support.review.allowed_actions import (
    CORE,
    allowed_actions,
    allows_somewhere,
    is_allowed,
    known_context,
    nearly_all,
    policy_sets_of,
    service_of,
    services,
    with_partial_names,
)
from lab_support.review.escalation import ASSUME_ROLE, assumable, ways
from lab_support.review.partial_names import partial_names
from lab_support.review.policy_documents import PolicyDocument, is_for_workload, policy_documents
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed

# Where a policy's content or name is written.
_POLICY_ARGUMENTS: Final = ("policy", "inline_policies", "policy_arn", "managed_policy_arns")

Allowed = Mapping[str, tuple[Action, ...]]  # by service


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Policies that allow nearly all write actions of a service on any resource, or to become administrator."""
    plan = subject.plan
    documents, told = [], set()
    in_steps = tuple(_administrators_in_steps(plan))
    changed_in_steps = {observation.resource for observation in in_steps}
    for document in policy_documents(plan):
        if isinstance(document, Observation):
            yield document
            continue
        documents.append(document)
        unreadable = [role for role in document.roles if _has_unreadable_boundary(plan, role)]
        allowed = {
            service: actions
            for service in services(plan, document.policy)
            if (actions := allowed_actions(plan, document, service))
        }
        told |= {(role.urn, service) for role in document.roles for service in allowed}
        found = [] if "iam" in allowed else list(_escalations(plan, document))
        is_told = _is_everything(allowed) or "sts" in allowed or document.resource in changed_in_steps
        assumes = not is_told and _assumes_any(plan, document)
        if (allowed or found or assumes) and unreadable:
            reason = f"the permissions boundary of {unreadable[0].name} is not in the program"
            yield Observation(document.resource, unknown=reason)
        elif allowed or found or assumes:
            texts = (
                _what(plan, document, allowed) if allowed else "",
                _ways(plan, document, found),
                _assuming(plan, document) if assumes else "",
            )
            what = " ".join(filter(None, texts))
            repair = _repair(plan, allowed) if allowed else _REPAIR_OF_WAYS if found else _REPAIR_OF_ASSUMING
            yield Observation(document.resource, what, repair, arguments=_POLICY_ARGUMENTS)
    yield from _in_pieces(plan, documents, told)
    yield from in_steps


def _in_pieces(
    plan: Plan, documents: list[PolicyDocument], told: set[tuple[str, str]]
) -> Iterator[Observation]:
    """Roles whose policies allow together what none of them allows alone; `told` are roles and services by name."""
    for role in created(plan, "iam.Role"):
        own = [document for document in documents if role in document.roles]
        if len(own) < 2 or _has_unreadable_boundary(plan, role):
            continue
        policies = with_partial_names(plan, policies_of(plan, role).policies)
        named = tuple(NamedPolicy(document.resource.name, document.policy) for document in own)
        together = with_partial_names(plan, replace(policies, identity=named))
        reached = dict.fromkeys(service for document in own for service in services(plan, document.policy))
        allowed = {
            service: actions
            for service in reached
            if (role.urn, service) not in told
            and (actions := nearly_all(plan, service, ((together, policies),)))
        }
        if allowed:
            pieces = [
                document.resource
                for document in own
                if any(service in allowed for service in services(plan, document.policy))
            ]
            what = _what(plan, replace(own[0], roles=(role,)), allowed)
            together_only = (
                f"No policy allows it alone, but {listed(piece.name for piece in pieces)} do together."
            )
            repair = _repair(plan, allowed)
            yield Observation(pieces[0], f"{what} {together_only}", repair, arguments=_POLICY_ARGUMENTS)


_REPAIR_OF_WAYS: Final = (
    "Name the users, roles, policies or functions that the work is about, as ARNs, in this statement; for iam:PassRole "
    "also the service, in a condition on iam:PassedToService."
)


_REPAIR_OF_ASSUMING: Final = "Name the ARNs of the roles that the work assumes in this statement's Resource."


def _assumes_any(plan: Plan, document: PolicyDocument) -> bool:
    """Whether a workload with this policy may assume roles that the policy does not name."""
    workloads = tuple(role for role in document.roles if is_for_workload(role))
    action = find_action(ASSUME_ROLE)
    if not workloads or action is None or "sts" not in services(plan, document.policy):
        return False
    return is_allowed(plan, action, policy_sets_of(plan, replace(document, roles=workloads)))


def _assuming(plan: Plan, document: PolicyDocument) -> str:
    who = listed(sorted(role.name for role in document.roles))
    short = _partial(plan, document, "iam")
    which = f"any role that matches {listed(short)}, if it" if short else "any role that"
    return f"Anyone acting as {who} can assume {which} trusts this account ({ASSUME_ROLE})."


def _partial(plan: Plan, document: PolicyDocument, *services: str) -> list[str]:
    """The resources of some services in a policy that are too short to be names."""
    return [value for value in partial_names(plan, document.policy) if value.split(":")[2] in services]


def _escalations(plan: Plan, document: PolicyDocument) -> Iterator[tuple[str, str]]:
    """The ways in which a workload with this policy can become administrator."""
    workloads = tuple(role for role in document.roles if is_for_workload(role))
    if not workloads:
        return
    policy_sets = policy_sets_of(plan, replace(document, roles=workloads))

    def anywhere(name: str) -> bool:
        action = find_action(name)
        return action is not None and is_allowed(plan, action, policy_sets)

    def somewhere(name: str) -> bool:
        action = find_action(name)
        return action is not None and any(
            allows_somewhere(plan, action, together) for _, together in policy_sets
        )

    yield from ways(anywhere, somewhere)


def _ways(plan: Plan, document: PolicyDocument, found: list[tuple[str, str]]) -> str:
    if not found:
        return ""
    who = listed(sorted(role.name for role in document.roles))
    told = "; ".join(f"{harm} ({actions})" for actions, harm in found[:3])
    more = f"; {len(found) - 3} more ways" if len(found) > 3 else ""
    short = _partial(plan, document, *(actions.partition(":")[0] for actions, _ in found))
    where = f", on whatever matches {listed(short)}" if short else ""
    return f"Anyone acting as {who} can become administrator: {told}{more}{where}."


def _administrators_in_steps(plan: Plan) -> Iterator[Observation]:
    """Workloads that can do anything through a role, or several, that they can assume."""
    for role in created(plan, "iam.Role"):
        if not is_for_workload(role):
            continue
        for chain in assumable(plan, role, known_context(plan, str(role.get("arn")))):
            first, last = chain[0], chain[-1]
            power = _power_of(plan, last.assumed)
            if is_for_workload(last.assumed) or not power:
                continue
            if any(_has_unreadable_boundary(plan, step.role) for step in chain):
                continue
            named = [resource for resource in plan if resource.name in first.policies and resource.is_custom]
            changed = next((resource for resource in named if resource.kind.startswith("iam.")), last.assumed)
            steps = ", and then ".join(step.assumed.name for step in chain)
            what = f"Anyone acting as {role.name} can assume {steps}, and as {last.assumed.name} {power}."
            repair = (
                f"Name the roles that {role.name} has to assume in its policy, remove it from the trust policy of "
                f"{last.assumed.name}, or list there only the actions that the work needs."
            )
            arguments = ("policy", "inline_policies", "assume_role_policy")
            yield Observation(changed, what, repair, arguments=arguments)


def _power_of(plan: Plan, role: Resource) -> str:
    """What all policies of a role together allow, if that is nearly everything; empty if it is less."""
    if _has_unreadable_boundary(plan, role):
        return ""
    policies = policies_of(plan, role).policies
    if nearly_all(plan, "iam", ((policies,),)):
        return "do anything in the account"
    others = all(nearly_all(plan, service, ((policies,),)) for service in CORE if service != "iam")
    return "do anything in the account but manage its users and roles" if others else ""


def _has_unreadable_boundary(plan: Plan, role: Resource) -> bool:
    boundary = role.get("permissions_boundary")
    return bool(boundary is UNKNOWN or boundary) and policies_of(plan, role).policies.boundary is None


def _is_everything(allowed: Allowed) -> bool:
    return set(CORE) <= set(allowed)


def _what(plan: Plan, document: PolicyDocument, allowed: Allowed) -> str:
    roles = sorted(role.name for role in document.roles)
    who = f"Anyone acting as {listed(roles)}" if roles else "Anyone with this policy"
    if _is_everything(allowed):
        total = sum(len(actions) for actions in allowed.values())
        return (
            f"{who} can do anything in the account: {listed(allowed, 6)} alone have {total} actions that change "
            "something, and all other services are included, too."
        )
    counts = [counted(len(actions), f"{service} action") for service, actions in allowed.items()]
    actions = [action for service in allowed.values() for action in service]
    return (
        f"{who} can use {listed(counts)} that change something, on {_where(plan, document, allowed)}, for instance "
        f"{_worst(actions)}."
    )


def _where(plan: Plan, document: PolicyDocument, allowed: Allowed) -> str:
    """The resources that the actions are allowed on, in words."""
    short = _partial(plan, document, *allowed)
    if not short:
        return "any resource of the account"
    anywhere = set(allowed) - {value.split(":")[2] for value in short}
    return f"{'any resource of the account and ' if anywhere else ''}whatever matches {listed(short)}"


def _worst(actions: list[Action]) -> str:
    """The two worst actions, with the harm that they do where there are words for it."""
    ranks = {name: rank for rank, name in enumerate(HARM)}
    verbs = ("Delete", "Terminate", r"Put\w*Policy", "Put", "Update")

    def order(action: Action) -> tuple[int, int, int]:
        name = action.name.partition(":")[2]
        verb = next((rank for rank, verb in enumerate(verbs) if re.match(verb, name)), len(verbs))
        return ranks.get(action.name, len(ranks)), verb, len(name)

    names = [action.name for action in sorted(actions, key=order)[:2]]
    return " and ".join(f"{name} ({HARM[name]})" if name in HARM else name for name in names)


def _repair(plan: Plan, allowed: Allowed) -> str:
    own = [
        resource.name
        for service in allowed
        for resource in plan
        if service_of(resource) == service and resource.op != "read"
    ]
    here = f" (here: {listed(own)})" if own and not _is_everything(allowed) else ""
    return f"List the actions that the work needs, and the ARNs of the resources that it uses{here}."


RULE = ReviewRule(
    "EXCESS-PRIVILEGE",
    "High",
    "least privilege",
    "AC-6",
    "A policy allows more than any work needs",
    "Replace wildcards, and AWS-managed policies that allow everything in a service, by the actions that the "
    "work needs, on the ARNs of the resources that it uses. IAM Access Analyzer can generate such a policy "
    "from what a role has done.",
    check,
)
