"""Partitions: every ARN and every host name is of the partition of its region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lab_support.iam.regions import partition_of
from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data_sources import assumed, look_up
from lab_support.mock_aws.naming import physical_name
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.services.kms import managed_key_arn
from lab_support.toolchain.sdk_types import resource_tokens, resource_type
from tests.mock_aws.asking import a_request, answered, created

ACCOUNT = "123456789012"
# botocore/data/partitions.json
PARTITIONS = [
    ("eu-west-1", "aws", "amazonaws.com"),
    ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
    ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts_in(inner)


def answers_in(region: str, tokens: list[str]) -> Iterator[tuple[str, str]]:
    """Every text that types answer in a region, with the type."""
    for token in tokens:
        described = resource_type(token)
        assert described is not None
        urn = f"urn:pulumi:dev::p::{token}::it"
        required = {n: "x" for n, p in described.inputs.items() if p.required and p.type.kind == "string"}
        named = {**required, **physical_name(token, urn, required, described, "seed")}
        request = ResourceRequest(token, urn, named, Account(), region, reads=True)
        for text in texts_in(answer(request, services.spec_of(token), described)):
            yield token, text


@pytest.mark.parametrize(("region", "partition", "suffix"), PARTITIONS)
class TestEveryType:
    def test_its_arns_are_of_the_partition(self, region: str, partition: str, suffix: str) -> None:
        with_entries = [services.canonical_token(type) for type in services.specs()]
        tokens = sorted({*with_entries, *sorted(resource_tokens())[::10]})
        arns = [(token, text) for token, text in answers_in(region, tokens) if text.startswith("arn:")]
        assert len(arns) > 200
        assert [pair for pair in arns if pair[1].split(":")[1] != partition] == []

    def test_its_host_names_end_as_those_of_the_partition(
        self, region: str, partition: str, suffix: str
    ) -> None:
        tokens = [services.canonical_token(type) for type in services.specs()]
        hosts = [
            (t, text)
            for t, text in answers_in(region, tokens)
            if f".{region}." in text and ".amazonaws." in text
        ]
        assert len(hosts) > 15
        assert [pair for pair in hosts if f".{suffix}" not in pair[1]] == []

    def test_arns_of_managed_keys_have_the_regions_partition(
        self, region: str, partition: str, suffix: str
    ) -> None:
        assert partition_of(region).name == partition
        arn = managed_key_arn(ACCOUNT, "rds", region)
        assert arn.startswith(f"arn:{partition}:kms:{region}:{ACCOUNT}:key/")

    def test_what_is_looked_up_is_of_the_regions_partition(
        self, region: str, partition: str, suffix: str
    ) -> None:
        account = Account(region=region)
        key = look_up("aws:kms/getKey:getKey", {"keyId": "alias/aws/rds"}, account, region)
        caller = look_up("aws:index/getCallerIdentity:getCallerIdentity", {}, account, region)
        policy = look_up("aws:iam/getPolicy:getPolicy", {"name": "ReadOnlyAccess"}, account, region)
        cluster = assumed("aws:eks/getCluster:getCluster", {"name": "c"}, account, region)
        for found in (key, caller, policy, cluster):
            assert found["arn"].split(":")[1] == partition

    def test_managed_policies_exist_in_it(self, region: str, partition: str, suffix: str) -> None:
        arn = f"arn:{partition}:iam::aws:policy/ReadOnlyAccess"
        request = a_request(
            "iam.Role", "r", region=region, name="r", managedPolicyArns=[arn], assumeRolePolicy=TRUST
        )
        assert answered(request)[1]["arn"] == f"arn:{partition}:iam::{ACCOUNT}:role/r"

    def test_managed_policies_of_another_partition_are_refused(
        self, region: str, partition: str, suffix: str
    ) -> None:
        other = "aws-cn" if partition == "aws" else "aws"
        inputs = {"name": "r", "assumeRolePolicy": TRUST}
        arn = f"arn:{other}:iam::aws:policy/ReadOnlyAccess"
        with pytest.raises(AwsApiError, match="ValidationError: Invalid ARN partition"):
            answered(a_request("iam.Role", "r", region=region, managedPolicyArns=[arn], **inputs))
        with pytest.raises(AwsApiError, match="ValidationError: Invalid ARN partition"):
            answered(a_request("iam.Role", "r", region=region, permissionsBoundary=arn, **inputs))
        account = Account(region=region)
        created("iam.Role", "r", account, region, **inputs)
        attachment = a_request(
            "iam.RolePolicyAttachment", "a", account=account, region=region, role="r", policyArn=arn
        )
        with pytest.raises(AwsApiError, match="ValidationError: Invalid ARN partition"):
            answered(attachment)


TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "ec2.amazonaws.com"}}]}'
)
