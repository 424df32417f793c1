# finding: NAME-COLLISION
# The physical name carries the suffix; previews, state and URNs still show the other one.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            f"emergency-alert-stream-{self.environment_suffix}",
            shard_count=4,
""",
        """\
            "emergency-alert-stream",
            name=f"emergency-alert-stream-{self.environment_suffix}",
            shard_count=4,
""",
    ),
)
