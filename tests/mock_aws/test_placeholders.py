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
    assert re.fullmatch(r"arn:aws:eks:eu-west-1:123456789012:\S+", cluster["roleArn"])


@pytest.mark.parametrize(
    ("token", "name", "form"),
    [
        ("ec2.getVpc", "id", "vpc-[0-9a-f]{17}"),
        ("ec2.getVpc", "cidrBlock", r"10\.0\.0\.0/16"),
        ("ec2.getSubnet", "vpcId", "vpc-[0-9a-f]{17}"),
        ("ec2.getSubnet", "availabilityZone", "eu-west-1[abc]"),
        ("ec2.getInstance", "id", "i-[0-9a-f]{17}"),
        ("ssoadmin.getInstances", "arns", r"arn:aws:sso\S*:eu-west-1:123456789012:\S+"),
    ],
)
def test_forms_follow_from_names(token: str, name: str, form: str) -> None:
    value = found(token)[name]
    assert re.fullmatch(form, value[0] if isinstance(value, list) else value)


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
