"""What nobody knows yet never breaks the account, whatever the type, and what follows from it stays unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import Account, deploy, preview
from lab_support.mock_aws import services
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import ResourceType, resource_tokens, resource_type
from tests.mock_aws.asking import a_request, answered

ODD = {
    "string": "x",
    "boolean": True,
    "integer": 1,
    "number": 1,
    "list": [UNKNOWN],
    "map": {"a": UNKNOWN},
    "object": {},
}


def inputs_of(described: ResourceType) -> Iterator[dict[str, Any]]:
    yield {}
    yield dict.fromkeys(described.inputs, UNKNOWN)
    yield {name: UNKNOWN for name, prop in described.inputs.items() if prop.required}
    yield {name: UNKNOWN for name in described.inputs if name.endswith(("Id", "Ids", "Arn", "ame"))}
    yield {name: ODD.get(prop.type.kind, "x") for name, prop in described.inputs.items()}


@pytest.mark.parametrize("region", ["ap-southeast-1", "eu-south-2"])
def test_no_type_breaks_on_what_is_unknown_missing_or_odd(region: str) -> None:
    broken = {}
    for token in sorted(resource_tokens()):
        described = resource_type(token)
        assert described is not None
        spec = services.spec_of(token)
        for inputs in inputs_of(described):
            urn = f"urn:pulumi:dev::p::{token}::x"
            try:
                answer(ResourceRequest(token, urn, inputs, Account(), region), spec, described)
            except (AwsApiError, InvalidInput):
                pass
            except Exception as fault:  # the test is about any of them
                broken[token] = repr(fault)
    assert broken == {}


@pytest.mark.parametrize(
    ("kind", "unknown", "follows"),
    [
        ("lambda.Function", "name", ("arn", "invokeArn", "qualifiedArn")),
        ("lb.LoadBalancer", "name", ("arn", "arnSuffix", "dnsName")),
        ("lb.Listener", "loadBalancerArn", ("arn",)),
        ("s3.Bucket", "bucket", ("arn", "bucketDomainName", "bucketRegionalDomainName")),
        ("apigateway.Stage", "restApi", ("arn", "executionArn", "invokeUrl")),
        ("ecs.Service", "cluster", ("arn",)),
        ("ecr.Repository", "name", ("arn", "repositoryUrl")),
        ("route53.Record", "name", ("fqdn",)),
        ("acm.Certificate", "domainName", ("domainValidationOptions",)),
        ("cloudwatch.EventRule", "name", ("arn",)),
        ("ssm.Parameter", "name", ("arn",)),
    ],
)
def test_what_follows_from_it_is_unknown(kind: str, unknown: str, follows: tuple[str, ...]) -> None:
    given = {"validationMethod": "DNS", "packageType": "Image", unknown: UNKNOWN}
    _, values = answered(a_request(kind, "x", **given))
    assert {name: values[name] for name in follows} == dict.fromkeys(follows, UNKNOWN)


def test_unknown_tags_make_all_tags_unknown() -> None:
    assert answered(a_request("sqs.Queue", "q", name="q", tags=UNKNOWN))[1]["tagsAll"] is UNKNOWN


class TestPartsOfABlockThatAwsComputes:
    @staticmethod
    def program(suffix: str) -> None:
        subnets = [{"subnet_id": f"subnet-0123456789abcdef{n}"} for n in range(2)]
        subnets[1]["ip"] = "10.0.0.7"
        resolver = aws.route53.ResolverEndpoint(
            "dns", direction="INBOUND", security_group_ids=["sg-0123456789abcdef0"], ip_addresses=subnets
        )
        pulumi.export("ips", resolver.ip_addresses.apply(lambda found: [place["ip"] for place in found]))

    def test_they_are_unknown_where_the_program_does_not_give_them(self) -> None:
        plan = preview(self.program)
        first, second = plan.named("dns")["ip_addresses"]
        assert (first["ip"], second["ip"]) == (UNKNOWN, "10.0.0.7")
        assert plan.outputs["ips"] is UNKNOWN

    def test_nothing_is_unknown_after_a_deployment(self) -> None:
        def program(suffix: str) -> None:
            table = aws.dynamodb.Table(
                "t",
                hash_key="id",
                attributes=[{"name": "id", "type": "S"}],
                billing_mode="PAY_PER_REQUEST",
                stream_enabled=True,
                stream_view_type="KEYS_ONLY",
                replicas=[{"region_name": "eu-west-1"}],
            )
            pulumi.export("replicas", table.replicas)

        (replica,) = deploy(program, account=Account()).named("t")["replicas"]
        assert replica["region_name"] == "eu-west-1"
        assert UNKNOWN not in replica.values()
