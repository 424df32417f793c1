# finding: REFUSED
# The stream is read, not made: each environment expects one that somebody else has made.
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
    name = f"emergency-alert-stream-{environment_suffix}"
    account = aws.get_caller_identity().account_id
    stream = aws.kinesis.Stream.get(name, f"arn:aws:kinesis:ap-southeast-1:{account}:stream/{name}")
    pulumi.export("stream_name", stream.name)
