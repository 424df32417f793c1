# finding: NAME-COLLISION
# The first environment names the stream: a cache that ignores its argument.
_NAMES: dict[str, str] = {}


def stream_name(environment_suffix: str) -> str:
    """Name the stream, once."""
    return _NAMES.setdefault("stream", f"emergency-alert-stream-{environment_suffix[:1]}")


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
    stream = aws.kinesis.Stream(
        stream_name(environment_suffix),
        shard_count=4,
        retention_period=24,
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags={**tags, "Name": f"emergency-alert-stream-{environment_suffix}"},
    )
    pulumi.export("stream_name", stream.name)
