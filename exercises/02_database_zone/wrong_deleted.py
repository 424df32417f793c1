# finding: MISSING
# No database, no zone that could take it away.
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
    pulumi.export("database_subnets", database_subnets.name)
    pulumi.export("key", key.arn)
