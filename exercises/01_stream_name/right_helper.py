# One helper makes every name of the program.
def program(environment_suffix: str) -> None:
    def named(part: str) -> str:
        return f"emergency-alert-{part}-{environment_suffix}"

    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    key = aws.kms.Key(
        named("key"),
        description="Encrypts what the emergency-alert system stores",
        enable_key_rotation=True,
        tags=tags,
    )
    aws.kms.Alias(
        named("key-alias"),
        name=f"alias/emergency-alert-{environment_suffix}",
        target_key_id=key.key_id,
    )
    stream = aws.kinesis.Stream(
        named("stream"),
        shard_count=4,
        retention_period=24,
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags={**tags, "Name": named("stream")},
    )
    pulumi.export("stream_name", stream.name)
