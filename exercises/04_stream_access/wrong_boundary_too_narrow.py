# finding: MISSING-ACCESS
# A boundary that forgets writing.
ACTIONS = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
]


def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    stream = aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        name=f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    ecs_may_assume = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
    )
    execution_role = aws.iam.Role(
        f"emergency-alert-execution-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        tags=tags,
    )
    aws.iam.RolePolicyAttachment(
        f"emergency-alert-execution-policy-{environment_suffix}",
        role=execution_role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    task_role = aws.iam.Role(
        f"emergency-alert-task-role-{environment_suffix}",
        assume_role_policy=ecs_may_assume,
        permissions_boundary="arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
    )
    aws.iam.RolePolicy(
        f"emergency-alert-kinesis-policy-{environment_suffix}",
        role=task_role.id,
        policy=pulumi.Output.json_dumps(
            {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": ACTIONS, "Resource": stream.arn}],
            }
        ),
    )
    container = {
        "name": "processor",
        "image": "amazon/aws-cli",
        "essential": True,
        "environment": [
            {"name": "STREAM", "value": f"emergency-alert-stream-{environment_suffix}"}
        ],
    }
    task = aws.ecs.TaskDefinition(
        f"emergency-alert-task-{environment_suffix}",
        family=f"emergency-alert-{environment_suffix}",
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        execution_role_arn=execution_role.arn,
        task_role_arn=task_role.arn,
        container_definitions=json.dumps([container]),
        tags=tags,
    )
    pulumi.export("stream_name", stream.name)
    pulumi.export("task_definition", task.arn)
