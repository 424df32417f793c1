# A RolePolicy has no `resources`.
def program(environment_suffix: str) -> None:
    tags = {"Environment": environment_suffix}
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
    task_role = aws.iam.Role(
        f"emergency-alert-task-role-{environment_suffix}", assume_role_policy=ecs_may_assume, tags=tags
    )
    aws.iam.RolePolicy(
        f"emergency-alert-kinesis-policy-{environment_suffix}",
        role=task_role.id,
        actions=["kinesis:GetRecords"],
        resources=["*"],
    )
