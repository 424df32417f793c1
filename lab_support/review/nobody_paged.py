"""NOBODY-PAGED: a database that no alarm with an action watches. The incident drill as a rule.

NIST SP 800-53 SI-4 (system monitoring) and AU-6 (review and reporting). Not every program is the place for alarms: a
module with just a database has them elsewhere. So the rule only applies to a program that has an alarm with an action
already, or that is a whole system: a network, something that runs code, the database, and at least 40 resources.

Any alarm with an action counts if it watches any metric of the database; an alarm on the CPU must also trigger at
100 %. There is no finding, but an unknown, if a notice may get lost (because of the topic's key or policy), or if the
database may be monitored by other means (a metric stream, a monitoring service).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lab_support.alarms.definitions import KINDS, Alarm, CompositeAlarm, MetricAlarm, alarms_of, name_of
from lab_support.drills.database_metrics import CPU, NAMESPACE
from lab_support.drills.databases import Database, databases
from lab_support.drills.incident import SPIKE, Load, incident
from lab_support.drills.notices import notices_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import counted, listed

_BUSIEST: Final = Load(before=SPIKE.before, after=100.0)
_WHOLE_SYSTEM: Final = 40  # resources
_COMPUTE: Final = ("ecs.Service", "ec2.Instance", "autoscaling.Group", "lambda.Function", "eks.Cluster")
# Packages of monitoring services.
_SERVICES: Final = (
    "datadog",
    "newrelic",
    "grafana",
    "dynatrace",
    "signalfx",
    "splunk",
    "opsgenie",
    "pagerduty",
)


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Databases that no alarm with an action watches."""
    plan = subject.plan
    alarms = alarms_of(plan)
    if not (any(_notifies(alarm.resource) for alarm in alarms) or _is_whole_system(plan)):
        return
    other_monitoring = _other_monitoring(plan)
    for database in databases(plan):
        if database.resource.op == "read":
            continue
        watching = [
            alarm for alarm in alarms if _watches(alarm, database, alarms) and _notifies(alarm.resource)
        ]
        silent = [alarm for alarm in watching if _never_triggers(plan, alarm, database)]
        if len(silent) < len(watching):
            if lost := _lost_notice(plan, watching):
                yield Observation(database.resource, unknown=lost)
        elif other_monitoring:
            reason = f"no alarm watches it, but {other_monitoring} may"
            yield Observation(database.resource, unknown=reason)
        else:
            yield Observation(database.resource, _what(database, silent, alarms), _repair(plan, database))


def _notifies(resource: Resource) -> bool:
    """Whether an alarm has an action that may notify someone, and does not just scale something."""
    actions = resource.get("alarm_actions")
    if resource.get("actions_enabled") is False or not (actions is UNKNOWN or actions):
        return False
    return actions is UNKNOWN or any(":autoscaling:" not in str(action) for action in actions)


def _is_whole_system(plan: Plan) -> bool:
    count = sum(resource.is_custom and resource.op not in ("read", "delete") for resource in plan)
    return count >= _WHOLE_SYSTEM and any(created(plan, "ec2.Vpc")) and any(created(plan, *_COMPUTE))


def _other_monitoring(plan: Plan) -> str:
    """What else in the program may monitor the database, in words."""
    if any(created(plan, "cloudwatch.MetricStream")):
        return "the receiver of the metric stream"
    package = next((package for package in plan.mocked_packages if package in _SERVICES), "")
    return f"the monitoring service of the package {package}" if package else ""


def _watches(alarm: Alarm, database: Database, alarms: tuple[Alarm, ...]) -> bool:
    """Whether an alarm watches, or may watch, a metric of the database."""
    if isinstance(alarm, CompositeAlarm):
        rule = str(alarm.resource.get("alarm_rule"))
        return UNKNOWN_MARK in rule or any(
            name_of(child.resource) in rule and _watches(child, database, ())
            for child in alarms
            if isinstance(child, MetricAlarm)
        )
    if alarm.resource.get("metric_name") is UNKNOWN or alarm.resource.get("metric_queries") is UNKNOWN:
        return True
    names = _identifiers(database)
    for query in alarm.resource.get("metric_queries") or ():
        if NAMESPACE in str(query.get("expression") or ""):
            return True
    for metric in alarm.metrics:
        values = {value for _, value in metric.dimensions}
        if values & names or (UNKNOWN_MARK in values and metric.namespace in (NAMESPACE, UNKNOWN_MARK)):
            return True
        # A metric of all databases of the account, or of a class or an engine, includes this one.
        if metric.namespace == NAMESPACE and not {name for name, _ in metric.dimensions} & _OF_ONE_DATABASE:
            return True
    return False


_OF_ONE_DATABASE: Final = frozenset({"DBInstanceIdentifier", "DBClusterIdentifier"})


def _identifiers(database: Database) -> set[str]:
    found: set[Any] = set()
    for resource in (database.resource, *database.members):
        found |= {resource.get("identifier"), resource.get("cluster_identifier"), resource.id}
    return {value for value in found if isinstance(value, str) and value}


def _never_triggers(plan: Plan, alarm: Alarm, database: Database) -> bool:
    """Whether an alarm on the database's CPU does not trigger even after an hour at 100 %."""
    if not isinstance(alarm, MetricAlarm) or alarm.problem or len(alarm.metrics) != 1:
        return False
    (metric,) = alarm.metrics
    of_database = {value for _, value in metric.dimensions} <= _identifiers(database)
    if (metric.namespace, metric.name) != (NAMESPACE, CPU) or len(metric.dimensions) != 1 or not of_database:
        return False
    tracks = [
        watch.track
        for response in incident(plan, _BUSIEST).responses
        if response.subject == database.name
        for watch in response.watches
        if watch.track.alarm.resource == alarm.resource
    ]
    return bool(tracks) and all(track.acts_at is None for track in tracks)


def _lost_notice(plan: Plan, watching: list[Alarm]) -> str:
    """Why the notices of these alarms may not arrive; empty if one of them does."""
    notices = [(alarm, notice) for alarm in watching for notice in notices_of(plan, alarm)]
    if not notices or any(notice.topic is not None for _, notice in notices):
        return ""
    alarm, notice = notices[0]
    inside = any(topic.name == notice.target for topic in plan.of_type("sns.Topic"))
    return (
        f"{alarm.resource.name} watches it, but its notice may not arrive: {notice.problem}" if inside else ""
    )


def _what(database: Database, silent: list[Alarm], alarms: tuple[Alarm, ...]) -> str:
    spike = f"When the CPU load of the database rises to {SPIKE.text(SPIKE.after)} and stays there, nobody is notified"
    by_id = [alarm for alarm in silent if _has_dimension(alarm, database.resource.id)]
    if by_id and database.resource.id != database.resource.get("identifier"):
        return (
            f"{spike}: CloudWatch identifies the metrics of a database by its identifier, but the dimension of "
            f"{_names(by_id)} is its resource id."
        )
    if silent:
        return f"{spike}: an hour at 100 % does not trigger {_names(silent)}."
    watching = [alarm for alarm in alarms if _watches(alarm, database, alarms)]
    if watching:
        return f"{spike}: there is no action that notifies anyone in {_names(watching)}."
    notifying = [alarm for alarm in alarms if _notifies(alarm.resource)]
    if not notifying:
        return f"{spike}: no alarm watches it."
    if len(notifying) == 1:
        return f"{spike}: the program's only alarm does not watch it."
    return f"{spike}: none of the program's {counted(len(notifying), 'alarm')} watches it."


def _names(alarms: list[Alarm]) -> str:
    return listed(alarm.resource.name for alarm in alarms)


def _has_dimension(alarm: Alarm, value: str) -> bool:
    """Whether a dimension of an alarm has this value."""
    metrics = alarm.metrics if isinstance(alarm, MetricAlarm) else ()
    return any(value == dimension for metric in metrics for _, dimension in metric.dimensions)


def _repair(plan: Plan, database: Database) -> str:
    resource = database.resource
    dimension = "DBInstanceIdentifier" if resource.kind == "rds.Instance" else "DBClusterIdentifier"
    topics = [
        topic.name
        for alarm in plan.of_type(*KINDS)
        for topic in plan.referenced(alarm, "alarm_actions", "sns.Topic")
    ] or [topic.name for topic in created(plan, "sns.Topic")]
    topic = f"the topic {topics[0]}" if topics else "a topic with a subscriber"
    return (
        f"Add an aws.cloudwatch.MetricAlarm on {CPU} in {NAMESPACE} with the dimension {dimension} of {database.name}, "
        f"and {topic} in its alarm_actions."
    )


RULE = ReviewRule(
    "NOBODY-PAGED",
    "Medium",
    "monitoring",
    "SI-4, AU-6",
    "No alarm with an action watches a database",
    "Add an aws.cloudwatch.MetricAlarm whose namespace, metric and dimensions are exactly those that the "
    "service publishes, with a threshold that normal load does not reach, and a topic in alarm_actions to "
    "which CloudWatch may publish.",
    check,
)
