"""EXCESS-PRIVILEGE: a policy that gives away a whole service, on everything. The intruder drill as a rule.

NIST SP 800-53 AC-6. Exercise 04 compares a role with its work; here nobody knows the work. So this speaks only of what
is too much for any work: nearly every writing action of a service, on a resource that the policy cannot have in mind.
It judges the effect, with IAM's own logic: conditions count, denials and permissions boundaries, too. It leaves alone
services whose actions mostly cannot be limited to a resource, and AWS's own policies except AdministratorAccess where
a service or a workload assumes the role (people who administer an account need it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.harm import HARM
from lab_support.iam.actions import Action, actions_of
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, NamedPolicy, Policies, decide
from lab_support.iam.managed_policies import managed_policy
from lab_support.iam.policy import Policy, PolicyError, parse
from lab_support.iam.principals import policies_of
from lab_support.mock_aws.partitions import partition_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.findings import Observation, ReviewRule, ReviewSubject, counted, created, listed

# A service counts as given away when a policy allows this part of what it can be made to do.
_NEARLY_ALL: Final = 0.75
# Services that stand for all of them where a policy says `*`.
_CORE: Final = ("ec2", "iam", "kms", "s3")
_CHANGING: Final = ("Write", "Permissions management")
_FEWEST: Final = 3
_ADMINISTRATOR: Final = ":iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class _Document:
    """A policy of the program: what must change to change it, what it says, and the roles that have it."""

    resource: Resource
    policy: Policy
    roles: tuple[Resource, ...] = ()


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """The policies that give away a service, each with what that means."""
    plan = subject.plan
    for found in _documents(plan):
        if isinstance(found, Observation):
            yield found
            continue
        bounded = [role for role in found.roles if _boundary_is_unreadable(plan, role)]
        given = {
            service: actions
            for service in _services(plan, found.policy)
            if (actions := _given(plan, found, service))
        }
        if given and bounded:
            yield Observation(
                found.resource, unknown=f"the permissions boundary of {bounded[0].name} is not in the program"
            )
        elif given:
            yield Observation(found.resource, _what(found, given), _repair(plan, given))


def _documents(plan: Plan) -> Iterator[_Document | Observation]:
    """Every policy on identities that the program writes, and the attachments of AdministratorAccess."""
    for resource in created(plan, "iam.RolePolicy"):
        yield _read(resource, resource.get("policy"), plan.referenced(resource, "role", "iam.Role"))
    for resource in created(plan, "iam.UserPolicy", "iam.GroupPolicy"):
        yield _read(resource, resource.get("policy"), ())
    for resource in created(plan, "iam.Policy"):
        yield _read(resource, resource.get("policy"), tuple(_roles_with(plan, resource.get("arn"))))
    for role in created(plan, "iam.Role"):
        for inline in _known_list(role, "inline_policies"):
            if isinstance(inline, Mapping) and (inline.get("policy") is UNKNOWN or inline.get("policy")):
                yield _read(role, inline["policy"], (role,))
    yield from _administrators(plan)


def _known_list(resource: Resource, name: str) -> list[Any]:
    value = resource.get(name)
    return list(value) if isinstance(value, (list, tuple)) else []


def _read(resource: Resource, document: Any, roles: tuple[Resource, ...]) -> _Document | Observation:
    if document is UNKNOWN:
        return Observation(resource, unknown="its document is unknown before the deployment")
    try:
        return _Document(resource, parse(document), roles)
    except (PolicyError, TypeError):
        return Observation(resource, unknown="its document cannot be read")


def _roles_with(plan: Plan, arn: Any) -> Iterator[Resource]:
    """The roles that a policy is attached to, in whichever way."""
    for attachment, roles in _attachments(plan, arn):
        yield from roles if attachment.op not in ("delete", "read") else ()


def _attachments(plan: Plan, arn: Any) -> Iterator[tuple[Resource, tuple[Resource, ...]]]:
    """What attaches a policy to roles: the resource to change, and the roles."""
    for each in plan.of_type("iam.RolePolicyAttachment"):
        if each.get("policy_arn") == arn:
            yield each, plan.referenced(each, "role", "iam.Role")
    for each in plan.of_type("iam.PolicyAttachment"):
        if each.get("policy_arn") == arn:
            yield each, plan.referenced(each, "roles", "iam.Role")
    for role in plan.of_type("iam.Role"):
        if arn in _known_list(role, "managed_policy_arns"):
            yield role, (role,)


def _administrators(plan: Plan) -> Iterator[_Document]:
    arn = f"arn:{partition_of(plan.region).name}{_ADMINISTRATOR}"
    policy = managed_policy(f"arn:aws{_ADMINISTRATOR}")
    for attachment, roles in _attachments(plan, arn):
        workloads = tuple(role for role in roles if _is_for_a_workload(role))
        if policy is not None and workloads and attachment.op not in ("delete", "read"):
            yield _Document(attachment, policy, workloads)


def _is_for_a_workload(role: Resource) -> bool:
    """Whether a service or a federated workload assumes a role, not people of an account."""
    try:
        statements = parse(role.get("assume_role_policy", "")).statements
    except (PolicyError, TypeError):
        return False
    principals = [each for s in statements if s.allows for each in s.principals or ()]
    return bool(principals) and all(
        kind == "Service" or (kind == "Federated" and "saml" not in value) for kind, value in principals
    )


def _boundary_is_unreadable(plan: Plan, role: Resource) -> bool:
    return bool(role.get("permissions_boundary") is UNKNOWN or role.get("permissions_boundary")) and (
        policies_of(plan, role).policies.boundary is None
    )


def _services(plan: Plan, policy: Policy) -> tuple[str, ...]:
    """The services that the wildcards of a policy's Allow statements may give away."""
    found: dict[str, None] = {}
    for statement in policy.statements:
        if not statement.allows:
            continue
        for value in ("*",) if statement.action.negated else statement.action.values:
            service, _, rest = value.lower().partition(":")
            if "*" in service or "?" in service:
                found.update(dict.fromkeys((*_CORE, *_services_in_use(plan))))
            elif "*" in rest or "?" in rest:
                found[service] = None
    return tuple(found)


def _services_in_use(plan: Plan) -> tuple[str, ...]:
    return tuple(sorted(filter(None, {_service_of(each) for each in plan if each.is_custom})))


def _service_of(resource: Resource) -> str:
    """The service in a resource's ARN, as far as that is known."""
    arn = resource.get("arn")
    return arn.split(":")[2] if isinstance(arn, str) and arn.count(":") >= 5 else ""


def _given(plan: Plan, found: _Document, service: str) -> tuple[Action, ...]:
    """The changing actions of a service that a policy allows on anything; none if it does not give it away."""
    changing = [each for each in actions_of(service).values() if each.level in _CHANGING]
    limitable = [each for each in changing if each.acts_on]
    if len(limitable) < _FEWEST or len(limitable) * 2 < len(changing):
        return ()
    sets = _sets(plan, found)
    allowed = tuple(each for each in limitable if _is_allowed(plan, each, sets))
    return allowed if len(allowed) >= _NEARLY_ALL * len(limitable) else ()


def _sets(plan: Plan, found: _Document) -> tuple[tuple[Policies, ...], ...]:
    """For each role that has the policy: the policy alone, and together with all that decides for the role."""
    alone = Policies(f"arn:aws:iam::{plan.account}:role/any", (NamedPolicy("alone", found.policy),))
    return tuple((alone, policies_of(plan, role).policies) for role in found.roles) or ((alone,),)


def _is_allowed(plan: Plan, action: Action, sets: tuple[tuple[Policies, ...], ...]) -> bool:
    """Whether the policy gives an action on something that it does not name, to one of its roles at least.

    A condition on anything but the region, the account and TLS is taken as a limit.
    """
    known = {
        "aws:securetransport": ("true",),
        "aws:requestedregion": (plan.region,),
        "aws:principalaccount": (plan.account,),
        "aws:resourceaccount": (plan.account,),
    }
    requests = [AccessRequest(action.name, _anything(plan, kind), Context(known)) for kind in action.acts_on]
    return any(
        all(decide(request, policies).allowed for policies in together)
        for together in sets
        for request in requests
    )


def _anything(plan: Plan, kind: str) -> str:
    """Some resource of a kind, in this account and region, under a name that no policy has in mind."""
    parts = kind.split(":", 5)
    if len(parts) < 6:
        return kind
    parts[1] = partition_of(plan.region).name
    parts[3] = plan.region if parts[3] == "*" else parts[3]
    parts[4] = plan.account if parts[4] == "*" else parts[4]
    parts[5] = parts[5].replace("*", "anything-else")
    return ":".join(parts)


def _what(found: _Document, given: Mapping[str, tuple[Action, ...]]) -> str:
    roles = [role.name for role in found.roles]
    who = f"Whoever acts as {listed(roles)}" if roles else "Whoever has this policy"
    if set(_CORE) <= set(given):
        actions = sum(len(each) for each in given.values())
        return (
            f"{who} may do anything in the account: all of {listed(given, 6)} and every other service, in these alone "
            f"{actions} actions that change something, on any resource."
        )
    said = [
        f"{counted(len(actions), f'{name} action')} that change something" for name, actions in given.items()
    ]
    every = [action for actions in given.values() for action in actions]
    return f"{who} may use {listed(said)}, on any resource of the account: {_worst(every)}, for instance."


def _worst(actions: list[Action]) -> str:
    """The two worst of some actions, with what they come to where there are words for it."""
    ranks = {name: rank for rank, name in enumerate(HARM)}
    weights = ("Delete", "Terminate", "Put", "Update")

    def order(action: Action) -> tuple[int, int, int]:
        verb = action.name.partition(":")[2]
        weight = next((n for n, each in enumerate(weights) if verb.startswith(each)), len(weights))
        return ranks.get(action.name, len(ranks)), weight, len(verb)

    names = [action.name for action in sorted(actions, key=order)[:2]]
    return " and ".join(f"{name} ({HARM[name]})" if name in HARM else name for name in names)


def _repair(plan: Plan, given: Mapping[str, tuple[Action, ...]]) -> str:
    own = [
        each.name for service in given for each in plan if _service_of(each) == service and each.op != "read"
    ]
    such = f" (here: {listed(own)})" if own and not set(_CORE) <= set(given) else ""
    return f"Name the actions that the work takes, and the ARNs of the resources that it is about{such}."


RULE = ReviewRule(
    "EXCESS-PRIVILEGE",
    "High",
    "least privilege",
    "AC-6",
    "A policy allows every action of a service on every resource",
    check,
)
