"""Programs that the tests run, and the source of the exercise that they judge."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from lab_support.course.exercises import EXERCISE, SOLUTION, find_exercise

ROOT = Path(__file__).parents[1]
SLUG = "02_database_zone"
Program = Callable[[str], None]


def copy_exercise(slug: str, clone: Path, name: str = "") -> Path:
    """Copies an exercise and its solution, but not its other fixes, into a clone; returns the exercise's file."""
    target = clone / "exercises" / f"{name or slug}.py"
    target.with_suffix("").mkdir(parents=True)
    shutil.copy2(ROOT / "exercises" / f"{slug}.py", target)
    shutil.copy2(ROOT / "exercises" / slug / "solution.diff", target.with_suffix(""))
    return target


@cache
def shipped() -> str:
    """The exercise's program as a learner finds it."""
    return "\n\n".join(find_exercise(SLUG).sources(EXERCISE))


@cache
def solved() -> str:
    """The exercise's program, repaired."""
    return "\n\n".join(find_exercise(SLUG).sources(SOLUTION))


def changed(text: str, old: str, new: str) -> str:
    """The program with `old` replaced. Fails unless it occurs exactly once."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)


def line_of(pattern: str, text: str) -> int:
    """The number of the one line that a pattern matches."""
    found = [n for n, line in enumerate(text.splitlines(), start=1) if re.search(pattern, line)]
    assert len(found) == 1, f"{pattern!r} is in the lines {found}"
    return found[0]


def stream(name: str, **arguments: Any) -> Program:
    """A program of one Kinesis stream; `{}` in its physical name is replaced by the environment."""

    def program(environment_suffix: str) -> None:
        aws.kinesis.Stream(name, name=name.format(environment_suffix), shard_count=1, **arguments)

    return program


def two_streams(environment_suffix: str) -> None:
    """Two streams without physical names, so that the provider or the engine names them."""
    aws.kinesis.Stream(f"alerts-{environment_suffix}", shard_count=1)
    aws.kinesis.Stream(f"audit-{environment_suffix}", shard_count=1)


def network(environment_suffix: str, zones: str = "abc") -> aws.rds.SubnetGroup:
    """A VPC with a subnet in each of these zones, and a subnet group over them."""
    vpc = aws.ec2.Vpc(f"vpc-{environment_suffix}", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(
            f"subnet-{zone}-{environment_suffix}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
        )
        for number, zone in enumerate(zones)
    ]
    return aws.rds.SubnetGroup(f"group-{environment_suffix}", subnet_ids=[subnet.id for subnet in subnets])


def database(zones: str = "abc", **arguments: Any) -> Program:
    """A program of one PostgreSQL instance in a network of its own; `arguments` replace the usual ones."""

    def program(environment_suffix: str) -> None:
        group = network(environment_suffix, zones)
        usual: dict[str, Any] = {
            "identifier": f"db-{environment_suffix}",
            "engine": "postgres",
            "instance_class": "db.t3.medium",
            "allocated_storage": 100,
            "username": "alert_admin",
            "manage_master_user_password": True,
            "backup_retention_period": 30,
            "db_subnet_group_name": group.name,
        }
        made = aws.rds.Instance(f"db-{environment_suffix}", **{**usual, **arguments})
        pulumi.export("endpoint", made.endpoint)

    return program


def aurora(*member_zones: str) -> Program:
    """A program of an Aurora cluster with an instance in each of these zones; an empty string leaves it to RDS."""

    def program(environment_suffix: str) -> None:
        group = network(environment_suffix)
        cluster = aws.rds.Cluster(
            f"cluster-{environment_suffix}",
            cluster_identifier=f"cluster-{environment_suffix}",
            engine="aurora-postgresql",
            master_username="alert_admin",
            manage_master_user_password=True,
            db_subnet_group_name=group.name,
        )
        for number, zone in enumerate(member_zones):
            aws.rds.ClusterInstance(
                f"member-{number}-{environment_suffix}",
                identifier=f"member-{number}-{environment_suffix}",
                cluster_identifier=cluster.id,
                engine="aurora-postgresql",
                instance_class="db.r6g.large",
                promotion_tier=number,
                availability_zone=zone or None,
            )

    return program
