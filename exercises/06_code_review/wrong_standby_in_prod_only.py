# finding: SINGLE-ZONE
# Only prod gets a standby; the requirement holds in every environment.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        "multi_az=True,",
        'multi_az=self.environment_suffix == "prod",',
    ),
)
