"""The CloudWatch metrics of a database's CPU load.

Amazon RDS User Guide, "Amazon CloudWatch dimensions for Amazon RDS" (dimensions.html), and for clusters "Amazon
CloudWatch metrics for Amazon Aurora". The dimension is the identifier, not the DBI resource id (`db-…`), which is the
id of an `aws.rds.Instance`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from lab_support.alarms.definitions import Alarm, MetricAlarm
from lab_support.alarms.metrics import Metric
from lab_support.alarms.optional_metrics import unpublished
from lab_support.drills.databases import Database, DatabaseKind
from lab_support.plan.plan import Plan

NAMESPACE: Final = "AWS/RDS"
CPU: Final = "CPUUtilization"
# Dimensions that aggregate several databases; what they show when one of them is busy is unknown.
_SUMMARIES: Final = frozenset({"DatabaseClass", "EngineName", "SourceRegion"})


def cpu_metrics(plan: Plan, database: Database) -> frozenset[Metric]:
    """The metrics of a database's CPU load: that of its primary or writer, if it has several instances."""
    region = str(database.resource.get("region", plan.region))

    def metric(**dimensions: Any) -> Metric:
        return Metric.of(region, NAMESPACE, CPU, dimensions)

    if database.kind in (DatabaseKind.SINGLE_AZ, DatabaseKind.MULTI_AZ):
        return frozenset({metric(DBInstanceIdentifier=database.resource.get("identifier"))})
    cluster = database.resource.get("cluster_identifier")
    if database.kind is DatabaseKind.MULTI_AZ_CLUSTER:
        writer: Any = f"{cluster}-instance-1"  # RDS names the members of a Multi-AZ DB cluster like this
    else:
        primary = database.parts[0].name if database.parts else None
        writer = next(
            (member.get("identifier") for member in database.members if member.name == primary), None
        )
    return frozenset(
        {
            metric(DBClusterIdentifier=cluster),
            metric(DBClusterIdentifier=cluster, Role="WRITER"),
            metric(DBInstanceIdentifier=writer),
        }
    )


def absent_metrics(plan: Plan, alarms: Iterable[Alarm], known: Mapping[Metric, Any]) -> frozenset[Metric]:
    """The metrics of databases that alarms watch but nothing in the plan publishes: they never have data.

    That is a CPU metric of an unknown database, and a metric of Performance Insights where it is off.
    """
    published = {*known, *_published_by_readers(plan)}
    watched = {metric for alarm in alarms if isinstance(alarm, MetricAlarm) for metric in alarm.metrics}
    return frozenset(
        metric
        for metric in watched
        if metric.namespace == NAMESPACE
        and metric not in published
        and (_is_of_one_database(metric) if metric.name == CPU else _is_off(plan, metric))
    )


def _is_of_one_database(metric: Metric) -> bool:
    return bool(metric.dimensions) and not _SUMMARIES & {name for name, _ in metric.dimensions}


def _is_off(plan: Plan, metric: Metric) -> bool:
    found = unpublished(plan, metric)
    return found is not None and found.is_certain


def _published_by_readers(plan: Plan) -> set[Metric]:
    """The CPU metrics of replicas and readers, whose load is not that of the database."""
    found = set()
    for instance in plan.of_type("rds.Instance", "rds.ClusterInstance"):
        region = str(instance.get("region", plan.region))
        dimensions = {"DBInstanceIdentifier": instance.get("identifier")}
        found.add(Metric.of(region, NAMESPACE, CPU, dimensions))
    for cluster in plan.of_type("rds.Cluster"):
        region, name = str(cluster.get("region", plan.region)), cluster.get("cluster_identifier")
        found.add(Metric.of(region, NAMESPACE, CPU, {"DBClusterIdentifier": name, "Role": "READER"}))
        for number in (2, 3):
            dimensions = {"DBInstanceIdentifier": f"{name}-instance-{number}"}
            found.add(Metric.of(region, NAMESPACE, CPU, dimensions))
    return found
