# Small helper functions, names from one place, the program reads like a summary.
REGION = "ap-southeast-1"


def named(what: str, suffix: str) -> str:
    return f"emergency-alert-{what}-{suffix}"


def tagged(suffix: str, **more: str) -> dict[str, str]:
    return {"Project": "emergency-alert", "Environment": suffix, **more}


def network(suffix: str) -> aws.rds.SubnetGroup:
    vpc = aws.ec2.Vpc(named("vpc", suffix), cidr_block="10.0.0.0/16", tags=tagged(suffix))
    subnets = []
    for number, zone in enumerate(("a", "b", "c")):
        subnets.append(
            aws.ec2.Subnet(
                named(f"private-{zone}", suffix),
                vpc_id=vpc.id,
                cidr_block=f"10.0.{10 + number}.0/24",
                availability_zone=REGION + zone,
                tags=tagged(suffix, Tier="private"),
            )
        )
    return aws.rds.SubnetGroup(
        named("db-subnets", suffix),
        subnet_ids=[subnet.id for subnet in subnets],
        tags=tagged(suffix),
    )


def encryption_key(suffix: str) -> aws.kms.Key:
    return aws.kms.Key(
        named("key", suffix),
        description="Alert data",
        enable_key_rotation=True,
        tags=tagged(suffix),
    )


def postgres(suffix: str, subnets: aws.rds.SubnetGroup, key: aws.kms.Key) -> aws.rds.Instance:
    return aws.rds.Instance(
        named("db", suffix),
        identifier=named("db", suffix),
        engine="postgres",
        engine_version="17",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_name="alerts",
        username="alert_admin",
        manage_master_user_password=True,
        db_subnet_group_name=subnets.name,
        multi_az=survives_a_zone(),
        publicly_accessible=False,
        backup_retention_period=30,
        deletion_protection=True,
        final_snapshot_identifier=named("db-final", suffix),
        tags=tagged(suffix),
    )


def survives_a_zone() -> bool:
    return True


def program(environment_suffix: str) -> None:
    subnets = network(environment_suffix)
    key = encryption_key(environment_suffix)
    database = postgres(environment_suffix, subnets, key)
    pulumi.export("database_endpoint", database.endpoint)
