"""What RDS chooses and generates for a database: ports, zones, keys, secrets, baselines of storage."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services import rds_rules as rules
from lab_support.mock_aws.services.kms import managed_key_arn
from lab_support.plan.values import UNKNOWN

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
    found = (engine_facts for name, engine_facts in _ENGINES.items() if engine.startswith(name))
    return next(found, (5432, "postgresql-license"))


def port(request: ResourceRequest, values: Values) -> int:
    """Depends on the engine."""
    return _by_engine(values)[0]


def license(request: ResourceRequest, values: Values) -> str:
    """Depends on the engine."""
    return _by_engine(values)[1]


def hosted_zone(request: ResourceRequest, values: Values) -> Any:
    return hosted_zones.hosted_zone(hosted_zones.RDS, values["region"])


def managed_secret(kind: str) -> Any:
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


def managed_key(request: ResourceRequest, values: Values) -> Any:
    """Without a key of the program, encryption uses the key that AWS manages, `aws/rds`."""
    if values.get("storageEncrypted") is not True:
        return None
    return managed_key_arn(request.account.id, "rds", values["region"])


def instance_zone(request: ResourceRequest, values: Values) -> str:
    """RDS chooses a zone among those of the subnet group."""
    zones = rules.zones_of_group(request, values) or request.zones
    return identifiers.pick(request.urn, tuple(zones))


def member_zone(request: ResourceRequest, values: Values) -> str:
    """Aurora spreads a cluster's instances: a zone that no other instance of the cluster is in, while there is one."""
    cluster = rules.cluster_of(request, values)
    zones = rules.zones_of_group(request, cluster.values if cluster else values) or request.zones
    first = sorted(zones).index(identifiers.pick(str(values.get("clusterIdentifier")), tuple(sorted(zones))))
    ordered = sorted(zones)[first:] + sorted(zones)[:first]
    taken = {m.values.get("availabilityZone") for m in rules.members_of(request, values)}
    return next((zone for zone in ordered if zone not in taken), ordered[0])


def from_cluster(name: str) -> Any:
    def value(request: ResourceRequest, values: Values) -> Any:
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


def default_group(request: ResourceRequest, values: Values) -> Any:
    family = _family(values)
    return f"default.{family}" if family else UNKNOWN


def baseline(property: str, small: int, large: int) -> Any:
    """What gp3 storage does by default: more from 400 GiB on (Amazon RDS User Guide, "gp3 storage")."""

    def found(request: ResourceRequest, values: Values) -> Any:
        size, engine = values.get("allocatedStorage"), str(values.get("engine"))
        if values.get(property) is not None:
            return values[property]
        if values.get("storageType") != "gp3" or not engine.startswith(("postgres", "mysql", "mariadb")):
            return UNKNOWN
        return UNKNOWN if not isinstance(size, int) else large if size >= 400 else small

    return found


def first_of_cluster(request: ResourceRequest, values: Values) -> bool:
    """The first instance of a cluster writes, the others read."""
    return not any(rules.members_of(request, values))


def engine_version(request: ResourceRequest, values: Values) -> Any:
    return values.get("engineVersion", UNKNOWN)
