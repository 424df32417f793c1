# The stream is made inside an apply whose value is known in the preview.
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    aws.kms.Alias(
        f"emergency-alert-key-alias-{environment_suffix}",
        name=f"alias/emergency-alert-{environment_suffix}",
        target_key_id=key.key_id,
    )

    def make(name: str) -> aws.kinesis.Stream:
        return aws.kinesis.Stream(
            name,
            shard_count=4,
            retention_period=24,
            encryption_type="KMS",
            kms_key_id=key.arn,
            tags={**tags, "Name": name},
        )

    stream = pulumi.Output.concat("emergency-alert-stream-", environment_suffix).apply(make)
    pulumi.export("stream_name", stream.apply(lambda made: made.name))
