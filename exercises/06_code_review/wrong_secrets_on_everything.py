# finding: EXCESS-PRIVILEGE
# The task role is right now, and the role that starts tasks reads every secret of the account.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        '"Resource": [rds_secret_arn, data.redis_secret.arn],',
        '"Resource": "*",',
    ),
)
