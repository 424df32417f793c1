# finding: REFUSED
# Encrypted; two transitions in one lifecycle policy, where EFS takes one each.
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    vpc = aws.ec2.Vpc(
        f"emergency-alert-vpc-{environment_suffix}",
        cidr_block="10.0.0.0/16",
        enable_dns_hostnames=True,
        tags=tags,
    )
    private_subnets = [
        aws.ec2.Subnet(
            f"emergency-alert-private-{zone}-{environment_suffix}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"ap-southeast-1{zone}",
            tags=tags,
        )
        for number, zone in enumerate("ab", start=10)
    ]
    nfs = aws.ec2.SecurityGroup(
        f"emergency-alert-efs-sg-{environment_suffix}",
        description="NFS from the tasks in the private subnets",
        vpc_id=vpc.id,
        ingress=[
            {"protocol": "tcp", "from_port": 2049, "to_port": 2049, "cidr_blocks": ["10.0.0.0/16"]}
        ],
        tags=tags,
    )
    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    rules = aws.efs.FileSystem(
        f"emergency-alert-efs-{environment_suffix}",
        encrypted=True,
        kms_key_id=key.arn,
        lifecycle_policies=[
            {
                "transition_to_ia": "AFTER_30_DAYS",
                "transition_to_primary_storage_class": "AFTER_1_ACCESS",
            }
        ],
        performance_mode="generalPurpose",
        throughput_mode="bursting",
        tags=tags,
    )
    for number, subnet in enumerate(private_subnets):
        aws.efs.MountTarget(
            f"emergency-alert-efs-mount-{number}-{environment_suffix}",
            file_system_id=rules.id,
            subnet_id=subnet.id,
            security_groups=[nfs.id],
        )
    pulumi.export("rules_file_system", rules.id)
