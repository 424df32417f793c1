# finding: REFUSED
# Two streams with the same suffixed name in one stack.
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
    for severity in ("warning", "watch"):
        stream = aws.kinesis.Stream(
            f"emergency-alert-stream-{environment_suffix}",
            shard_count=4,
            retention_period=24,
            encryption_type="KMS",
            kms_key_id=key.arn,
            tags={**tags, "Severity": severity},
        )
        pulumi.export(f"stream_name_{severity}", stream.name)
