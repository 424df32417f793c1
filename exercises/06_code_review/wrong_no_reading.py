# finding: MISSING-ACCESS
# Less is not always least: the task cannot read its events any more.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
                                "kinesis:GetRecords",
                                "kinesis:GetShardIterator",
""",
        """\
                                "kinesis:GetShardIterator",
""",
    ),
)
