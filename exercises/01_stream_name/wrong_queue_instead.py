# finding: MISSING
# A queue with the suffix takes the place of the stream.
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
    queue = aws.sqs.Queue(
        f"emergency-alert-queue-{environment_suffix}",
        kms_master_key_id=key.arn,
        tags=tags,
    )
    pulumi.export("queue_name", queue.name)
