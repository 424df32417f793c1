# The file system has a key of its own, so that it can be put out of reach alone.
from lab_support import solution_with

program = solution_with(
    "06_code_review",
    (
        """\
        self.efs = aws.efs.FileSystem(
""",
        """\
        files_key = aws.kms.Key(
            f"emergency-alert-files-key-{self.environment_suffix}",
            description="Encrypts the processing rules",
            enable_key_rotation=True,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        self.efs = aws.efs.FileSystem(
""",
    ),
    (
        """\
            encrypted=True,
            kms_key_id=key.arn,
""",
        """\
            encrypted=True,
            kms_key_id=files_key.arn,
""",
    ),
)
