# A policy of its own, attached to the role.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "self.kinesis_access_policy = aws.iam.RolePolicy(",
        "self.kinesis_access_policy = aws.iam.Policy(",
    ),
    (
        """\
            f"emergency-alert-kinesis-policy-{self.environment_suffix}",
            role=self.ecs_task_role.id,
""",
        """\
            f"emergency-alert-kinesis-policy-{self.environment_suffix}",
            description="Reading and writing the stream of this environment",
""",
    ),
    (
        """\
        self.key_access_policy = aws.iam.RolePolicy(
""",
        """\
        aws.iam.RolePolicyAttachment(
            f"emergency-alert-kinesis-attachment-{self.environment_suffix}",
            role=self.ecs_task_role.name,
            policy_arn=self.kinesis_access_policy.arn,
            opts=ResourceOptions(parent=self),
        )
        self.key_access_policy = aws.iam.RolePolicy(
""",
    ),
)
