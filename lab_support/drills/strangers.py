"""The stranger drill: people and services from outside ask to be let in. Which roles and topics let them?

    for door in strangers(plan).doors:
        print(door.resource.name, door.let_in)        # the visitors who get in and should not

At a role that trusts GitHub Actions, workflows ask with their tokens: the one that releases the system, and those of
other repositories, branches and pull requests. At a topic, principals of other AWS accounts and services ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lab_support.alarms.definitions import alarms_of
from lab_support.drills.foreign_alarms import foreign_alarm_may_notify
from lab_support.drills.github_tokens import IDS, Token, admits, made_to_fit, read, trusts_github
from lab_support.drills.keys import declared_key
from lab_support.drills.notices import publishing_problem
from lab_support.drills.outsiders import ANYONE, outsiders
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.policy import Policy
from lab_support.iam.principals import policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["role_may", "strangers"]  # what notebooks import from lab_support

# The repository and the branch that the system is released from, as the brief says.
REPOSITORY: Final = "alerts-example/emergency-alert"
BRANCH: Final = "main"
_STRANGER: Final = "someone-else"
_OTHER_BRANCH: Final = "try-this"
_ENOUGH: Final = 3  # tokens that are made after a policy


@dataclass(frozen=True)
class Visitor:
    """One who asks: who it is, what they show or call, whether the door is for them, and whether it lets them in."""

    who: str
    asks: str
    expected: bool
    admitted: bool


@dataclass(frozen=True)
class Door:
    """A role or a topic with its visitors."""

    resource: Resource
    visitors: tuple[Visitor, ...]

    @property
    def let_in(self) -> tuple[Visitor, ...]:
        """The visitors who get in and should not."""
        return tuple(visitor for visitor in self.visitors if visitor.admitted and not visitor.expected)

    @property
    def left_out(self) -> tuple[Visitor, ...]:
        """The visitors whom the door is meant for and who do not get in."""
        return tuple(visitor for visitor in self.visitors if visitor.expected and not visitor.admitted)

    @property
    def is_role(self) -> bool:
        return self.resource.kind == "iam.Role"


@dataclass(frozen=True)
class Strangers:
    """The doors of a plan: roles that trust GitHub or someone outside, and topics."""

    doors: tuple[Door, ...]

    @property
    def releases(self) -> tuple[Resource, ...]:
        """The roles that the workflow that releases the system can become."""
        return tuple(
            door.resource
            for door in self.doors
            if door.is_role and any(visitor.expected and visitor.admitted for visitor in door.visitors)
        )


def strangers(plan: Plan) -> Strangers:
    """Everyone who asks at the roles and topics of a plan; what depends on unknown conditions counts as let in."""
    return Strangers((*_roles(plan), *_topics(plan)))


def role_may(plan: Plan, role: Resource, action: str, arn: str) -> bool:
    """Whether a role of the plan may call an action on a resource; unknown conditions count as met."""
    context = Context({"aws:securetransport": ("true",)}, unknown=True)
    return decide(AccessRequest(action, arn, context), policies_of(plan, role).policies).allowed


def tokens() -> Iterator[Token]:
    """The tokens that are tried at each role. The first is that of the workflow that releases the system."""
    owner, name = REPOSITORY.split("/")
    branch = f"ref:refs/heads/{BRANCH}"
    yield _token("a release", REPOSITORY, branch)
    yield _token("another branch", REPOSITORY, f"ref:refs/heads/{_OTHER_BRANCH}")
    # Git tells capitals from small letters in the names of branches; GitHub does not in those of repositories.
    yield _token(f"the branch {BRANCH.title()}", REPOSITORY, f"ref:refs/heads/{BRANCH.title()}")
    yield _token("a branch with a longer name", REPOSITORY, f"{branch}-2")
    yield _token("a branch with the same ending", REPOSITORY, f"ref:refs/heads/not/{BRANCH}")
    yield _token("a tag", REPOSITORY, f"ref:refs/tags/{BRANCH}")
    yield _token("a pull request", REPOSITORY, "pull_request")
    yield _token("another branch's job with an environment", REPOSITORY, "environment:test")
    yield _token("another repository of the owner", f"{owner}/website", branch)
    yield _token("a repository with a longer name", f"{owner}/{name}-demo", branch)
    yield _token("an owner with a longer name", f"{owner}-2/{name}", branch)
    yield _token("someone's fork", f"{_STRANGER}/{name}", branch)
    yield _token("a pull request in someone's fork", f"{_STRANGER}/{name}", "pull_request")
    yield _token("someone's repository", f"{_STRANGER}/tools", branch)
    yield _token("a branch named after the repository", f"{_STRANGER}/tools", f"ref:refs/heads/{REPOSITORY}")


def _roles(plan: Plan) -> Iterator[Door]:
    for role in plan.of_type("iam.Role"):
        visitors = [
            Visitor(who, action, False, True)
            for who, actions in outsiders(plan, role).items()
            for action in actions
        ]
        policy = read(role.get("assume_role_policy"))
        if policy is not None and (trusts_github(policy) or visitors):
            visitors += _with_tokens(policy, str(role.get("arn")))
        if visitors:
            yield Door(role, tuple(visitors))


def _with_tokens(policy: Policy, arn: str) -> Iterator[Visitor]:
    """The tokens above and, if no stranger gets in with one, those that are made to fit the policy's patterns."""
    tried = list(tokens())
    found = [
        Visitor(token.who, token.subject, token is tried[0], admits(policy, token, arn) is not False)
        for token in tried
    ]
    yield from found
    if any(visitor.admitted and not visitor.expected for visitor in found):
        return
    made = (_token("a token made to fit the policy", *fit) for fit in made_to_fit(policy))
    others = (token for token in made if token.subject != tried[0].subject and _exists(token))
    admitted = (token for token in others if admits(policy, token, arn) is not False)
    yield from (Visitor(token.who, token.subject, False, True) for token in islice(admitted, _ENOUGH))


def _token(who: str, repository: str, place: str) -> Token:
    if repository == REPOSITORY:
        return Token(who, repository, place, IDS, branch=_OTHER_BRANCH)
    same_owner = repository.split("/")[0] == REPOSITORY.split("/")[0]
    return Token(who, repository, place, ("repository_owner_id", "enterprise_id") if same_owner else ())


def _exists(token: Token) -> bool:
    """Whether there can be such a token: GitHub's names ignore case, and a token has them as they were written."""
    name, ours = token.repository, (REPOSITORY, REPOSITORY.split("/")[0])
    return not any(part.lower() in ours and part not in ours for part in (name, name.split("/")[0]))


def _topics(plan: Plan) -> Iterator[Door]:
    for topic in plan.of_type("sns.Topic"):
        visitors = []
        for alarm in alarms_of(plan):
            if topic in plan.referenced(alarm.resource, "alarm_actions", "sns.Topic"):
                problem = publishing_problem(plan, alarm, topic)
                visitors.append(Visitor(f"the alarm {alarm.resource.name}", "SNS:Publish", True, not problem))
        alarms = len(visitors)
        outside = outsiders(plan, topic)
        for who in dict.fromkeys((ANYONE, *outside)):
            allowed = outside.get(who, [])
            for action in dict.fromkeys(("SNS:Publish", "SNS:Subscribe", *allowed)):
                admitted = action in allowed and (action != "SNS:Publish" or key_lets_in(plan, topic, who))
                visitors.append(Visitor(who.strip(","), action, False, admitted))
        if not any(visitor.admitted and visitor.asks == "SNS:Publish" for visitor in visitors[alarms:]):
            admitted = foreign_alarm_may_notify(plan, topic)
            visitors.append(Visitor("an alarm of another account", "SNS:Publish", False, admitted))
        yield Door(topic, tuple(visitors))


def key_lets_in(plan: Plan, topic: Resource, who: str) -> bool:
    """Whether the key of an encrypted topic lets an outsider publish: SNS asks KMS in the publisher's name.

    Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs".
    """
    key_id = topic.get("kms_master_key_id")
    if key_id is UNKNOWN or not key_id:
        return True
    key = declared_key(plan, topic, "kms_master_key_id")
    outside = outsiders(plan, key) if key else {}
    return "kms:GenerateDataKey" in [*outside.get(who, ()), *outside.get(ANYONE, ())]
