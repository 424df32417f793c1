# finding: EXCESS-PRIVILEGE
# Six actions, but on every stream of the account.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
                                "kinesis:PutRecords",
                            ],
                            "Resource": data.kinesis_stream.arn,
""",
        """\
                                "kinesis:PutRecords",
                            ],
                            "Resource": "*",
""",
    ),
)
