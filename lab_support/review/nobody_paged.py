"""NOBODY-PAGED: a database that no alarm with an action watches. The incident drill as a rule.

NIST SP 800-53 SI-4 (system monitoring) and AU-6 (review and reporting). Not every program is the place for alarms: a
module with just a database has them elsewhere. So the rule only applies to a program that has an alarm with an action
already, or that is a whole system: a network, something that runs code, the database, and at least 40 resources.

An alarm counts if it may have data, may trigger and may notify someone: what certainly prevents one of these is told
(alarm_faults.py, notice_faults.py), an alarm on the CPU with the drill. It is unknown whether a notice arrives if the
policy of its topic or the key is not known, and whether the database is monitored by other means (a metric stream, a
monitoring service).

NOTICE-LOST is about the alarms of everything else: those whose notices certainly do not arrive, and those that watch
metrics which nothing publishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.alarms.definitions import KINDS, Alarm, CompositeAlarm, MetricAlarm, alarms_of, name_of
from lab_support.alarms.metrics import Metric
from lab_support.drills.database_metrics import CPU, NAMESPACE
from lab_support.drills.databases import Database, databases
from lab_support.drills.incident import SPIKE
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK
from lab_support.reporting import counted
from lab_support.review.alarm_faults import (
    Fault,
    metric_fault,
    names_of,
    trigger_fault,
    unlisted,
    without_data,
)
from lab_support.review.notice_faults import is_unsure, notice_fault
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed

# Services whose actions change something instead of notifying anyone.
_NO_NOTICES: Final = (":autoscaling:", ":automate:", ":swf:")
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
    """Databases about which no alarm with an action notifies anyone."""
    plan = subject.plan
    alarms = _by_name(plan)
    if not (any(_notifies(alarm.resource) for alarm in alarms) or _is_whole_system(plan)):
        return
    other_monitoring = _other_monitoring(plan)
    for database in databases(plan):
        if database.resource.op == "read":
            continue
        faults = [
            (alarm, fault)
            for alarm in alarms
            if _notifies(alarm.resource) and _watches(alarm, database, alarms)
            for fault in [_fault(plan, alarm, database, alarms)]
        ]
        helping = [alarm for alarm, fault in faults if fault is None]
        if helping:
            unsure = [_doubt(plan, alarm) for alarm in helping]
            if all(unsure):
                reason = f"{helping[0].resource.name} watches it, but {unsure[0]}"
                yield Observation(database.resource, unknown=reason)
        elif other_monitoring:
            reason = f"no alarm watches it, but {other_monitoring} may"
            yield Observation(database.resource, unknown=reason)
        else:
            certain = [(alarm, fault) for alarm, fault in faults if fault is not None]
            repair = _changes(certain) or _repair(plan, database)
            yield Observation(database.resource, _what(plan, database, certain, alarms), repair)


def check_notices(subject: ReviewSubject) -> Iterator[Observation]:
    """Topics that the notices of alarms do not reach, and alarms without data, except what NOBODY-PAGED reports."""
    plan = subject.plan
    alarms = _by_name(plan)
    found = [resource for resource in databases(plan) if resource.resource.op != "read"]
    lost: dict[str, list[tuple[Alarm, Fault, Resource]]] = {}
    for alarm in alarms:
        if any(_watches(alarm, database, alarms) for database in found) or not _notifies(alarm.resource):
            continue
        yield from _without_data(plan, alarm)
        if notice := notice_fault(plan, alarm):
            lost.setdefault(notice[1].urn + notice[0].cause, []).append((alarm, *notice))
    for group in lost.values():
        _, fault, topic = group[0]
        names = listed(alarm.resource.name for alarm, _, _ in group)
        verb = "goes" if len(group) == 1 else "go"
        what = f"When {names} {verb} to ALARM, nobody is notified: {fault.cause}."
        arguments = ("kms_master_key_id",) if "key" in fault.cause else ("policy",)
        yield Observation(topic, what, fault.repair, arguments=arguments)


def _without_data(plan: Plan, alarm: Alarm) -> Iterator[Observation]:
    metrics = alarm.metrics if isinstance(alarm, MetricAlarm) else ()
    faults = [fault for metric in metrics if (fault := without_data(plan, metric))]
    if not faults or len(faults) < len(metrics):
        return
    fault = faults[0]
    if fault.is_certain:
        what = f"It {fault.cause}, so it notifies nobody of a problem."
        yield Observation(alarm.resource, what, fault.repair, arguments=("metric_name", "namespace"))
    else:
        yield Observation(alarm.resource, unknown=f"it {fault.cause}", arguments=("metric_name",))


def _by_name(plan: Plan) -> tuple[Alarm, ...]:
    """The alarms in an order that does not depend on how the engine meets them."""
    return tuple(sorted(alarms_of(plan), key=lambda alarm: (alarm.resource.name, alarm.resource.urn)))


def _doubt(plan: Plan, alarm: Alarm) -> str:
    """Why it is not known whether an alarm notifies anyone; empty if it does."""
    if isinstance(alarm, MetricAlarm) and (name := unlisted(alarm)):
        return f"AWS documents no metric {name} in {NAMESPACE}"
    problem = is_unsure(plan, alarm)
    return f"its notice may not arrive: {problem}" if problem else ""


def _fault(
    plan: Plan, alarm: Alarm, database: Database, alarms: tuple[Alarm, ...], parents: tuple[Alarm, ...] = ()
) -> Fault | None:
    """Why an alarm that watches the database certainly notifies nobody about it; None if it may."""
    if isinstance(alarm, MetricAlarm):
        fault = _metric_fault(plan, alarm, database)
    else:
        rule = str(alarm.resource.get("alarm_rule"))
        children = [
            child
            for child in alarms
            if name_of(child.resource) in rule and child not in (*parents, alarm)
            if isinstance(child, MetricAlarm) and _watches(child, database, ())
        ]
        faults = [(child, _metric_fault(plan, child, database)) for child in children]
        known = [(child, fault) for child, fault in faults if fault is not None]
        fault = None
        if known and len(known) == len(faults):
            child, of_child = known[0]
            fault = Fault(f"depends on {child.resource.name}, which {of_child.cause}", of_child.repair)
    if fault is not None or parents:
        return fault
    lost = notice_fault(plan, alarm)
    return Fault(f"notifies nobody: {lost[0].cause}", lost[0].repair) if lost else None


def _metric_fault(plan: Plan, alarm: MetricAlarm, database: Database) -> Fault | None:
    region = str(database.resource.get("region", plan.region))
    if alarm.metrics and alarm.region != region:
        return Fault(
            f"is in {alarm.region}, but the metrics of the database are in {region}",
            f"Create it in {region}.",
        )
    meant = [metric for metric in alarm.metrics if _is_meant_for(metric, database)]
    faults = [metric_fault(plan, database, metric) for metric in meant]
    if faults and all(faults):
        return faults[0]
    return trigger_fault(plan, alarm, database)


def _notifies(resource: Resource) -> bool:
    """Whether an alarm has an action that may notify someone, and does not just scale something."""
    actions = resource.get("alarm_actions")
    if resource.get("actions_enabled") is False or not (actions is UNKNOWN or actions):
        return False
    return actions is UNKNOWN or any(
        not any(service in str(action) for service in _NO_NOTICES) for action in actions
    )


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
    """Whether an alarm watches, may watch or is meant to watch a metric of the database."""
    if isinstance(alarm, CompositeAlarm):
        rule = str(alarm.resource.get("alarm_rule"))
        return UNKNOWN_MARK in rule or any(
            name_of(child.resource) in rule and _watches(child, database, ())
            for child in alarms
            if isinstance(child, MetricAlarm)
        )
    if alarm.resource.get("metric_name") is UNKNOWN or alarm.resource.get("metric_queries") is UNKNOWN:
        return True
    for query in alarm.resource.get("metric_queries") or ():
        if NAMESPACE in str(query.get("expression") or ""):
            return True
    return any(_is_meant_for(metric, database) for metric in alarm.metrics)


_OF_ONE_DATABASE: Final = frozenset({"DBInstanceIdentifier", "DBClusterIdentifier"})
_SUMMARIES: Final = frozenset({"DatabaseClass", "EngineName", "SourceRegion"})


def _is_meant_for(metric: Metric, database: Database) -> bool:
    """Whether a metric is, or looks like, one of the database, or of all databases of the account."""
    names, values = {name for name, _ in metric.dimensions}, {value for _, value in metric.dimensions}
    if values & names_of(database):
        return True
    if UNKNOWN_MARK in values and metric.namespace in (NAMESPACE, UNKNOWN_MARK):
        return True
    # A metric of all databases of the account, or of its class or engine, includes this one.
    if metric.namespace != NAMESPACE or names & _OF_ONE_DATABASE or not names <= _SUMMARIES:
        return False
    own = {"EngineName": "engine", "DatabaseClass": "instance_class"}
    resources = (database.resource, *database.members)
    return all(
        name not in own or any(resource.get(own[name], UNKNOWN) in (UNKNOWN, value) for resource in resources)
        for name, value in metric.dimensions
    )


def _what(
    plan: Plan, database: Database, faults: list[tuple[Alarm, Fault]], alarms: tuple[Alarm, ...]
) -> str:
    spike = f"When the CPU load of the database rises to {SPIKE.text(SPIKE.after)} and stays there, nobody is notified"
    if faults:
        return (
            f"{spike}: "
            + "; ".join(f"{alarm.resource.name} {fault.cause}" for alarm, fault in faults[:3])
            + "."
        )
    watching = [alarm for alarm in alarms if _watches(alarm, database, alarms)]
    if watching:
        return f"{spike}: there is no action that notifies anyone in {_names(watching)}."
    notifying = [alarm for alarm in alarms if _notifies(alarm.resource)]
    if not notifying:
        return f"{spike}: no alarm watches it."
    strangers = [
        alarm for alarm in notifying if not any(_watches(alarm, other, alarms) for other in databases(plan))
    ]
    dataless = [(alarm, fault) for alarm in strangers if (fault := _unpublished(plan, alarm, database))]
    told = "".join(f"; {alarm.resource.name} {fault.cause}" for alarm, fault in dataless[:2])
    if len(notifying) == 1:
        return f"{spike}: the program's only alarm does not watch it{told}."
    return f"{spike}: none of the program's {counted(len(notifying), 'alarm')} watches it{told}."


def _unpublished(plan: Plan, alarm: Alarm, database: Database) -> Fault | None:
    """Why an alarm on RDS has no data at all."""
    for metric in alarm.metrics if isinstance(alarm, MetricAlarm) else ():
        if metric.namespace == NAMESPACE and (fault := metric_fault(plan, database, metric)):
            return fault
    return None


def _names(alarms: list[Alarm]) -> str:
    return listed(alarm.resource.name for alarm in alarms)


def _changes(faults: list[tuple[Alarm, Fault]]) -> str:
    """What to change in the alarms that are there, or on the way of their notices."""
    if not faults:
        return ""
    alarm, fault = faults[0]
    return fault.repair if "notifies nobody" in fault.cause else f"In {alarm.resource.name}: {fault.repair}"


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

NOTICE_LOST = ReviewRule(
    "NOTICE-LOST",
    "High",
    "monitoring",
    "SI-4(5)",
    "The notice of an alarm cannot arrive",
    "Let CloudWatch publish to the topic: the topic's policy must allow cloudwatch.amazonaws.com sns:Publish, and the "
    "policy of the key that encrypts it kms:Decrypt and kms:GenerateDataKey*. The key alias/aws/sns cannot be opened "
    "for CloudWatch. The topic must be a standard one in the region of the alarm. A metric that its service publishes "
    "only on request must be turned on. CloudWatch reports no error.",
    check_notices,
)
