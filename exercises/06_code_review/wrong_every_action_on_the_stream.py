# finding: EXCESS-PRIVILEGE
# One stream, but every action: an intruder can delete it.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
"Action": [
                                "kinesis:GetRecords",
""",
        """\
"Action": ["kinesis:*",
                                "kinesis:GetRecords",
""",
    ),
)
