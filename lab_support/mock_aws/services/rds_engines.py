"""What RDS offers: engines that stand alone, the classes and versions that they run on, names of master users."""

from __future__ import annotations

import re

from lab_support.mock_aws.aws_errors import InvalidInput
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.services.rds_rules import CLUSTER, INSTANCE, cluster_of, rds_refusal

# Majors of PostgreSQL that RDS lists (CreateDBInstance, EngineVersion), and names that its engine keeps for itself.
_POSTGRES_MAJORS = range(11, 20)
# `admin` is what RDS itself proposes for MySQL and MariaDB.
_RESERVED_USERS = {
    "postgres": frozenset({"admin", "rdsadmin", "rds_superuser"}),
    "mysql": frozenset({"rdsadmin"}),
    "mariadb": frozenset({"rdsadmin"}),
}
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
        raise rds_refusal(request, values, "InvalidParameterCombination", text)


def version_exists(request: ResourceRequest, values: Values) -> None:
    version, engine = values.get("engineVersion"), str(values.get("engine", ""))
    if not isinstance(version, str) or not engine.endswith(("postgres", "postgresql")):
        return
    major = re.match(r"\d+", version)
    if major is None or int(major.group()) not in _POSTGRES_MAJORS:
        text = f"Cannot find version {version} for {engine}"
        raise rds_refusal(request, values, "InvalidParameterCombination", text)


def class_fits_the_engine(request: ResourceRequest, values: Values) -> None:
    size, engine = values.get("instanceClass"), str(values.get("engine", ""))
    if not isinstance(size, str):
        return
    if not size.startswith("db."):
        raise rds_refusal(request, values, "InvalidParameterValue", f"Invalid DB Instance class: {size}")
    wanted = _AURORA_CLASS if engine == "aurora-postgresql" else _CLASS
    if not wanted.fullmatch(size):
        text = (
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={size}, Engine={engine}, EngineVersion={values.get('engineVersion')}. For supported "
            "combinations of instance class and database engine version, see the documentation."
        )
        raise rds_refusal(request, values, "InvalidParameterCombination", text)


def serverless_is_scaled(request: ResourceRequest, values: Values) -> None:
    cluster = cluster_of(request, values)
    if values.get("instanceClass") != "db.serverless" or cluster is None:
        return
    if not cluster.values.get("serverlessv2ScalingConfiguration"):
        text = (
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a Serverless v2 "
            "DB instance."
        )
        raise rds_refusal(request, values, "InvalidDBClusterStateFault", text)


def one_kind_of_password(request: ResourceRequest, values: Values) -> None:
    """The provider takes a password or lets RDS manage one, not both."""
    name = "masterPassword" if request.type == CLUSTER else "password"
    if values.get(name) and values.get("manageMasterUserPassword"):
        spelled = "master_password" if request.type == CLUSTER else "password"
        raise InvalidInput(name, f'"{spelled}": conflicts with manage_master_user_password')


def user_is_not_reserved(request: ResourceRequest, values: Values) -> None:
    user = values.get("masterUsername" if request.type == CLUSTER else "username")
    engine = str(values.get("engine", "")).removeprefix("aurora-")
    if isinstance(user, str) and user.lower() in _RESERVED_USERS.get(engine, ()):
        text = f"MasterUsername {user} cannot be used as it is a reserved word used by the engine"
        raise rds_refusal(request, values, "InvalidParameterValue", text)
