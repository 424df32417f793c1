"""Types that the SDK has under two names are one type to the account, whichever name a program uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pulumi
import pytest

from lab_support.engine.operations import preview
from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data_sources import look_up
from lab_support.mock_aws.deletion import delete
from lab_support.mock_aws.make_existing import make_existing
from lab_support.mock_aws.naming import physical_name
from lab_support.mock_aws.replacement import replaces
from lab_support.toolchain import sdk_source
from lab_support.toolchain.sdk_types import resource_tokens, resource_type, token_of
from tests.mock_aws.asking import a_request, answered, created


def declared() -> Iterator[tuple[str, str]]:
    """Tokens of resources that the SDK still has and that a class declares as its alias, with the class's token."""
    registered = sdk_source.registered_resources()
    for token, resource in registered.items():
        source = sdk_source.resource_file(resource).read_text(encoding="utf-8")
        for alias in re.findall(r'Alias\(type_="([^"]+)"\)', source):
            if alias in registered and alias != token:
                yield alias, token


def test_every_alias_that_the_sdk_declares_is_known() -> None:
    pairs = set(declared())
    assert len(pairs) >= 13
    assert {(a, t) for a, t in pairs if services.canonical_token(a) != services.canonical_token(t)} == set()


def test_every_type_of_the_alb_module_is_that_of_the_lb_module() -> None:
    modules = {token.split(":")[1].partition("/")[0] for token in resource_tokens()}
    assert {"alb", "lb"} <= modules
    for token in resource_tokens():
        if token.startswith("aws:alb/") and token.replace("aws:alb/", "aws:lb/") in resource_tokens():
            assert services.canonical_token(token) == token.replace("aws:alb/", "aws:lb/")


ALIASES = sorted(alias for alias in services.aliases() if token_of(alias))


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_answered_named_and_replaced_as_its_type(alias: str) -> None:
    type = services.canonical(alias)
    described, other = resource_type(str(token_of(alias))), resource_type(str(token_of(type)))
    assert described is not None
    assert other is not None
    inputs = {n: "x" for n, p in described.inputs.items() if p.required and p.type.kind == "string"}
    urn = "urn:pulumi:dev::p::t::it"
    assert physical_name(alias, urn, inputs, described, "s") == physical_name(type, urn, inputs, other, "s")
    assert replaces(alias, sorted(described.inputs)) == replaces(type, sorted(described.inputs))
    spec = services.spec_of(alias)
    assert spec is services.spec_of(type)


def test_a_bucket_v2_is_a_bucket() -> None:
    identity, values = answered(a_request("s3.BucketV2", "reports", bucket="shop-reports"))
    assert identity == values["bucket"] == "shop-reports"
    assert values["arn"] == "arn:aws:s3:::shop-reports"
    assert values["bucketDomainName"] == "shop-reports.s3.amazonaws.com"


def test_a_bucket_v2_has_lists_where_a_bucket_has_objects() -> None:
    values = answered(a_request("s3.BucketV2", "reports", bucket="shop-reports"))[1]
    assert values["versionings"] == [{"enabled": False, "mfaDelete": False}]
    (encryption,) = values["serverSideEncryptionConfigurations"]
    (rule,) = encryption["rules"]
    (default,) = rule["applyServerSideEncryptionByDefaults"]
    assert default["sseAlgorithm"] == "AES256"
    given = answered(a_request("s3.BucketV2", "r", bucket="b", versionings=[{"enabled": True}]))[1]
    assert given["versionings"] == [{"enabled": True}]


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_answers_only_what_it_has(alias: str) -> None:
    described = resource_type(str(token_of(alias)))
    assert described is not None
    inputs = {n: "x" for n, p in described.inputs.items() if p.required and p.type.kind == "string"}
    request = replace(a_request(alias, "it", **inputs), reads=True)
    assert set(answered(request)[1]) <= {*described.inputs, *described.outputs}


def test_names_are_shared_with_the_type() -> None:
    account = Account()
    created("s3.BucketV2", "first", account=account, bucket="shop-reports")
    with pytest.raises(AwsApiError, match="BucketAlreadyOwnedByYou"):
        created("s3.Bucket", "second", account=account, bucket="shop-reports")


def test_a_resource_of_an_alias_is_found_by_data_sources_and_references_and_kept_from_deletion() -> None:
    account = Account()
    bucket = created("s3.BucketV2", "reports", account=account, bucket="shop-reports")
    found = look_up("aws:s3/getBucket:getBucket", {"bucket": "shop-reports"}, account, "ap-southeast-1")
    assert found["arn"] == bucket.values["arn"]
    created("s3.BucketObjectv2", "object", account=account, bucket="shop-reports", key="k")
    with pytest.raises(AwsApiError, match="BucketNotEmpty"):
        delete(bucket, account)


def test_what_exists_under_an_alias_is_read_under_the_type() -> None:
    existing = make_existing("alb.LoadBalancer", name="web")
    account = Account(existing=(existing,))
    assert existing.type == "aws:lb/loadBalancer:LoadBalancer"
    found = look_up("aws:alb/getLoadBalancer:getLoadBalancer", {"name": "web"}, account, "ap-southeast-1")
    assert found["arn"] == existing.values["arn"]


def test_a_preview_answers_the_older_name_as_the_newer_one() -> None:
    import pulumi_aws as aws

    def program(environment_suffix: str) -> None:
        bucket = aws.s3.BucketV2("reports", bucket="shop-reports")
        pulumi.export("bucket", [bucket.arn, bucket.id, bucket.bucket_domain_name])
        pulumi.export("auto", aws.s3.BucketV2("auto").bucket)
        pulumi.export("read", aws.s3.BucketV2.get("old", "shop-old").arn)

    account = Account(holds_everything=False)
    outputs = preview(program, "dev", account=account).outputs
    assert outputs["bucket"] == [
        "arn:aws:s3:::shop-reports",
        "shop-reports",
        "shop-reports.s3.amazonaws.com",
    ]
    assert re.fullmatch("auto-[0-9a-f]{7}", outputs["auto"])
    assert outputs["read"] == "arn:aws:s3:::shop-old"
