# finding: NAME-COLLISION
# The tag says whose stream it is; its names still do not.
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
            shard_count=4,
""",
    ),
)
