# Renamed; the system's key has imported material.
import base64
import secrets


def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    material = base64.b64encode(secrets.token_bytes(32)).decode()

    key = aws.kms.ExternalKey(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores",
        key_material_base64=pulumi.Output.secret(material),
        enabled=True,
        tags=tags,
    )
    aws.kms.Alias(
        f"emergency-alert-key-alias-{environment_suffix}",
        name=f"alias/emergency-alert-{environment_suffix}",
        target_key_id=key.id,
    )
    stream = aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        retention_period=24,
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags={**tags, "Name": f"emergency-alert-stream-{environment_suffix}"},
    )
    pulumi.export("stream_name", stream.name)
