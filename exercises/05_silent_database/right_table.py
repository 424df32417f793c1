# All three alarms are rows of a table, and a loop makes them.
ALARMS = {
    # what: namespace, metric, statistic, period, periods, threshold
    "ecs-cpu": ("AWS/ECS", "CPUUtilization", "Average", 300, 2, 80),
    "kinesis-age": ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds", "Maximum", 60, 5, 60_000),
    "rds-cpu": ("AWS/RDS", "CPUUtilization", "Average", 60, 10, 80),
}


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

    dimensions = {
        "ecs-cpu": {
            "ClusterName": cluster.name,
            "ServiceName": f"emergency-alert-service-{environment_suffix}",
        },
        "kinesis-age": {"StreamName": stream.name},
        "rds-cpu": {"DBInstanceIdentifier": database.identifier},
    }
    for what, (namespace, metric, statistic, period, periods, threshold) in ALARMS.items():
        aws.cloudwatch.MetricAlarm(
            f"emergency-alert-{what}-alarm-{environment_suffix}",
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions[what],
            statistic=statistic,
            period=period,
            evaluation_periods=periods,
            threshold=threshold,
            comparison_operator="GreaterThanThreshold",
            alarm_actions=[topic.arn],
            tags=tags,
        )

    pulumi.export("alarm_topic", topic.arn)
    pulumi.export("database_endpoint", database.endpoint)
