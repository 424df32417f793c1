"""What lookups answer about things that nobody knows: complete, and in AWS's forms."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.data_sources import assumed, look_up
from lab_support.toolchain.sdk_types import function_type

SOMEBODYS = Account(holds_everything=False)


def found(token: str, /, account: Account = SOMEBODYS, **args: Any) -> dict[str, Any]:
    service, name = token.split(".")
    answer = look_up if account.holds_everything else assumed
    return answer(f"aws:{service}/{name}:{name}", args, account, "eu-west-1")


def test_a_cluster_has_all_that_a_program_asks_it_for() -> None:
    cluster = found("eks.getCluster", name="shop")
    assert cluster["name"] == "shop"
    assert cluster["endpoint"].startswith("https://")
    assert cluster["identities"][0]["oidcs"][0]["issuer"].startswith("https://")
    assert cluster["certificateAuthorities"][0]["data"]
    assert re.fullmatch("subnet-[0-9a-f]{17}", cluster["vpcConfig"]["subnetIds"][0])
    assert re.fullmatch("sg-[0-9a-f]{17}", cluster["vpcConfig"]["clusterSecurityGroupId"])
    assert re.fullmatch(r"arn:aws:iam::123456789012:role/\S+", cluster["roleArn"])


@pytest.mark.parametrize(
    ("token", "name", "form"),
    [
        ("ec2.getVpc", "id", "vpc-[0-9a-f]{17}"),
        ("ec2.getVpc", "cidrBlock", r"10\.0\.0\.0/16"),
        ("ec2.getSubnet", "vpcId", "vpc-[0-9a-f]{17}"),
        ("ec2.getSubnet", "availabilityZone", "eu-west-1[abc]"),
        ("ec2.getInstance", "id", "i-[0-9a-f]{17}"),
        ("ec2.getInstance", "ami", "ami-[0-9a-f]{17}"),
        ("ec2.getElasticIp", "id", "eipalloc-[0-9a-f]{17}"),
        ("ec2.getNatGateway", "publicIp", r"203\.0\.113\.\d+"),
        ("ec2.getNatGateway", "privateIp", r"10\.0\.0\.10"),
        ("efs.getFileSystem", "fileSystemId", "fs-[0-9a-f]{17}"),
        ("lb.getLoadBalancer", "subnets", "subnet-[0-9a-f]{17}"),
        ("lb.getLoadBalancer", "securityGroups", "sg-[0-9a-f]{17}"),
        ("kms.getAlias", "targetKeyId", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("kms.getAlias", "targetKeyArn", r"arn:aws:kms:eu-west-1:123456789012:key/[0-9a-f-]{36}"),
        ("rds.getInstance", "endpoint", r"[\w.-]+\.amazonaws\.com:5432"),
        ("rds.getInstance", "dbInstanceArn", r"arn:aws:rds:eu-west-1:123456789012:db:[\w-]+"),
        ("rds.getSnapshot", "dbSnapshotArn", r"arn:aws:rds:eu-west-1:123456789012:snapshot:[\w-]+"),
        ("lambda.getFunction", "role", "arn:aws:iam::123456789012:role/[0-9a-f]{17}"),
        ("lambda.getFunction", "runtime", r"python3\.\d+"),
        ("outposts.getOutpostInstanceType", "instanceType", r"m5\.large"),
        ("lambda.getFunction", "layers", r"arn:aws:lambda:eu-west-1:123456789012:layer:[0-9a-f]{17}:1"),
        ("rds.getCluster", "iamRoles", "arn:aws:iam::123456789012:role/[0-9a-f]{17}"),
        ("ecs.getService", "taskDefinition", r"arn:aws:ecs:eu-west-1:123456789012:task-definition/\w+:1"),
        ("identitystore.getGroup", "groupId", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("identitystore.getGroup", "identityStoreId", "d-[0-9a-f]{10}"),
        ("identitystore.getUser", "id", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("ecr.getImage", "imageDigest", "sha256:[0-9a-f]{64}"),
        ("organizations.getOrganization", "id", "o-[a-z0-9]{10}"),
        ("organizations.getOrganization", "masterAccountId", "123456789012"),
        ("cognito.getUserPools", "ids", "eu-west-1_[A-Z0-9]{9}"),
        ("ssoadmin.getInstances", "arns", "arn:aws:sso:::instance/ssoins-[0-9a-f]{16}"),
        ("ssoadmin.getInstances", "identityStoreIds", "d-[0-9a-f]{10}"),
    ],
)
def test_forms_follow_from_names(token: str, name: str, form: str) -> None:
    value = found(token)[name]
    assert re.fullmatch(form, value[0] if isinstance(value, list) else value)


@pytest.mark.parametrize(
    "token", ["aws:lb/getHostedZoneId:getHostedZoneId", "aws:elb/getHostedZoneId:getHostedZoneId"]
)
def test_the_hosted_zone_of_load_balancers_is_that_of_the_region(token: str) -> None:
    # AWS General Reference, "Elastic Load Balancing endpoints and quotas".
    assert look_up(token, {}, SOMEBODYS, "eu-west-1")["id"] == "Z32O12XQLNTSW2"
    assert look_up(token, {"region": "us-east-1"}, SOMEBODYS, "eu-west-1")["id"] == "Z35SXDOTRQ7X7K"
    if token.startswith("aws:lb/"):
        network = look_up(token, {"loadBalancerType": "network"}, SOMEBODYS, "eu-west-1")
        assert network["id"] == "Z2IFOLAFXWLO4F"


def test_an_id_that_the_program_gives_is_in_the_arn() -> None:
    distribution = found("cloudfront.getDistribution", id="E1ABCDEFGHIJKL")
    assert distribution["arn"] == "arn:aws:cloudfront::123456789012:distribution/E1ABCDEFGHIJKL"


def test_an_id_under_two_names_is_the_same() -> None:
    table = found("ec2.getRouteTable", subnetId="subnet-0123456789abcdef0")
    assert table["routeTableId"] == table["id"]


def test_an_organization_has_accounts_with_numbers_and_a_root() -> None:
    organization = found("organizations.getOrganization")
    assert all(re.fullmatch(r"\d{12}", account["id"]) for account in organization["accounts"])
    (root,) = organization["roots"]
    assert root["arn"] == f"arn:aws:organizations::123456789012:root/{organization['id']}/{root['id']}"


def test_the_same_question_has_the_same_answer() -> None:
    assert found("eks.getCluster", name="a") == found("eks.getCluster", name="a")
    assert found("eks.getCluster", name="a")["endpoint"] != found("eks.getCluster", name="b")["endpoint"]


def test_what_the_program_left_out_stays_out() -> None:
    assert "filters" not in found("ec2.getVpc", default=True)


def test_arguments_have_the_type_that_the_schema_names() -> None:
    assert found("ec2.getAmi", mostRecent="true", owners=["amazon"])["mostRecent"] is True


def test_a_known_account_gets_no_placeholders() -> None:
    nothing = found("eks.getClusters", account=Account())
    assert nothing["names"] == []


def test_what_a_program_looks_for_among_things_is_there() -> None:
    said = {"name": ("Security", "Sandbox"), "outputs[]": ("SubnetId",), "tags[]": ("Name",)}
    account = Account(holds_everything=False, said=said)
    units = found("organizations.getOrganizationalUnits", account=account, parentId="r-1")["children"]
    assert [unit["name"] for unit in units[1:]] == ["Security", "Sandbox"]
    assert all(unit["arn"] for unit in units)
    outputs = found("cloudformation.getStack", account=account, name="network")["outputs"]
    assert re.fullmatch("subnet-[0-9a-f]{17}", outputs["SubnetId"])
    assert found("ec2.getVpc", account=account, default=True)["tags"].keys() == {"Name"}
    assert found("ec2.getVpc", account=account, tags={"Name": "main"})["tags"] == {"Name": "main"}


def test_a_field_of_another_type_than_region_keeps_it() -> None:
    """`ssmincidents.getReplicationSet` lists regions under that name."""
    assert isinstance(found("ssmincidents.getReplicationSet")["region"], list)


@pytest.mark.parametrize(
    "token",
    [
        "aws:rds/getCluster:getCluster",
        "aws:lb/getLoadBalancer:getLoadBalancer",
        "aws:cloudfront/getDistribution:getDistribution",
        "aws:wafv2/getWebAcl:getWebAcl",
        "aws:organizations/getOrganization:getOrganization",
    ],
)
def test_every_field_has_a_value_that_travels(token: str) -> None:
    described = function_type(token)
    assert described is not None
    result = assumed(token, {}, SOMEBODYS, "eu-west-1")
    assert {name for name in described.outputs if result.get(name) is None} <= {"filters"}
    json.dumps(result)


@pytest.mark.parametrize(
    ("token", "prefix"),
    [
        ("aws:ec2/getSubnets:getSubnets", "subnet-"),
        ("aws:ec2/getSecurityGroups:getSecurityGroups", "sg-"),
        ("aws:ec2/getNetworkInterfaces:getNetworkInterfaces", "eni-"),
        ("aws:ec2/getVpcs:getVpcs", "vpc-"),
        ("aws:ec2/getInstances:getInstances", "i-"),
        ("aws:ec2/getRouteTables:getRouteTables", "rtb-"),
        ("aws:ebs/getEbsVolumes:getEbsVolumes", "vol-"),
    ],
)
def test_a_plural_lookup_finds_two_ids_of_the_right_form_and_says_so(token: str, prefix: str) -> None:
    account = Account(holds_everything=False)
    ids = look_up(token, {"tags": {"a": "b"}}, account, "eu-west-1")["ids"]
    assert len(set(ids)) == 2
    assert all(identity.startswith(prefix) for identity in ids)
    assert len(account.assumed) == 1


def test_nothing_is_said_of_an_id_that_was_made_up() -> None:
    account = Account(holds_everything=False)
    ids = look_up("aws:ec2/getSubnets:getSubnets", {}, account, "eu-west-1")["ids"]
    said = list(account.assumed)
    assert account.may_hold("urn:x", f"The subnet ID '{ids[0]}' does not exist")
    assert account.assumed == said


POOL = "eu-west-1_AbCdEf123"
LOAD_BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"


@pytest.mark.parametrize(
    ("token", "args", "name", "value"),
    [
        ("cognito.getUserPool", {"userPoolId": POOL}, "id", POOL),
        (
            "cognito.getUserPool",
            {"userPoolId": POOL},
            "endpoint",
            f"cognito-idp.eu-west-1.amazonaws.com/{POOL}",
        ),
        ("cognito.getUserPoolClient", {"userPoolId": POOL, "clientId": "c1"}, "id", "c1"),
        ("apigatewayv2.getApi", {"apiId": "a1b2c3"}, "arn", "arn:aws:apigateway:eu-west-1::/apis/a1b2c3"),
        ("transfer.getServer", {"serverId": "s-1"}, "id", "s-1"),
        ("ecs.getTaskDefinition", {"taskDefinition": "web"}, "family", "web"),
        (
            *("ecs.getTaskDefinition", {"taskDefinition": "web"}, "arn"),
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
        ),
        ("rds.getInstance", {"dbInstanceIdentifier": "orders"}, "id", "orders"),
        (
            *("rds.getInstance", {"dbInstanceIdentifier": "orders"}, "dbInstanceArn"),
            "arn:aws:rds:eu-west-1:123456789012:db:orders",
        ),
        ("lb.getListener", {"loadBalancerArn": LOAD_BALANCER, "port": 443}, "loadBalancerArn", LOAD_BALANCER),
    ],
)
def test_what_the_program_says_of_a_resource_is_in_all_that_follows_from_it(
    token: str, args: dict[str, Any], name: str, value: str
) -> None:
    assert found(token, **args)[name] == value


def test_a_field_that_only_templates_know_is_no_output() -> None:
    assert "lower10" not in found("apigatewayv2.getApi", apiId="a1")


def test_of_a_function_that_is_called_only_the_function_is_taken_to_exist() -> None:
    account = Account(holds_everything=False)
    answer = look_up("aws:lambda/getInvocation:getInvocation", {"functionName": "warm"}, account, "eu-west-1")
    assert json.loads(answer["result"]) == {}
    assert [what for _, what in account.assumed] == ["function warm"]


@pytest.mark.parametrize(
    ("token", "name", "value"),
    [
        ("ebs.getEncryptionByDefault", "enabled", False),
        ("ebs.getDefaultKmsKey", "keyArn", "arn:aws:kms:eu-west-1:123456789012:alias/aws/ebs"),
    ],
)
def test_a_setting_that_every_account_has_is_not_taken_to_exist(token: str, name: str, value: Any) -> None:
    account = Account(holds_everything=False)
    service, function = token.split(".")
    assert look_up(f"aws:{service}/{function}:{function}", {}, account, "eu-west-1")[name] == value
    assert account.assumed == []
