"""OPEN-TO-STRANGERS: a role or a topic that anyone may use. The stranger drill as a rule.

NIST SP 800-53 AC-3 (access enforcement). It is about roles that trust GitHub Actions, roles that anyone may assume, and
topics whose policy is for everyone. Strangers are owners on GitHub whom the policy does not name, and any AWS account:
what other repositories of a named owner may do, or a named account, is the owner's decision. A condition that is not
known, such as an external id, counts as not met.

A topic that admits CloudWatch without a condition on the account is no finding, although alarms of other accounts reach
it, as the drill of exercise 14 shows: AWS gives this very statement as the remedy for an alarm that cannot publish, and
the condition as an option (AWS re:Post Knowledge Center, "Why didn't I receive an SNS notification for my CloudWatch
alarm trigger?"). The IAM User Guide recommends `aws:SourceAccount` ("The confused deputy problem").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_support.drills.github_tokens import Token, admits, made_to_fit, read, subjects, trusts_github
from lab_support.drills.outsiders import ANY_SERVICE, ANYONE, outsiders
from lab_support.drills.strangers import key_lets_in
from lab_support.iam.policy import Policy
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed

_STRANGER = Token("a stranger", "someone-else/anything", "ref:refs/heads/main")


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Roles and topics that certainly let in strangers."""
    plan = subject.plan
    for role in created(plan, "iam.Role"):
        yield from _role(plan, role)
    for topic in created(plan, "sns.Topic"):
        yield from _topic(plan, topic)


def _role(plan: Plan, role: Resource) -> Iterator[Observation]:
    document = role.get("assume_role_policy")
    policy = read(document)
    if ANYONE in outsiders(plan, role, certain=True):
        what = f"{role.name} can be assumed by anyone in any AWS account."
        repair = f"Name the principals that may assume {role.name} in its trust policy."
        yield Observation(role, what, repair, arguments=("assume_role_policy",))
        return
    if document is UNKNOWN or (policy is not None and trusts_github(policy) and UNKNOWN_MARK in str(policy)):
        why = "its trust policy is not known before deployment, so whom it lets in is unknown"
        yield Observation(role, unknown=why, arguments=("assume_role_policy",))
        return
    token = _admitted(policy, str(role.get("arn"))) if policy is not None else None
    if token is not None:
        what = (
            f"{role.name} trusts repositories on GitHub whose owner anyone could be: a token for {token.subject} is "
            "enough to become it."
        )
        repair = (
            "Write out owner and repository in each value of token.actions.githubusercontent.com:sub in the trust "
            f"policy of {role.name}, and the branch or environment that may use it."
        )
        yield Observation(role, what, repair, arguments=("assume_role_policy",))


def _admitted(policy: Policy, arn: str) -> Token | None:
    """A token that certainly lets in an owner whom the policy does not name."""
    owners = {found for value in subjects(policy) for found in re.findall(r"repo:([\w-]+)[/@]", value)}
    made = (Token("", repository, place) for repository, place in made_to_fit(policy))
    strangers = (token for token in made if token.repository.split("/")[0] not in owners)
    return next((token for token in (_STRANGER, *strangers) if admits(policy, token, arn)), None)


def _topic(plan: Plan, topic: Resource) -> Iterator[Observation]:
    documents = [
        policy
        for policy in plan.of_type("sns.TopicPolicy")
        if topic in plan.referenced(policy, "arn", "sns.Topic")
    ]
    place = documents[0] if documents else topic
    document = place.get("policy")
    if document is UNKNOWN or UNKNOWN_MARK in str(document):
        if place is topic and topic.inputs.get("policy") is None:
            return  # its default policy, which names the topic: for the account alone
        why = "its policy is not known before deployment, so whom it lets in is unknown"
        yield Observation(place, unknown=why, arguments=("policy",))
        return
    outside = outsiders(plan, topic, certain=True)
    for who in (ANYONE, ANY_SERVICE):
        actions = [
            action
            for action in outside.get(who, ())
            if action != "SNS:Publish" or key_lets_in(plan, topic, who)
        ]
        if actions:
            what = f"{who[0].upper()}{who[1:]} may call {listed(actions)} on {topic.name}."
            repair = (
                f"Name principals in the policy of {topic.name}, or add a condition on their account: "
                "aws:PrincipalAccount for principals, aws:SourceAccount for services."
            )
            yield Observation(place, what, repair, arguments=("policy",))


RULE = ReviewRule(
    "OPEN-TO-STRANGERS",
    "Critical",
    "access control",
    "AC-3",
    "Anyone can become a role or use a topic",
    "Everyone on GitHub shares one identity provider: write out owner and repository in each value of the condition on "
    "token.actions.githubusercontent.com:sub, and the branch or environment. In a topic's policy, name principals, or "
    "add a condition that names the account. Accept the finding for what is meant for everyone.",
    check,
)
