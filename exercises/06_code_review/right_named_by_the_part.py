# Every part has a method that makes names, and the stream is given both of its own by it.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
    def role(self, what: str, service: str) -> aws.iam.Role:
""",
        """\
    def named(self, what: str) -> str:
        return f"emergency-alert-{what}-{self.environment_suffix}"

    def role(self, what: str, service: str) -> aws.iam.Role:
""",
    ),
    (
        """\
            f"emergency-alert-stream-{self.environment_suffix}",
            shard_count=4,
""",
        """\
            self.named("stream"),
            name=self.named("stream"),
            shard_count=4,
""",
    ),
)
