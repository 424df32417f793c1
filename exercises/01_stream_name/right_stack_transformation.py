# The older kind of stack transformation repairs a physical name that was fixed.
def program(environment_suffix: str) -> None:
    def with_environment(
        args: pulumi.ResourceTransformationArgs,
    ) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != "aws:kinesis/stream:Stream":
            return None
        props = {**args.props, "name": f"{args.props['name']}-{environment_suffix}"}
        return pulumi.ResourceTransformationResult(props=props, opts=args.opts)

    pulumi.runtime.register_stack_transformation(with_environment)
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
        f"emergency-alert-stream-{environment_suffix}",
        name="emergency-alert-stream",
        shard_count=4,
        retention_period=24,
        stream_mode_details=aws.kinesis.StreamStreamModeDetailsArgs(stream_mode="PROVISIONED"),
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags={**tags, "Name": f"emergency-alert-stream-{environment_suffix}"},
    )
    pulumi.export("stream_name", stream.name)
