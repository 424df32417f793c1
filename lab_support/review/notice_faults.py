"""Why the notice of an alarm does not reach a topic's subscribers: the topic's policy, its key, its region or its kind.

Amazon SNS Developer Guide, "Enable compatibility between event sources from AWS services and encrypted topics"
(sns-key-management.html); CloudWatch User Guide, "Alarm actions".
"""

from __future__ import annotations

from typing import Any

from lab_support.alarms.definitions import Alarm
from lab_support.drills.keys import declared_key
from lab_support.drills.notices import Notice, notices_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK
from lab_support.review.alarm_faults import Fault


def notice_fault(plan: Plan, alarm: Alarm) -> tuple[Fault, Resource] | None:
    """Why no notice of an alarm arrives, and the topic in question; None if one arrives or may arrive."""
    notices = notices_of(plan, alarm)
    lost = [(notice, fault) for notice in notices if (fault := _lost(plan, notice)) is not None]
    if not lost or len(lost) < len(notices):
        return None
    notice, fault = lost[0]
    return fault, _topic(plan, notice.alarm, notice.target)


def is_unsure(plan: Plan, alarm: Alarm) -> str:
    """Why it is unknown whether a notice of an alarm arrives; empty if it is known, or an outside topic is notified."""
    notices = notices_of(plan, alarm)
    topics = {topic.name for topic in plan.of_type("sns.Topic")}
    if any(notice.topic is not None or notice.target not in topics for notice in notices):
        return ""
    return next((notice.problem for notice in notices if _lost(plan, notice) is None), "")


def _topic(plan: Plan, alarm: Alarm, name: str) -> Resource:
    topics = plan.referenced(alarm.resource, "alarm_actions", "sns.Topic")
    return next(topic for topic in topics if topic.name == name)


def _lost(plan: Plan, notice: Notice) -> Fault | None:
    """Why this notice certainly does not arrive."""
    if not notice.problem:
        return None
    topics = plan.referenced(notice.alarm.resource, "alarm_actions", "sns.Topic")
    topic = next((topic for topic in topics if topic.name == notice.target), None)
    if topic is None:
        return None
    policies = [
        policy
        for policy in plan.of_type("sns.TopicPolicy")
        if topic in plan.referenced(policy, "arn", "sns.Topic")
    ]
    if "the policy of " + topic.name in notice.problem:
        if any(_is_open(resource.get("policy")) for resource in policies or [topic]):
            return None
        where = policies[0].name if policies else topic.name
        return Fault(
            notice.problem,
            f"Allow the service cloudwatch.amazonaws.com sns:Publish on the topic, in the policy of {where}.",
        )
    key_id = topic.get("kms_master_key_id")
    if "key" not in notice.problem:  # another region, or a FIFO topic
        return Fault(notice.problem, "Notify a standard topic in the region of the alarm.")
    key = declared_key(plan, topic, "kms_master_key_id")
    if key is None:
        if isinstance(key_id, str) and key_id.endswith("alias/aws/sns"):
            return Fault(
                f"{topic.name} is encrypted with alias/aws/sns, a key that AWS manages and that CloudWatch may not use",
                f"Set kms_master_key_id of {topic.name} to a key of your own, whose policy allows "
                "cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey*.",
            )
        return None
    documents = [
        policy.get("policy")
        for policy in plan.of_type("kms.KeyPolicy")
        if key in plan.referenced(policy, "key_id", key.kind)
    ] or [key.get("policy")]
    if any(_is_open(document) for document in documents):
        return None
    if "may not use" in notice.problem:
        return Fault(
            f"{key.name}, the key that encrypts {topic.name}, is disabled or of a kind that cannot encrypt it",
            f"Use an enabled symmetric key in the region of {topic.name}.",
        )
    return Fault(
        notice.problem,
        f"Allow the service cloudwatch.amazonaws.com kms:Decrypt and kms:GenerateDataKey* in the policy of {key.name}.",
    )


def _is_open(document: Any) -> bool:
    """Whether a policy is not fully known before deployment."""
    return document is UNKNOWN or UNKNOWN_MARK in str(document)
