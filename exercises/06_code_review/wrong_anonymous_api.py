# finding: REGRESSION
# All five are repaired, and alerts are taken from anybody.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        'authorization="AWS_IAM"',
        'authorization="NONE"',
    ),
)
