"""EXCESS-PRIVILEGE: a policy that allows nearly everything in a service. The intruder drill as a rule.

NIST SP 800-53 AC-6. Exercise 04 compares a role with its work; here, the work is unknown. So the rule only reports what
is too much for any work, by its effect, with IAM's own logic, including conditions, denials and permissions boundaries:

- nearly every write action of a service, on a resource that the policy does not name, however the actions are written;
- an AWS-managed policy for a whole service or account, on a role of a workload (people may administer an account);
- a way for a workload to become administrator (escalation.py), in one policy or through the roles that it can assume.

Services whose actions mostly cannot be limited to a resource are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from lab_support.drills.harm import HARM
from lab_support.iam.actions import Action, actions_of, find_action
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.policy import Policy
from lab_support.iam.principals import policies_of
from lab_support.mock_aws.partitions import partition_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.reporting import counted
from lab_support.review.escalation import assumable, ways
from lab_support.review.policy_documents import PolicyDocument, is_for_workload, policy_documents
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed

# A policy allows a whole service if it allows this share of the service's write actions.
_NEARLY_ALL: Final = 0.75
# Services that represent all services if a policy says `*`.
_CORE: Final = ("ec2", "iam", "kms", "s3")
_WRITE_LEVELS: Final = ("Write", "Permissions management")
_FEWEST_ACTIONS: Final = 3

# Where a policy's content or name is written.
_POLICY_ARGUMENTS: Final = ("policy", "inline_policies", "policy_arn", "managed_policy_arns")

Allowed = Mapping[str, tuple[Action, ...]]  # by service


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Policies that allow nearly all write actions of a service on any resource, or to become administrator."""
    plan = subject.plan
    for document in policy_documents(plan):
        if isinstance(document, Observation):
            yield document
            continue
        unreadable = [role for role in document.roles if _has_unreadable_boundary(plan, role)]
        allowed = {
            service: actions
            for service in _services(plan, document.policy)
            if (actions := _allowed_actions(plan, document, service))
        }
        found = [] if "iam" in allowed else list(_escalations(plan, document))
        if (allowed or found) and unreadable:
            reason = f"the permissions boundary of {unreadable[0].name} is not in the program"
            yield Observation(document.resource, unknown=reason)
        elif allowed or found:
            what = " ".join(
                filter(None, (_what(document, allowed) if allowed else "", _ways(document, found)))
            )
            repair = _repair(plan, allowed) if allowed else _REPAIR_OF_WAYS
            yield Observation(document.resource, what, repair, arguments=_POLICY_ARGUMENTS)
    yield from _administrators_in_steps(plan)


_REPAIR_OF_WAYS: Final = (
    "Name the users, roles, policies or functions that the work is about, as ARNs, in this statement; for iam:PassRole "
    "also the service, in a condition on iam:PassedToService."
)


def _escalations(plan: Plan, document: PolicyDocument) -> Iterator[tuple[str, str]]:
    """The ways in which a workload with this policy can become administrator."""
    workloads = tuple(role for role in document.roles if is_for_workload(role))
    if not workloads:
        return
    policy_sets = _policy_sets(plan, replace(document, roles=workloads))

    def anywhere(name: str) -> bool:
        action = find_action(name)
        return action is not None and _is_allowed(plan, action, policy_sets)

    def somewhere(name: str) -> bool:
        action = find_action(name)
        return action is not None and any(
            _allows_somewhere(plan, action, together) for _, together in policy_sets
        )

    yield from ways(anywhere, somewhere)


def _allows_somewhere(plan: Plan, action: Action, policies: Policies) -> bool:
    """Whether a role may use an action on anything: an ARN that its policies name, or any other."""
    named = [
        value.replace("*", "x")
        for policy in policies.identity
        for statement in policy.policy.statements
        if statement.allows and statement.resource is not None and not statement.resource.negated
        for value in statement.resource.values
    ]
    arns = [*(_any_arn(plan, kind) for kind in action.acts_on), *named, "*"]
    context = _known_context(plan, policies.role_arn)
    return any(decide(AccessRequest(action.name, arn, context), policies).allowed for arn in arns)


def _ways(document: PolicyDocument, found: list[tuple[str, str]]) -> str:
    if not found:
        return ""
    who = listed(role.name for role in document.roles)
    told = "; ".join(f"{harm} ({actions})" for actions, harm in found[:3])
    more = f"; {len(found) - 3} more ways" if len(found) > 3 else ""
    return f"Anyone acting as {who} can become administrator: {told}{more}."


def _administrators_in_steps(plan: Plan) -> Iterator[Observation]:
    """Workloads that can do anything through a role, or several, that they can assume."""
    for role in created(plan, "iam.Role"):
        if not is_for_workload(role):
            continue
        for chain in assumable(plan, role, _known_context(plan, str(role.get("arn")))):
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
    if _nearly_all(plan, "iam", ((policies,),)):
        return "do anything in the account"
    others = all(_nearly_all(plan, service, ((policies,),)) for service in _CORE if service != "iam")
    return "do anything in the account but manage its users and roles" if others else ""


def _has_unreadable_boundary(plan: Plan, role: Resource) -> bool:
    boundary = role.get("permissions_boundary")
    return bool(boundary is UNKNOWN or boundary) and policies_of(plan, role).policies.boundary is None


def _services(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """The services that the Allow statements of a policy may match."""
    found: dict[str, None] = {}
    for statement in policy.statements:
        if not statement.allows:
            continue
        for value in ("*",) if statement.action.negated else statement.action.values:
            service, _, rest = value.lower().partition(":")
            if "*" in service or "?" in service:
                found.update(dict.fromkeys((*_CORE, *_services_in_use(plan))))
            elif rest:
                found[service] = None
    return tuple(found)


def _services_in_use(plan: Plan) -> tuple[str, ...]:
    services = {_service_of(resource) for resource in plan if resource.is_custom}
    return tuple(sorted(filter(None, services)))


def _service_of(resource: Resource) -> str:
    """The service in a resource's ARN, or an empty string."""
    arn = resource.get("arn")
    return arn.split(":")[2] if isinstance(arn, str) and arn.count(":") >= 5 else ""


def _allowed_actions(plan: Plan, document: PolicyDocument, service: str) -> tuple[Action, ...]:
    """The write actions of a service that a policy allows on any resource; none if they are not nearly all of them."""
    return _nearly_all(plan, service, _policy_sets(plan, document))


def _nearly_all(
    plan: Plan, service: str, policy_sets: tuple[tuple[Policies, ...], ...]
) -> tuple[Action, ...]:
    writing = [action for action in actions_of(service).values() if action.level in _WRITE_LEVELS]
    limitable = [action for action in writing if action.acts_on]
    if len(limitable) < _FEWEST_ACTIONS or len(limitable) * 2 < len(writing):
        return ()
    allowed = tuple(action for action in limitable if _is_allowed(plan, action, policy_sets))
    return allowed if len(allowed) >= _NEARLY_ALL * len(limitable) else ()


def _policy_sets(plan: Plan, document: PolicyDocument) -> tuple[tuple[Policies, ...], ...]:
    """For each role with the policy: the policy alone, and all policies of the role. An action must pass both."""
    alone = Policies(f"arn:aws:iam::{plan.account}:role/any", (NamedPolicy("alone", document.policy),))
    return tuple((alone, policies_of(plan, role).policies) for role in document.roles) or ((alone,),)


def _is_allowed(plan: Plan, action: Action, policy_sets: tuple[tuple[Policies, ...], ...]) -> bool:
    """Whether the policy allows an action on a resource that it does not name, to at least one of its roles."""
    arns = [_any_arn(plan, kind) for kind in action.acts_on]
    return any(
        all(
            decide(AccessRequest(action.name, arn, _known_context(plan, policies.role_arn)), policies).allowed
            for policies in policy_set
        )
        for policy_set in policy_sets
        for arn in arns
    )


@lru_cache(maxsize=256)
def _context(region: str, account: str, role_arn: str) -> Context:
    return Context(
        {
            "aws:securetransport": ("true",),
            "aws:requestedregion": (region,),
            "aws:principalaccount": (account,),
            "aws:resourceaccount": (account,),
            "aws:principalarn": (role_arn,),
            "aws:principaltype": ("AssumedRole",),
            "aws:principalisawsservice": ("false",),
            "aws:viaawsservice": ("false",),
            "aws:useragent": ("any agent",),
            "aws:sourceip": ("203.0.113.7",),
            "aws:currenttime": ("2099-01-01T00:00:00Z",),
        }
    )


def _known_context(plan: Plan, role_arn: str) -> Context:
    """What every request of a role has: conditions that it meets limit nothing, all others count as a limit.

    The address is one that no network of the program has, and the time is after the end of any temporary permission.
    """
    return _context(plan.region, plan.account, role_arn)


def _any_arn(plan: Plan, kind: str) -> str:
    """The ARN of some resource of a kind, in this account and region, with a name that no policy contains."""
    parts = kind.split(":", 5)
    if len(parts) < 6:
        return kind
    parts[1] = partition_of(plan.region).name
    parts[3] = plan.region if parts[3] == "*" else parts[3]
    parts[4] = plan.account if parts[4] == "*" else parts[4]
    parts[5] = parts[5].replace("*", "anything-else")
    return ":".join(parts)


def _is_everything(allowed: Allowed) -> bool:
    return set(_CORE) <= set(allowed)


def _what(document: PolicyDocument, allowed: Allowed) -> str:
    roles = [role.name for role in document.roles]
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
        f"{who} can use {listed(counts)} that change something, on any resource of the account, for instance "
        f"{_worst(actions)}."
    )


def _worst(actions: list[Action]) -> str:
    """The two worst actions, with the harm that they do where there are words for it."""
    ranks = {name: rank for rank, name in enumerate(HARM)}
    verbs = ("Delete", "Terminate", "Put", "Update")

    def order(action: Action) -> tuple[int, int, int]:
        name = action.name.partition(":")[2]
        verb = next((rank for rank, verb in enumerate(verbs) if name.startswith(verb)), len(verbs))
        return ranks.get(action.name, len(ranks)), verb, len(name)

    names = [action.name for action in sorted(actions, key=order)[:2]]
    return " and ".join(f"{name} ({HARM[name]})" if name in HARM else name for name in names)


def _repair(plan: Plan, allowed: Allowed) -> str:
    own = [
        resource.name
        for service in allowed
        for resource in plan
        if _service_of(resource) == service and resource.op != "read"
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
