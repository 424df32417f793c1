"""Under which names CloudWatch knows the CPU load of a database.

Amazon RDS User Guide, "Amazon CloudWatch dimensions for Amazon RDS" (dimensions.html), and for clusters "Amazon
CloudWatch metrics for Amazon Aurora". The dimension is the identifier; the DBI resource id (`db-…`), which is the id
of an `aws.rds.Instance`, is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from lab_support.alarms.definitions import Alarm, MetricAlarm
from lab_support.alarms.metrics import Metric
from lab_support.drills.databases import Database, DatabaseKind
from lab_support.plan.plan import Plan

NAMESPACE: Final = "AWS/RDS"
CPU: Final = "CPUUtilization"
# Dimensions that add up several databases; nobody can say what they show when one of them is busy.
_SUMMARIES: Final = frozenset({"DatabaseClass", "EngineName", "SourceRegion"})


def cpu_metrics(plan: Plan, database: Database) -> frozenset[Metric]:
    """The metrics that carry the CPU load of this database, of its primary or writer where there are several."""
    region = str(database.resource.get("region", plan.region))

    def metric(**dimensions: Any) -> Metric:
        return Metric.of(region, NAMESPACE, CPU, dimensions)

    if database.kind in (DatabaseKind.SINGLE_AZ, DatabaseKind.MULTI_AZ):
        return frozenset({metric(DBInstanceIdentifier=database.resource.get("identifier"))})
    cluster = database.resource.get("cluster_identifier")
    if database.kind is DatabaseKind.MULTI_AZ_CLUSTER:
        writer: Any = f"{cluster}-instance-1"  # as RDS names the members of a Multi-AZ DB cluster
    else:
        writer = next(
            (
                m.get("identifier")
                for m in database.members
                if database.parts and m.name == database.parts[0].name
            ),
            None,
        )
    return frozenset(
        {
            metric(DBClusterIdentifier=cluster),
            metric(DBClusterIdentifier=cluster, Role="WRITER"),
            metric(DBInstanceIdentifier=writer),
        }
    )


def unknown_cpu_metrics(
    plan: Plan, alarms: Iterable[Alarm], known: Mapping[Metric, Any]
) -> frozenset[Metric]:
    """The CPU metrics of databases that alarms watch and that nothing in the plan publishes: no data, ever."""
    published = {*known, *_members(plan)}
    watched = {m for alarm in alarms if isinstance(alarm, MetricAlarm) for m in alarm.metrics}
    return frozenset(
        m
        for m in watched
        if (m.namespace, m.name) == (NAMESPACE, CPU)
        and m.dimensions
        and not _SUMMARIES & {name for name, _ in m.dimensions}
        and m not in published
    )


def _members(plan: Plan) -> set[Metric]:
    """Replicas, readers and the like: they publish, but their load is not the database's."""
    found = set()
    for each in plan.of_type("rds.Instance", "rds.ClusterInstance"):
        region = str(each.get("region", plan.region))
        found.add(Metric.of(region, NAMESPACE, CPU, {"DBInstanceIdentifier": each.get("identifier")}))
    for each in plan.of_type("rds.Cluster"):
        region, cluster = str(each.get("region", plan.region)), each.get("cluster_identifier")
        found.add(Metric.of(region, NAMESPACE, CPU, {"DBClusterIdentifier": cluster, "Role": "READER"}))
        for number in (2, 3):
            identifier = f"{cluster}-instance-{number}"
            found.add(Metric.of(region, NAMESPACE, CPU, {"DBInstanceIdentifier": identifier}))
    return found
