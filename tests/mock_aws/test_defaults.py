"""What a resource is when the program says nothing: as AWS and the provider set it.

The values of the first table are from AWS's API references (named beside each) or the provider's documentation of the
type; everything else is read from that documentation as the SDK carries it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.answers import answer
from lab_support.plan.resource import kind_of
from lab_support.toolchain.sdk_defaults import documented_defaults
from lab_support.toolchain.sdk_types import resource_tokens, resource_type
from tests.mock_aws.asking import a_request, answered

DATABASE = {"engine": "postgres", "instanceClass": "db.t3.micro", "allocatedStorage": 20, "username": "u"}
DEFAULTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # Amazon RDS API Reference, CreateDBInstance.
    (
        "rds.Instance",
        {**DATABASE, "password": "secret-word", "identifier": "n"},
        {
            "multiAz": False,
            "publiclyAccessible": False,
            "backupRetentionPeriod": 0,
            "storageEncrypted": False,
            "deletionProtection": False,
            "autoMinorVersionUpgrade": True,
            "skipFinalSnapshot": False,
            "port": 5432,
            "licenseModel": "postgresql-license",
        },
    ),
    # Amazon EFS API Reference, CreateFileSystem.
    (
        "efs.FileSystem",
        {},
        {"encrypted": False, "performanceMode": "generalPurpose", "throughputMode": "bursting"},
    ),
    # Amazon Kinesis API Reference, CreateStream and StreamDescription.
    ("kinesis.Stream", {"name": "n", "shardCount": 1}, {"retentionPeriod": 24, "encryptionType": "NONE"}),
    # CloudWatch Logs: never expire (PutRetentionPolicy; the provider writes 0 for it).
    ("cloudwatch.LogGroup", {"name": "n"}, {"retentionInDays": 0, "logGroupClass": "STANDARD"}),
    # The provider removes the rule that lets everything out, which EC2 adds to a new group.
    ("ec2.SecurityGroup", {}, {"ingress": [], "egress": [], "description": "Managed by Pulumi"}),
    ("ec2.Vpc", {}, {"enableDnsSupport": True, "enableDnsHostnames": False, "instanceTenancy": "default"}),
    ("ec2.Subnet", {}, {"mapPublicIpOnLaunch": False}),
    # Amazon S3 User Guide, "Default settings for new S3 buckets".
    (
        "s3.Bucket",
        {"bucket": "n"},
        {"forceDestroy": False, "versioning": {"enabled": False, "mfaDelete": False}},
    ),
    (
        "s3.BucketPublicAccessBlock",
        {"bucket": "n"},
        {"blockPublicAcls": False, "restrictPublicBuckets": False},
    ),
    # Amazon SQS API Reference, CreateQueue.
    (
        "sqs.Queue",
        {"name": "n"},
        {
            "visibilityTimeoutSeconds": 30,
            "messageRetentionSeconds": 345600,
            "delaySeconds": 0,
            "receiveWaitTimeSeconds": 0,
            "sqsManagedSseEnabled": True,
        },
    ),
    ("sqs.Queue", {"name": "n", "kmsMasterKeyId": "alias/aws/sqs"}, {"sqsManagedSseEnabled": False}),
    ("sns.Topic", {"name": "n"}, {"fifoTopic": False, "contentBasedDeduplication": False}),
    # Amazon ECR API Reference, CreateRepository.
    (
        "ecr.Repository",
        {"name": "n"},
        {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}},
    ),
    # AWS Lambda API Reference, CreateFunction.
    (
        "lambda.Function",
        {"name": "n"},
        {
            "memorySize": 128,
            "timeout": 3,
            "packageType": "Zip",
            "architectures": ["x86_64"],
            "ephemeralStorage": {"size": 512},
            "tracingConfig": {"mode": "PassThrough"},
        },
    ),
    # Amazon ECS API Reference, CreateService.
    (
        "ecs.Service",
        {"name": "n"},
        {
            "schedulingStrategy": "REPLICA",
            "deploymentMaximumPercent": 200,
            "deploymentMinimumHealthyPercent": 100,
            "enableExecuteCommand": False,
        },
    ),
    (
        "lb.LoadBalancer",
        {"name": "n"},
        {
            "loadBalancerType": "application",
            "internal": False,
            "idleTimeout": 60,
            "enableDeletionProtection": False,
            "dropInvalidHeaderFields": False,
        },
    ),
    ("lb.TargetGroup", {"name": "n"}, {"targetType": "instance", "deregistrationDelay": 300, "slowStart": 0}),
    # Amazon DynamoDB API Reference, CreateTable.
    (
        "dynamodb.Table",
        {"name": "n"},
        {
            "billingMode": "PROVISIONED",
            "tableClass": "STANDARD",
            "deletionProtectionEnabled": False,
            "pointInTimeRecovery": {"enabled": False},
            "streamArn": "",
        },
    ),
    # Amazon ElastiCache API Reference, CreateReplicationGroup.
    (
        "elasticache.ReplicationGroup",
        {"replicationGroupId": "n"},
        {
            "atRestEncryptionEnabled": False,
            "transitEncryptionEnabled": False,
            "automaticFailoverEnabled": False,
            "multiAzEnabled": False,
            "port": 6379,
        },
    ),
    ("elasticache.Cluster", {"clusterId": "n", "engine": "memcached"}, {"port": 11211, "numCacheNodes": 1}),
    # AWS KMS API Reference, CreateKey.
    (
        "kms.Key",
        {},
        {
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "multiRegion": False,
        },
    ),
    # AWS Secrets Manager API Reference, DeleteSecret: 30 days to take it back.
    ("secretsmanager.Secret", {"name": "n"}, {"recoveryWindowInDays": 30}),
    # API Gateway API Reference, RestApi and Method.
    ("apigateway.RestApi", {"name": "n"}, {"apiKeySource": "HEADER", "disableExecuteApiEndpoint": False}),
    ("apigateway.Method", {}, {"apiKeyRequired": False}),
    ("apigatewayv2.Route", {"apiId": "a", "routeKey": "GET /"}, {"authorizationType": "NONE"}),
    ("iam.Role", {"name": "n", "assumeRolePolicy": "{}"}, {"path": "/", "maxSessionDuration": 3600}),
    (
        "ec2.Instance",
        {},
        {"monitoring": False, "ebsOptimized": False, "sourceDestCheck": True, "tenancy": "default"},
    ),
    ("autoscaling.Group", {"name": "n", "minSize": 2}, {"desiredCapacity": 2, "healthCheckType": "EC2"}),
    ("cloudwatch.EventRule", {"name": "n"}, {"eventBusName": "default", "state": "ENABLED"}),
    ("route53.Zone", {"name": "x.org"}, {"comment": "Managed by Pulumi", "forceDestroy": False}),
    # A type without a spec: the documentation alone.
    ("memorydb.Cluster", {"name": "n"}, {"tlsEnabled": True}),
]


@pytest.mark.parametrize(("kind", "inputs", "expected"), DEFAULTS)
def test_what_the_program_leaves_out_has_the_documented_default(
    kind: str, inputs: dict[str, Any], expected: dict[str, Any]
) -> None:
    request = a_request(kind, "x", **inputs)
    spec = services.spec_of(kind)
    _, values = answer(request, replace(spec, rules=()) if spec else None, resource_type(request.type))
    assert {name: values.get(name) for name in expected} == expected


def test_what_the_program_says_is_stronger() -> None:
    _, values = answered(a_request("memorydb.Cluster", "c", name="n", tlsEnabled=False))
    assert values["tlsEnabled"] is False


def test_the_tables_say_what_the_documentation_says() -> None:
    disagreements = {}
    for token in resource_tokens():
        spec = services.spec_of(token)
        for name, documented in documented_defaults(token).items() if spec else ():
            said = spec.defaults.get(name, documented) if spec else documented
            if not callable(said) and said != documented:
                disagreements[f"{kind_of(token)}.{name}"] = (said, documented)
    assert disagreements == {}


class TestDocumentation:
    def test_a_plain_statement_counts(self) -> None:
        # "Specifies whether any broker modifications are applied immediately ... Default is `false`."
        assert documented_defaults("aws:mq/broker:Broker")["applyImmediately"] is False

    def test_a_condition_makes_it_none(self) -> None:
        # "Required if `protocol` is `HTTPS` or `TLS`. Default is ...": not so for a listener of plain HTTP.
        assert "sslPolicy" not in documented_defaults("aws:lb/listener:Listener")

    def test_values_have_the_type_of_the_input(self) -> None:
        kinds = {"boolean": bool, "integer": int, "string": str, "enum": str}
        for token in sorted(resource_tokens())[::20]:
            described = resource_type(token)
            assert described is not None
            for name, value in documented_defaults(token).items():
                assert type(value) is kinds[described.inputs[name].type.kind]

    def test_a_type_that_the_sdk_does_not_describe_has_no_defaults(self) -> None:
        assert documented_defaults("aws:new/thing:Thing") == {}
