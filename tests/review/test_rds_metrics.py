"""The metrics and dimensions of AWS/RDS, as the user guides of RDS and Aurora list them."""

from __future__ import annotations

import pytest

from lab_support.review.rds_metrics import (
    METRICS,
    PERCENT,
    PLENTY,
    combined,
    may_be_negative,
    meant,
    unpublished,
)


@pytest.mark.parametrize(
    "name",
    [
        *("ReadIOPSLocalStorage", "OldestLogicalReplicationSlotLag", "AuroraReplicaLagMaximum", "DDLLatency"),
        *("StorageNetworkThroughput", "ResultSetCacheHitRatio", "TempStorageIOPS", "EBSByteBalance%"),
    ],
)
def test_a_documented_metric_is_known(name: str) -> None:
    assert name in METRICS


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("CPUUtilisation", "CPUUtilization"),
        ("cpu_utilization", "CPUUtilization"),
        ("DatabaseConnection", "DatabaseConnections"),
        ("CPU", "CPUUtilization"),
        ("Connections", "DatabaseConnections"),
        ("FreeStorage", ""),
        ("AuroraMemoryHealthState", ""),
    ],
)
def test_only_a_misspelling_is_taken_for_a_metric(name: str, metric: str) -> None:
    assert meant(name) == metric


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["DBInstanceIdentifier"], []),
        (["DBClusterIdentifier", "Role"], []),
        (["DbClusterIdentifier", "EngineName"], []),
        (["DbClusterIdentifier"], ["DbClusterIdentifier"]),
        (["DBInstanceId", "AutoScalingGroupName"], ["AutoScalingGroupName", "DBInstanceId"]),
    ],
)
def test_a_dimension_that_rds_does_not_publish_is_named(names: list[str], wrong: list[str]) -> None:
    assert unpublished(names) == wrong


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["DBInstanceIdentifier"], []),
        (["DBInstanceIdentifier", "VolumeName"], []),
        (["DBClusterIdentifier", "Role"], []),
        (["DBInstanceIdentifier", "EngineName"], ["EngineName"]),
        (["DBInstanceIdentifier", "Role"], ["Role"]),
    ],
)
def test_a_dimension_that_rds_does_not_combine_with_an_instance_is_named(
    names: list[str], wrong: list[str]
) -> None:
    assert combined(names) == wrong


def test_what_a_database_wants_much_of_is_a_metric() -> None:
    assert PLENTY <= METRICS


def test_percentages_are_metrics_that_cannot_be_negative() -> None:
    assert PERCENT <= METRICS
    assert not any(map(may_be_negative, PERCENT))
    assert may_be_negative("TransactionLogsDiskUsage")
