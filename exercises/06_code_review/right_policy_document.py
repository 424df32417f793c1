# The policy is made by the provider, from a document in Python.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": [
                                "kinesis:GetRecords",
                                "kinesis:GetShardIterator",
                                "kinesis:DescribeStream",
                                "kinesis:ListShards",
                                "kinesis:PutRecord",
                                "kinesis:PutRecords",
                            ],
                            "Resource": data.kinesis_stream.arn,
                        }
                    ],
                }
            ),
""",
        """\
            policy=aws.iam.get_policy_document_output(
                statements=[
                    {
                        "actions": [
                            f"kinesis:{action}"
                            for action in (
                                "GetRecords",
                                "GetShardIterator",
                                "DescribeStream",
                                "ListShards",
                                "PutRecord",
                                "PutRecords",
                            )
                        ],
                        "resources": [data.kinesis_stream.arn],
                    }
                ]
            ).json,
""",
    ),
)
