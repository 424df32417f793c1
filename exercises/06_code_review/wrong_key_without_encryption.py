# finding: REFUSED
# EFS refuses a key for a file system that is not to be encrypted.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            encrypted=True,
            kms_key_id=key.arn,
""",
        """\
            encrypted=False,
            kms_key_id=key.arn,
""",
    ),
)
