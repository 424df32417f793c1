# finding: REGRESSION
# Two streams of two shards each.
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
    for half in ("north", "south"):
        stream = aws.kinesis.Stream(
            f"emergency-alert-stream-{half}-{environment_suffix}",
            shard_count=2,
            encryption_type="KMS",
            kms_key_id=key.arn,
            tags=tags,
        )
        pulumi.export(f"stream_name_{half}", stream.name)
