"""Which actions IAM lets the roles of a program use on resources that their policies do not name.

With IAM's own logic: conditions that every request of a role meets limit nothing, all others count as a limit.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from lab_support.iam.actions import Action, actions_of
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.matching import matches
from lab_support.iam.policy import Policy
from lab_support.iam.principals import policies_of
from lab_support.iam.regions import partition_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.review.partial_names import with_whole_names
from lab_support.review.policy_documents import PolicyDocument, is_for_workload

# A policy allows a whole service if it allows this share of the service's write actions.
_NEARLY_ALL: Final = 0.75
# A kind of resource is a main one if this share of a service's write actions is about it.
_MAIN: Final = 1 / 3
# Services that represent all services if a policy says `*`.
CORE: Final = ("ec2", "iam", "kms", "s3")
_WRITE_LEVELS: Final = ("Write", "Permissions management")
_FEWEST_ACTIONS: Final = 3
# Made-up actions: a wildcard that matches one of them (`Delete*`, `D*`, `Put*`) is about whatever a service has, and
# the work of nobody is to delete that, or to let another account in, wherever it is.
_ON_WHATEVER: Final = ("delete-anything", "terminate-anything", "put-any-policy")
# From this many letters, a wildcard says what is done: `Get*` does, `U*` does not.
_SHORTEST_VERB: Final = 3
_DESTROYS_OR_LETS_IN: Final = re.compile(
    r"[\w-]+:(?:(?:Delete|Terminate)\w*|Put(?:Resource|Bucket|Key|FileSystem|AccessPoint\w*|BackupVault\w*)Policy)"
)


def services(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """The services that the Allow statements of a policy may match."""
    found: dict[str, None] = {}
    for statement in policy.statements:
        if not statement.allows:
            continue
        for value in ("*",) if statement.action.negated else statement.action.values:
            service, _, rest = value.lower().partition(":")
            if "*" in service or "?" in service:
                found.update(dict.fromkeys((*CORE, *_services_in_use(plan))))
            elif rest:
                found[service] = None
    return tuple(found)


def _services_in_use(plan: Plan) -> tuple[str, ...]:
    services = {service_of(resource) for resource in plan if resource.is_custom}
    return tuple(sorted(filter(None, services)))


def service_of(resource: Resource) -> str:
    """The service in a resource's ARN, or an empty string."""
    arn = resource.get("arn")
    return arn.split(":")[2] if isinstance(arn, str) and arn.count(":") >= 5 else ""


def allowed_actions(plan: Plan, document: PolicyDocument, service: str) -> tuple[Action, ...]:
    """The write actions of a service that a policy allows on any resource, if they are too many for any work.

    They are if they are nearly all of the service's, or if a wildcard (`Delete*`) allows more than work can need.
    """
    policy_sets = policy_sets_of(plan, document)
    return nearly_all(plan, service, policy_sets) or _by_wildcard(plan, document, service, policy_sets)


def _by_wildcard(
    plan: Plan, document: PolicyDocument, service: str, policy_sets: tuple[tuple[Policies, ...], ...]
) -> tuple[Action, ...]:
    """All write actions that a workload may use on any resource, if a wildcard allows some that its work cannot need.

    That is a wildcard that deletes or lets in (`Delete*`, `Put*`), or that does not even name a verb (`U*`).
    """
    patterns = [
        value
        for statement in document.policy.statements
        if statement.allows and not statement.action.negated
        for value in statement.action.values
        if value.lower().startswith(f"{service}:") and _is_careless(value)
    ]
    # What a policy may delete in IAM is told as a way to become administrator, where it is one.
    if not patterns or service == "iam" or not any(map(is_for_workload, document.roles)):
        return ()
    allowed = tuple(
        action
        for action in _limitable(service)
        if is_allowed(plan, replace(action, acts_on=_of_many(action.acts_on)), policy_sets)
    )
    return allowed if any(_is_harmful(action, pattern) for action in allowed for pattern in patterns) else ()


def _is_careless(pattern: str) -> bool:
    """Whether a wildcard is about whatever a service has; a whole service is judged by `nearly_all`."""
    verb = pattern.partition(":")[2]
    if not verb.strip("*?") or not {"*", "?"} & {*verb}:
        return False
    on_whatever = any(matches(verb, action, ignore_case=True) for action in _ON_WHATEVER)
    return on_whatever or (_names_no_verb(pattern) and verb.endswith("*"))


def _is_harmful(action: Action, pattern: str) -> bool:
    """Whether a careless wildcard allows an action, and the action is one that makes it careless."""
    if not matches(pattern, action.name, ignore_case=True):
        return False
    return _names_no_verb(pattern) or bool(_DESTROYS_OR_LETS_IN.fullmatch(action.name))


def _names_no_verb(pattern: str) -> bool:
    """Whether so little stands before the wildcard that it abbreviates verbs, as in `kinesis:U*`."""
    start = re.split(r"[*?]", pattern.partition(":")[2])[0]
    return 0 < len(start) < _SHORTEST_VERB


def _of_many(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds of which an account has many. Of the Glue catalog there is only one: its ARN names it."""
    return tuple(kind for kind in kinds if "*" in kind.split(":", 5)[-1])


def nearly_all(plan: Plan, service: str, policy_sets: tuple[tuple[Policies, ...], ...]) -> tuple[Action, ...]:
    """The write actions of a service that policies allow on any resource, or on any of its main kind.

    None if they are not nearly all of them.
    """
    limitable = _limitable(service)
    allowed = tuple(action for action in limitable if is_allowed(plan, action, policy_sets))
    if len(allowed) >= _NEARLY_ALL * len(limitable):
        return allowed
    for kind, actions in _main_kinds(service).items():
        of_kind = tuple(
            action
            for action in actions
            if action in allowed and is_allowed(plan, replace(action, acts_on=(kind,)), policy_sets)
        )
        if len(of_kind) >= _NEARLY_ALL * len(actions):
            return of_kind
    return ()


@lru_cache(maxsize=256)
def _limitable(service: str) -> tuple[Action, ...]:
    """The write actions of a service that can be limited to a resource; none if most of them cannot."""
    writing = [action for action in actions_of(service).values() if action.level in _WRITE_LEVELS]
    limitable = tuple(action for action in writing if action.acts_on)
    return limitable if max(_FEWEST_ACTIONS, len(writing) / 2) <= len(limitable) else ()


@lru_cache(maxsize=256)
def _main_kinds(service: str) -> dict[str, tuple[Action, ...]]:
    """The kinds of resource that at least a third of a service's actions are about, such as the buckets of S3."""
    limitable = _limitable(service)
    by_kind: dict[str, tuple[Action, ...]] = {}
    for action in limitable:
        for kind in action.acts_on:
            by_kind[kind] = (*by_kind.get(kind, ()), action)
    least = max(_FEWEST_ACTIONS, _MAIN * len(limitable))
    return {kind: actions for kind, actions in by_kind.items() if len(actions) >= least and _of_many((kind,))}


def policy_sets_of(plan: Plan, document: PolicyDocument) -> tuple[tuple[Policies, ...], ...]:
    """For each role with the policy: the policy alone, and all policies of the role. An action must pass both."""
    alone = Policies(f"arn:aws:iam::{plan.account}:role/any", (NamedPolicy("alone", document.policy),))
    alone = with_partial_names(plan, alone)
    of_roles = [with_partial_names(plan, policies_of(plan, role).policies) for role in document.roles]
    return tuple((replace(alone, role_arn=own.role_arn), own) for own in of_roles) or ((alone,),)


def with_partial_names(plan: Plan, policies: Policies) -> Policies:
    """The policies of a role, with names such as `e*` for what they are: those of whatever there is."""

    def whole(named: NamedPolicy) -> NamedPolicy:
        return replace(named, policy=with_whole_names(plan, named.policy))

    boundary = whole(policies.boundary) if policies.boundary else None
    return replace(policies, identity=tuple(map(whole, policies.identity)), boundary=boundary)


def is_allowed(plan: Plan, action: Action, policy_sets: tuple[tuple[Policies, ...], ...]) -> bool:
    """Whether the policy allows an action on a resource that it does not name, to at least one of its roles."""
    arns = [_any_arn(plan, kind) for kind in action.acts_on]
    return any(
        all(
            decide(AccessRequest(action.name, arn, known_context(plan, policies.role_arn)), policies).allowed
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
            "aws:epochtime": ("4070908800",),
            "aws:tokenissuetime": ("2099-01-01T00:00:00Z",),
            "aws:userid": ("AROAEXAMPLE:session",),
        }
    )


def known_context(plan: Plan, role_arn: str) -> Context:
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


def allows_somewhere(plan: Plan, action: Action, policies: Policies) -> bool:
    """Whether a role may use an action on anything: an ARN that its policies name, or any other."""
    named = [
        value.replace("*", "x")
        for policy in policies.identity
        for statement in policy.policy.statements
        if statement.allows and statement.resource is not None and not statement.resource.negated
        for value in statement.resource.values
    ]
    arns = [*(_any_arn(plan, kind) for kind in action.acts_on), *named, "*"]
    context = known_context(plan, policies.role_arn)
    return any(decide(AccessRequest(action.name, arn, context), policies).allowed for arn in arns)
