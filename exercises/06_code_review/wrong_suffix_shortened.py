# finding: NAME-COLLISION
# The suffix is cut off after six characters: pr-1234 and pr-1235 share a stream.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
            f"emergency-alert-stream-{self.environment_suffix}",
            shard_count=4,
""",
        """\
            f"emergency-alert-stream-{self.environment_suffix[:6]}",
            shard_count=4,
""",
    ),
)
