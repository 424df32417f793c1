"""The topics that an alarm notifies, by its ALARM actions or by EventBridge, and what keeps a notice from arriving.

CloudWatch neither validates the actions of an alarm nor reports an error if one fails (CloudWatch User Guide, "Alarm
actions").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lab_support.alarms.definitions import Alarm
from lab_support.drills.alarm_events import event_of, targets_of
from lab_support.drills.keys import customer_key
from lab_support.drills.service_policies import ServiceCall, allows
from lab_support.drills.subscription_filters import dropped, message_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

CLOUDWATCH: Final = "cloudwatch.amazonaws.com"
EVENTBRIDGE: Final = "events.amazonaws.com"
_KEY_ACTIONS: Final = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True)
class Notice:
    """One ALARM action, or rule on the alarm's events: the topic that it notifies, or the problem that prevents it."""

    alarm: Alarm
    target: str
    topic: Resource | None = None
    problem: str = ""


def notices_of(plan: Plan, alarm: Alarm) -> tuple[Notice, ...]:
    """The notice of each enabled ALARM action of an alarm, and of each EventBridge rule that its change matches."""
    return (*_by_actions(plan, alarm), *_by_rules(plan, alarm))


def _by_rules(plan: Plan, alarm: Alarm) -> Iterator[Notice]:
    """EventBridge publishes with the permission of the topic's own policy (EventBridge User Guide, "Using
    resource-based policies").
    """
    for rule, arn in targets_of(plan, alarm):
        for topic in (topic for topic in _topics(plan) if topic.get("arn") == arn):
            context = _context(plan, topic, plan.account, str(rule.get("arn")), EVENTBRIDGE)
            needed = _permissions(plan, topic, context, EVENTBRIDGE, "EventBridge")
            problems = [_mismatch(plan, alarm, topic), *(one.problem for one in needed)]
            problem = next(filter(None, [*problems, dropped(plan, topic, event_of(plan, alarm))]), "")
            yield Notice(alarm, rule.name, None if problem else topic, problem)


def _by_actions(plan: Plan, alarm: Alarm) -> Iterator[Notice]:
    if alarm.resource.get("actions_enabled") is False:
        return
    actions = alarm.resource.get("alarm_actions")
    if actions is UNKNOWN:
        yield Notice(alarm, str(actions), problem="its actions are unknown until the program is deployed")
        return
    for action in actions or ():
        topic = next((t for t in _topics(plan) if action is not UNKNOWN and t.get("arn") == action), None)
        if topic is None:
            yield Notice(alarm, str(action), problem="its target is no topic of the program")
        else:
            problem = publishing_problem(plan, alarm, topic)
            yield Notice(alarm, topic.name, None if problem else topic, problem)


def _topics(plan: Plan) -> tuple[Resource, ...]:
    return tuple(topic for topic in plan.of_type("sns.Topic") if topic.op != "delete")


@dataclass(frozen=True)
class Permission:
    """One permission that CloudWatch needs to publish: the action, whose policy decides, and why it is refused."""

    action: str
    holder: Resource
    problem: str = ""


def publishing_problem(plan: Plan, alarm: Alarm, topic: Resource) -> str:
    """Why a topic does not pass on this alarm's notices; empty if it does."""
    problems = [permission.problem for permission in permissions(plan, alarm, topic)]
    lost = dropped(plan, topic, message_of(plan, alarm))
    return next(filter(None, [_mismatch(plan, alarm, topic), *problems, lost]), "")


def permissions(plan: Plan, alarm: Alarm, topic: Resource) -> tuple[Permission, ...]:
    """What CloudWatch needs to publish to a topic for this alarm: of the topic, and of the key that encrypts it.

    Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs" (sns-key-management.html): the key of an
    encrypted topic must allow the service kms:Decrypt and kms:GenerateDataKey*.
    """
    return _permissions(plan, topic, _context(plan, topic, plan.account, str(alarm.resource.get("arn"))))


def may_publish(plan: Plan, topic: Resource, account: str, alarm_arn: str, *, with_key: bool = True) -> bool:
    """Whether the topic's policy, and with the key its policy, let CloudWatch publish for an alarm of any account."""
    granted = _permissions(plan, topic, _context(plan, topic, account, alarm_arn))
    return not any(permission.problem for permission in (granted if with_key else granted[:1]))


def _permissions(
    plan: Plan, topic: Resource, context: dict[str, str], service: str = CLOUDWATCH, who: str = "CloudWatch"
) -> tuple[Permission, ...]:
    arn = str(topic.get("arn"))
    published = allows(topic_policy(plan, topic), ServiceCall(service, "sns:Publish", arn, context))
    refused = f"the policy of {topic.name} does not let {who} publish"
    found = [Permission("sns:Publish", topic, "" if published else refused)]
    key_id = topic.get("kms_master_key_id")
    if key_id is not UNKNOWN and not key_id:
        return tuple(found)
    key = customer_key(plan, topic, "kms_master_key_id")
    for action in _KEY_ACTIONS:
        if key_id is UNKNOWN:
            problem = f"the key that encrypts {topic.name} is unknown until the program is deployed"
        elif key is None:
            problem = f"{topic.name} is encrypted with a key that {who} may not use"
        elif not allows(key_policy(plan, key), ServiceCall(service, action, str(key.get("arn")), context)):
            problem = f"the policy of {key.name} does not let {who} use the key that encrypts {topic.name}"
        else:
            problem = ""
        found.append(Permission(action, key or topic, problem))
    return tuple(found)


def _mismatch(plan: Plan, alarm: Alarm, topic: Resource) -> str:
    """Why an alarm can never notify a topic, whatever the policies say; empty if it can."""
    if topic.get("region", plan.region) != alarm.region:
        return f"{topic.name} is in a different region from the alarm"
    if topic.get("fifo_topic") is True:
        return f"{topic.name} is a FIFO topic, which alarms cannot publish to"
    return ""


def _context(
    plan: Plan, topic: Resource, account: str, source: str, service: str = CLOUDWATCH
) -> dict[str, str]:
    """The condition keys of a service's request to SNS, and of the one that SNS sends to KMS for it.

    EventBridge names no owner, so it needs a policy that lets it publish: the one that SNS gives does not.
    """
    return {
        "aws:SourceAccount": account,
        **({"aws:SourceOwner": account} if service == CLOUDWATCH else {}),
        "aws:SourceArn": source,
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:SecureTransport": "true",
        "kms:ViaService": f"sns.{topic.get('region', plan.region)}.amazonaws.com",
        "kms:EncryptionContext:aws:sns:topicArn": str(topic.get("arn")),
    }


def topic_policy(plan: Plan, topic: Resource) -> object:
    """The topic's effective policy: a TopicPolicy resource replaces the one in its properties.

    Where nobody gives it one, SNS does: it lets the topic's own account publish (Amazon SNS Developer Guide, "Example
    cases for Amazon SNS access control").
    """
    for policy in plan.of_type("sns.TopicPolicy"):
        if topic in plan.referenced(policy, "arn", "sns.Topic"):
            return policy.get("policy")
    own = topic.get("policy")
    if own is not None:
        return own
    owner = {"StringEquals": {"AWS:SourceOwner": plan.account}}
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", "Condition": owner}
    return {"Statement": [{**statement, "Resource": topic.get("arn")}]}


def key_policy(plan: Plan, key: Resource) -> object:
    """The key's effective policy: a KeyPolicy resource replaces the one in its properties."""
    for policy in plan.of_type("kms.KeyPolicy"):
        if key in plan.referenced(policy, "key_id", key.kind):
            return policy.get("policy")
    return key.get("policy")
