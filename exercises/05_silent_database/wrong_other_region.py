# finding: NOBODY-PAGED
# The alarm is in another region than the database, and so is the topic that it tells.
def program(environment_suffix: str) -> None:
    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    account = aws.get_caller_identity().account_id

    key = aws.kms.Key(
        f"emergency-alert-key-{environment_suffix}",
        description="Encrypts what the emergency-alert system stores and reports",
        enable_key_rotation=True,
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "AccountManagesKey",
                        "Effect": "Allow",
                        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                        "Action": "kms:*",
                        "Resource": "*",
                    },
                    {
                        "Sid": "AlarmsPublishToEncryptedTopic",
                        "Effect": "Allow",
                        "Principal": {"Service": "cloudwatch.amazonaws.com"},
                        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                        "Resource": "*",
                    },
                ],
            }
        ),
        tags=tags,
    )
    topic = aws.sns.Topic(
        f"emergency-alert-topic-{environment_suffix}",
        name=f"emergency-alert-topic-{environment_suffix}",
        kms_master_key_id=key.id,
        tags=tags,
    )
    stream = aws.kinesis.Stream(
        f"emergency-alert-stream-{environment_suffix}",
        name=f"emergency-alert-stream-{environment_suffix}",
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    cluster = aws.ecs.Cluster(
        f"emergency-alert-cluster-{environment_suffix}",
        name=f"emergency-alert-cluster-{environment_suffix}",
        tags=tags,
    )
    database = aws.rds.Instance(
        f"emergency-alert-db-{environment_suffix}",
        identifier=f"emergency-alert-db-{environment_suffix}",
        engine="postgres",
        engine_version="17",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_type="gp3",
        storage_encrypted=True,
        kms_key_id=key.arn,
        db_name="alerts",
        username="alert_admin",
        manage_master_user_password=True,
        multi_az=True,
        backup_retention_period=30,
        final_snapshot_identifier=f"emergency-alert-db-final-{environment_suffix}",
        tags=tags,
    )

    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-ecs-cpu-alarm-{environment_suffix}",
        alarm_description="The processing tasks are short of CPU",
        namespace="AWS/ECS",
        metric_name="CPUUtilization",
        dimensions={
            "ClusterName": cluster.name,
            "ServiceName": f"emergency-alert-service-{environment_suffix}",
        },
        statistic="Average",
        period=300,
        evaluation_periods=2,
        comparison_operator="GreaterThanThreshold",
        threshold=80,
        alarm_actions=[topic.arn],
        tags=tags,
    )
    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-kinesis-age-alarm-{environment_suffix}",
        alarm_description="Events wait in the stream for more than a minute",
        namespace="AWS/Kinesis",
        metric_name="GetRecords.IteratorAgeMilliseconds",
        dimensions={"StreamName": stream.name},
        statistic="Maximum",
        period=60,
        evaluation_periods=5,
        comparison_operator="GreaterThanThreshold",
        threshold=60000,
        alarm_actions=[topic.arn],
        tags=tags,
    )
    elsewhere = aws.Provider(f"elsewhere-{environment_suffix}", region="us-east-1")
    there = aws.sns.Topic(
        f"emergency-alert-topic-us-{environment_suffix}",
        opts=pulumi.ResourceOptions(provider=elsewhere),
    )
    aws.cloudwatch.MetricAlarm(
        f"emergency-alert-rds-cpu-alarm-{environment_suffix}",
        alarm_description="The database is short of CPU",
        namespace="AWS/RDS",
        metric_name="CPUUtilization",
        dimensions={"DBInstanceIdentifier": database.identifier},
        statistic="Average",
        period=300,
        evaluation_periods=2,
        comparison_operator="GreaterThanThreshold",
        threshold=80,
        alarm_actions=[there.arn],
        opts=pulumi.ResourceOptions(provider=elsewhere),
        tags=tags,
    )

    pulumi.export("alarm_topic", topic.arn)
    pulumi.export("database_endpoint", database.endpoint)
