"""A program of 75 resources, with the services and the size of the whole emergency-alert system."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

ZONES = "abc"


def program(environment_suffix: str) -> None:
    """Network, stores, streams, tasks, access, alarms and the interface of one environment."""

    def named(what: str) -> str:
        return f"emergency-alert-{what}-{environment_suffix}"

    tags = {"Project": "emergency-alert", "Environment": environment_suffix}
    key = aws.kms.Key(named("key"), enable_key_rotation=True, policy=_key_policy(), tags=tags)
    aws.kms.Alias(named("key-alias"), name=f"alias/{named('key')}", target_key_id=key.key_id)
    vpc, private = _network(named, tags)
    groups = _security_groups(named, vpc)
    topic = aws.sns.Topic(named("notices"), kms_master_key_id=key.id, tags=tags)
    aws.sns.TopicPolicy(named("notices-policy"), arn=topic.arn, policy=topic.arn.apply(_open_to_alarms))
    stream = aws.kinesis.Stream(
        named("stream"),
        name=named("stream"),
        shard_count=4,
        encryption_type="KMS",
        kms_key_id=key.arn,
        tags=tags,
    )
    files = _stores(named, key, private, groups, tags)
    task_role, execution_role = _roles(named, stream, key)
    cluster, service = _tasks(named, files, private, groups, (task_role, execution_role), key, tags)
    _interface(named, stream, key)
    for metric, namespace, dimensions in (
        ("CPUUtilization", "AWS/ECS", {"ClusterName": cluster.name, "ServiceName": service.name}),
        ("GetRecords.IteratorAgeMilliseconds", "AWS/Kinesis", {"StreamName": stream.name}),
        ("CPUUtilization", "AWS/RDS", {"DBInstanceIdentifier": named("db")}),
        ("EngineCPUUtilization", "AWS/ElastiCache", {"ReplicationGroupId": named("cache")}),
    ):
        aws.cloudwatch.MetricAlarm(
            named(f"{namespace.partition('/')[2].lower()}-alarm"),
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=2,
            period=300,
            threshold=80,
            statistic="Average",
            namespace=namespace,
            metric_name=metric,
            dimensions=dimensions,
            alarm_actions=[topic.arn],
        )
    pulumi.export("stream_arn", stream.arn)
    pulumi.export("alarm_topic", topic.arn)


def _network(named: Any, tags: dict[str, str]) -> tuple[aws.ec2.Vpc, list[aws.ec2.Subnet]]:
    """A VPC with a public and a private subnet in each zone, each with its routes."""
    vpc = aws.ec2.Vpc(named("vpc"), cidr_block="10.0.0.0/16", enable_dns_hostnames=True, tags=tags)
    gateway = aws.ec2.InternetGateway(named("internet"), vpc_id=vpc.id, tags=tags)
    private = []
    for number, letter in enumerate(ZONES):
        zone = f"ap-southeast-1{letter}"
        inside, outside = (
            aws.ec2.Subnet(
                named(f"{kind}-{letter}"),
                vpc_id=vpc.id,
                availability_zone=zone,
                cidr_block=f"10.0.{base + number}.0/24",
                tags=tags,
            )
            for kind, base in (("private", 10), ("public", 0))
        )
        address = aws.ec2.Eip(named(f"address-{letter}"), domain="vpc", tags=tags)
        nat = aws.ec2.NatGateway(
            named(f"nat-{letter}"), allocation_id=address.id, subnet_id=outside.id, tags=tags
        )
        for kind, subnet, target in (
            ("private", inside, {"nat_gateway_id": nat.id}),
            ("public", outside, {"gateway_id": gateway.id}),
        ):
            table = aws.ec2.RouteTable(
                named(f"{kind}-routes-{letter}"),
                vpc_id=vpc.id,
                routes=[{"cidr_block": "0.0.0.0/0", **target}],
                tags=tags,
            )
            aws.ec2.RouteTableAssociation(
                named(f"{kind}-routes-of-{letter}"), subnet_id=subnet.id, route_table_id=table.id
            )
        private.append(inside)
    return vpc, private


def _security_groups(named: Any, vpc: aws.ec2.Vpc) -> dict[str, aws.ec2.SecurityGroup]:
    tasks = aws.ec2.SecurityGroup(named("tasks"), description="processing tasks", vpc_id=vpc.id)
    groups = {"tasks": tasks}
    for what, port in (("db", 5432), ("cache", 6379), ("files", 2049)):
        groups[what] = aws.ec2.SecurityGroup(
            named(f"{what}-access"), description=f"{what} from the tasks", vpc_id=vpc.id
        )
        aws.vpc.SecurityGroupIngressRule(
            named(f"{what}-from-tasks"),
            security_group_id=groups[what].id,
            referenced_security_group_id=tasks.id,
            from_port=port,
            to_port=port,
            ip_protocol="tcp",
        )
    return groups


def _stores(
    named: Any,
    key: aws.kms.Key,
    private: list[aws.ec2.Subnet],
    groups: dict[str, aws.ec2.SecurityGroup],
    tags: dict[str, str],
) -> aws.efs.FileSystem:
    """The database, the cache, the files and the secrets; returns the file system."""
    subnets = [subnet.id for subnet in private]
    db_group = aws.rds.SubnetGroup(named("db-subnets"), name=named("db-subnets"), subnet_ids=subnets)
    parameters = aws.rds.ParameterGroup(
        named("db-parameters"), family="postgres17", parameters=[{"name": "rds.force_ssl", "value": "1"}]
    )
    aws.rds.Instance(
        named("db"),
        parameter_group_name=parameters.name,
        identifier=named("db"),
        engine="postgres",
        engine_version="17",
        instance_class="db.t3.medium",
        allocated_storage=100,
        storage_encrypted=True,
        kms_key_id=key.arn,
        username="alert_admin",
        password=pulumi.Output.secret("correct-horse-battery"),
        db_subnet_group_name=db_group.name,
        vpc_security_group_ids=[groups["db"].id],
        multi_az=True,
        backup_retention_period=30,
        final_snapshot_identifier=named("db-final"),
        tags=tags,
    )
    cache_group = aws.elasticache.SubnetGroup(
        named("cache-subnets"), name=named("cache-subnets"), subnet_ids=subnets
    )
    aws.elasticache.ReplicationGroup(
        named("cache"),
        replication_group_id=named("cache"),
        description="correlation of events",
        engine="redis",
        node_type="cache.t3.medium",
        num_cache_clusters=3,
        automatic_failover_enabled=True,
        multi_az_enabled=True,
        at_rest_encryption_enabled=True,
        transit_encryption_enabled=True,
        kms_key_id=key.arn,
        subnet_group_name=cache_group.name,
        security_group_ids=[groups["cache"].id],
        tags=tags,
    )
    keep = pulumi.ResourceOptions(protect=True)
    files = aws.efs.FileSystem(named("files"), encrypted=True, kms_key_id=key.arn, tags=tags, opts=keep)
    for letter, subnet in zip(ZONES, private, strict=True):
        aws.efs.MountTarget(
            named(f"files-in-{letter}"),
            file_system_id=files.id,
            subnet_id=subnet.id,
            security_groups=[groups["files"].id],
        )
    for what in ("db", "cache"):
        secret = aws.secretsmanager.Secret(named(f"{what}-credentials"), kms_key_id=key.arn, tags=tags)
        aws.secretsmanager.SecretVersion(
            named(f"{what}-credentials-value"),
            secret_id=secret.id,
            secret_string=pulumi.Output.secret("correct-horse-battery"),
        )
    return files


def _trusted(service: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _open_to_alarms(topic: str) -> str:
    """The policy of a topic that CloudWatch publishes to."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _key_policy() -> str:
    """The policy of a key that its account and, for an encrypted topic, CloudWatch may use."""
    account = {"AWS": "arn:aws:iam::123456789012:root"}
    alarms = {"Service": "cloudwatch.amazonaws.com"}
    statements = [
        {"Effect": "Allow", "Principal": account, "Action": "kms:*", "Resource": "*"},
        {
            "Effect": "Allow",
            "Principal": alarms,
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
        },
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _allowing(*grants: tuple[Sequence[str], pulumi.Output[str]]) -> pulumi.Output[str]:
    """A policy that allows actions on resources: pairs of actions and an ARN."""
    statements = [
        {"Effect": "Allow", "Action": list(actions), "Resource": resource} for actions, resource in grants
    ]
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": statements})


def _roles(named: Any, stream: aws.kinesis.Stream, key: aws.kms.Key) -> tuple[aws.iam.Role, aws.iam.Role]:
    trust = _trusted("ecs-tasks.amazonaws.com")
    task = aws.iam.Role(named("task-role"), assume_role_policy=trust)
    reading = aws.iam.Policy(
        named("task-policy"),
        policy=_allowing(
            (("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"), stream.arn),
            (("kms:Decrypt",), key.arn),
        ),
    )
    aws.iam.RolePolicyAttachment(named("task-policy-of-role"), role=task.name, policy_arn=reading.arn)
    execution = aws.iam.Role(named("execution-role"), assume_role_policy=trust)
    aws.iam.RolePolicyAttachment(
        named("execution-policy-of-role"),
        role=execution.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    return task, execution


def _tasks(
    named: Any,
    files: aws.efs.FileSystem,
    private: list[aws.ec2.Subnet],
    groups: dict[str, aws.ec2.SecurityGroup],
    roles: tuple[aws.iam.Role, aws.iam.Role],
    key: aws.kms.Key,
    tags: dict[str, str],
) -> tuple[aws.ecs.Cluster, aws.ecs.Service]:
    task_role, execution_role = roles
    cluster = aws.ecs.Cluster(named("cluster"), tags=tags)
    logs = aws.cloudwatch.LogGroup(named("task-logs"), retention_in_days=30, kms_key_id=key.arn)
    definition = aws.ecs.TaskDefinition(
        named("task"),
        family=named("task"),
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="512",
        memory="1024",
        task_role_arn=task_role.arn,
        execution_role_arn=execution_role.arn,
        container_definitions=logs.name.apply(
            lambda name: json.dumps(
                [
                    {
                        "name": "processing",
                        "image": "amazon/aws-cli",
                        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": name}},
                    }
                ]
            )
        ),
        volumes=[
            {
                "name": "rules",
                "efs_volume_configuration": {"file_system_id": files.id, "transit_encryption": "ENABLED"},
            }
        ],
    )
    service = aws.ecs.Service(
        named("service"),
        cluster=cluster.arn,
        task_definition=definition.arn,
        desired_count=2,
        launch_type="FARGATE",
        network_configuration={
            "subnets": [subnet.id for subnet in private],
            "security_groups": [groups["tasks"].id],
        },
        tags=tags,
    )
    target = aws.appautoscaling.Target(
        named("service-size"),
        min_capacity=2,
        max_capacity=10,
        resource_id=pulumi.Output.concat("service/", cluster.name, "/", service.name),
        scalable_dimension="ecs:service:DesiredCount",
        service_namespace="ecs",
    )
    aws.appautoscaling.Policy(
        named("service-by-cpu"),
        policy_type="TargetTrackingScaling",
        resource_id=target.resource_id,
        scalable_dimension=target.scalable_dimension,
        service_namespace=target.service_namespace,
        target_tracking_scaling_policy_configuration={
            "target_value": 60,
            "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
        },
    )
    return cluster, service


def _interface(named: Any, stream: aws.kinesis.Stream, key: aws.kms.Key) -> None:
    """The API that receives alerts, with the role that writes them to the stream."""
    role = aws.iam.Role(named("api-role"), assume_role_policy=_trusted("apigateway.amazonaws.com"))
    writing = _allowing((("kinesis:PutRecord",), stream.arn), (("kms:GenerateDataKey",), key.arn))
    aws.iam.RolePolicy(named("api-writes"), role=role.id, policy=writing)
    api = aws.apigateway.RestApi(named("api"), name=named("api"))
    alerts = aws.apigateway.Resource(
        named("api-alerts"), rest_api=api.id, parent_id=api.root_resource_id, path_part="alerts"
    )
    method = aws.apigateway.Method(
        named("api-post"),
        rest_api=api.id,
        resource_id=alerts.id,
        http_method="POST",
        authorization="AWS_IAM",
    )
    integration = aws.apigateway.Integration(
        named("api-to-stream"),
        rest_api=api.id,
        resource_id=alerts.id,
        http_method=method.http_method,
        integration_http_method="POST",
        type="AWS",
        uri="arn:aws:apigateway:ap-southeast-1:kinesis:action/PutRecord",
        credentials=role.arn,
    )
    deployment = aws.apigateway.Deployment(
        named("api-deployment"),
        rest_api=api.id,
        opts=pulumi.ResourceOptions(depends_on=[integration]),
    )
    logs = aws.cloudwatch.LogGroup(named("api-logs"), retention_in_days=30, kms_key_id=key.arn)
    aws.apigateway.Stage(
        named("api-stage"),
        rest_api=api.id,
        deployment=deployment.id,
        stage_name="live",
        access_log_settings={"destination_arn": logs.arn, "format": "$context.requestId"},
    )
