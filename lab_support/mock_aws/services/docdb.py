"""DocumentDB: clusters, which share the storage and the ARNs of Aurora.

Formats: Service Authorization Reference, "Amazon RDS"; endpoints: Amazon DocumentDB Developer Guide.
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services.rds_rules import (
    DELETE_CLUSTER,
    PROTECTED_CLUSTER,
    UNIQUE_CLUSTER,
    UNIQUE_INSTANCE,
    final_snapshot,
)

_RDS = "arn:{partition}:rds:{region}:{account}:"


def cluster_spec(service: str, port: int, **more: Any) -> ResourceSpec:
    """A cluster of DocumentDB or Neptune, which share Aurora's storage and its ARNs."""
    host = f"c{{home11}}.{{region}}.{service}.{{dns_suffix}}"
    return ResourceSpec(
        id="{clusterIdentifier}",
        arn=_RDS + "cluster:{clusterIdentifier}",
        generated="tf-",
        creation=("RDS", "CreateDBCluster", "creating RDS Cluster ({clusterIdentifier})"),
        name="clusterIdentifier",
        unique=UNIQUE_CLUSTER,
        deletion=DELETE_CLUSTER,
        guards=(PROTECTED_CLUSTER,),
        defaults={
            "availabilityZones": lambda request, values: list(request.zones),
            "deletionProtection": False,
            "port": port,
            "storageEncrypted": False,
        },
        computed={
            "clusterResourceId": "cluster-{upper26}",
            "endpoint": f"{{clusterIdentifier}}.cluster-{host}",
            **({"masterUserSecrets": []} if service == "docdb" else {"clusterMembers": []}),
            "readerEndpoint": f"{{clusterIdentifier}}.cluster-ro-{host}",
        },
        **more,
    )


SPECS = {
    "docdb.Cluster": cluster_spec(
        "docdb",
        27017,
        on_delete=final_snapshot(
            "DocumentDB Cluster FinalSnapshotIdentifier is required when a final snapshot is required"
        ),
        force_new=("clusterIdentifierPrefix", "engine", "port", "restoreToPointInTime"),
    ),
    "docdb.ClusterInstance": ResourceSpec(
        creation=("RDS", "CreateDBInstance", "creating DB Instance ({identifier})"),
        id="{identifier}",
        arn=_RDS + "db:{identifier}",
        generated="tf-",
        computed={
            "dbiResourceId": "db-{upper26}",
            "endpoint": "{identifier}.c{home11}.{region}.docdb.{dns_suffix}",
            "port": 27017,
        },
        name="identifier",
        unique=UNIQUE_INSTANCE,
    ),
    "docdb.SubnetGroup": ResourceSpec(
        id="{name}", arn=_RDS + "subgrp:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "docdb.ClusterParameterGroup": ResourceSpec(
        id="{name}", arn=_RDS + "cluster-pg:{name}", defaults={"description": "Managed by Pulumi"}
    ),
}
