"""What the mock account knows of single AWS types: the facts that the exercises rest on, and their names."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.toolchain.sdk_types import (
    FunctionType,
    Properties,
    Property,
    ResourceType,
    TypeRef,
    function_type,
    object_type,
    python_names,
    resource_type,
    token_of,
    wire_names,
)

ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
BUCKET_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
CALLER = "aws:index/getCallerIdentity:getCallerIdentity"
DATABASE = "aws:rds/instance:Instance"
FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
KEY = "aws:kms/key:Key"
LAMBDA = "aws:lambda/function:Function"
LOAD_BALANCER = "aws:alb/loadBalancer:LoadBalancer"
LOG_METRIC = "aws:cloudwatch/logMetricFilter:LogMetricFilter"
POLICY_DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
STREAM = "aws:kinesis/stream:Stream"
TOPIC = "aws:sns/topic:Topic"
ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"

STRING, BOOLEAN, STRINGS = TypeRef("string"), TypeRef("boolean"), TypeRef("list", TypeRef("string"))


def an_object(reference: str) -> TypeRef:
    return TypeRef("object", object=reference)


def resource(token: str) -> ResourceType:
    found = resource_type(token)
    assert found is not None, f"{token} is not among the SDK's resources"
    return found


def function(token: str) -> FunctionType:
    found = function_type(token)
    assert found is not None, f"{token} is not among the SDK's data sources"
    return found


def required(properties: Properties) -> set[str]:
    return {name for name, prop in properties.items() if prop.required}


INPUTS = [
    (DATABASE, "multiAz", "multi_az", BOOLEAN),
    (DATABASE, "engine", "engine", STRING),
    (DATABASE, "allocatedStorage", "allocated_storage", TypeRef("integer")),
    (STREAM, "name", "name", STRING),
    (STREAM, "shardLevelMetrics", "shard_level_metrics", STRINGS),
    (FILE_SYSTEM, "encrypted", "encrypted", BOOLEAN),
    (FILE_SYSTEM, "kmsKeyId", "kms_key_id", STRING),
    (ALARM, "dimensions", "dimensions", TypeRef("map", STRING)),
    (ALARM, "threshold", "threshold", TypeRef("number")),
    (KEY, "enableKeyRotation", "enable_key_rotation", BOOLEAN),
    (TOPIC, "kmsMasterKeyId", "kms_master_key_id", STRING),
    # A union with str is a string; what else it may be is said beside it, except for an enum.
    (DATABASE, "instanceClass", "instance_class", STRING),
    (ROLE_POLICY, "policy", "policy", TypeRef("string", object="iam.PolicyDocumentArgs")),
    (LOAD_BALANCER, "loadBalancerType", "load_balancer_type", TypeRef("enum", object="alb.LoadBalancerType")),
    # A module whose name is a Python keyword.
    (LAMBDA, "code", "code", TypeRef("archive")),
    (LAMBDA, "vpcConfig", "vpc_config", an_object("lambda_.FunctionVpcConfigArgs")),
]


@pytest.mark.parametrize(("token", "name", "python_name", "type_"), INPUTS)
def test_an_input_is_what_the_sdk_declares(token: str, name: str, python_name: str, type_: TypeRef) -> None:
    declared = resource(token).inputs[name]
    assert (declared.name, declared.python_name, declared.type) == (name, python_name, type_)


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        (DATABASE, {"instanceClass"}),
        (ROLE_POLICY, {"policy", "role"}),
        (LOG_METRIC, {"logGroupName", "metricTransformation", "pattern"}),
        *((token, set()) for token in (STREAM, FILE_SYSTEM, ALARM, KEY, TOPIC, SECURITY_GROUP)),
    ],
)
def test_the_required_inputs(token: str, expected: set[str]) -> None:
    assert required(resource(token).inputs) == expected


def test_a_database_has_its_secrets_and_its_outputs() -> None:
    database = resource(DATABASE)
    assert (database.module, database.class_name) == ("rds", "Instance")
    assert database.secret_inputs == database.secret_outputs == {"password", "passwordWo"}
    assert {"endpoint", "address", "resourceId", "multiAz"} <= set(database.outputs)
    assert "endpoint" not in database.inputs
    secrets = database.outputs["masterUserSecrets"].type
    assert secrets == TypeRef("list", an_object("rds.outputs.InstanceMasterUserSecret"))


def test_an_output_can_be_secret_without_an_input() -> None:
    connection = resource("aws:ec2/vpnConnection:VpnConnection")
    assert "customerGatewayConfiguration" in connection.secret_outputs - connection.secret_inputs


def test_nested_types_are_found_by_their_reference() -> None:
    policies = resource(FILE_SYSTEM).inputs["lifecyclePolicies"].type
    assert policies == TypeRef("list", an_object("efs.FileSystemLifecyclePolicyArgs"))
    policy = object_type("efs.FileSystemLifecyclePolicyArgs").properties
    assert policy["transitionToIa"] == Property("transitionToIa", "transition_to_ia", STRING, False)
    ingress = object_type("ec2.SecurityGroupIngressArgs").properties
    assert required(ingress) == {"fromPort", "protocol", "toPort"}
    assert ingress["cidrBlocks"].type == STRINGS
    statement = object_type("iam.PolicyDocumentArgs").properties["Statement"]
    assert statement.python_name == "statement"
    assert statement.type == TypeRef("list", an_object("iam.PolicyStatementArgs"))
    assert object_type("alb.LoadBalancerType").properties == {}


@pytest.mark.parametrize("reference", ["rds.NothingArgs", "rds.outputs.Nothing", "nothing.XArgs", "Nothing"])
def test_an_unknown_nested_type_raises(reference: str) -> None:
    with pytest.raises(LookupError, match=re.escape(reference)):
        object_type(reference)


def test_a_data_source_has_its_inputs_and_outputs_with_their_types() -> None:
    zones = function(ZONES)
    assert zones.inputs["excludeZoneIds"] == Property("excludeZoneIds", "exclude_zone_ids", STRINGS, False)
    assert zones.inputs["filters"].type == TypeRef("list", an_object("GetAvailabilityZonesFilterArgs"))
    found = TypeRef("list", an_object("outputs.GetAvailabilityZonesFilterResult"))
    assert zones.outputs["filters"].type == found
    assert zones.outputs["zoneIds"] == Property("zoneIds", "zone_ids", STRINGS, True)
    assert "zoneIds" not in zones.inputs
    assert required(zones.inputs) == set()
    assert set(function(CALLER).outputs) == {"accountId", "arn", "userId", "id"}
    assert required(function("aws:s3/getBucket:getBucket").inputs) == {"bucket"}
    assert "functionName" in function("aws:lambda/getFunction:getFunction").inputs


@pytest.mark.parametrize(
    "token",
    [
        "",
        "aws:rds/instance",
        "aws:rds/instance:Nothing",
        "gcp:storage/bucket:Bucket",
        "pulumi:pulumi:Stack",
        "aws:../rds/getInstance:getInstance",
        "aws:nothing/getNothing:getNothing",
        "aws:iam/getNothing:getNothing",
    ],
)
def test_an_unknown_token_is_none(token: str) -> None:
    assert resource_type(token) is None
    assert function_type(token) is None


@pytest.mark.parametrize(
    ("name", "token"),
    [
        ("aws.rds.Instance", DATABASE),
        ("rds.Instance", DATABASE),
        ("pulumi_aws.rds.instance.Instance", DATABASE),
        ("aws.lambda_.Function", LAMBDA),
        ("lambda.Function", LAMBDA),
        ("aws.appsync.GraphQLApi", "aws:appsync/graphQLApi:GraphQLApi"),
        ("rds.Nothing", None),
        ("Instance", None),
        ("", None),
    ],
)
def test_token_of_a_class(name: str, token: str | None) -> None:
    assert token_of(name) == token


POLICY = {"Version": "2012-10-17", "Statement": [{"notAction": 1}]}
MIXED = {"aB": "c", "metricName": "d"}

# Token, values with wire names, the same with Python names.
RENAMED: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "free maps keep their keys": (
        ALARM,
        {"dimensions": MIXED, "tags": MIXED},
        {"dimensions": MIXED, "tags": MIXED},
    ),
    "objects in objects": (
        ALARM,
        {"metricQueries": [{"returnData": True, "metric": {"metricName": "CPU", "dimensions": MIXED}}]},
        {"metric_queries": [{"return_data": True, "metric": {"metric_name": "CPU", "dimensions": MIXED}}]},
    ),
    "a list of objects": (
        FILE_SYSTEM,
        {"lifecyclePolicies": [{"transitionToIa": "AFTER_30_DAYS"}]},
        {"lifecycle_policies": [{"transition_to_ia": "AFTER_30_DAYS"}]},
    ),
    "rules of a security group": (
        SECURITY_GROUP,
        {"ingress": [{"fromPort": 1, "toPort": 2, "cidrBlocks": ["10.0.0.0/8"], "self": True}]},
        {"ingress": [{"from_port": 1, "to_port": 2, "cidr_blocks": ["10.0.0.0/8"], "self": True}]},
    ),
    "what stands for a string of JSON": (ROLE_POLICY, {"policy": POLICY}, {"policy": POLICY}),
    "statements of a policy document": (
        POLICY_DOCUMENT,
        {"policyId": "p", "statements": [{"notResources": ["*"], "principals": [{"type": "AWS"}]}]},
        {"policy_id": "p", "statements": [{"not_resources": ["*"], "principals": [{"type": "AWS"}]}]},
    ),
    "Python's own words get an underscore": (
        BUCKET_REPLICATION,
        {"rules": [{"filter": {"and": {"prefix": "x"}}}]},
        {"rules": [{"filter": {"and_": {"prefix": "x"}}}]},
    ),
    "unknown keys and odd values stay": (
        DATABASE,
        {"unheardOf": {"multiAz": True}, "multiAz": None, "tags": "no map", "blueGreenUpdate": "no object"},
        {
            "unheardOf": {"multiAz": True},
            "multi_az": None,
            "tags": "no map",
            "blue_green_update": "no object",
        },
    ),
    "a type that contains itself": (
        "aws:wafv2/webAcl:WebAcl",
        {"rules": [{"statement": {"andStatement": {"statements": [{"geoMatchStatement": {}}]}}}]},
        {"rules": [{"statement": {"and_statement": {"statements": [{"geo_match_statement": {}}]}}}]},
    ),
}


@pytest.mark.parametrize(("token", "on_the_wire", "in_python"), RENAMED.values(), ids=RENAMED)
def test_names_are_translated_both_ways(token: str, on_the_wire: Any, in_python: Any) -> None:
    described = resource_type(token) or function(token)
    assert python_names(on_the_wire, described.inputs) == in_python
    assert wire_names(in_python, described.inputs) == on_the_wire
