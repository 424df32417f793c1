"""Neptune: clusters, which share the storage and the ARNs of Aurora."""

from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.mock_aws.services.docdb import cluster_spec
from lab_support.mock_aws.services.rds_rules import UNIQUE_INSTANCE, final_snapshot

_RDS = "arn:{partition}:rds:{region}:{account}:"

SPECS = {
    "neptune.Cluster": cluster_spec(
        "neptune",
        8182,
        on_delete=final_snapshot(
            "Neptune Cluster FinalSnapshotIdentifier is required when a final snapshot is required"
        ),
        force_new=("clusterIdentifierPrefix", "engine", "kmsKeyArn", "neptuneSubnetGroupName", "port"),
    ),
    "neptune.SubnetGroup": ResourceSpec(
        id="{name}", arn=_RDS + "subgrp:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "neptune.ClusterInstance": ResourceSpec(
        creation=("RDS", "CreateDBInstance", "creating DB Instance ({identifier})"),
        name="identifier",
        unique=UNIQUE_INSTANCE,
    ),
}
