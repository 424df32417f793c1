"""RDS: database instances, clusters and subnet groups; what a program may ask for and what RDS refuses.

Error codes and texts are those of the RDS API, the sentences around them those of the provider.
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.answers import Answer, Request, Values
from lab_support.mock_aws.kms_names import managed_key_arn
from lab_support.mock_aws.services import rds_choices as choices
from lab_support.mock_aws.services import rds_rules as rules
from lab_support.plan import UNKNOWN

_ARN = "arn:{partition}:rds:{region}:{account}:"
# Port and licence by how the engine's name begins (Amazon RDS API Reference, CreateDBInstance).
_ENGINES = {
    "aurora-mysql": (3306, "general-public-license"),
    "aurora-postgresql": (5432, "postgresql-license"),
    "db2": (50000, "bring-your-own-license"),
    "mariadb": (3306, "general-public-license"),
    "mysql": (3306, "general-public-license"),
    "oracle": (1521, "license-included"),
    "postgres": (5432, "postgresql-license"),
    "sqlserver": (1433, "license-included"),
}


def _by_engine(values: Values) -> tuple[int, str]:
    engine = str(values.get("engine"))
    found = (each for name, each in _ENGINES.items() if engine.startswith(name))
    return next(found, (5432, "postgresql-license"))


def _port(request: Request, values: Values) -> int:
    return _by_engine(values)[0]


def _license(request: Request, values: Values) -> str:
    return _by_engine(values)[1]


def _hosted_zone(request: Request, values: Values) -> Any:
    return hosted_zones.hosted_zone(hosted_zones.RDS, values["region"])


def _managed_secret(kind: str) -> Any:
    """The secret that RDS keeps the master password in, where a program leaves the password to it.

    Amazon RDS User Guide, "Password management with Amazon RDS and AWS Secrets Manager".
    """

    def found(request: Request, values: Values) -> Any:
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


def _managed_key(request: Request, values: Values) -> Any:
    """Encryption without a key of one's own uses the key that AWS manages, `aws/rds`."""
    if values.get("storageEncrypted") is not True:
        return None
    return managed_key_arn(request.account.id, "rds", values["region"])


def _instance_zone(request: Request, values: Values) -> str:
    """RDS chooses a zone among those of the subnet group."""
    zones = rules.zones_of_group(request, values) or request.zones
    return identifiers.pick(request.urn, tuple(zones))


def _member_zone(request: Request, values: Values) -> str:
    """Aurora spreads a cluster's instances: a zone that no other instance of the cluster is in, while there is one."""
    cluster = rules.cluster_of(request, values)
    zones = rules.zones_of_group(request, cluster.values if cluster else values) or request.zones
    first = sorted(zones).index(identifiers.pick(str(values.get("clusterIdentifier")), tuple(sorted(zones))))
    ordered = sorted(zones)[first:] + sorted(zones)[:first]
    taken = {m.values.get("availabilityZone") for m in rules.members_of(request, values)}
    return next((zone for zone in ordered if zone not in taken), ordered[0])


def _from_cluster(name: str) -> Any:
    def value(request: Request, values: Values) -> Any:
        cluster = rules.cluster_of(request, values)
        return cluster.values.get(name) if cluster else None

    return value


def _family(values: Values) -> str | None:
    """Engine and major version, as AWS names its default groups: `postgres17`, `mysql8.0`; None where it is open."""
    engine, version = values.get("engine"), values.get("engineVersion")
    if not isinstance(engine, str) or not isinstance(version, str):
        return None
    parts = version.split(".")
    long = engine in ("mysql", "mariadb") or engine.startswith("aurora-mysql")
    return engine + ".".join(parts[: 2 if long else 1])


def _default_group(request: Request, values: Values) -> Any:
    family = _family(values)
    return f"default.{family}" if family else UNKNOWN


def _baseline(property: str, small: int, large: int) -> Any:
    """What gp3 storage does without being asked: more from 400 GiB on (Amazon RDS User Guide, "gp3 storage")."""

    def found(request: Request, values: Values) -> Any:
        size, engine = values.get("allocatedStorage"), str(values.get("engine"))
        if values.get(property) is not None:
            return values[property]
        if values.get("storageType") != "gp3" or not engine.startswith(("postgres", "mysql", "mariadb")):
            return UNKNOWN
        return UNKNOWN if not isinstance(size, int) else large if size >= 400 else small

    return found


def _first_of_cluster(request: Request, values: Values) -> bool:
    """The first instance of a cluster writes, the others read."""
    return not any(rules.members_of(request, values))


def _engine_version(request: Request, values: Values) -> Any:
    return values.get("engineVersion", UNKNOWN)


ROWS = {
    "rds.Instance": Answer(
        id="db-{upper26}",
        arn=_ARN + "db:{identifier}",
        name="identifier",
        defaults={
            "multiAz": False,
            "publiclyAccessible": False,
            "backupRetentionPeriod": 0,
            "storageEncrypted": False,
            "kmsKeyId": _managed_key,
            "storageType": "gp3",
            "autoMinorVersionUpgrade": True,
            "applyImmediately": False,
            "deletionProtection": False,
            "skipFinalSnapshot": False,
            "copyTagsToSnapshot": False,
            "performanceInsightsEnabled": False,
            "monitoringInterval": 0,
            "networkType": "IPV4",
            "customerOwnedIpEnabled": False,
            "databaseInsightsMode": "standard",
            "dedicatedLogVolume": False,
            "deleteAutomatedBackups": True,
            "engineLifecycleSupport": "open-source-rds-extended-support",
            "iamDatabaseAuthenticationEnabled": False,
            "licenseModel": _license,
            "parameterGroupName": _default_group,
            "performanceInsightsRetentionPeriod": 0,
            "caCertIdentifier": "rds-ca-rsa2048-g1",
            "port": _port,
            "availabilityZone": _instance_zone,
        },
        computed={
            "resourceId": "{id}",
            "address": "{identifier}.c{home11}.{region}.rds.amazonaws.com",
            "endpoint": "{address}:{port}",
            "hostedZoneId": _hosted_zone,
            "engineVersionActual": _engine_version,
            "iops": _baseline("iops", 3000, 12000),
            "storageThroughput": _baseline("storageThroughput", 125, 500),
            "latestRestorableTime": "",
            "listenerEndpoints": [],
            "masterUserSecrets": _managed_secret("db"),
            "replicas": [],
            "status": "available",
            "upgradeRolloutOrder": "",
        },
        rules=(
            rules.identifier_is_valid,
            choices.engine_stands_alone,
            choices.version_exists,
            choices.class_fits_the_engine,
            choices.one_kind_of_password,
            choices.user_is_not_reserved,
            rules.zone_of_multi_az,
            rules.gp3_performance,
            rules.zone_in_subnet_group,
            rules.subnet_group_exists,
            rules.key_is_usable,
            rules.retention,
            rules.credentials,
            rules.replica_source,
        ),
    ),
    "rds.Cluster": Answer(
        id="{clusterIdentifier}",
        arn=_ARN + "cluster:{clusterIdentifier}",
        name="clusterIdentifier",
        generated="tf-",
        defaults={
            "engineMode": "provisioned",
            "backupRetentionPeriod": 1,
            "storageEncrypted": False,
            "kmsKeyId": _managed_key,
            "deletionProtection": False,
            "applyImmediately": False,
            "skipFinalSnapshot": False,
            "port": _port,
            "availabilityZones": lambda request, values: list(request.zones),
        },
        computed={
            "clusterResourceId": "cluster-{upper26}",
            "endpoint": "{clusterIdentifier}.cluster-c{home11}.{region}.rds.amazonaws.com",
            "readerEndpoint": "{clusterIdentifier}.cluster-ro-c{home11}.{region}.rds.amazonaws.com",
            "caCertificateValidTill": "",
            "hostedZoneId": _hosted_zone,
            "engineVersionActual": _engine_version,
            "masterUserSecrets": _managed_secret("cluster"),
            "upgradeRolloutOrder": "",
        },
        rules=(
            rules.identifier_is_valid,
            choices.version_exists,
            choices.one_kind_of_password,
            choices.user_is_not_reserved,
            rules.subnet_group_exists,
            rules.key_is_usable,
            rules.retention,
            rules.serverless_is_gone,
            rules.cluster_credentials,
            rules.multi_az_cluster,
        ),
    ),
    "rds.ClusterInstance": Answer(
        id="{identifier}",
        arn=_ARN + "db:{identifier}",
        name="identifier",
        generated="tf-",
        defaults={
            "publiclyAccessible": False,
            "dbSubnetGroupName": _from_cluster("dbSubnetGroupName"),
            "promotionTier": 0,
            "autoMinorVersionUpgrade": True,
            "availabilityZone": _member_zone,
        },
        computed={
            "dbiResourceId": "db-{upper26}",
            "writer": _first_of_cluster,
            "endpoint": "{identifier}.c{home11}.{region}.rds.amazonaws.com",
            "storageEncrypted": _from_cluster("storageEncrypted"),
            "kmsKeyId": _from_cluster("kmsKeyId"),
            "engineVersionActual": _engine_version,
            "networkType": "IPV4",
            "port": _from_cluster("port"),
        },
        rules=(
            rules.identifier_is_valid,
            rules.cluster_exists,
            choices.class_fits_the_engine,
            choices.serverless_is_scaled,
            rules.member_zone_in_subnet_group,
        ),
    ),
    "rds.SubnetGroup": Answer(
        id="{name}",
        arn=_ARN + "subgrp:{name}",
        defaults={"description": "Managed by Pulumi"},
        computed={
            "vpcId": rules.vpc_of_group,
            "supportedNetworkTypes": ["IPV4"],
        },
        rules=(rules.group_covers_two_zones,),
    ),
    "rds.ParameterGroup": Answer(
        id="{name}",
        arn=_ARN + "pg:{name}",
        defaults={"description": "Managed by Pulumi", "skipDestroy": False},
    ),
    "rds.ClusterParameterGroup": Answer(
        id="{name}", arn=_ARN + "cluster-pg:{name}", defaults={"description": "Managed by Pulumi"}
    ),
    "rds.Proxy": Answer(
        id="{name}",
        arn=_ARN + "db-proxy:prx-{hex17}",
        defaults={"debugLogging": False, "idleClientTimeout": 1800, "requireTls": False},
        computed={"endpoint": "{name}.proxy-c{home11}.{region}.rds.amazonaws.com"},
    ),
    "rds.OptionGroup": Answer(id="{name}", arn=_ARN + "og:{name}"),
    "rds.Snapshot": Answer(
        id="{dbSnapshotIdentifier}",
        name="dbSnapshotIdentifier",
        computed={
            "dbSnapshotArn": _ARN + "snapshot:{dbSnapshotIdentifier}",
            "snapshotType": "manual",
            "status": "available",
        },
    ),
}
