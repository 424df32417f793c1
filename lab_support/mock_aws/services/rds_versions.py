"""What RDS offers: engine versions and instance classes that can be ordered."""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.zones import zones_of

# The newest versions that the lab's exercises know, by engine.
_VERSIONS: Final = {
    "postgres": "17.6",
    "aurora-postgresql": "17.5",
    "mysql": "8.4.6",
    "aurora-mysql": "8.0.mysql_aurora.3.10.0",
    "mariadb": "11.8.3",
}


def _engine_version(lookup: Lookup) -> Values:
    engine = str(lookup.args.get("engine", "postgres"))
    preferred = list(lookup.args.get("preferredVersions") or ())
    wanted = (
        lookup.args.get("version")
        or lookup.args.get("preferredMajorVersion")
        or (preferred[0] if preferred else _VERSIONS.get(engine, "1.0"))
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
        "engineVersion": version or _VERSIONS.get(str(lookup.args.get("engine")), "1.0"),
        "availabilityZones": list(zones_of(lookup.region)),
        "licenseModel": lookup.args.get("licenseModel") or "general-public-license",
        "storageType": lookup.args.get("storageType") or "gp3",
        "multiAzCapable": True,
        "outpostCapable": False,
        "vpc": True,
    }


DATA_SOURCES = {"rds.getEngineVersion": _engine_version, "rds.getOrderableDbInstance": _orderable}
