# finding: MISSING
# Aurora DSQL: three zones and the language of PostgreSQL, but it is not RDS.
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
    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    cluster = aws.dsql.Cluster(
        f"emergency-alert-{environment_suffix}",
        kms_encryption_key=key.arn,
        deletion_protection_enabled=True,
        tags=tags,
    )
    pulumi.export("database", cluster.identifier)
    pulumi.export("subnets", [subnet.id for subnet in private_subnets])
