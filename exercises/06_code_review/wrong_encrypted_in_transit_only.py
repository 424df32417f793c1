# finding: UNENCRYPTED-AT-REST
# The tasks mount it with TLS; at rest it is as readable as before.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            encrypted=True,
            kms_key_id=key.arn,
""",
        """\
            # the task definition says transit_encryption="ENABLED"
""",
    ),
)
