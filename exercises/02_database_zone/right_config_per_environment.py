# Settings per environment: the size differs, what keeps the database alive does not.
SETTINGS = {
    "prod": {
        "instance_class": "db.m6g.large",
        "allocated_storage": 200,
        "backup_retention_period": 35,
    },
    "demo": {"instance_class": "db.t3.large", "allocated_storage": 100},
    "dev": {"allocated_storage": 50},
}
BASE = {
    "instance_class": "db.t3.medium",
    "allocated_storage": 20,
    "backup_retention_period": 30,
    "multi_az": True,
    "publicly_accessible": False,
}


def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    vpc = aws.ec2.Vpc(
        f"emergency-alert-vpc-{environment_suffix}", cidr_block="10.0.0.0/16", tags=tags
    )
    private_subnets = [
        aws.ec2.Subnet(
            f"emergency-alert-private-{zone}-{environment_suffix}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
            tags=tags,
        )
        for number, zone in enumerate("abc", start=10)
    ]
    database_subnets = aws.rds.SubnetGroup(
        f"emergency-alert-db-subnets-{environment_suffix}",
        subnet_ids=[subnet.id for subnet in private_subnets],
        tags=tags,
    )
    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    settings = BASE | SETTINGS.get(environment_suffix, {})
    database = aws.rds.Instance(
        f"emergency-alert-db-{environment_suffix}",
        identifier=f"emergency-alert-db-{environment_suffix}",
        engine="postgres",
        engine_version="17",
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_name="alerts",
        username="alert_admin",
        manage_master_user_password=True,
        db_subnet_group_name=database_subnets.name,
        deletion_protection=True,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
        tags=tags,
        **settings,
    )
    pulumi.export("database_endpoint", database.endpoint)
