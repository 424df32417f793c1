# finding: UNENCRYPTED-AT-REST
# Encrypted, but with the key that AWS manages for the account.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            encrypted=True,
            kms_key_id=key.arn,
""",
        """\
            encrypted=True,
""",
    ),
)
