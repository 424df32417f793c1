# ---
# jupyter:
#   lab:
#     title: Tomorrow it goes live
#     severity: Critical
#     category: Code review
#     minutes: 45
#     severities:
#       NAME-COLLISION: Medium
#       SINGLE-ZONE: High
#       UNENCRYPTED-AT-REST: Critical
#       EXCESS-PRIVILEGE: High
#       NOBODY-PAGED: Medium
#     ways: [right_aurora, right_two_roles, right_alarm_on_everything]
#     repairs: [right_key_for_files, wrong_resource_id, wrong_six_actions_everywhere]
#     record: [01_stream_name, 02_database_zone, 03_shared_files, 04_stream_access, 05_silent_database]
# ---

# %% [markdown]
# # Tomorrow it goes live
#
# Tomorrow the emergency-alert system goes live, and your name goes on the review. The program runs, the preview is
# clean, and five things in it are wrong: **one Critical (3 points), two High (2 each), two Medium (1 each)**. The rest
# is sound, and some of it looks worse than it is.
#
# First you read, and write down what you find. Then you repair it: the repair is the proof.

# %% [markdown]
# ## The requirements
#
# From [the brief](brief.ipynb):
#
# > - **Network**: public and private subnets in two zones. Database, cache, files and tasks are in private subnets, and
# >   security groups allow only the traffic that the components need from each other.
# > - **Kinesis** receives the events: 4 shards, encrypted. **ECS Fargate** processes them: 2 to 10 tasks, scaled by
# >   CPU, in both zones, with the shared files mounted.
# > - **RDS PostgreSQL** holds alerts and state. It survives the loss of a zone, keeps 30 days of backups and is not
# >   public. **Redis** correlates events: replicas in both zones, encrypted at rest and in transit, authenticated.
# > - **EFS** holds the processing rules, which move to Infrequent Access after 30 days.
# > - **API Gateway** receives alerts from outside, authenticated by IAM.
# > - **Encryption**: what is stored, with a customer managed KMS key of the system, which rotates; in transit, TLS 1.2
# >   or later.
# > - **Access**: every role may do what its work takes, and nothing else. A task calls `GetRecords`,
# >   `GetShardIterator`, `DescribeStream`, `ListShards`, `PutRecord` and `PutRecords` on its environment's stream, and
# >   reads the database's login, which RDS rotates, when it connects. ECS starts it with the Redis token.
# > - **Logs and alarms**: logs are encrypted. The alarm topic is notified within 15 minutes when a part is at its limit.
# > - **Names**: all carry the environment suffix, so that several environments can live in one account. A
# >   resource without a physical name in the program gets exactly its logical name
# >   (`pulumi:autonaming: {mode: verbatim}`).

# %% tags=["setup"]
import json

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from lab_support import (
    VERBATIM,
    Load,
    Protection,
    check,
    customer_key,
    databases,
    given_away,
    incident,
    intruder,
    outages,
    preview,
    rise,
    rollout,
    rotates,
    show,
    theft,
    topology,
    what_changed,
    what_was_found,
)

# %% [markdown]
# ## The program
#
# An AI assistant wrote it: one component for the system, five parts, one cell per subject. To see the overall shape
# first, start at the end, with *All together*.

# %% [markdown]
# ### Network
#
# A VPC that spans two zones. `Part` holds what all parts of the system share.


# %% tags=["exercise"]
class Part(pulumi.ComponentResource):
    """What all parts of the system share: the environment suffix, the tags, and that they are a parent."""

    def __init__(
        self, what: str, environment_suffix: str, opts: ResourceOptions | None = None
    ) -> None:
        kind = f"emergency-alert:index:{type(self).__name__}"
        super().__init__(kind, f"emergency-alert-{what}-{environment_suffix}", None, opts)
        self.environment_suffix = environment_suffix
        self.tags = {"Project": "emergency-alert", "Environment": environment_suffix}

    def log_group(
        self, what: str, key: aws.kms.Key, name: str | None = None
    ) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"emergency-alert-{what}-logs-{self.environment_suffix}",
            name=name or f"/emergency-alert/{self.environment_suffix}/{what}",
            retention_in_days=365,
            kms_key_id=key.arn,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )

    def role(self, what: str, service: str) -> aws.iam.Role:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        return aws.iam.Role(
            f"emergency-alert-{what}-role-{self.environment_suffix}",
            assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )


class Network(Part):
    """A VPC over two zones: public subnets for the NAT gateways, private ones for everything else."""

    def __init__(self, environment_suffix: str, opts: ResourceOptions) -> None:
        super().__init__("network", environment_suffix, opts)
        self.vpc = aws.ec2.Vpc(
            f"emergency-alert-vpc-{self.environment_suffix}",
            cidr_block="10.0.0.0/16",
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        gateway = aws.ec2.InternetGateway(
            f"emergency-alert-igw-{self.environment_suffix}",
            vpc_id=self.vpc.id,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        public_routes = self.routes("public", gateway_id=gateway.id)
        self.private_subnets = []
        for number, zone in enumerate("ab"):
            public = self.subnet("public", zone, f"10.0.{number}.0/24", public_routes)
            address = aws.ec2.Eip(
                f"emergency-alert-nat-ip-{zone}-{self.environment_suffix}",
                domain="vpc",
                tags=self.tags,
                opts=ResourceOptions(parent=self, depends_on=[gateway]),
            )
            nat = aws.ec2.NatGateway(
                f"emergency-alert-nat-{zone}-{self.environment_suffix}",
                allocation_id=address.id,
                subnet_id=public.id,
                tags=self.tags,
                opts=ResourceOptions(parent=self, depends_on=[gateway]),
            )
            private_routes = self.routes(f"private-{zone}", nat_gateway_id=nat.id)
            self.private_subnets.append(
                self.subnet("private", zone, f"10.0.{10 + number}.0/24", private_routes)
            )

        self.tasks = self.security_group("tasks", "The processing tasks")
        self.let("tasks", self.tasks, 443, cidr_ipv4="0.0.0.0/0")  # images and AWS APIs, outbound
        self.database = self.security_group("db", "PostgreSQL, from the tasks")
        self.cache = self.security_group("redis", "Redis, from the tasks")
        self.files = self.security_group("efs", "NFS, from the tasks")
        for what, group, port in (
            ("db", self.database, 5432),
            ("redis", self.cache, 6379),
            ("efs", self.files, 2049),
        ):
            self.let(f"tasks-{what}", self.tasks, port, referenced_security_group_id=group.id)
            aws.vpc.SecurityGroupIngressRule(
                f"emergency-alert-{what}-from-tasks-{self.environment_suffix}",
                security_group_id=group.id,
                referenced_security_group_id=self.tasks.id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                tags=self.tags,
                opts=ResourceOptions(parent=self),
            )

    def routes(self, what: str, **target: pulumi.Input[str]) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"emergency-alert-{what}-routes-{self.environment_suffix}",
            vpc_id=self.vpc.id,
            routes=[{"cidr_block": "0.0.0.0/0", **target}],
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )

    def subnet(
        self, kind: str, zone: str, cidr_block: str, routes: aws.ec2.RouteTable
    ) -> aws.ec2.Subnet:
        subnet = aws.ec2.Subnet(
            f"emergency-alert-{kind}-{zone}-{self.environment_suffix}",
            vpc_id=self.vpc.id,
            cidr_block=cidr_block,
            availability_zone=f"ap-southeast-1{zone}",
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.ec2.RouteTableAssociation(
            f"emergency-alert-{kind}-{zone}-route-{self.environment_suffix}",
            subnet_id=subnet.id,
            route_table_id=routes.id,
            opts=ResourceOptions(parent=self),
        )
        return subnet

    def security_group(self, what: str, description: str) -> aws.ec2.SecurityGroup:
        return aws.ec2.SecurityGroup(
            f"emergency-alert-{what}-sg-{self.environment_suffix}",
            description=description,
            vpc_id=self.vpc.id,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )

    def let(
        self, what: str, group: aws.ec2.SecurityGroup, port: int, **to: pulumi.Input[str]
    ) -> None:
        aws.vpc.SecurityGroupEgressRule(
            f"emergency-alert-{what}-out-{self.environment_suffix}",
            security_group_id=group.id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
            **to,
        )


# %% [markdown]
# ### Data
#
# The stream, the database, the cache and the shared files.


# %% tags=["exercise"]
class DataStores(Part):
    """The event stream, the database, the cache and the files that the tasks share."""

    def __init__(
        self, environment_suffix: str, key: aws.kms.Key, network: Network, opts: ResourceOptions
    ) -> None:
        super().__init__("data", environment_suffix, opts)
        subnet_ids = [subnet.id for subnet in network.private_subnets]

        self.kinesis_stream = aws.kinesis.Stream(
            "emergency-alert-stream",
            shard_count=4,
            retention_period=24,
            stream_mode_details={"stream_mode": "PROVISIONED"},
            encryption_type="KMS",
            kms_key_id=key.arn,
            tags={**self.tags, "Name": f"emergency-alert-stream-{self.environment_suffix}"},
            opts=ResourceOptions(parent=self),
        )

        self.rds_identifier = f"emergency-alert-db-{self.environment_suffix}"
        rds_subnets = aws.rds.SubnetGroup(
            f"emergency-alert-db-subnets-{self.environment_suffix}",
            subnet_ids=subnet_ids,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        rds_parameters = aws.rds.ParameterGroup(
            f"emergency-alert-db-parameters-{self.environment_suffix}",
            family="postgres17",
            parameters=[
                {"name": "rds.force_ssl", "value": "1"},
                {"name": "ssl_min_protocol_version", "value": "TLSv1.2"},
            ],
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        rds_logs = self.log_group("db", key, f"/aws/rds/instance/{self.rds_identifier}/postgresql")
        self.rds_instance = aws.rds.Instance(
            f"emergency-alert-db-{self.environment_suffix}",
            identifier=self.rds_identifier,
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
            master_user_secret_kms_key_id=key.arn,
            db_subnet_group_name=rds_subnets.name,
            parameter_group_name=rds_parameters.name,
            vpc_security_group_ids=[network.database.id],
            multi_az=False,
            publicly_accessible=False,
            backup_retention_period=30,
            copy_tags_to_snapshot=True,
            deletion_protection=True,
            final_snapshot_identifier=f"emergency-alert-db-final-{self.environment_suffix}",
            enabled_cloudwatch_logs_exports=["postgresql"],
            tags=self.tags,
            opts=ResourceOptions(parent=self, depends_on=[rds_logs]),
        )

        # Made once, at the first deployment; no later one changes it.
        redis_token = aws.secretsmanager.get_random_password_output(
            password_length=40, exclude_punctuation=True
        ).random_password
        self.redis_secret = aws.secretsmanager.Secret(
            f"emergency-alert-redis-secret-{self.environment_suffix}",
            description="AUTH token of the Redis replication group",
            kms_key_id=key.arn,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.secretsmanager.SecretVersion(
            f"emergency-alert-redis-secret-version-{self.environment_suffix}",
            secret_id=self.redis_secret.id,
            secret_string=redis_token,
            opts=ResourceOptions(parent=self, ignore_changes=["secret_string"]),
        )
        redis_subnets = aws.elasticache.SubnetGroup(
            f"emergency-alert-redis-subnets-{self.environment_suffix}",
            subnet_ids=subnet_ids,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        redis_logs = self.log_group("redis", key)
        self.redis_cluster = aws.elasticache.ReplicationGroup(
            f"emergency-alert-redis-{self.environment_suffix}",
            description="Correlation and caching of events",
            engine="redis",
            engine_version="7.1",
            node_type="cache.t3.medium",
            port=6379,
            num_cache_clusters=2,
            automatic_failover_enabled=True,
            multi_az_enabled=True,
            at_rest_encryption_enabled=True,
            kms_key_id=key.arn,
            transit_encryption_enabled=True,
            auth_token=redis_token,
            subnet_group_name=redis_subnets.name,
            security_group_ids=[network.cache.id],
            log_delivery_configurations=[
                {
                    "destination": redis_logs.name,
                    "destination_type": "cloudwatch-logs",
                    "log_format": "json",
                    "log_type": "slow-log",
                }
            ],
            tags=self.tags,
            opts=ResourceOptions(parent=self, ignore_changes=["auth_token"]),
        )

        self.efs = aws.efs.FileSystem(
            f"emergency-alert-efs-{self.environment_suffix}",
            lifecycle_policies=[{"transition_to_ia": "AFTER_30_DAYS"}],
            performance_mode="generalPurpose",
            throughput_mode="bursting",
            tags=self.tags,
            opts=ResourceOptions(parent=self, protect=True),
        )
        self.efs_mount_targets = [
            aws.efs.MountTarget(
                f"emergency-alert-efs-mount-{number}-{self.environment_suffix}",
                file_system_id=self.efs.id,
                subnet_id=subnet_id,
                security_groups=[network.files.id],
                opts=ResourceOptions(parent=self),
            )
            for number, subnet_id in enumerate(subnet_ids)
        ]
        self.efs_access_point = aws.efs.AccessPoint(
            f"emergency-alert-efs-rules-{self.environment_suffix}",
            file_system_id=self.efs.id,
            posix_user={"uid": 1000, "gid": 1000},
            root_directory={
                "path": "/rules",
                "creation_info": {"owner_uid": 1000, "owner_gid": 1000, "permissions": "750"},
            },
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )


# %% [markdown]
# ### Compute and access
#
# The tasks, their two roles, and how many tasks run.


# %% tags=["exercise"]
class Processing(Part):
    """The tasks on ECS Fargate, what they and those who start them may do, and how many there are."""

    def __init__(
        self,
        environment_suffix: str,
        key: aws.kms.Key,
        network: Network,
        data: DataStores,
        opts: ResourceOptions,
    ) -> None:
        super().__init__("processing", environment_suffix, opts)
        rds_secret_arn = data.rds_instance.master_user_secrets[0]["secret_arn"]

        self.ecs_execution_role = self.role("execution", "ecs-tasks.amazonaws.com")
        aws.iam.RolePolicyAttachment(
            f"emergency-alert-execution-policy-{self.environment_suffix}",
            role=self.ecs_execution_role.name,
            policy_arn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            opts=ResourceOptions(parent=self),
        )
        self.secrets_access_policy = aws.iam.RolePolicy(
            f"emergency-alert-secrets-policy-{self.environment_suffix}",
            role=self.ecs_execution_role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "secretsmanager:GetSecretValue",
                            "Resource": data.redis_secret.arn,
                        },
                        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key.arn},
                    ],
                }
            ),
            opts=ResourceOptions(parent=self),
        )

        self.ecs_task_role = self.role("task", "ecs-tasks.amazonaws.com")
        self.kinesis_access_policy = aws.iam.RolePolicy(
            f"emergency-alert-kinesis-policy-{self.environment_suffix}",
            role=self.ecs_task_role.id,
            policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": "kinesis:*", "Resource": "*"}],
                }
            ),
            opts=ResourceOptions(parent=self),
        )
        self.key_access_policy = aws.iam.RolePolicy(
            f"emergency-alert-key-policy-{self.environment_suffix}",
            role=self.ecs_task_role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                            "Resource": key.arn,
                        }
                    ],
                }
            ),
            opts=ResourceOptions(parent=self),
        )
        self.login_access_policy = aws.iam.RolePolicy(
            f"emergency-alert-login-policy-{self.environment_suffix}",
            role=self.ecs_task_role.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "secretsmanager:GetSecretValue",
                            "Resource": rds_secret_arn,
                        }
                    ],
                }
            ),
            opts=ResourceOptions(parent=self),
        )

        logs = self.log_group("tasks", key)
        self.task_definition = aws.ecs.TaskDefinition(
            f"emergency-alert-task-{self.environment_suffix}",
            family=f"emergency-alert-{self.environment_suffix}",
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu="512",
            memory="1024",
            execution_role_arn=self.ecs_execution_role.arn,
            task_role_arn=self.ecs_task_role.arn,
            volumes=[
                {
                    "name": "rules",
                    "efs_volume_configuration": {
                        "file_system_id": data.efs.id,
                        "transit_encryption": "ENABLED",
                        "authorization_config": {"access_point_id": data.efs_access_point.id},
                    },
                }
            ],
            container_definitions=pulumi.Output.json_dumps(
                [
                    {
                        "name": "processor",
                        "image": "amazon/aws-cli",
                        "essential": True,
                        "readonlyRootFilesystem": True,
                        "environment": [
                            {"name": "STREAM", "value": data.kinesis_stream.name},
                            # RDS rotates this secret, so a task reads it when it connects.
                            {"name": "DATABASE_LOGIN", "value": rds_secret_arn},
                        ],
                        "secrets": [
                            {"name": "REDIS_TOKEN", "valueFrom": data.redis_secret.arn},
                        ],
                        "mountPoints": [
                            {"sourceVolume": "rules", "containerPath": "/rules", "readOnly": True}
                        ],
                        "logConfiguration": {
                            "logDriver": "awslogs",
                            "options": {
                                "awslogs-group": logs.name,
                                "awslogs-region": "ap-southeast-1",
                                "awslogs-stream-prefix": "processor",
                            },
                        },
                    }
                ]
            ),
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )

        self.ecs_cluster = aws.ecs.Cluster(
            f"emergency-alert-cluster-{self.environment_suffix}",
            settings=[{"name": "containerInsights", "value": "enabled"}],
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        self.ecs_service = aws.ecs.Service(
            f"emergency-alert-service-{self.environment_suffix}",
            cluster=self.ecs_cluster.arn,
            task_definition=self.task_definition.arn,
            desired_count=2,
            launch_type="FARGATE",
            network_configuration={
                "subnets": [subnet.id for subnet in network.private_subnets],
                "security_groups": [network.tasks.id],
                "assign_public_ip": False,
            },
            deployment_circuit_breaker={"enable": True, "rollback": True},
            tags=self.tags,
            opts=ResourceOptions(
                parent=self,
                depends_on=data.efs_mount_targets,
                ignore_changes=["desired_count"],  # the policy below decides
            ),
        )
        size = aws.appautoscaling.Target(
            f"emergency-alert-service-size-{self.environment_suffix}",
            service_namespace="ecs",
            resource_id=pulumi.Output.concat(
                "service/", self.ecs_cluster.name, "/", self.ecs_service.name
            ),
            scalable_dimension="ecs:service:DesiredCount",
            min_capacity=2,
            max_capacity=10,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.appautoscaling.Policy(
            f"emergency-alert-service-by-cpu-{self.environment_suffix}",
            policy_type="TargetTrackingScaling",
            service_namespace=size.service_namespace,
            resource_id=size.resource_id,
            scalable_dimension=size.scalable_dimension,
            target_tracking_scaling_policy_configuration={
                "target_value": 60,
                "predefined_metric_specification": {
                    "predefined_metric_type": "ECSServiceAverageCPUUtilization"
                },
            },
            opts=ResourceOptions(parent=self),
        )


# %% [markdown]
# ### Interface and monitoring
#
# How alerts come in, and how people learn that something is wrong.


# %% tags=["exercise"]
class Interface(Part):
    """The API through which alerts come in: signed with IAM, checked, and put into the stream."""

    def __init__(
        self, environment_suffix: str, key: aws.kms.Key, data: DataStores, opts: ResourceOptions
    ) -> None:
        super().__init__("interface", environment_suffix, opts)
        writer = self.role("api", "apigateway.amazonaws.com")
        aws.iam.RolePolicy(
            f"emergency-alert-api-policy-{self.environment_suffix}",
            role=writer.id,
            policy=pulumi.Output.json_dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "kinesis:PutRecord",
                            "Resource": data.kinesis_stream.arn,
                        },
                        {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": key.arn},
                    ],
                }
            ),
            opts=ResourceOptions(parent=self),
        )
        self.api = aws.apigateway.RestApi(
            f"emergency-alert-api-{self.environment_suffix}",
            description="Submission of alerts",
            endpoint_configuration={"types": "REGIONAL"},
            security_policy="SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
            endpoint_access_mode="STRICT",
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        alerts = aws.apigateway.Resource(
            f"emergency-alert-api-alerts-{self.environment_suffix}",
            rest_api=self.api.id,
            parent_id=self.api.root_resource_id,
            path_part="alerts",
            opts=ResourceOptions(parent=self),
        )
        method = aws.apigateway.Method(
            f"emergency-alert-api-post-{self.environment_suffix}",
            rest_api=self.api.id,
            resource_id=alerts.id,
            http_method="POST",
            authorization="AWS_IAM",
            opts=ResourceOptions(parent=self),
        )
        put_record = pulumi.Output.json_dumps(
            {
                "StreamName": data.kinesis_stream.name,
                "Data": "$util.base64Encode($input.body)",
                "PartitionKey": "$context.requestId",
            }
        )
        integration = aws.apigateway.Integration(
            f"emergency-alert-api-to-stream-{self.environment_suffix}",
            rest_api=self.api.id,
            resource_id=alerts.id,
            http_method=method.http_method,
            type="AWS",
            integration_http_method="POST",
            uri="arn:aws:apigateway:ap-southeast-1:kinesis:action/PutRecord",
            credentials=writer.arn,
            passthrough_behavior="NEVER",
            request_parameters={
                "integration.request.header.Content-Type": "'application/x-amz-json-1.1'"
            },
            request_templates={"application/json": put_record},
            opts=ResourceOptions(parent=self),
        )
        accepted = aws.apigateway.MethodResponse(
            f"emergency-alert-api-accepted-{self.environment_suffix}",
            rest_api=self.api.id,
            resource_id=alerts.id,
            http_method=method.http_method,
            status_code="200",
            opts=ResourceOptions(parent=self),
        )
        answer = aws.apigateway.IntegrationResponse(
            f"emergency-alert-api-answer-{self.environment_suffix}",
            rest_api=self.api.id,
            resource_id=alerts.id,
            http_method=method.http_method,
            status_code=accepted.status_code,
            opts=ResourceOptions(parent=self, depends_on=[integration]),
        )
        deployment = aws.apigateway.Deployment(
            f"emergency-alert-api-deployment-{self.environment_suffix}",
            rest_api=self.api.id,
            triggers={  # a stage serves what was deployed: a change of these is deployed again
                "authorization": method.authorization,
                "credentials": writer.arn,
                "template": put_record,
            },
            opts=ResourceOptions(parent=self, depends_on=[integration, answer]),
        )
        logs = self.log_group("api", key)
        # The role with which API Gateway writes logs is a setting of the whole account; it is kept elsewhere.
        stage = aws.apigateway.Stage(
            f"emergency-alert-api-stage-{self.environment_suffix}",
            rest_api=self.api.id,
            deployment=deployment.id,
            stage_name="live",
            access_log_settings={
                "destination_arn": logs.arn,
                "format": "$context.requestId $context.identity.userArn $context.status",
            },
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.apigateway.MethodSettings(
            f"emergency-alert-api-settings-{self.environment_suffix}",
            rest_api=self.api.id,
            stage_name=stage.stage_name,
            method_path="*/*",
            settings={
                "metrics_enabled": True,
                "throttling_rate_limit": 2000,
                "throttling_burst_limit": 4000,
            },
            opts=ResourceOptions(parent=self),
        )


class Monitoring(Part):
    """The topic, the people on call, who are subscribed to it, and the alarms that notify it."""

    def __init__(
        self,
        environment_suffix: str,
        key: aws.kms.Key,
        data: DataStores,
        processing: Processing,
        opts: ResourceOptions,
    ) -> None:
        super().__init__("monitoring", environment_suffix, opts)
        self.alarm_topic = aws.sns.Topic(
            f"emergency-alert-topic-{self.environment_suffix}",
            kms_master_key_id=key.id,
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.sns.TopicSubscription(
            f"emergency-alert-on-call-{self.environment_suffix}",
            topic=self.alarm_topic.arn,
            protocol="email",
            endpoint="on-call@alerts.example",
            opts=ResourceOptions(parent=self),
        )
        self.ecs_cpu_alarm = self.alarm(
            "ecs-cpu",
            "The processing tasks are short of CPU",
            ("AWS/ECS", "CPUUtilization"),
            {
                "ClusterName": processing.ecs_cluster.name,
                "ServiceName": processing.ecs_service.name,
            },
            threshold=80,
        )
        self.kinesis_age_alarm = self.alarm(
            "kinesis-age",
            "Events wait in the stream for more than a minute",
            ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds"),
            {"StreamName": data.kinesis_stream.name},
            threshold=60000,
            statistic="Maximum",
            period=60,
            evaluation_periods=5,
        )
        for node in ("001", "002"):
            self.alarm(
                f"redis-cpu-{node}",
                "A node of the cache is short of CPU",
                ("AWS/ElastiCache", "CPUUtilization"),
                {"CacheClusterId": pulumi.Output.concat(data.redis_cluster.id, "-", node)},
                threshold=45,  # Redis uses one of the node's two vCPUs: 90 % of half
            )

    def alarm(
        self,
        what: str,
        description: str,
        metric: tuple[str, str],
        dimensions: dict[str, pulumi.Input[str]],
        threshold: float,
        statistic: str = "Average",
        period: int = 300,
        evaluation_periods: int = 2,
    ) -> aws.cloudwatch.MetricAlarm:
        namespace, metric_name = metric
        return aws.cloudwatch.MetricAlarm(
            f"emergency-alert-{what}-alarm-{self.environment_suffix}",
            alarm_description=description,
            namespace=namespace,
            metric_name=metric_name,
            dimensions=dimensions,
            statistic=statistic,
            period=period,
            evaluation_periods=evaluation_periods,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            alarm_actions=[self.alarm_topic.arn],
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )


# %% [markdown]
# ### All together
#
# The key, and the parts in the order in which they depend on each other.


# %% tags=["exercise"]
class EmergencyAlertSystem(Part):
    """The whole system of one environment, and the key that encrypts what it stores."""

    def __init__(self, environment_suffix: str) -> None:
        super().__init__("system", environment_suffix)
        self.kms_key = aws.kms.Key(
            f"emergency-alert-key-{self.environment_suffix}",
            description="Encrypts what the emergency-alert system stores and reports",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=self.key_policy(),
            tags=self.tags,
            opts=ResourceOptions(parent=self),
        )
        aws.kms.Alias(
            f"emergency-alert-key-alias-{self.environment_suffix}",
            name=f"alias/emergency-alert-{self.environment_suffix}",
            target_key_id=self.kms_key.key_id,
            opts=ResourceOptions(parent=self),
        )
        key, opts = self.kms_key, ResourceOptions(parent=self)
        self.network = Network(environment_suffix, opts)
        self.data = DataStores(environment_suffix, key, self.network, opts)
        self.processing = Processing(environment_suffix, key, self.network, self.data, opts)
        self.interface = Interface(environment_suffix, key, self.data, opts)
        self.monitoring = Monitoring(environment_suffix, key, self.data, self.processing, opts)

    def key_policy(self) -> str:
        """The account manages the key; CloudWatch's logs and alarms use it in the account's name."""
        account = aws.get_caller_identity().account_id
        logs = f"arn:aws:logs:ap-southeast-1:{account}:*"
        statements = [
            {
                "Sid": "AccountManagesKey",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            },
            {
                "Sid": "LogsAreEncrypted",
                "Effect": "Allow",
                "Principal": {"Service": "logs.ap-southeast-1.amazonaws.com"},
                "Action": [
                    "kms:Encrypt*",
                    "kms:Decrypt*",
                    "kms:ReEncrypt*",
                    "kms:GenerateDataKey*",
                    "kms:Describe*",
                ],
                "Resource": "*",
                "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
            },
            {
                "Sid": "AlarmsPublishToEncryptedTopic",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
            },
        ]
        return json.dumps({"Version": "2012-10-17", "Statement": statements})


def program(environment_suffix: str) -> None:
    system = EmergencyAlertSystem(environment_suffix)
    pulumi.export("stream_name", system.data.kinesis_stream.name)
    pulumi.export("alert_submission", system.interface.api.execution_arn)
    pulumi.export("alarm_topic", system.monitoring.alarm_topic.arn)


# %% [markdown] tags=["drill"]
# ## Preview
#
# Everything that would exist in `dev`, by service: what is stored and who may touch it come first, the network last.

# %% tags=["drill"]
plan = preview(program, "dev", config=VERBATIM)
show(plan)

# %% [markdown]
# ## Write down what you find
#
# Before you repair anything: which resource, and **what would happen because of it**? Use your own words, in any order,
# and note as many as you like. `emergency-alert-vpc`, `ec2.Vpc` and `the VPC` are all good names for a resource. Once
# you have passed, you see what you found, what you missed, what is true beyond the brief, and what you flagged although
# it is fine. *My notes* in the panel compares them earlier, which reveals the answers.

# %% tags=["notes"]
found = [
    # ("the VPC", "two environments could not be told apart"),  # what a note looks like; not an answer
]

# %% tags=["noted"]
found = [
    ("emergency-alert-stream", "prod cannot be deployed beside dev: both want the same name"),
    ("the database", "it stops when its zone fails, until the zone is back or a backup restored"),
    ("efs.FileSystem", "anyone with a copy of the disk can read the rules: it is not encrypted"),
    ("the Kinesis policy of the task role", "an intruder can delete any stream of the account"),
    ("emergency-alert-db", "its CPU is at the limit and nobody is told: no alarm watches it"),
]

# %% [markdown]
# ## Prove it
#
# You know the drills; each one takes a plan. A suspicion becomes a finding when you can show what happens.
#
# | you ask | you run |
# |---|---|
# | Can a second environment be deployed beside this one? | `show(rollout([plan, preview(program, "prod", config=VERBATIM)]))` |
# | What if a zone fails? | `show(outages(plan))` |
# | What if a copy is stolen? | `show(theft(plan))` |
# | What if an attacker runs code in a task? | `show(intruder(plan))` |
# | What if the database runs out of CPU? | `show(incident(plan))` |
# | Which resource refers to which? | `show(topology(plan))` |

# %%
plan = preview(program, "dev", config=VERBATIM)
show(topology(plan))  # the overall shape; replace it with what you want to know

# %% tags=["panel"]
from lab_support import panel  # no buttons? Run > Run All Cells

panel("06_code_review")

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 1 of 3</b>: where to look</summary>
#
# Three of the five are in one cell. Read it three times: once for names, once for where things run, and once for a line
# that should be there, on a resource that looks complete. One is in how tasks get their permissions. And one is a whole
# resource that should be there: you find it only by counting.
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 2 of 3</b>: what to think about</summary>
#
# Go through the program five times, each time with one question. Which first argument is not like the others? What
# runs in only one zone? Which store does not use the key that the others use? Which policy does not name its resource?
# And if you write the alarm beside each part: which part has none?
#
# </details>

# %% [markdown] tags=["hint"]
# <details><summary><b>Hint 3 of 3</b>: which argument</summary>
#
# - the first argument of the `aws.kinesis.Stream`: add `self.environment_suffix`, like all the others
# - `multi_az=True` on the `aws.rds.Instance`
# - `encrypted=True` and `kms_key_id=key.arn` on the `aws.efs.FileSystem`
# - in `kinesis_access_policy`, the six actions by name and `data.kinesis_stream.arn` as `Resource`, with
#   `pulumi.Output.json_dumps`
# - another `self.alarm(...)` in `Monitoring`: `("AWS/RDS", "CPUUtilization")` with the dimension
#   `{"DBInstanceIdentifier": data.rds_instance.identifier}`
#
# </details>

# %% [markdown]
# ## Check
#
# The check previews the whole system for several environments and runs the drills in each, which takes a few
# seconds. It judges what would happen, not how the program is written. Each repaired flaw counts, as long as nothing
# else gets worse. Its findings are folded, so that it gives away no more than you ask for.

# %% tags=["check"] expect=["NAME-COLLISION", "SINGLE-ZONE", "UNENCRYPTED-AT-REST", "EXCESS-PRIVILEGE", "NOBODY-PAGED"]
with check("06_code_review", program, environments=("dev", "prod")) as verdict:
    # A large program: only these two environments, those that it names, and one that cannot be predicted.
    whose = "What makes this name differ between environments?"
    for collision in rollout(verdict.plans).collisions:
        with verdict.finding("NAME-COLLISION", collision.name, whose):
            who = f"Expected a name of its own in {collision.second.environment}; found that of {collision.first.environment}"
            assert not collision, f"{who}: {collision.error}"

    for plan in verdict.plans:  # one preview for each environment
        streams = plan.of_type("kinesis.Stream")
        inventory = theft(plan)
        file_systems = inventory.of_type("efs.FileSystem")
        report = intruder(plan)
        topics = plan.of_type("aws.sns.Topic")
        for there, what in (
            (streams, "Kinesis stream"),
            (databases(plan), "database"),
            (file_systems, "file system"),
            (report.task_definitions, "task definition"),
            (report.roles_for("task"), "role that a task could run with"),
            (plan.of_type("ecs.Service"), "service that runs the tasks"),
            (plan.of_type("elasticache.ReplicationGroup"), "Redis replication group"),
            (plan.of_type("apigateway.Method"), "API method"),
            (topics, "SNS topic"),
        ):
            with verdict.finding("MISSING", f"the {what}", "Could the system do without it?"):
                assert there, f"Expected the {what}; found none in the plan."

        # Names, and what was right about the stream.
        for stream in streams:
            with verdict.finding(
                "NAME-COLLISION", stream.name, whose, title="a name without its environment"
            ):
                assert plan.stack in stream.name, (
                    f"Expected `{plan.stack}` in its logical name; found {stream.name!r}."
                )
                assert plan.stack in stream["name"], (
                    f"Expected `{plan.stack}` in its physical name; found {stream['name']!r}."
                )
            with verdict.finding(
                "REGRESSION", stream.name, "Which key of this program encrypted it before?"
            ):
                assert stream["encryption_type"] == "KMS", "Expected encryption; found none."
                assert customer_key(plan, stream), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
            with verdict.finding("REGRESSION", stream.name, "How many shards does the load need?"):
                shards = stream.get("shard_count", 0)
                assert shards >= 4, (
                    f"Expected at least 4 shards; found {shards or 'no fixed number'}."
                )

        # A zone fails.
        for failure in outages(plan):
            for effect in failure.effects:
                with verdict.finding(
                    "SINGLE-ZONE", effect.database.name, "Which part of it is left in another zone?"
                ):
                    assert effect.survives, (
                        f"Expected it to survive the failure of {failure.zone}; found: {effect.what}."
                    )
        for database in databases(plan):
            with verdict.finding(
                "REGRESSION", database.name, "Which engine does the brief ask for?"
            ):
                assert database.engine in ("postgres", "aurora-postgresql"), (
                    f"Expected PostgreSQL; found {database.engine}."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Which key of this program encrypted it before?"
            ):
                assert database.resource.get("storage_encrypted") is True, (
                    "Expected encryption; found none."
                )
                assert customer_key(plan, database.resource), (
                    "Expected a key of this program that can encrypt; found another one, or none."
                )
            with verdict.finding(
                "REGRESSION", database.name, "How far back must a restore be able to go?"
            ):
                assert database.backup_days >= 30, (
                    f"Expected 30 days of backups; found {database.backup_days}."
                )
            with verdict.finding(
                "REGRESSION", database.name, "Who needs to reach it from the internet?"
            ):
                assert not database.is_public, (
                    "Expected no public access; found it on the database or one of its instances."
                )
        for cache in plan.of_type("elasticache.ReplicationGroup"):
            with verdict.finding(
                "REGRESSION", cache.name, "What is left of the cache when a zone fails?"
            ):
                assert cache.get("multi_az_enabled") is True, (
                    "Expected replicas in two zones; found them possibly in one."
                )
                assert cache.get("automatic_failover_enabled") is True, (
                    "Expected automatic failover; found none."
                )
            with verdict.finding("REGRESSION", cache.name, "Who may connect to it?"):
                assert cache.get("auth_token") or cache.get("user_group_ids"), (
                    "Expected authentication; found none."
                )
            with verdict.finding("REGRESSION", cache.name, "Who can read its traffic on the way?"):
                assert cache.get("transit_encryption_enabled") is True, (
                    "Expected encryption in transit; found none."
                )

        # A copy is stolen.
        for store in file_systems:
            with verdict.finding(
                "UNENCRYPTED-AT-REST",
                store.resource.name,
                "Whose key is it, and is it in use?",
                title=store.shortcoming,
            ):
                assert store.protection is Protection.CUSTOMER, (
                    f"Expected a {Protection.CUSTOMER}; found: {store.protection}. Who can read a stolen copy: {store.readers}."
                )
        others = (
            "elasticache.ReplicationGroup",
            "secretsmanager.Secret",
            "cloudwatch.LogGroup",
            "sns.Topic",
        )
        for store in inventory.of_type(*others):
            with verdict.finding(
                "REGRESSION",
                store.resource.name,
                "With whose key is it encrypted?",
            ):
                assert store.protection is Protection.CUSTOMER, (
                    f"Expected a {Protection.CUSTOMER}; found: {store.protection}."
                )
        for store in file_systems[:1]:
            with verdict.finding(
                "REGRESSION",
                store.resource.name,
                "When do files that nobody reads become cheaper to keep?",
            ):
                policies = [
                    policy
                    for file_system in file_systems
                    for policy in file_system.resource.get("lifecycle_policies", [])
                ]
                days = [policy.get("transition_to_ia") for policy in policies]
                assert "AFTER_30_DAYS" in days, (
                    f"Expected a move to Infrequent Access after 30 days; found {', '.join(filter(None, days)) or 'none'}."
                )
            with verdict.finding(
                "REGRESSION", store.resource.name, "From which subnets do tasks mount it?"
            ):
                targets = [
                    t
                    for t in plan.of_type("efs.MountTarget")
                    if plan.referenced(t, "file_system_id")
                ]
                zones = {target.get("availability_zone_name") for target in targets}
                assert len(zones) >= 2, f"Expected mount targets in 2 subnets; found {len(zones)}."
        for key in dict.fromkeys(
            filter(
                None,
                (
                    customer_key(plan, store.resource)
                    for store in inventory.of_type("efs.FileSystem", "kinesis.Stream")
                ),
            )
        ):
            with verdict.finding(
                "REGRESSION", key.name, "For how long is its key material in use?"
            ):
                assert rotates(plan, key), "Expected a key that rotates; found that it does not."
            with verdict.finding(
                "REGRESSION", key.name, "Who else does its policy let in, and for what?"
            ):
                given = given_away(plan, key)
                assert not given, (
                    "Expected that it lets in only the account, and services for what they do; "
                    f"found that {'; '.join(given)}."
                )

        # An attacker runs code in a task, or comes from outside.
        for role in report.roles:
            with verdict.finding("REGRESSION", role.role.name, "Who else may assume it?"):
                given = given_away(plan, role.role)
                assert not given, (
                    f"Expected that only AWS services assume it; found that {'; '.join(given)}."
                )
            for policy in role.policies_to_change:
                with verdict.finding(
                    "EXCESS-PRIVILEGE",
                    policy,
                    "Which actions does the task need, and on which resources?",
                ):
                    beyond = role.beyond(policy)
                    assert not beyond, (
                        f"Expected only what {role.role.name} needs for its work; found more: {beyond}."
                    )
        if all((report.stream, report.task_definitions, report.roles_for("task"))):
            for task, missing in report.missing_access.items():
                with verdict.finding(
                    "MISSING-ACCESS", task, "What does the task call, and with which role?"
                ):
                    assert not missing, (
                        f"Expected that the task can do its work; found that {missing}."
                    )
        anywhere = ("0.0.0.0/0", "::/0")
        for rule in plan.of_type(
            "vpc.SecurityGroupIngressRule", "ec2.SecurityGroup", "ec2.SecurityGroupRule"
        ):
            with verdict.finding("REGRESSION", rule.name, "Who needs to come in here?"):
                inline = rule.get("ingress", []) if rule.kind == "ec2.SecurityGroup" else [rule]
                given = [
                    block
                    for inline_rule in inline
                    if rule.kind != "ec2.SecurityGroupRule" or inline_rule.get("type") == "ingress"
                    for name in ("cidr_ipv4", "cidr_ipv6", "cidr_blocks", "ipv6_cidr_blocks")
                    for block in (inline_rule.get(name) or (),)
                ]
                assert not any(
                    place in given or any(place in g for g in given) for place in anywhere
                ), "Expected no way in from the whole internet; found one."
        for method in plan.of_type("apigateway.Method"):
            with verdict.finding("REGRESSION", method.name, "Who may submit alerts from outside?"):
                assert (
                    method.get("authorization") == "AWS_IAM"
                    or method.get("http_method") == "OPTIONS"
                ), f"Expected the authorization AWS_IAM; found {method.get('authorization')}."

        # The database runs out of CPU; the other alarms still notify the topic, as soon and at the same values.
        tasks_busy = [
            rise(
                plan,
                "AWS/ECS",
                "CPUUtilization",
                {"ClusterName": cluster.get("name"), "ServiceName": service.get("name")},
                Load(before=50, after=85),
            )
            for cluster in plan.of_type("ecs.Cluster")
            for service in plan.of_type("ecs.Service")
        ]
        events_wait = [
            rise(
                plan,
                "AWS/Kinesis",
                "GetRecords.IteratorAgeMilliseconds",
                {"StreamName": stream.get("name")},
                Load(before=1_000, after=70_000, unit="Milliseconds"),
            )
            for stream in streams
        ]
        reached = [
            {t for t in topics for r in responses if r.in_time([t])}
            for responses in (tasks_busy, events_wait)
        ]
        on_call = reached[0] & reached[1] or reached[0] | reached[1] or set(topics)
        for what, responses in (
            ("the alarm on the ECS service", tasks_busy),
            ("the alarm on the Kinesis stream", events_wait),
        ):
            with verdict.finding("REGRESSION", what, "What did it do before your change?"):
                assert responses, "Expected what it watches; found it gone."
                assert any(r.in_time(on_call) and not r.needless for r in responses), (
                    f"Expected a notice in time, and only when one is due; found: {responses[0].what}"
                )
        named = {database.name: database.resource for database in databases(plan)}
        alerts = {
            n for n, db in named.items() if "alerts" in (db.get("db_name"), db.get("database_name"))
        }
        for response in incident(plan).responses:
            if response.subject not in (alerts or named):
                continue
            with verdict.finding(
                "NOBODY-PAGED",
                response.subject,
                "Which alarm would notice, how soon, and whom does it notify?",
            ):
                assert not response.needless, (
                    f"Expected no notice at a steady load; found: {response.what}"
                )
                wanted = " or ".join(sorted(topic.name for topic in on_call)) or "a topic"
                assert response.in_time(on_call), (
                    f"Expected {wanted} to be notified within {response.within} minutes; found: {response.what}"
                )

# %% tags=["debrief"]
what_was_found(verdict, found)

# %% tags=["debrief"]
what_changed(verdict)

# %% [markdown] tags=["debrief"]
# ### Why reading from top to bottom is not enough
#
# None of the five is a line that looks wrong. Two are values that are legal and common elsewhere (`False`, a plain
# name), one is two absent arguments that nobody misses, one is a pattern that every tutorial uses, and one is not
# there at all. A program of about 75 resources contains a few thousand decisions, and following what is there never
# shows what is missing. So go through the whole program with one question at a time.
#
# ### An order in which to read a stack
#
# 1. **The shape.** What the parts are, and what each one is given: the last cell, or `show(topology(plan))`.
# 2. **The names**, one below the other. Then preview two environments and compare: what is the same in both is shared.
# 3. **What is stored.** List everything that stores data, logs and secrets included. Is it encrypted? With whose key?
#    How long are backups kept? What is lost if it is deleted by mistake?
# 4. **Where it runs.** Take a zone away. For each part: what is left, and who has to act?
# 5. **Who may do what.** For each role: who can assume it, what do its policies add up to, what does its work need?
#    Read `Action` and `Resource` together. Then the ways in: security groups, endpoints, and the policies of topics,
#    keys and buckets.
# 6. **Who is notified.** Write an alarm beside each part and follow its action to a person.
# 7. **Only then** the arguments, line by line.
#
# ### What looked suspicious and was right
#
# - `kms:*` on `*` for the account in a *key policy*: there, `*` means this key; without such a statement the account
#   could lose control of it. IAM policies then decide who may use it.
# - `0.0.0.0/0` in a route and in an *outbound* rule: tasks fetch their image and call AWS through the NAT gateways.
#   Nothing comes in that way.
# - No password anywhere in the program: RDS generates its own and stores it in Secrets Manager, encrypted with the
#   system's key. It rotates it every seven days, so the tasks read it when they connect; a secret that ECS injects stays
#   as it was when the task started. The Redis token is injected: nothing rotates it.
# - 45 % as the limit of the cache's CPU: Redis runs its commands in one thread, so AWS suggests 90 % divided by the number
#   of cores, and these nodes have two.
# - A subscription by email: it works once its recipient has confirmed it, which no program can do.
# - The same address range in every environment: VPCs are isolated unless someone connects them.
#
# ### The controls
#
# NIST SP 800-53 **CM-4(1)** (names: separate test environments), **CP-10** (zones), **SC-28** (encryption at rest),
# **AC-6** (least privilege), **SI-4** and **AU-6** (alarms), all in the FedRAMP High baseline. The review itself is
# covered, too: by **SA-11** (developer testing and evaluation) and **CM-4** (impact analyses before a change), both in
# the baseline. SA-11's enhancement (4), manual code review, is not in it.
#
# ### What scanners would have said
#
# Of the five, [checkov](https://www.checkov.io/5.Policy%20Index/terraform.html) 3.3.30 reports three: the database
# (CKV_AWS_157), the files (CKV_AWS_42, CKV_AWS_184) and the policy (CKV_AWS_290, CKV_AWS_355). AWS Security Hub CSPM would
# report two, both as Medium: the database (RDS.5) and the files (EFS.1, EFS.8). It takes a reader to find a name without a
# suffix and an alarm that is missing.
#
# ### How severe is it?
#
# Severity is impact times how hard it is to undo, not how long the repair is. The unencrypted file system is the
# critical flaw: nobody notices, encryption cannot be added to a file system later, and what was read stays read. The
# database in one zone and the policy wait for a bad day, and both can be changed in place. The name fails loudly at the
# second deployment; the missing alarm makes every other failure last longer.
#
# Sources: AWS KMS Developer Guide, [key policies](https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html);
# Amazon CloudWatch Logs User Guide, [encrypt log data using AWS KMS](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html);
# Amazon RDS User Guide, [password management with AWS Secrets Manager](https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html);
# Amazon ECS Developer Guide, [task execution IAM role](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html)
# and [passing secrets through environment variables](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html);
# Amazon ElastiCache User Guide, [which metrics should I monitor?](https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html);
# Amazon SNS Developer Guide, [email notifications](https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html);
# Amazon API Gateway Developer Guide, [security policies](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html);
# NIST [SP 800-53 Rev. 5](https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final);
# FedRAMP, [High baseline](https://github.com/GSA/fedramp-automation/blob/master/dist/content/rev5/baselines/json/FedRAMP_rev5_HIGH-baseline_profile.json).
# The five notebooks before this one name the sources for
# each flaw.
#
# ### One question to take away
#
# You found five flaws because you knew that there were five. What would you do differently in a review where nobody
# tells you the number?
#
# <details><summary><b>An answer</b></summary>
#
# Do not stop at a number. Write down the questions first (names, storage, zones, access, alarms), put each one to every
# part, and note what you have looked at, not only what you found: then a reader sees what was not reviewed. Let a second
# person review without seeing your list; what only one of you found says how much both may have missed.
#
# </details>
#
# Then review a system whose flaws you do not know yet: [the start page](00_start_here.ipynb) makes one, and so does
# `lab review-exercise new` in a terminal.

# %% tags=["answers"]
# The flaws, what looks suspicious but is right, and what is true beyond the brief. Notes are matched by their words.
from lab_support.course.notes import Answer, Beyond, Sound

answers = [
    Answer(
        finding="NAME-COLLISION",
        name="stream",
        called="kinesis",
        words=(
            "name suffix environment collid collision clash conflict already exist twice second both "
            "same share prod staging hardcoded hard unique inuse"
        ),
        apart_from="policy role iam alarm age access",
        what=(
            "The stream has the same name in every environment: a second environment is refused, or "
            "its alerts are taken for the first one's."
        ),
    ),
    Answer(
        finding="SINGLE-ZONE",
        name="db",
        called="database, rds, postgres",
        words=(
            "zone az multi standby failover fail outage availab single redundan ha down stops survive"
            " restore replica spof"
        ),
        apart_from="subnet parameter secret log sg security alarm group",
        what=(
            "The database runs in one availability zone. When that zone fails, it stops until "
            "someone restores a backup."
        ),
    ),
    Answer(
        finding="UNENCRYPTED-AT-REST",
        name="efs",
        called="file, filesystem, nfs, shared files, rules",
        words="encrypt unencrypt kms key plain clear rest read steal stolen theft copy disk leak",
        apart_from="mount point sg security log",
        what=(
            "The file system is not encrypted: anyone with a copy of its disks can read the rules, and "
            "it cannot be encrypted later."
        ),
    ),
    Answer(
        finding="EXCESS-PRIVILEGE",
        name="kinesis-policy",
        called=(
            "kinesis policy, kinesis access, stream policy, task role, task policy, role policy, iam,"
            " policy"
        ),
        words=(
            "wildcard * everything anything all any every broad privilege permission permissive "
            "delete excess admin more too much least other star intruder"
        ),
        apart_from="secret execution flow log api key kms topic scal",
        what="Code in a task can read, change and delete every stream of the account.",
    ),
    Answer(
        finding="NOBODY-PAGED",
        name="db",
        called="database, rds, postgres, alarm, cloudwatch, monitoring",
        words=(
            "alarm monitor page paged notif alerting told tell silent cpu watch metric observ "
            "unnoticed notice hear know"
        ),
        apart_from="subnet parameter secret sg security group ecs kinesis redis cache",
        what=(
            "No alarm watches the database: when it is at its limit, the first to notice are the "
            "people whose warnings arrive late."
        ),
    ),
]
sound = [
    Sound(
        name="key",
        called="kms, key policy",
        apart_from="alias task kinesis efs file",
        why=(
            "In a key policy, * means this key. The statement for the account keeps the key "
            "manageable and lets IAM policies decide who may use it; the statements for services name "
            "only what those need."
        ),
    ),
    Sound(
        name="tasks-out, tasks-sg, db-sg, redis-sg, efs-sg",
        called="tasks sg, tasks security, security group, egress, outbound",
        why=(
            "This rule is outbound: tasks fetch their image and call AWS over HTTPS through the NAT "
            "gateways. Nothing can come in through it, and the other groups let in only the tasks."
        ),
    ),
    Sound(
        name="vpc, igw, db-subnets, redis-subnets, nat-a, nat-b, public-a, public-b, private-a, private-b",
        called="subnet, network, cidr, nat, internet gateway, igw, route",
        why=(
            "Public subnets hold only the NAT gateways, one in each zone; tasks and stores are in "
            "private subnets. The same address range in two environments does no harm: their VPCs are "
            "not connected."
        ),
    ),
    Sound(
        name="redis",
        called="cache, elasticache, replication group",
        apart_from="secret",
        why=(
            "The cache has a replica in the other zone with automatic failover, is encrypted in transit "
            "and at rest with the system's key, requires a token, and has an alarm on each node."
        ),
    ),
    Sound(
        name="execution-policy, execution-role, secrets-policy",
        called=(
            "execution role, execution policy, AmazonECSTaskExecutionRolePolicy, secrets policy, "
            "execution"
        ),
        why=(
            "This is the role with which ECS starts tasks: AWS's own policy for that, and the secret "
            "that the containers are given. The code in a task never has this role."
        ),
    ),
    Sound(
        name="redis-secret, redis-secret-version, login-policy",
        called="secret, token, password, username, credential, login",
        why=(
            "The program contains no secret. The token is generated at the first deployment and stored "
            "encrypted; RDS generates and rotates the master password, and a task reads it when it "
            "connects. A user name is not a secret."
        ),
    ),
    Sound(
        name="api, api-post, api-policy, api-role, api-stage",
        called="gateway, rest api, apigateway, api method, api role, api policy, stage",
        apart_from="internet nat",
        why=(
            "Callers sign their requests with IAM credentials, the role behind the API may put records "
            "into this one stream only, and the endpoint requires TLS 1.2 or later."
        ),
    ),
    Sound(
        name="topic, on-call",
        called="sns, subscription, subscribed",
        why=(
            "The topic is encrypted with the system's key, and the key's policy lets CloudWatch use it. "
            "A topic without a policy in the program gets a default one that lets its account publish, "
            "alarms included. The people on call are subscribed."
        ),
    ),
    Sound(
        name="task",
        called="image, container, task definition, fargate",
        apart_from="role policy",
        why=(
            "The brief allows a placeholder image in place of the application. The file system is "
            "mounted over TLS, read-only, through an access point."
        ),
    ),
    Sound(
        name="service, service-size, service-by-cpu",
        called="ecs service, auto scaling, autoscaling, desired count, scaling",
        apart_from="role policy",
        why="It starts with two tasks in two zones, and the scaling policy keeps between 2 and 10.",
    ),
]
beyond = [
    Beyond(
        name="vpc",
        called="network, vpc, subnet",
        words="flow log record traffic",
        why=(
            "The network keeps no flow logs. The brief asks for logs of every component and leaves open whether "
            "the network is one: after an intrusion, they would show who talked to whom."
        ),
    ),
    Beyond(
        name="tasks-out, tasks-sg",
        called="security group, egress, outbound, sg",
        words="endpoint privatelink prefix narrow",
        why=(
            "The tasks may open HTTPS connections to every address. With VPC endpoints for what they call, this rule could "
            "be limited to those."
        ),
    ),
    Beyond(
        name="vpc, nat-a, nat-b",
        called="network, nat, endpoint",
        words="endpoint privatelink private internet",
        why=(
            "Calls to AWS leave through the NAT gateways. With VPC endpoints, tasks would need no way to the "
            "internet for them, and endpoint policies could limit them to this account."
        ),
    ),
    Beyond(
        name="topic",
        called="sns, subscription, on-call, on call",
        words="subscri nobody listen confirm email mail person people reads",
        why=(
            "That a topic is notified does not mean that a person is. An email subscription gets nothing until its "
            "owner confirms it, and a preview does not show whether they did: test it with a real message."
        ),
    ),
    Beyond(
        name="api, api-post, api-stage",
        called="gateway, rest api, apigateway, stage",
        words="waf acl firewall",
        why="Nothing filters requests before they reach the API. AWS WAF could, by address, rate and content.",
    ),
    Beyond(
        name="api, api-post, api-stage",
        called="gateway, rest api, apigateway, stage",
        words="5xx 4xx error latency unnoticed watch",
        why=(
            "No alarm watches the way in. If the API refuses alerts, the stream merely looks quiet; an alarm on "
            "its errors would show it."
        ),
    ),
    Beyond(
        name="efs",
        called="file, filesystem, nfs, shared files, rules",
        words="backup back-up recover restor deleted deletion mistake",
        apart_from="mount point sg security log",
        why="No backup policy covers the files: a rule that is deleted by mistake is gone.",
    ),
    Beyond(
        name="redis",
        called="cache, elasticache, replication group",
        apart_from="secret",
        words="backup snapshot retention persist",
        why=(
            "The cache has no snapshots. Correlation that is lost with both nodes has to be rebuilt from events, of "
            "which the stream keeps a day."
        ),
    ),
    Beyond(
        name="stream",
        called="kinesis",
        apart_from="policy role iam alarm age access",
        words="retention hours day replay older lost",
        why=(
            "The stream keeps records for 24 hours, its default. If processing stands still for longer, alerts are "
            "lost unread."
        ),
    ),
    Beyond(
        name="db",
        called="database, rds, postgres",
        apart_from="subnet parameter secret log sg security group",
        words="free space full connection memory swap",
        why=(
            "Only the CPU of the database is watched. Alarms on free storage, memory and connections would show what else "
            "runs out."
        ),
    ),
    Beyond(
        name="db",
        called="database, rds, postgres",
        apart_from="subnet parameter secret log sg security alarm group",
        words="insight enhanced monitoring performance slow query",
        why="CloudWatch Database Insights and Enhanced Monitoring would show why the database is busy, not only that it is.",
    ),
    Beyond(
        name="db, redis",
        called="database, rds, postgres, cache, elasticache",
        apart_from="subnet parameter secret log sg security alarm group",
        words="t3 burst credit burstable class size larger",
        why=(
            "Burstable instances are made for a low average load; once its CPU credits are used up, a db.t3 instance "
            "goes beyond its baseline at an extra charge. Only a load test shows whether these sizes are enough in an "
            "emergency."
        ),
    ),
    Beyond(
        name="db",
        called="database, rds, postgres",
        apart_from="subnet parameter secret log sg security alarm group",
        words="teardown tear tearing inconvenient dev slow cleanup",
        why=(
            "With deletion protection, removing a test environment takes a second step. The brief wants that for all "
            "environments; a team may decide otherwise for those without real data."
        ),
    ),
    Beyond(
        name="task",
        called="image, container, task definition, fargate, ecr, ecs, tasks",
        apart_from="role policy",
        words="tag latest digest pin mutable docker hub scan vulnerab registry",
        why=(
            "The placeholder image has no tag, so what runs can change from one start to the next. Name the real one by "
            "its digest, and let ECR scan it."
        ),
    ),
    Beyond(
        name="redis-secret",
        called="secret, token",
        words="rotat",
        why="Nothing rotates the Redis token: the brief asks for rotation of the database's login only.",
    ),
    Beyond(
        name="redis-secret",
        called="secret, token",
        words="recovery window recreat days",
        why=(
            "A deleted secret keeps its name during its recovery window, 30 days by default, so an environment that was "
            "destroyed cannot be deployed again under the same name until then."
        ),
    ),
    Beyond(
        name="stream",
        called="kinesis",
        apart_from="policy role iam alarm age access",
        words="shard demand capacity autoscal scale throughput throttl",
        why="The brief asks for 4 shards. Only a load test shows whether they are enough in an emergency.",
    ),
    Beyond(
        name="api, api-post, api-stage",
        called="gateway, rest api, apigateway, stage, api",
        apart_from="internet nat",
        words="validat model schema malformed body bodies payload",
        why="API Gateway passes a body on as it comes. A request validator with a model would refuse malformed alerts.",
    ),
    Beyond(
        name="api, api-post, api-stage",
        called="gateway, rest api, apigateway, stage, api",
        apart_from="internet nat",
        words="usage plan quota throttl caller client",
        why=(
            "All callers share one rate limit. A usage plan with a throttling limit for each would help to keep one of "
            "them from crowding out the others."
        ),
    ),
    Beyond(
        name="service",
        called="ecs service, service, fargate, deployment",
        apart_from="role policy",
        words="deployment rollback canary blue green",
        why=(
            "The circuit breaker rolls back a deployment whose tasks do not start or stay healthy. Deployment alarms "
            "would also roll back one whose tasks look healthy and do their work badly."
        ),
    ),
    Beyond(
        name="db",
        called="database, rds, postgres",
        apart_from="subnet parameter secret log sg security alarm group",
        words="region disaster continent country copied copies",
        why=(
            "Everything, backups included, is in one region, as the brief demands. Those who accept that risk "
            "should know it."
        ),
    ),
]
