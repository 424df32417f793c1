"""RDS: database instances, clusters, subnet and parameter groups.

Error codes and texts are those of the RDS API, the sentences around them those of the provider.
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.data.regions import hosted_zone_of
from lab_support.mock_aws.default_network import SECURITY_GROUP, SUBNET
from lab_support.mock_aws.find_resources import FindOne, find_by
from lab_support.mock_aws.follows import of_named
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import (
    Autoname,
    DeletionGuard,
    NameForm,
    Reference,
    ResourceSpec,
    Unique,
)
from lab_support.mock_aws.services import ec2_subnets, rds_engines, rds_rules
from lab_support.mock_aws.services.kms import managed_key, managed_key_arn
from lab_support.mock_aws.services.rds_rules import (
    DELETE_CLUSTER,
    DISABLE_PROTECTION,
    PROTECTED_CLUSTER,
    UNIQUE_CLUSTER,
    UNIQUE_INSTANCE,
    final_snapshot,
)
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:rds:{region}:{account}:"


def _managed_secret(kind: str) -> Any:
    """The secret that RDS keeps the master password in, where a program leaves the password to it.

    Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager".
    """

    def found(request: ResourceRequest, values: Values) -> Any:
        managed = values.get("manageMasterUserPassword")
        if managed is not True:
            return UNKNOWN if managed is UNKNOWN else []
        place = f"arn:{request.partition}:secretsmanager:{values['region']}:{request.account.id}"
        name = f"rds!{kind}-{identifiers.uuid_of(request.seed)}-{identifiers.lower(request.seed, 6)}"
        key = values.get("masterUserSecretKmsKeyId") or managed_key_arn(
            request.account.id, "secretsmanager", values["region"]
        )
        return [{"kmsKeyId": key, "secretArn": f"{place}:secret:{name}", "secretStatus": "active"}]

    return found


def _instance_zone(request: ResourceRequest, values: Values) -> str:
    """RDS chooses a zone among those of the subnet group."""
    zones = rds_rules.zones_of_group(request, values) or request.zones
    return identifiers.pick(request.urn, tuple(zones))


def _member_zone(request: ResourceRequest, values: Values) -> str:
    """Aurora spreads a cluster's instances: a zone that no other instance of the cluster is in, while there is one."""
    cluster = rds_rules.cluster_of(request, values)
    zones = rds_rules.zones_of_group(request, cluster.values if cluster else values) or request.zones
    first = sorted(zones).index(identifiers.pick(str(values.get("clusterIdentifier")), tuple(sorted(zones))))
    ordered = sorted(zones)[first:] + sorted(zones)[:first]
    taken = {m.values.get("availabilityZone") for m in rds_rules.members_of(request, values)}
    return next((zone for zone in ordered if zone not in taken), ordered[0])


def _of_cluster(property: str) -> Any:
    return of_named("clusterIdentifier", rds_rules.CLUSTER, property, missing=None)


def _first_of_cluster(request: ResourceRequest, values: Values) -> bool:
    """The first instance of a cluster writes, the others read."""
    return not any(rds_rules.members_of(request, values))


def _unique_parameter_group(operation: str, resource: str) -> Unique:
    return Unique(
        "DBParameterGroupAlreadyExists",
        "Parameter group {name} already exists",
        call=("RDS", operation),
        doing=f"creating RDS {resource} ({{name}})",
    )


_SUBNETS_OF_GROUP: Final = "Some input subnets in :[{value}] are invalid."

_GROUPS_EXIST: Final = Reference(
    "InvalidParameterValue",
    "Invalid security group , groupId= {value}, groupName=.",
    name="vpcSecurityGroupIds",
    target=SECURITY_GROUP,
)

SPECS = {
    "rds.Instance": ResourceSpec(
        creation=("RDS", "CreateDBInstance", "creating RDS DB Instance ({identifier})"),
        creation_with={
            "replicateSourceDb": (
                "RDS",
                "CreateDBInstanceReadReplica",
                "creating RDS DB Instance (read replica) ({identifier})",
            )
        },
        id="db-{upper26}",
        arn=_ARN + "db:{identifier}",
        defaults={
            "multiAz": False,
            "storageEncrypted": False,
            "kmsKeyId": managed_key("storageEncrypted", "rds"),
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
            "licenseModel": rds_engines.license,
            "parameterGroupName": rds_engines.default_group,
            "performanceInsightsRetentionPeriod": 0,
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "port": rds_engines.port,
            "availabilityZone": _instance_zone,
        },
        computed={
            "address": "{identifier}.c{home11}.{region}.rds.{dns_suffix}",
            "endpoint": "{address}:{port}",
            "hostedZoneId": hosted_zone_of("rds_zone"),
            "engineVersionActual": rds_engines.engine_version,
            "iops": rds_engines.baseline("iops", 3000, 12000),
            "storageThroughput": rds_engines.baseline("storageThroughput", 125, 500),
            "latestRestorableTime": "",
            "listenerEndpoints": [],
            "masterUserSecrets": _managed_secret("db"),
            "replicas": [],
            "status": "available",
            "upgradeRolloutOrder": "",
        },
        rules=(
            rds_engines.engine_stands_alone,
            rds_engines.version_exists,
            rds_engines.class_fits_the_engine,
            rds_engines.user_is_not_reserved,
            rds_rules.zone_of_multi_az,
            rds_rules.gp3_performance,
            rds_rules.zone_in_subnet_group,
            rds_rules.subnet_group_exists,
            rds_rules.groups_are_in_the_vpc,
            rds_rules.key_is_usable,
            rds_rules.retention,
            rds_rules.credentials,
            rds_rules.replica_source,
        ),
        name="identifier",
        name_forms=rds_rules.identifier_forms("identifier"),
        autoname=Autoname(separator=""),
        unique=UNIQUE_INSTANCE,
        references=(_GROUPS_EXIST,),
        deletion=("RDS", "DeleteDBInstance", "deleting RDS DB Instance ({identifier})"),
        guards=(
            DeletionGuard(
                "InvalidParameterCombination",
                f"Cannot delete protected DB Instance, {DISABLE_PROTECTION}",
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
            *("availabilityZone", "engine", "restoreToPointInTime", "s3Import"),
            *("snapshotIdentifier", "username"),
        ),
        in_place=("dbSubnetGroupName", "identifier", "identifierPrefix"),
    ),
    "rds.Cluster": ResourceSpec(
        creation=("RDS", "CreateDBCluster", "creating RDS Cluster ({clusterIdentifier})"),
        generated="tf-",
        defaults={
            "engineMode": "provisioned",
            "storageEncrypted": False,
            "kmsKeyId": managed_key("storageEncrypted", "rds"),
            "port": rds_engines.port,
            "availabilityZones": lambda request, values: list(request.zones),
        },
        computed={
            "clusterResourceId": "cluster-{upper26}",
            "endpoint": "{clusterIdentifier}.cluster-c{home11}.{region}.rds.{dns_suffix}",
            "readerEndpoint": "{clusterIdentifier}.cluster-ro-c{home11}.{region}.rds.{dns_suffix}",
            "caCertificateValidTill": "",
            "hostedZoneId": hosted_zone_of("rds_zone"),
            "engineVersionActual": rds_engines.engine_version,
            "masterUserSecrets": _managed_secret("cluster"),
            "upgradeRolloutOrder": "",
        },
        rules=(
            rds_engines.version_exists,
            rds_engines.user_is_not_reserved,
            rds_rules.subnet_group_exists,
            rds_rules.groups_are_in_the_vpc,
            rds_rules.key_is_usable,
            rds_rules.retention,
            rds_rules.serverless_is_gone,
            rds_rules.cluster_credentials,
            rds_rules.multi_az_cluster,
        ),
        name="clusterIdentifier",
        name_forms=rds_rules.identifier_forms("cluster_identifier"),
        unique=UNIQUE_CLUSTER,
        references=(_GROUPS_EXIST,),
        deletion=DELETE_CLUSTER,
        guards=(
            PROTECTED_CLUSTER,
            DeletionGuard(
                "InvalidDBClusterStateFault",
                "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
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
            "dbSubnetGroupName": _of_cluster("dbSubnetGroupName"),
            "promotionTier": 0,
            "availabilityZone": _member_zone,
        },
        computed={
            "dbiResourceId": "db-{upper26}",
            "writer": _first_of_cluster,
            "endpoint": "{identifier}.c{home11}.{region}.rds.{dns_suffix}",
            "storageEncrypted": _of_cluster("storageEncrypted"),
            "kmsKeyId": _of_cluster("kmsKeyId"),
            "engineVersionActual": rds_engines.engine_version,
            "networkType": "IPV4",
            "port": _of_cluster("port"),
        },
        rules=(
            rds_rules.cluster_exists,
            rds_engines.class_fits_the_engine,
            rds_engines.serverless_is_scaled,
            rds_rules.member_zone_in_subnet_group,
        ),
        name="identifier",
        name_forms=rds_rules.identifier_forms("identifier"),
        unique=UNIQUE_INSTANCE,
        force_new=("availabilityZone", "clusterIdentifier", "dbSubnetGroupName", "engine"),
    ),
    "rds.SubnetGroup": ResourceSpec(
        creation=("RDS", "CreateDBSubnetGroup", "creating RDS DB Subnet Group ({name})"),
        id="{name}",
        arn=_ARN + "subgrp:{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={"vpcId": ec2_subnets.of_subnet("vpcId", "subnetIds"), "supportedNetworkTypes": ["IPV4"]},
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
        deletion=("RDS", "DeleteDBSubnetGroup", "deleting RDS Subnet Group ({id})"),
        guards=(
            DeletionGuard(
                "InvalidDBSubnetGroupStateFault",
                "Cannot delete the subnet group '{id}' because at least one database instance: "
                "{user} is still using it.",
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
}
