"""Where events flow and what works on them: Kinesis, SQS, ECS, ElastiCache."""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer
from lab_support.mock_aws.services import ecs_rules
from lab_support.mock_aws.services import streams_rules as rules

ROWS = {
    "kinesis.Stream": Answer(
        id="{arn}",
        arn="arn:{partition}:kinesis:{region}:{account}:stream/{name}",
        defaults={
            "retentionPeriod": 24,
            "encryptionType": "NONE",
            "streamModeDetails": {"streamMode": "PROVISIONED"},
        },
        rules=(
            rules.name_is_valid,
            rules.shards_fit_the_mode,
            rules.retention,
            rules.key_is_usable,
        ),
    ),
    "kinesis.ResourcePolicy": Answer(
        id="{resourceArn}",
        name="",
        rules=(ecs_rules.policy_is_json,),
    ),
    "sqs.Queue": Answer(
        id="https://sqs.{region}.amazonaws.com/{account}/{name}",
        arn="arn:{partition}:sqs:{region}:{account}:{name}",
        computed={"url": "{id}"},
    ),
    "ecs.Cluster": Answer(id="{arn}", arn="arn:{partition}:ecs:{region}:{account}:cluster/{name}"),
    "ecs.TaskDefinition": Answer(
        id="{family}",
        arn="arn:{partition}:ecs:{region}:{account}:task-definition/{family}:1",
        name="",
        rules=(ecs_rules.containers_are_json, ecs_rules.roles_are_arns, ecs_rules.fits_fargate),
        computed={
            "revision": 1,
            "arnWithoutRevision": "arn:{partition}:ecs:{region}:{account}:task-definition/{family}",
        },
    ),
    "ecs.Service": Answer(id="{arn}", arn="arn:{partition}:ecs:{region}:{account}:service/{logical}/{name}"),
    "elasticache.SubnetGroup": Answer(
        id="{name}", arn="arn:{partition}:elasticache:{region}:{account}:subnetgroup:{name}"
    ),
    "elasticache.ReplicationGroup": Answer(
        id="{replicationGroupId}",
        arn="arn:{partition}:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
        name="replicationGroupId",
        defaults={
            "multiAzEnabled": False,
            "automaticFailoverEnabled": False,
            "atRestEncryptionEnabled": False,
            "transitEncryptionEnabled": False,
        },
    ),
}
