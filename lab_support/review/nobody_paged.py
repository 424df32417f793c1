"""NOBODY-PAGED: a database that no alarm with an action watches. The incident drill as a rule.

NIST SP 800-53 SI-4 (system monitoring) and AU-6 (review and reporting). Whether a program is where alarms belong is a
question of its own: a module that makes one database has them elsewhere. So this speaks only of a program that has
alarms already, which tell somebody, or that is a whole system: a network, something that runs code, the database, and
at least 40 resources.

Any alarm counts that has an action and reads a metric of the database, not of the processor only; one on the processor
must be able to go off, at 100 %. An alarm whose notice may get lost on its way (the topic's key or policy), one that
leads to something outside of the program, and monitoring by other means (a metric stream, a monitoring service) are no
findings: what follows from them is listed as unknown.
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
from lab_support.review.findings import Observation, ReviewRule, ReviewSubject, counted, created, listed

_BUSIEST: Final = Load(before=SPIKE.before, after=100.0)
_WHOLE: Final = 40
_RUNS: Final = ("ecs.Service", "ec2.Instance", "autoscaling.Group", "lambda.Function", "eks.Cluster")
# Packages and types through which a database is watched by other means than alarms.
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
    """The databases that nobody is told about."""
    plan = subject.plan
    alarms = alarms_of(plan)
    if not (any(_acts(each.resource) for each in alarms) or _is_a_whole_system(plan)):
        return
    elsewhere = _elsewhere(plan)
    for database in databases(plan):
        if database.resource.op == "read":
            continue
        watching = [
            each for each in alarms if _watches(plan, each, database, alarms) and _acts(each.resource)
        ]
        deaf = [each for each in watching if _cannot_go_off(plan, each, database)]
        if len(deaf) < len(watching):
            if lost := _lost(plan, watching):
                yield Observation(database.resource, unknown=lost)
        elif elsewhere:
            yield Observation(database.resource, unknown=f"no alarm watches it, but {elsewhere} may")
        else:
            yield Observation(database.resource, _what(plan, database, deaf, alarms), _repair(plan, database))


def _acts(resource: Resource) -> bool:
    """Whether an alarm does something when it goes off that could tell somebody, not scale something only."""
    actions = resource.get("alarm_actions")
    if resource.get("actions_enabled") is False or not (actions is UNKNOWN or actions):
        return False
    return actions is UNKNOWN or any(":autoscaling:" not in str(action) for action in actions)


def _is_a_whole_system(plan: Plan) -> bool:
    made = [each for each in plan if each.is_custom and each.op not in ("read", "delete")]
    return len(made) >= _WHOLE and any(created(plan, "ec2.Vpc")) and any(created(plan, *_RUNS))


def _elsewhere(plan: Plan) -> str:
    """What else in the program may watch the database."""
    if any(created(plan, "cloudwatch.MetricStream")):
        return "its metrics leave through a metric stream, and what gets them"
    package = next((p for p in plan.mocked_packages if p in _SERVICES), "")
    return f"the monitoring service of the package {package}" if package else ""


def _watches(plan: Plan, alarm: Alarm, database: Database, alarms: tuple[Alarm, ...]) -> bool:
    """Whether an alarm reads a metric that is, or may be, about the database."""
    if isinstance(alarm, CompositeAlarm):
        rule = str(alarm.resource.get("alarm_rule"))
        return UNKNOWN_MARK in rule or any(
            name_of(each.resource) in rule and _watches(plan, each, database, ())
            for each in alarms
            if isinstance(each, MetricAlarm)
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
        # A metric over all databases of the account, or of a class or an engine, has this one in it.
        if metric.namespace == NAMESPACE and not {name for name, _ in metric.dimensions} & _OF_ONE:
            return True
    return False


_OF_ONE: Final = frozenset({"DBInstanceIdentifier", "DBClusterIdentifier"})


def _identifiers(database: Database) -> set[str]:
    found: set[Any] = set()
    for each in (database.resource, *database.members):
        found |= {each.get("identifier"), each.get("cluster_identifier"), each.id}
    return {value for value in found if isinstance(value, str) and value}


def _cannot_go_off(plan: Plan, alarm: Alarm, database: Database) -> bool:
    """Whether an alarm on the processor of the database stays silent at 100 % for an hour: it can never help."""
    if not isinstance(alarm, MetricAlarm) or alarm.problem or len(alarm.metrics) != 1:
        return False
    (metric,) = alarm.metrics
    of_it = {value for _, value in metric.dimensions} <= _identifiers(database)
    if (metric.namespace, metric.name) != (NAMESPACE, CPU) or len(metric.dimensions) != 1 or not of_it:
        return False
    responses = [each for each in incident(plan, _BUSIEST).responses if each.subject == database.name]
    tracks = [w.track for r in responses for w in r.watches if w.track.alarm.resource == alarm.resource]
    return bool(tracks) and all(track.acts_at is None for track in tracks)


def _lost(plan: Plan, watching: list[Alarm]) -> str:
    """Why a notice of the alarms may not arrive, if it may not."""
    notices = [(alarm, notice) for alarm in watching for notice in notices_of(plan, alarm)]
    if not notices or any(notice.topic is not None for _, notice in notices):
        return ""
    alarm, notice = notices[0]
    inside = any(topic.name == notice.target for topic in plan.of_type("sns.Topic"))
    return (
        f"{alarm.resource.name} watches it, but its notice may not arrive: {notice.problem}" if inside else ""
    )


def _what(plan: Plan, database: Database, deaf: list[Alarm], alarms: tuple[Alarm, ...]) -> str:
    load = f"When the CPU load of the database rises to {SPIKE.text(SPIKE.after)} and stays there, nobody is told"
    by_id = [alarm for alarm in deaf if _names(alarm, database.resource.id)]
    if by_id and database.resource.id != database.resource.get("identifier"):
        names = listed([alarm.resource.name for alarm in by_id])
        return (
            f"{load}: {names} names it by its resource id, and CloudWatch knows the metrics of a database by its "
            "identifier."
        )
    if deaf:
        names = listed([alarm.resource.name for alarm in deaf])
        return f"{load}: {names} watches it, but does not go off even at 100 % for an hour."
    silent = [a for a in alarms if _watches(plan, a, database, alarms)]
    if silent:
        names = listed([alarm.resource.name for alarm in silent])
        return f"{load}: {names} watches it, but has no action that tells anybody."
    others = [alarm for alarm in alarms if _acts(alarm.resource)]
    seen = f"none of the {counted(len(others), 'alarm')}" if len(others) > 1 else "not even the one alarm"
    return f"{load}: {f'{seen} of this program' if others else 'no alarm'} watches it."


def _names(alarm: Alarm, value: str) -> bool:
    """Whether a dimension of an alarm has this value."""
    metrics = alarm.metrics if isinstance(alarm, MetricAlarm) else ()
    return any(value == each for metric in metrics for _, each in metric.dimensions)


def _repair(plan: Plan, database: Database) -> str:
    resource = database.resource
    dimension = "DBInstanceIdentifier" if resource.kind == "rds.Instance" else "DBClusterIdentifier"
    topics = [
        topic.name
        for alarm in plan.of_type(*KINDS)
        for topic in plan.referenced(alarm, "alarm_actions", "sns.Topic")
    ] or [topic.name for topic in created(plan, "sns.Topic")]
    where = f"the topic {topics[0]}" if topics else "a topic that somebody reads"
    return (
        f"Add an aws.cloudwatch.MetricAlarm on {CPU} in {NAMESPACE} with the dimension {dimension} of {database.name}, "
        f"and {where} in its alarm_actions."
    )


RULE = ReviewRule(
    "NOBODY-PAGED",
    "Medium",
    "monitoring",
    "SI-4, AU-6",
    "No alarm that tells anybody watches a database",
    check,
)
