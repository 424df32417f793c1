# The permissions are two policies: one to read the stream, one to write to it.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
                                "kinesis:PutRecord",
                                "kinesis:PutRecords",
""",
        """\
                                "kinesis:DescribeStream",
""",
    ),
    (
        """\
        self.key_access_policy = aws.iam.RolePolicy(
""",
        """\
        aws.iam.RolePolicy(
            f"emergency-alert-kinesis-write-policy-{self.environment_suffix}",
            role=self.ecs_task_role.id,
            policy=data.kinesis_stream.arn.apply(
                lambda arn: json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Action": ["kinesis:PutRecord", "kinesis:PutRecords"],
                                "Resource": arn,
                            }
                        ],
                    }
                )
            ),
            opts=ResourceOptions(parent=self),
        )
        self.key_access_policy = aws.iam.RolePolicy(
""",
    ),
)
