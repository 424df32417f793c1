"""What services refuse at creation: load balancers, listeners, tasks, distributions, tables, functions."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from tests.mock_aws.asking import a_request, answered, created

LISTENER = {"loadBalancerArn": UNKNOWN, "port": 443, "defaultActions": []}


@pytest.fixture
def account() -> Account:
    return Account()


def a_subnet(account: Account, name: str, **given: Any) -> StoredResource:
    number = len([*account.of_type("aws:ec2/subnet:Subnet")])
    return created("ec2.Subnet", name, account=account, cidrBlock=f"10.0.{number}.0/24", **given)


def refusal(kind: str, account: Account, **inputs: Any) -> tuple[str, str]:
    with pytest.raises(AwsApiError) as caught:
        answered(a_request(kind, "x", account=account, **inputs))
    return caught.value.code, caught.value.text


@pytest.mark.parametrize("argument", ["subnets", "subnetMappings"])
def test_an_application_load_balancer_needs_two_subnets(account: Account, argument: str) -> None:
    subnet = a_subnet(account, "a", availabilityZone="ap-southeast-1a").id
    given = {argument: [subnet] if argument == "subnets" else [{"subnetId": subnet}]}
    text = "At least two subnets in two different Availability Zones must be specified"
    assert refusal("lb.LoadBalancer", account, **given) == ("ValidationError", text)
    answered(a_request("lb.LoadBalancer", "n", account=account, loadBalancerType="network", **given))


def test_two_subnets_of_a_load_balancer_are_in_two_zones(account: Account) -> None:
    first, second, third = (
        a_subnet(account, name, availabilityZone=f"ap-southeast-1{letter}").id
        for name, letter in (("a", "a"), ("a2", "a"), ("b", "b"))
    )
    code, _ = refusal("lb.LoadBalancer", account, subnets=[first, second])
    assert code == "InvalidConfigurationRequest"
    answered(a_request("lb.LoadBalancer", "x", account=account, subnets=[first, third]))


def test_zones_that_ec2_chooses_are_no_reason_to_refuse(account: Account) -> None:
    subnets = [a_subnet(account, name).id for name in "abcd"]
    answered(a_request("lb.LoadBalancer", "x", account=account, subnets=subnets))
    answered(a_request("rds.SubnetGroup", "x", account=account, subnetIds=subnets[:2]))


@pytest.mark.parametrize("protocol", ["HTTPS", "TLS"])
def test_a_listener_that_encrypts_needs_a_certificate(account: Account, protocol: str) -> None:
    code, text = refusal("lb.Listener", account, protocol=protocol, **LISTENER)
    assert (code, text) == ("ValidationError", f"A certificate must be specified for {protocol} listeners")
    answered(
        a_request("lb.Listener", "x", account=account, protocol=protocol, certificateArn=UNKNOWN, **LISTENER)
    )
    answered(a_request("lb.Listener", "x", account=account, protocol="HTTP", **LISTENER))


@pytest.mark.parametrize(("region", "refused"), [("eu-west-1", True), ("us-east-1", False)])
def test_a_certificate_of_a_distribution_is_in_us_east_1(
    account: Account, region: str, refused: bool
) -> None:
    arn = f"arn:aws:acm:{region}:123456789012:certificate/1"
    given = {"viewerCertificate": {"acmCertificateArn": arn, "sslSupportMethod": "sni-only"}}
    if refused:
        assert refusal("cloudfront.Distribution", account, **given)[0] == "InvalidViewerCertificate"
    else:
        answered(a_request("cloudfront.Distribution", "x", account=account, **given))


def a_task(account: Account, **given: Any) -> StoredResource:
    inputs = {"family": "web", "containerDefinitions": "[]", **given}
    return created("ecs.TaskDefinition", "web", account=account, **inputs)


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"launchType": "FARGATE"}, "The FARGATE launch type"),
        ({"capacityProviderStrategies": [{"capacityProvider": "own"}]}, "Specifying a capacity provider"),
        ({"launchType": "EC2", "deploymentController": {"type": "EXTERNAL"}}, "The EXTERNAL deployment"),
        ({"launchType": "EC2"}, ""),
        ({"launchType": UNKNOWN}, ""),
    ],
)
def test_a_daemon_runs_on_container_instances(account: Account, given: dict[str, Any], refused: str) -> None:
    if refused:
        code, text = refusal("ecs.Service", account, schedulingStrategy="DAEMON", **given)
        assert code == "InvalidParameterException"
        assert text.startswith(refused)
    else:
        answered(a_request("ecs.Service", "x", account=account, schedulingStrategy="DAEMON", **given))
    answered(a_request("ecs.Service", "y", account=account, schedulingStrategy="REPLICA", **given))


@pytest.mark.parametrize(
    ("associated", "refused"),
    [(None, True), (["FARGATE_SPOT"], True), (["FARGATE"], False), ([UNKNOWN], False), (UNKNOWN, False)],
)
def test_the_capacity_provider_fargate_is_associated_with_the_cluster(
    account: Account, associated: Any, refused: bool
) -> None:
    strategy: dict[str, Any] = {"capacityProviderStrategies": [{"capacityProvider": "FARGATE", "weight": 1}]}
    answered(a_request("ecs.Service", "x", account=account, cluster="of-another-program", **strategy))
    cluster = created("ecs.Cluster", "c", account=account, name="alerts").values["arn"]
    if associated is not None:
        created(
            "ecs.ClusterCapacityProviders",
            "p",
            account=account,
            clusterName="alerts",
            capacityProviders=associated,
        )
    if refused:
        code, text = refusal("ecs.Service", account, cluster=cluster, **strategy)
        assert code == "InvalidParameterException"
        assert "not associated with the cluster" in text
    else:
        answered(a_request("ecs.Service", "x", account=account, cluster=cluster, **strategy))


FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc"}


@pytest.mark.parametrize(
    ("cpu", "memory"), [("256", "4096"), ("1024", "1024"), ("300", "512"), ("8192", "17000")]
)
def test_fargate_has_no_such_size(account: Account, cpu: str, memory: str) -> None:
    given = {"family": "web", "containerDefinitions": "[]", "cpu": cpu, "memory": memory, **FARGATE}
    code, text = refusal("ecs.TaskDefinition", account, **given)
    assert code == "ClientException"
    assert text.startswith("No Fargate configuration exists for given values")


@pytest.mark.parametrize(
    ("cpu", "memory"),
    [("256", "512"), ("512", "4096"), ("4096", "30720"), ("16384", "122880"), ("1 vCPU", "2 GB")],
)
def test_fargate_has_these_sizes(account: Account, cpu: str, memory: str) -> None:
    a_task(account, cpu=cpu, memory=memory, **FARGATE)


NETWORK = {"networkConfiguration": {"subnets": ["subnet-1"]}}


@pytest.mark.parametrize(
    ("mode", "target_type", "refused"),
    [
        ("awsvpc", "instance", True),
        ("awsvpc", "ip", False),
        ("bridge", "instance", False),
        ("bridge", "ip", True),
    ],
)
def test_a_target_group_fits_the_network_mode(
    account: Account, mode: str, target_type: str, refused: bool
) -> None:
    task = a_task(account, networkMode=mode)
    group = created("lb.TargetGroup", "web", account=account, name="web", targetType=target_type)
    given = {
        "taskDefinition": task.values["arn"],
        "loadBalancers": [{"targetGroupArn": group.id, "containerName": "web", "containerPort": 80}],
        **(NETWORK if mode == "awsvpc" else {}),
    }
    if refused:
        code, text = refusal("ecs.Service", account, **given)
        assert code == "InvalidParameterException"
        assert f"target type {target_type}, which is incompatible with the {mode} network mode" in text
    else:
        answered(a_request("ecs.Service", "x", account=account, **given))


def test_a_service_of_tasks_with_addresses_says_in_which_subnets(account: Account) -> None:
    task = a_task(account, networkMode="awsvpc")
    code, text = refusal("ecs.Service", account, taskDefinition=task.values["arn"])
    assert (code, "Network Configuration must be provided" in text) == ("InvalidParameterException", True)


def two_vpcs(account: Account) -> dict[str, str]:
    """A subnet in the first of two VPCs, and a security group in each and in the default VPC: their ids by name."""
    own, other = (
        created("ec2.Vpc", name, account=account, cidrBlock=block).id
        for name, block in (("own", "10.0.0.0/16"), ("other", "10.1.0.0/16"))
    )
    groups = {name: {"vpcId": vpc} for name, vpc in (("own", own), ("other", other), ("unknown", UNKNOWN))}
    made: dict[str, str] = {
        name: created("ec2.SecurityGroup", f"group-{name}", account=account, **given).id
        for name, given in {**groups, "default": {"name": "d"}}.items()
    }
    return {**made, "subnet": a_subnet(account, "a", vpcId=own).id}


@pytest.mark.parametrize(
    ("group", "refused"),
    [("own", False), ("other", True), ("default", True), ("unknown", False)],
)
def test_the_security_groups_of_a_service_are_in_the_vpc_of_its_subnets(
    account: Account, group: str, refused: bool
) -> None:
    ids = two_vpcs(account)
    given = {"networkConfiguration": {"subnets": [ids["subnet"]], "securityGroups": [UNKNOWN, ids[group]]}}
    if refused:
        text = f"Security group {ids[group]} and subnet {ids['subnet']} belong to different networks."
        assert refusal("ecs.Service", account, **given) == ("InvalidParameterException", text)
    else:
        answered(a_request("ecs.Service", "x", account=account, **given))


KEY = {"name": "id", "type": "S"}


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (
            {"hashKey": "id", "attributes": [KEY, {"name": "y", "type": "S"}, {"name": "x", "type": "S"}]},
            'all attributes must be indexed. Unused attributes: ["x" "y"]',
        ),
        (
            {"hashKey": "id", "rangeKey": "at", "attributes": [KEY]},
            'all indexes must match a defined attribute. Unmatched indexes: ["at"]',
        ),
        (
            {
                "hashKey": "id",
                "attributes": [KEY],
                "globalSecondaryIndexes": [{"name": "by-x", "hashKey": "x"}],
            },
            'all indexes must match a defined attribute. Unmatched indexes: ["x"]',
        ),
    ],
)
def test_the_attributes_of_a_table_are_its_keys(inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        answered(a_request("dynamodb.Table", "jobs", **inputs))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "inputs",
    [
        {"hashKey": "id", "attributes": [KEY]},
        {"hashKey": UNKNOWN, "attributes": [KEY]},
        {"restoreSourceName": "old"},
        {
            "hashKey": "id",
            "attributes": [KEY, {"name": "x", "type": "S"}],
            "globalSecondaryIndexes": [
                {"name": "by-x", "keySchemas": [{"attributeName": "x", "keyType": "HASH"}]}
            ],
        },
    ],
    ids=str,
)
def test_a_table_with_a_right_set_of_attributes_is_taken(inputs: dict[str, Any]) -> None:
    answered(a_request("dynamodb.Table", "jobs", **inputs))


@pytest.mark.parametrize("missing", ["handler", "runtime"])
def test_a_function_of_a_zip_file_needs_a_handler_and_a_runtime(missing: str) -> None:
    given = {"handler": "a.b", "runtime": "python3.13", "code": "a.zip"}
    del given[missing]
    with pytest.raises(InvalidInput, match="handler and runtime must be set when PackageType is Zip"):
        answered(a_request("lambda.Function", "f", **given))
    answered(a_request("lambda.Function", "f", packageType="Image", imageUri="x"))


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"protocol": "email", "endpoint": "on-call@example.gov"}, ""),
        ({"protocol": "email", "endpoint": "looked-up"}, ""),
        ({"protocol": "email", "endpoint": "+15555550100"}, "Email address"),
        ({"protocol": "email-json", "endpoint": "https://example.gov"}, "Email address"),
        ({"protocol": "sms", "endpoint": "+1 555 555 0100"}, ""),
        ({"protocol": "sms", "endpoint": "on-call@example.gov"}, "Phone number"),
        ({"protocol": "https", "endpoint": "https://example.gov", "rawMessageDelivery": True}, ""),
        (
            {"protocol": "email", "endpoint": "on-call@example.gov", "rawMessageDelivery": True},
            "Attributes Reason: Delivery protocol [email] does not support raw message delivery.",
        ),
    ],
)
def test_a_subscriptions_endpoint_fits_its_protocol(
    account: Account, given: dict[str, Any], refused: str
) -> None:
    topic = created("sns.Topic", "alarms", account=account)
    inputs = {"topic": topic.values["arn"], **given}
    if refused:
        said = ("InvalidParameter", f"Invalid parameter: {refused}")
        assert refusal("sns.TopicSubscription", account, **inputs) == said
    else:
        answered(a_request("sns.TopicSubscription", "x", account=account, **inputs))
