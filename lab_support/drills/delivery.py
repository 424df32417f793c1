"""The delivery drill: an alarm goes off. Which permissions does its notice need on the way to the people on call?

    for delivery in deliveries(plan).ways:
        print(delivery.target, delivery.alarms, delivery.problem or delivery.subscribers)

The alarm publishes as the service CloudWatch. If the topic is encrypted, SNS asks KMS for a data key in CloudWatch's
name, so the key's policy decides, too (Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lab_support.alarms.definitions import alarms_of
from lab_support.drills.notices import Notice, Permission, notices_of, permissions
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["deliveries"]  # what notebooks import from lab_support


@dataclass(frozen=True)
class Delivery:
    """The way of one or more alarms' notices to one topic, and on to its subscribers.

    `permissions` are those that CloudWatch needs; `problem` says why nobody receives the notice, and is empty if
    someone does. `topic` is None if the action's target is no topic of the program.
    """

    alarms: tuple[str, ...]
    target: str
    topic: Resource | None
    permissions: tuple[Permission, ...]
    subscribers: tuple[str, ...]
    problem: str

    @property
    def arrives(self) -> bool:
        """Whether a notice reaches a subscriber."""
        return not self.problem


@dataclass(frozen=True)
class Deliveries:
    """The ways of all notices of a plan."""

    ways: tuple[Delivery, ...]


def deliveries(plan: Plan) -> Deliveries:
    """The ways of all notices that the plan's alarms would send; alarms with the same way are in one delivery."""
    found: dict[Delivery, list[str]] = {}
    for alarm in alarms_of(plan):
        for notice in notices_of(plan, alarm):
            found.setdefault(_delivery(plan, notice), []).append(alarm.resource.name)
    return Deliveries(tuple(replace(way, alarms=tuple(names)) for way, names in found.items()))


def subscribers_of(plan: Plan, topic: Resource) -> tuple[str, ...]:
    """Who is subscribed to a topic by this program, in words: `on-call@example.gov (email)`."""
    return tuple(
        f"{subscription.get('endpoint')} ({subscription.get('protocol')})"
        for subscription in plan.of_type("sns.TopicSubscription")
        if topic in plan.referenced(subscription, "topic", "sns.Topic")
    )


def _delivery(plan: Plan, notice: Notice) -> Delivery:
    topic = notice.topic or next(iter(_topics(plan, notice)), None)
    if topic is None:
        return Delivery((), notice.target, None, (), (), notice.problem)
    subscribers = subscribers_of(plan, topic)
    nobody = "" if subscribers else f"the program subscribes nobody to {topic.name}"
    needed = permissions(plan, notice.alarm, topic)
    return Delivery((), topic.name, topic, needed, subscribers, notice.problem or nobody)


def _topics(plan: Plan, notice: Notice) -> Iterator[Resource]:
    """The topic of a notice that does not arrive; it has only the topic's logical name."""
    targets = plan.referenced(notice.alarm.resource, "alarm_actions", "sns.Topic")
    return (topic for topic in targets if topic.name == notice.target)
