"""Neptune: clusters, which share the storage and the ARNs of Aurora."""

from lab_support.mock_aws.resource_spec import ResourceSpec, Unique
from lab_support.mock_aws.services.docdb import cluster_spec
from lab_support.mock_aws.services.rds_rules import PROTECTED_CLUSTER, final_snapshot

_RDS = "arn:{partition}:rds:{region}:{account}:"

SPECS = {
    "neptune.Cluster": cluster_spec(
        "neptune",
        8182,
        creation=("RDS", "CreateDBCluster", "creating RDS Cluster ({clusterIdentifier})"),
        name="clusterIdentifier",
        unique=Unique("DBClusterAlreadyExistsFault", "DB Cluster already exists", namespace="DB cluster"),
        guards=(PROTECTED_CLUSTER,),
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
        unique=Unique("DBInstanceAlreadyExists", "DB instance already exists", namespace="DB instance"),
    ),
}
