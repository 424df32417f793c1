# A frozen dataclass knows the environment and makes names and tags.
from dataclasses import dataclass


@dataclass(frozen=True)
class Environment:
    """One deployment of the system."""

    suffix: str
    system: str = "emergency-alert"

    def __getitem__(self, part: str) -> str:
        return f"{self.system}-{part}-{self.suffix}"

    def tags(self, part: str) -> dict[str, str]:
        return {"Project": self.system, "Environment": self.suffix, "Name": self[part]}


def program(environment_suffix: str) -> None:
    env = Environment(environment_suffix)

    key = aws.kms.Key(
        env["key"],
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=env.tags("key"),
    )
    aws.kms.Alias(
        env["key-alias"], name=f"alias/{env.system}-{env.suffix}", target_key_id=key.key_id
    )
    stream = aws.kinesis.Stream(
        env["stream"],
        shard_count=4,
        retention_period=24,
        stream_mode_details={"stream_mode": "PROVISIONED"},
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=env.tags("stream"),
    )
    pulumi.export("stream_name", stream.name)
