"""What CloudWatch has about a database: the metrics and dimensions in the namespace AWS/RDS, as AWS documents them.

- Amazon RDS User Guide: "Amazon CloudWatch metrics for Amazon RDS" (rds-metrics.html), "Amazon CloudWatch dimensions
  for Amazon RDS" (dimensions.html), "Amazon CloudWatch metrics for Amazon RDS Performance Insights"
  (USER_PerfInsights.Cloudwatch.html)
- Amazon Aurora User Guide: "Amazon CloudWatch metrics for Amazon Aurora" (Aurora.AuroraMonitoring.Metrics.html),
  "Amazon CloudWatch dimensions for Aurora" (dimensions.html)

AWS adds metrics, so a name that is not here may exist. Only a misspelling of one that is here certainly does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

_RDS: Final = """
    BinLogDiskUsage BurstBalance CheckpointLag ConnectionAttempts CPUUtilization CPUCreditUsage CPUCreditBalance
    CPUSurplusCreditBalance CPUSurplusCreditsCharged DatabaseConnections DiskQueueDepth DiskQueueDepthLogVolume
    EBSByteBalance% EBSIOBalance% FailedSQLServerAgentJobsCount FreeableMemory FreeLocalStorage FreeStorageSpace
    FreeStorageSpaceLogVolume MaximumUsedTransactionIDs NetworkReceiveThroughput NetworkTransmitThroughput
    OldestLogicalReplicationSlotLag OldestReplicationSlotLag ReadIOPS ReadIOPSLocalStorage ReadIOPSLogVolume ReadLatency
    ReadLatencyLocalStorage ReadLatencyLogVolume ReadThroughput ReadThroughputLocalStorage ReadThroughputLogVolume
    ReplicaLag ReplicationChannelLag ReplicationSlotDiskUsage SwapUsage TransactionLogsDiskUsage
    TransactionLogsGeneration WriteIOPS WriteIOPSLocalStorage WriteIOPSLogVolume WriteLatency WriteLatencyLocalStorage
    WriteLatencyLogVolume WriteThroughput WriteThroughputLocalStorage WriteThroughputLogVolume
    DBLoad DBLoadCPU DBLoadNonCPU DBLoadRelativeToNumVCPUs
"""
_AURORA: Final = """
    AuroraGlobalDBDataTransferBytes AuroraGlobalDBProgressLag AuroraGlobalDBReplicatedWriteIO
    AuroraGlobalDBReplicationLag AuroraGlobalDBRPOLag AuroraVolumeBytesLeftTotal BacktrackChangeRecordsCreationRate
    BacktrackChangeRecordsStored BackupRetentionPeriodStorageUsed ServerlessDatabaseCapacity SnapshotStorageUsed
    TotalBackupStorageBilled VolumeBytesUsed VolumeReadIOPs VolumeWriteIOPs AbortedClients ActiveTransactions
    ACUUtilization AuroraBinlogReplicaLag AuroraReplicaLag AuroraReplicaLagMaximum AuroraReplicaLagMinimum
    AuroraSlowConnectionHandleCount AuroraSlowHandshakeCount BacktrackWindowActual BacktrackWindowAlert
    BlockedTransactions BufferCacheHitRatio CommitLatency CommitThroughput DDLLatency DDLThroughput Deadlocks
    DeleteLatency DeleteThroughput DMLLatency DMLThroughput EngineUptime InsertLatency InsertThroughput LoginFailures
    NetworkThroughput NumBinaryLogFiles Queries RDSToAuroraPostgreSQLReplicaLag ResultSetCacheHitRatio
    RollbackSegmentHistoryListLength RowLockTime SelectLatency SelectThroughput StorageNetworkReceiveThroughput
    StorageNetworkThroughput StorageNetworkTransmitThroughput SumBinaryLogSize TempStorageIOPS TempStorageThroughput
    UpdateLatency UpdateThroughput
"""
METRICS: Final = frozenset((_RDS + _AURORA).split())
# In percent, so never above 100.
PERCENT: Final = frozenset(
    """
    CPUUtilization BurstBalance EBSByteBalance% EBSIOBalance% BufferCacheHitRatio ResultSetCacheHitRatio ACUUtilization
    """.split()
)
# Of these a database wants much: an alarm on a high value is about no trouble.
PLENTY: Final = frozenset(
    """
    FreeStorageSpace FreeStorageSpaceLogVolume FreeableMemory FreeLocalStorage BurstBalance CPUCreditBalance
    EBSByteBalance% EBSIOBalance% BufferCacheHitRatio ResultSetCacheHitRatio AuroraVolumeBytesLeftTotal
    """.split()
)
# What people call a metric that has another name.
_SHORT: Final = {
    **dict.fromkeys(("cpu", "cpuload", "cpuusage", "cpupercent", "cpuutilizationpercent"), "CPUUtilization"),
    **dict.fromkeys(("memory", "memoryusage", "freememory"), "FreeableMemory"),
    **dict.fromkeys(("connections", "connectioncount"), "DatabaseConnections"),
    **dict.fromkeys(("diskspace", "freediskspace"), "FreeStorageSpace"),
}
# Metrics of other services, or of agents, that people look for in RDS.
OF_OTHERS: Final = frozenset(
    "MemoryUtilization StatusCheckFailed mem_used_percent disk_used_percent HTTPCode_Target_5XX_Count Errors".split()
)
_DIMENSIONS: Final = frozenset(
    """
    DBInstanceIdentifier DBClusterIdentifier Role DatabaseClass EngineName SourceRegion
    SecondaryRegion GlobalDbDBClusterIdentifier
    ProxyName TargetGroup Target TargetRole SourceDatabaseEngine
    """.split()
)
# Further dimensions, of shard groups and of additional volumes, begin like this.
_MORE_DIMENSIONS: Final = ("DBShardGroup", "Volume", "StorageVolume")


# RDS publishes the metrics of an instance under its identifier alone (and that of a volume).
_NOT_WITH_AN_INSTANCE: Final = ("DatabaseClass", "DBClusterIdentifier", "EngineName", "Role")


def combined(names: Collection[str]) -> list[str]:
    """Those of a metric's dimensions under which RDS publishes no metric of an instance."""
    return [name for name in _NOT_WITH_AN_INSTANCE if name in names and "DBInstanceIdentifier" in names]


def unpublished(names: Collection[str]) -> list[str]:
    """Those of a metric's dimensions that RDS certainly does not publish."""
    # The Aurora User Guide spells the combination with EngineName differently.
    known = _DIMENSIONS | ({"DbClusterIdentifier"} if "EngineName" in names else set())
    return sorted(name for name in names if name not in known and not name.startswith(_MORE_DIMENSIONS))


def may_be_negative(name: str) -> bool:
    """Whether a metric has values below 0: lags, and the size of transaction logs that are not in use."""
    return "Lag" in name or name == "TransactionLogsDiskUsage"


def meant(name: str) -> str:
    """The metric of which a name is a misspelling or a short form; empty if it is none."""
    letters = re.sub(r"[\s_-]", "", name).lower()
    if letters in _SHORT:
        return _SHORT[letters]
    by_letters = {metric.lower(): metric for metric in METRICS}
    found = get_close_matches(letters, by_letters, 1, cutoff=0.9)
    return by_letters[found[0]] if found else ""
