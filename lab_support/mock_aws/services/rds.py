"""RDS: database instances, clusters, subnet and parameter groups.

Error codes and texts are those of the RDS API, the sentences around them those of the provider.
"""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET
from lab_support.mock_aws.find_resources import FindOne, find_by
from lab_support.mock_aws.resource_spec import (
    Autoname,
    DeletionGuard,
    NameForm,
    Reference,
    ResourceSpec,
    Unique,
)
from lab_support.mock_aws.services import rds_engines, rds_rules, rds_values
from lab_support.mock_aws.services.rds_deletion import DISABLE_PROTECTION, PROTECTED_CLUSTER, final_snapshot

_ARN = "arn:{partition}:rds:{region}:{account}:"


def _unique_parameter_group(operation: str, resource: str) -> Unique:
    return Unique(
        "DBParameterGroupAlreadyExists",
        "Parameter group {name} already exists",
        call=("RDS", operation),
        doing=f"creating RDS {resource} ({{name}})",
    )


_SUBNETS_OF_GROUP: Final = "Some input subnets in :[{value}] are invalid."

_DATABASE_GROUP: Final = "Invalid security group , groupId= {value}, groupName=."

SPECS = {
    "rds.Instance": ResourceSpec(
        creation=("RDS", "CreateDBInstance", "creating RDS DB Instance ({identifier})"),
        id="db-{upper26}",
        arn=_ARN + "db:{identifier}",
        defaults={
            "multiAz": False,
            "storageEncrypted": False,
            "kmsKeyId": rds_values.managed_key,
            "storageType": "gp3",
            "autoMinorVersionUpgrade": True,
            "performanceInsightsEnabled": False,
            "monitoringInterval": 0,
            "networkType": "IPV4",
            "customerOwnedIpEnabled": False,
            "databaseInsightsMode": "standard",
            "dedicatedLogVolume": False,
            "engineLifecycleSupport": "open-source-rds-extended-support",
            "iamDatabaseAuthenticationEnabled": False,
            "licenseModel": rds_values.license,
            "parameterGroupName": rds_values.default_group,
            "performanceInsightsRetentionPeriod": 0,
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "port": rds_values.port,
            "availabilityZone": rds_values.instance_zone,
        },
        computed={
            "address": "{identifier}.c{home11}.{region}.rds.{dns_suffix}",
            "endpoint": "{address}:{port}",
            "hostedZoneId": rds_values.hosted_zone,
            "engineVersionActual": rds_values.engine_version,
            "iops": rds_values.baseline("iops", 3000, 12000),
            "storageThroughput": rds_values.baseline("storageThroughput", 125, 500),
            "latestRestorableTime": "",
            "listenerEndpoints": [],
            "masterUserSecrets": rds_values.managed_secret("db"),
            "replicas": [],
            "status": "available",
            "upgradeRolloutOrder": "",
        },
        rules=(
            rds_rules.identifier_is_valid,
            rds_engines.engine_stands_alone,
            rds_engines.version_exists,
            rds_engines.class_fits_the_engine,
            rds_engines.one_kind_of_password,
            rds_engines.user_is_not_reserved,
            rds_rules.zone_of_multi_az,
            rds_rules.gp3_performance,
            rds_rules.zone_in_subnet_group,
            rds_rules.subnet_group_exists,
            rds_rules.key_is_usable,
            rds_rules.retention,
            rds_rules.credentials,
            rds_rules.replica_source,
        ),
        name="identifier",
        autoname=Autoname(separator=""),
        unique=Unique("DBInstanceAlreadyExists", "DB instance already exists", namespace="DB instance"),
        references=(
            Reference(
                "InvalidParameterValue", _DATABASE_GROUP, name="vpcSecurityGroupIds", target=SECURITY_GROUP
            ),
        ),
        guards=(
            DeletionGuard(
                "InvalidParameterCombination",
                f"Cannot delete protected DB Instance, {DISABLE_PROTECTION}",
                call=("RDS", "DeleteDBInstance"),
                doing="deleting RDS DB Instance ({identifier})",
                flag=("deletionProtection", True),
            ),
        ),
        holds={"vpcSecurityGroupIds": SECURITY_GROUP},
        on_delete=final_snapshot("final_snapshot_identifier is required when skip_final_snapshot is false"),
        data_sources={
            "rds.getInstance": FindOne(
                {"dbInstanceIdentifier": "identifier"},
                what="RDS DB Instance",
                gives={
                    "id": "identifier",
                    "dbInstanceIdentifier": "identifier",
                    "dbInstanceArn": "arn",
                    "dbInstanceClass": "instanceClass",
                    "dbInstancePort": "port",
                    "dbSubnetGroup": "dbSubnetGroupName",
                    "masterUsername": "username",
                    "vpcSecurityGroups": "vpcSecurityGroupIds",
                },
            )
        },
        force_new=(
            "availabilityZone",
            "engine",
            "restoreToPointInTime",
            "s3Import",
            "snapshotIdentifier",
            "username",
        ),
        in_place=("dbSubnetGroupName", "identifier", "identifierPrefix"),
    ),
    "rds.Cluster": ResourceSpec(
        creation=("RDS", "CreateDBCluster", "creating RDS Cluster ({clusterIdentifier})"),
        id="{clusterIdentifier}",
        arn=_ARN + "cluster:{clusterIdentifier}",
        generated="tf-",
        defaults={
            "engineMode": "provisioned",
            "storageEncrypted": False,
            "kmsKeyId": rds_values.managed_key,
            "port": rds_values.port,
            "availabilityZones": lambda request, values: list(request.zones),
        },
        computed={
            "clusterResourceId": "cluster-{upper26}",
            "endpoint": "{clusterIdentifier}.cluster-c{home11}.{region}.rds.{dns_suffix}",
            "readerEndpoint": "{clusterIdentifier}.cluster-ro-c{home11}.{region}.rds.{dns_suffix}",
            "caCertificateValidTill": "",
            "hostedZoneId": rds_values.hosted_zone,
            "engineVersionActual": rds_values.engine_version,
            "masterUserSecrets": rds_values.managed_secret("cluster"),
            "upgradeRolloutOrder": "",
        },
        rules=(
            rds_rules.identifier_is_valid,
            rds_engines.version_exists,
            rds_engines.one_kind_of_password,
            rds_engines.user_is_not_reserved,
            rds_rules.subnet_group_exists,
            rds_rules.key_is_usable,
            rds_rules.retention,
            rds_rules.serverless_is_gone,
            rds_rules.cluster_credentials,
            rds_rules.multi_az_cluster,
        ),
        name="clusterIdentifier",
        unique=Unique("DBClusterAlreadyExistsFault", "DB Cluster already exists", namespace="DB cluster"),
        references=(
            Reference(
                "InvalidParameterValue", _DATABASE_GROUP, name="vpcSecurityGroupIds", target=SECURITY_GROUP
            ),
        ),
        guards=(
            PROTECTED_CLUSTER,
            DeletionGuard(
                "InvalidDBClusterStateFault",
                "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
                call=("RDS", "DeleteDBCluster"),
                doing="deleting RDS Cluster ({id})",
                users=(("rds.ClusterInstance", "clusterIdentifier"),),
            ),
        ),
        holds={"vpcSecurityGroupIds": SECURITY_GROUP},
        on_delete=final_snapshot(
            "RDS Cluster final_snapshot_identifier is required when skip_final_snapshot is false"
        ),
        data_sources={"rds.getCluster": find_by("clusterIdentifier", "RDS Cluster", "clusterIdentifier")},
        force_new=("engine", "masterUsername", "restoreToPointInTime", "s3Import"),
        in_place=("dbSystemId", "publiclyAccessible"),
    ),
    "rds.ClusterInstance": ResourceSpec(
        creation=(
            "RDS",
            "CreateDBInstance",
            "creating RDS Cluster ({clusterIdentifier}) Instance ({identifier})",
        ),
        id="{identifier}",
        arn=_ARN + "db:{identifier}",
        generated="tf-",
        defaults={
            "dbSubnetGroupName": rds_values.from_cluster("dbSubnetGroupName"),
            "promotionTier": 0,
            "availabilityZone": rds_values.member_zone,
        },
        computed={
            "dbiResourceId": "db-{upper26}",
            "writer": rds_values.first_of_cluster,
            "endpoint": "{identifier}.c{home11}.{region}.rds.{dns_suffix}",
            "storageEncrypted": rds_values.from_cluster("storageEncrypted"),
            "kmsKeyId": rds_values.from_cluster("kmsKeyId"),
            "engineVersionActual": rds_values.engine_version,
            "networkType": "IPV4",
            "port": rds_values.from_cluster("port"),
        },
        rules=(
            rds_rules.identifier_is_valid,
            rds_rules.cluster_exists,
            rds_engines.class_fits_the_engine,
            rds_engines.serverless_is_scaled,
            rds_rules.member_zone_in_subnet_group,
        ),
        name="identifier",
        unique=Unique("DBInstanceAlreadyExists", "DB instance already exists", namespace="DB instance"),
        force_new=("availabilityZone", "clusterIdentifier", "dbSubnetGroupName", "engine"),
    ),
    "rds.SubnetGroup": ResourceSpec(
        creation=("RDS", "CreateDBSubnetGroup", "creating RDS DB Subnet Group ({name})"),
        id="{name}",
        arn=_ARN + "subgrp:{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={"vpcId": rds_rules.vpc_of_group, "supportedNetworkTypes": ["IPV4"]},
        rules=(rds_rules.group_covers_two_zones,),
        unique=Unique("DBSubnetGroupAlreadyExists", "The DB subnet group '{name}' already exists."),
        name_forms=(
            NameForm(
                r"[ 0-9a-z._-]*",
                'only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "name"',
            ),
            NameForm(r".{0,255}", '"name" cannot be longer than 255 characters'),
            NameForm(r"(?i)(?!default$).*", '"name" is not allowed as "Default"'),
        ),
        references=(Reference("InvalidParameterValue", _SUBNETS_OF_GROUP, name="subnetIds", target=SUBNET),),
        guards=(
            DeletionGuard(
                "InvalidDBSubnetGroupStateFault",
                "Cannot delete the subnet group '{id}' because at least one database instance: "
                "{user} is still using it.",
                call=("RDS", "DeleteDBSubnetGroup"),
                doing="deleting RDS Subnet Group ({id})",
                users=(("rds.Instance", "dbSubnetGroupName"), ("rds.Cluster", "dbSubnetGroupName")),
            ),
        ),
        data_sources={"rds.getSubnetGroup": find_by("name", "RDS DB Subnet Group")},
    ),
    "rds.ParameterGroup": ResourceSpec(
        id="{name}",
        arn=_ARN + "pg:{name}",
        defaults={"description": "Managed by Pulumi", "skipDestroy": False},
        unique=_unique_parameter_group("CreateDBParameterGroup", "DB Parameter Group"),
    ),
    "rds.ClusterParameterGroup": ResourceSpec(
        id="{name}",
        arn=_ARN + "cluster-pg:{name}",
        defaults={"description": "Managed by Pulumi"},
        unique=_unique_parameter_group("CreateDBClusterParameterGroup", "Cluster Parameter Group"),
    ),
    "rds.Proxy": ResourceSpec(
        id="{name}",
        arn=_ARN + "db-proxy:prx-{hex17}",
        defaults={"debugLogging": False, "idleClientTimeout": 1800, "requireTls": False},
        computed={"endpoint": "{name}.proxy-c{home11}.{region}.rds.{dns_suffix}"},
    ),
    "rds.OptionGroup": ResourceSpec(id="{name}", arn=_ARN + "og:{name}"),
    "rds.Snapshot": ResourceSpec(
        id="{dbSnapshotIdentifier}",
        computed={
            "dbSnapshotArn": _ARN + "snapshot:{dbSnapshotIdentifier}",
            "snapshotType": "manual",
            "status": "available",
        },
        name="dbSnapshotIdentifier",
    ),
    "rds.ShardGroup": ResourceSpec(composed_id="{dbShardGroupIdentifier}"),
}
