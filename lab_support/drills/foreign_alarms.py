"""Alarms of other accounts: does CloudWatch publish to a topic for them?

    foreign_alarm_may_notify(plan, topic)

CloudWatch publishes as `cloudwatch.amazonaws.com` for every account that has alarms. Only conditions on the account,
such as `aws:SourceAccount`, tell them apart (Amazon SNS Developer Guide, "Example cases for Amazon SNS access control";
IAM User Guide, "The confused deputy problem").
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.callers import calls_of_services, numbers_to_fit
from lab_support.drills.keys import declared_key
from lab_support.drills.notices import key_policy, may_publish, topic_policy
from lab_support.iam.policy import PolicyError, Statement, parse
from lab_support.iam.reach import FOREIGN_ACCOUNT
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


def foreign_alarm_may_notify(plan: Plan, topic: Resource, *, with_key: bool = True) -> bool:
    """Whether the policy of a topic admits CloudWatch for an alarm of some other account.

    With the key, the policy of the key that encrypts the topic must do so, too.
    """
    key = declared_key(plan, topic, "kms_master_key_id")
    policies = [topic_policy(plan, topic), key_policy(plan, key) if key else None]
    statements = tuple(statement for policy in policies for statement in _statements(policy))
    return any(
        may_publish(plan, topic, account, arn, with_key=with_key)
        for account in (FOREIGN_ACCOUNT, *numbers_to_fit(statements, plan.account))
        for arn in _alarms(statements, account, str(topic.get("arn")))
    )


def _alarms(statements: tuple[Statement, ...], account: str, topic_arn: str) -> Iterator[str]:
    """ARNs that an alarm of the account could have in the topic's region, among them some that the policies ask for."""
    _, partition, _, region, *_ = [*topic_arn.split(":"), "", "", "", ""]
    lead = f"arn:{partition}:cloudwatch:{region}:{account}"
    yield f"{lead}:alarm:any"
    for context in calls_of_services(statements, account, partition):
        rest = context.values["aws:sourcearn"][0].split(":", 5)[-1]
        if rest.startswith("alarm:"):
            yield f"{lead}:{rest}"


def _statements(policy: object) -> tuple[Statement, ...]:
    try:
        return parse(policy).statements if isinstance(policy, (str, dict)) else ()
    except PolicyError:
        return ()
