# finding: NAME-COLLISION
# The component carries the suffix; its stream is called as in every other environment.
class EventIntake(pulumi.ComponentResource):
    """Everything through which events come in."""

    def __init__(self, environment_suffix: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(
            "emergency:alert:EventIntake",
            f"emergency-alert-intake-{environment_suffix}",
            None,
            opts,
        )
        self.environment_suffix = environment_suffix
        self.tags = {"Project": "emergency-alert", "Environment": environment_suffix}
        self.key = self._key()
        self.stream = self._stream()
        self.register_outputs({"stream_name": self.stream.name})

    def _key(self) -> aws.kms.Key:
        key = aws.kms.Key(
            f"emergency-alert-key-{self.environment_suffix}",
            description="Encrypts what the emergency-alert system stores",
            enable_key_rotation=True,
            tags=self.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.kms.Alias(
            f"emergency-alert-key-alias-{self.environment_suffix}",
            name=f"alias/emergency-alert-{self.environment_suffix}",
            target_key_id=key.key_id,
            opts=pulumi.ResourceOptions(parent=key),
        )
        return key

    def _stream(self) -> aws.kinesis.Stream:
        return aws.kinesis.Stream(
            "emergency-alert-stream",
            shard_count=4,
            retention_period=24,
            stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
            encryption_type="KMS",
            kms_key_id=self.key.arn,
            tags={**self.tags, "Name": f"emergency-alert-stream-{self.environment_suffix}"},
            opts=pulumi.ResourceOptions(parent=self),
        )


def program(environment_suffix: str) -> None:
    intake = EventIntake(environment_suffix)
    pulumi.export("stream_name", intake.stream.name)
