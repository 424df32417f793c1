"""What RDS offers: engines with their versions, classes, ports and names of master users; what it refuses of them."""

from __future__ import annotations

import re
from typing import Any

from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.data import read
from lab_support.mock_aws.lookup import Lookup
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.rds_rules import CLUSTER, INSTANCE, cluster_of
from lab_support.mock_aws.zones import zones_of
from lab_support.plan.values import UNKNOWN

# Majors of PostgreSQL that RDS lists (CreateDBInstance, EngineVersion).
_POSTGRES_MAJORS = range(11, 20)
# Aurora PostgreSQL runs on memory-optimized classes, two sizes of T, and `db.serverless` (Amazon Aurora User Guide,
# "Amazon Aurora DB instance classes").
_AURORA_CLASS = re.compile(
    r"db\.(serverless|r\w+\.\w+|x\w+\.\w+|t3\.(medium|large)|t4g\.(medium|large))(\.\S+)?"
)
_CLASS = re.compile(r"db\.[a-z0-9-]+\.[a-z0-9]+(\.\S+)?")


def engine_stands_alone(request: ResourceRequest, values: Values) -> None:
    """Aurora's instances live in a cluster only."""
    engine = str(values.get("engine", ""))
    if request.type == INSTANCE and engine.startswith("aurora"):
        text = f"Standalone instances for this engine are not supported: {engine}. Create a DB cluster first."
        raise CreationRefused("InvalidParameterCombination", text)


def version_exists(request: ResourceRequest, values: Values) -> None:
    version, engine = values.get("engineVersion"), str(values.get("engine", ""))
    if not isinstance(version, str) or not engine.endswith(("postgres", "postgresql")):
        return
    major = re.match(r"\d+", version)
    if major is None or int(major.group()) not in _POSTGRES_MAJORS:
        raise CreationRefused("InvalidParameterCombination", f"Cannot find version {version} for {engine}")


def class_fits_the_engine(request: ResourceRequest, values: Values) -> None:
    size, engine = values.get("instanceClass"), str(values.get("engine", ""))
    if not isinstance(size, str):
        return
    if not size.startswith("db."):
        raise CreationRefused("InvalidParameterValue", f"Invalid DB Instance class: {size}")
    wanted = _AURORA_CLASS if engine == "aurora-postgresql" else _CLASS
    if not wanted.fullmatch(size):
        raise CreationRefused(
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={size}, Engine={engine}, EngineVersion={values.get('engineVersion')}. For supported "
            "combinations of instance class and database engine version, see the documentation.",
        )


def serverless_is_scaled(request: ResourceRequest, values: Values) -> None:
    cluster = cluster_of(request, values)
    if values.get("instanceClass") != "db.serverless" or cluster is None:
        return
    if not cluster.values.get("serverlessv2ScalingConfiguration"):
        raise CreationRefused(
            "InvalidDBClusterStateFault",
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 "
            "DB instance.",
        )


def user_is_not_reserved(request: ResourceRequest, values: Values) -> None:
    user = values.get("masterUsername" if request.type == CLUSTER else "username")
    engine = str(values.get("engine", "")).removeprefix("aurora-")
    if isinstance(user, str) and user.lower() in read("rds_engines")["reserved_users"].get(engine, ()):
        text = f"MasterUsername {user} cannot be used as it is a reserved word used by the engine"
        raise CreationRefused("InvalidParameterValue", text)


def _by_engine(values: Values) -> Any:
    engines = read("rds_engines")["engines"]
    return next(
        (engines[name] for name in engines if str(values.get("engine")).startswith(name)), engines["postgres"]
    )


def port(request: ResourceRequest, values: Values) -> int:
    """Depends on the engine."""
    return int(_by_engine(values)["port"])


def license(request: ResourceRequest, values: Values) -> str:
    """Depends on the engine."""
    return str(_by_engine(values)["license"])


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


def engine_version(request: ResourceRequest, values: Values) -> Any:
    return values.get("engineVersion", UNKNOWN)


def _newest(engine: Any) -> str:
    """The newest version of an engine that the lab's exercises know."""
    return str(read("rds_engines")["versions"].get(engine, "1.0"))


def _engine_version(lookup: Lookup) -> Values:
    engine = str(lookup.args.get("engine", "postgres"))
    preferred = list(lookup.args.get("preferredVersions") or ())
    wanted = (
        lookup.args.get("version")
        or lookup.args.get("preferredMajorVersion")
        or (preferred[0] if preferred else _newest(engine))
    )
    major = str(wanted).split(".")[0]
    family = f"{engine}{major}" if "postgres" in engine else f"{engine}{'.'.join(str(wanted).split('.')[:2])}"
    return {
        "id": wanted,
        "version": wanted,
        "versionActual": wanted,
        "engine": engine,
        "parameterGroupFamily": family,
        "engineDescription": engine,
        "versionDescription": f"{engine} {wanted}",
        "status": "available",
        "supportsReadReplica": True,
    }


def _orderable(lookup: Lookup) -> Values:
    preferred = list(lookup.args.get("preferredInstanceClasses") or ())
    size = lookup.args.get("instanceClass") or (preferred[0] if preferred else "db.t4g.micro")
    versions = list(lookup.args.get("preferredEngineVersions") or ())
    version = lookup.args.get("engineVersion") or (versions[0] if versions else None)
    return {
        "id": size,
        "instanceClass": size,
        "engineVersion": version or _newest(lookup.args.get("engine")),
        "availabilityZones": list(zones_of(lookup.region)),
        "licenseModel": lookup.args.get("licenseModel") or "general-public-license",
        "storageType": lookup.args.get("storageType") or "gp3",
        "multiAzCapable": True,
        "outpostCapable": False,
        "vpc": True,
    }


DATA_SOURCES = {"rds.getEngineVersion": _engine_version, "rds.getOrderableDbInstance": _orderable}
