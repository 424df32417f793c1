"""Why an alarm on a database has no data or never triggers. notice_faults.py is about its notices.

CloudWatch compares the names of namespaces, metrics and dimensions (rds_metrics.py) literally, case included, and
accepts an alarm on a metric that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from lab_support.alarms.definitions import MetricAlarm
from lab_support.alarms.metrics import Metric
from lab_support.alarms.optional_metrics import unpublished as unpublished_metric
from lab_support.drills.database_metrics import CPU, NAMESPACE, cpu_metrics
from lab_support.drills.databases import Database, DatabaseKind
from lab_support.drills.incident import Load, incident
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN_MARK
from lab_support.review.rds_metrics import (
    METRICS,
    OF_OTHERS,
    PERCENT,
    PLENTY,
    combined,
    may_be_negative,
    meant,
    unpublished,
)

# The drill's load: nearly idle, then as busy as can be. An alarm that is in ALARM at 1 % never clears.
EXTREMES: Final = Load(before=1.0, after=100.0)
_IN_BYTES: Final = ("FreeStorageSpace", "FreeableMemory", "FreeLocalStorage")
_MEBIBYTE: Final = 2**20
_AVERAGES: Final = ("Average", "Maximum", "Minimum")


@dataclass(frozen=True)
class Fault:
    """Why an alarm does not help: `cause` as the predicate of a sentence about the alarm, and what to change."""

    cause: str
    repair: str
    is_certain: bool = True


def without_data(plan: Plan, metric: Metric) -> Fault | None:
    """Why nothing publishes a metric of any service; None if something may."""
    found = unpublished_metric(plan, metric)
    if found is None:
        return None
    words = "never has data" if found.is_certain else "may never have data"
    return Fault(f"{words}: {found.why}", found.repair, found.is_certain)


def metric_fault(plan: Plan, database: Database, metric: Metric) -> Fault | None:
    """Why a metric that is meant for the database has no data; None if it may have."""
    names = {name for name, _ in metric.dimensions}
    if UNKNOWN_MARK in (metric.namespace, metric.name):
        return None
    if metric.namespace != NAMESPACE and not _is_own(metric):
        return Fault(
            f"watches the namespace {metric.namespace}, where CloudWatch has no metric of this database",
            f'Set namespace="{NAMESPACE}".',
        )
    if metric.namespace != NAMESPACE:
        return None
    wrong = unpublished([name for name in names if not name.startswith(UNKNOWN_MARK)])
    if wrong:
        return Fault(
            f"never has data: {NAMESPACE} publishes no dimension {wrong[0]}",
            f"Set its dimensions to {_dimension(database)}.",
        )
    if together := combined(names):
        return Fault(
            f"never has data: {NAMESPACE} publishes no metric of an instance with the dimension {together[0]}",
            f"Set its dimensions to {_dimension(database)}.",
        )
    if metric.name not in METRICS:
        near = meant(metric.name)
        if near or metric.name in OF_OTHERS:
            suggestion = f'"{near}"' if near else '"CPUUtilization", or another metric of RDS'
            return Fault(
                f"never has data: {NAMESPACE} publishes no metric {metric.name}",
                f"Set metric_name={suggestion}.",
            )
    if metric.name == CPU and ("Role", "READER") in metric.dimensions:
        return Fault(
            "watches the readers only, so a busy writer does not trigger it",
            f"Set its dimensions to {_dimension(database)}.",
        )
    return _wrong_value(database, metric) or without_data(plan, metric)


def _is_own(metric: Metric) -> bool:
    """Whether the namespace of a metric may be the program's own: AWS reserves names that begin with `AWS/`.

    A metric of RDS in a namespace such as `RDS` or `AWS.RDS` is meant for RDS's own.
    """
    namespace = metric.namespace.upper()
    letters = "".join(filter(str.isalpha, namespace))
    is_misspelt = metric.name in METRICS and letters in ("RDS", "AWSRDS", "AMAZONRDS")
    return not namespace.startswith("AWS/") and not is_misspelt


def _wrong_value(database: Database, metric: Metric) -> Fault | None:
    """A dimension with a value of this database that belongs to another dimension."""
    values = dict(metric.dimensions)
    resource = database.resource
    for name, value in values.items():
        if value in _identifiers(database, name) or UNKNOWN_MARK in value:
            continue
        instead = next((words for words, other in _other_names(resource) if value == other), "")
        if instead:
            return Fault(
                f"never has data: CloudWatch identifies a database by its identifier, but its dimension {name} is the "
                f"{instead}",
                f"Set its dimensions to {_dimension(database)}.",
            )
        others = {"DBInstanceIdentifier", "DBClusterIdentifier"} - {name}
        if any(value in _identifiers(database, other) for other in others):
            return Fault(
                f"never has data: {NAMESPACE} publishes no {name} {value}, which is no name of that kind",
                f"Set its dimensions to {_dimension(database)}.",
            )
    return None


def _other_names(resource: Resource) -> tuple[tuple[str, str], ...]:
    """What names a database elsewhere, but not in CloudWatch, as far as it is known."""
    named = (
        ("resource id", resource.get("resource_id", resource.id)),
        ("resource id", resource.id),
        ("ARN", resource.get("arn")),
        ("host name", resource.get("address")),
        ("endpoint", resource.get("endpoint")),
    )
    return tuple((words, value) for words, value in named if isinstance(value, str))


def _dimension(database: Database) -> str:
    if database.resource.kind == "rds.Instance":
        return f'{{"DBInstanceIdentifier": the identifier of {database.name}}}'
    return f'{{"DBClusterIdentifier": the cluster_identifier of {database.name}}}'


def _identifiers(database: Database, dimension: str) -> set[str]:
    """The values that a dimension has in metrics of this database."""
    found: set[Any] = set()
    if dimension == "DBClusterIdentifier":
        found = {database.resource.get("cluster_identifier")}
        if database.resource.kind == "rds.Instance":
            found = set()
    elif dimension == "DBInstanceIdentifier":
        found = {member.get("identifier") for member in database.members}
        if database.resource.kind == "rds.Instance":
            found = {database.resource.get("identifier")}
        if database.kind is DatabaseKind.MULTI_AZ_CLUSTER:
            name = database.resource.get("cluster_identifier")
            found |= {f"{name}-instance-{number}" for number in (1, 2, 3)}
    return {value for value in found if isinstance(value, str) and value}


def names_of(database: Database) -> set[str]:
    """Every text that a dimension meant for this database may have, right or wrong."""
    found: set[Any] = set()
    for resource in (database.resource, *database.members):
        found |= {resource.get("identifier"), resource.get("cluster_identifier"), resource.id}
        found |= {value for _, value in _other_names(resource)}
    found |= _identifiers(database, "DBInstanceIdentifier")
    return {value for value in found if isinstance(value, str) and value}


def trigger_fault(plan: Plan, alarm: MetricAlarm, database: Database) -> Fault | None:
    """Why an alarm does not trigger when the database is in trouble, or always; None if it may work."""
    if alarm.problem or not alarm.metrics:
        return None
    repair = "Change its comparison_operator or its threshold."
    if len(alarm.queries) == 1 and (bound := _beyond_bounds(alarm, database) or _about_plenty(alarm)):
        return Fault(bound, repair)
    if any(query.insights for query in alarm.queries) or not set(alarm.metrics) <= cpu_metrics(
        plan, database
    ):
        return None
    tracks = [
        watch.track
        for response in incident(plan, EXTREMES).responses
        if response.subject == database.name
        for watch in response.watches
        if watch.track.alarm.resource == alarm.resource
    ]
    if not tracks or any(track.problem for track in tracks):
        return None
    if all(track.acts_at is None for track in tracks):
        return Fault("does not trigger in an hour at 100 %", repair)
    if all(track.acts_at == 0 for track in tracks):
        return Fault("is already in ALARM when the CPU load is 1 %, so a rise changes nothing", repair)
    return None


def _beyond_bounds(alarm: MetricAlarm, database: Database) -> str:
    """Whether a threshold is beyond all values that a metric can have, in words."""
    metric, statistic = alarm.metrics[0], alarm.queries[0].statistic
    if metric.namespace != NAMESPACE or metric.name not in METRICS or may_be_negative(metric.name):
        return ""
    if statistic not in _AVERAGES:
        return ""
    threshold, is_percent = alarm.threshold, metric.name in PERCENT
    upper = 100.0 if is_percent else _capacity(metric.name, database)
    unit = " %" if is_percent else ""
    never, always = {
        "GreaterThanThreshold": (threshold >= upper, threshold < 0),
        "GreaterThanOrEqualToThreshold": (threshold > upper, threshold <= 0),
        "LessThanThreshold": (threshold <= 0, threshold > upper),
        "LessThanOrEqualToThreshold": (threshold < 0, threshold >= upper),
    }.get(alarm.comparison, (False, False))
    if never:
        return f"never triggers: {metric.name} cannot pass {threshold:g}{unit}"
    if always:
        return f"is always in ALARM: {metric.name} is on that side of {threshold:g}{unit} at any time"
    if metric.name in _IN_BYTES and alarm.comparison.startswith("Less") and threshold < _MEBIBYTE:
        return f"never triggers in time: {metric.name} is in bytes, and its threshold is {threshold:g} bytes"
    return ""


def _about_plenty(alarm: MetricAlarm) -> str:
    """Whether an alarm triggers when there is much of what a database wants much of, in words."""
    metric = alarm.metrics[0]
    if metric.namespace != NAMESPACE or metric.name not in PLENTY:
        return ""
    if alarm.comparison not in ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold"):
        return ""
    return f"triggers when {metric.name} is high, which is no trouble, and not when it is low"


def unlisted(alarm: MetricAlarm) -> str:
    """A metric of the alarm in the namespace of RDS that AWS does not document as one; empty if there is none."""
    names = (metric.name for metric in alarm.metrics if metric.namespace == NAMESPACE)
    return next((name for name in names if name not in METRICS and UNKNOWN_MARK not in name), "")


def _capacity(name: str, database: Database) -> float:
    """The most that a metric can be, in bytes; infinite where the plan does not say."""
    resource = database.resource
    size = resource.get("allocated_storage")
    is_fixed = isinstance(size, (int, float)) and resource.get("max_allocated_storage") in (None, 0)
    return float(size) * 2**30 if name == "FreeStorageSpace" and is_fixed and size else float("inf")
