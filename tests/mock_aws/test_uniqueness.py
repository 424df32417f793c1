"""Names that are taken: whose they are, where they must be unique, and what AWS says to the second."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.uniqueness import claim, refuse_taken, unique_of
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type
from tests.mock_aws.asking import a_request

SINGAPORE, IRELAND = "ap-southeast-1", "eu-west-1"
ACCOUNT = "123456789012"


def with_a(kind: str, region: str = SINGAPORE, **values: Any) -> Account:
    """An account that has one resource of this type."""
    account = Account()
    request = a_request(kind, "first", account=account, region=region)
    token = services.canonical_token(kind)
    account.add(StoredResource(request.urn, token, "the-first", region, values))
    return account


def said(account: Account, kind: str, region: str = SINGAPORE, **values: Any) -> str:
    """What the account says to a second resource; empty where it accepts it."""
    request = a_request(kind, "second", account=account, region=region, **values)
    try:
        refuse_taken(request, {"region": region, **values})
    except AwsApiError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("kind", sorted(type for type, spec in services.specs().items() if spec.unique))
class TestTable:
    def test_it_names_properties_that_the_type_has(self, kind: str) -> None:
        spec = unique_of(kind)
        assert spec is not None
        described = resource_type(services.canonical_token(kind))
        assert described is not None
        assert {spec.name, *spec.within, *spec.takes_equals} <= {*described.inputs, *described.outputs}
        assert not spec.unless or spec.unless in described.inputs

    def test_the_second_of_a_name_is_refused(self, kind: str) -> None:
        spec = unique_of(kind)
        assert spec is not None
        scope = dict.fromkeys(name for name in spec.within if name != "region")
        values = {**dict.fromkeys(scope, "same"), spec.name: "the-name"}
        other = {**values, **dict.fromkeys([*spec.takes_equals][:1], "another")}
        text = said(with_a(kind, **values), kind, **other)
        assert spec.code in text
        assert "{" not in text
        assert said(with_a(kind, **values), kind, **{**other, spec.name: "another"}) == ""
        elsewhere = said(with_a(kind, **values), kind, IRELAND, **other)
        assert bool(elsewhere) is ("region" not in spec.within)


# As quoted in issues of hashicorp/terraform-provider-aws, less the request's id.
@pytest.mark.parametrize(
    ("kind", "values", "text"),
    [
        (
            "iam.Role",
            {"name": "app"},
            "creating IAM Role (app): operation error IAM: CreateRole, https response error StatusCode: 409, "
            "EntityAlreadyExists: Role with name app already exists.",
        ),
        (
            "ec2.SecurityGroup",
            {"name": "app", "vpcId": "vpc-1"},
            "creating Security Group (app): operation error EC2: CreateSecurityGroup, https response error "
            "StatusCode: 400, api error InvalidGroup.Duplicate: The security group 'app' already exists for VPC "
            "'vpc-1'",
        ),
        (
            "lambda.Function",
            {"name": "app"},
            "creating Lambda Function (app): operation error Lambda: CreateFunction, https response error "
            "StatusCode: 409, ResourceConflictException: Function already exist: app",
        ),
        (
            "dynamodb.Table",
            {"name": "app"},
            "creating AWS DynamoDB Table (app): operation error DynamoDB: CreateTable, https response error "
            "StatusCode: 400, ResourceInUseException: Table already exists: app",
        ),
        (
            "ecr.Repository",
            {"name": "app"},
            "creating ECR Repository (app): operation error ECR: CreateRepository, https response error "
            "StatusCode: 400, RepositoryAlreadyExistsException: The repository with name 'app' already exists in the "
            f"registry with id '{ACCOUNT}'",
        ),
        ("alb.LoadBalancer", {"name": "app"}, "ELBv2 Load Balancer (app) already exists"),
    ],
)
def test_the_words_are_those_of_the_service(kind: str, values: dict[str, Any], text: str) -> None:
    assert said(with_a(kind, **values), kind, **values) == text


def test_a_bucket_that_one_owns_is_found_by_the_provider_in_virginia() -> None:
    # internal/service/s3/bucket.go: "us-east-1 does not return error if the bucket already exists"
    account = with_a("s3.Bucket", bucket="app")
    assert "409, BucketAlreadyOwnedByYou: Your previous request" in said(account, "s3.Bucket", bucket="app")
    assert (
        said(account, "s3.BucketV2", "us-east-1", bucket="app")
        == "creating S3 Bucket (app): BucketAlreadyExists"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("rds.Instance", "rds.ClusterInstance"),
        ("rds.ClusterInstance", "rds.Instance"),
        ("lb.TargetGroup",) * 2,
    ],
)
def test_kinds_share_their_names(first: str, second: str) -> None:
    name = {"identifier": "db", "name": "db"}
    assert said(with_a(first, **name), second, **name)


def test_names_in_iam_are_not_distinguished_by_case() -> None:
    # IAM User Guide, "IAM and AWS STS quotas": "Names are not distinguished by case."
    assert said(with_a("iam.Role", name="App"), "iam.Role", name="app")
    assert not said(with_a("kinesis.Stream", name="App"), "kinesis.Stream", name="app")


class TestWhatAwsTakesTwice:
    def test_a_queue_of_the_same_attributes(self) -> None:
        # SQS API Reference, CreateQueue: an error only "if the request includes attributes whose values differ".
        account = with_a("sqs.Queue", name="jobs", visibilityTimeoutSeconds=30)
        assert said(account, "sqs.Queue", name="jobs", visibilityTimeoutSeconds=30, tags={"a": "b"}) == ""
        assert said(account, "sqs.Queue", name="jobs", visibilityTimeoutSeconds=60) == (
            "creating SQS Queue (jobs): operation error SQS: CreateQueue, https response error StatusCode: 400, "
            "QueueAlreadyExists: A queue already exists with the same name and a different value for attribute "
            "VisibilityTimeout"
        )

    def test_a_topic_of_the_same_attributes_and_tags(self) -> None:
        account = with_a("sns.Topic", name="alerts", tagsAll={"stage": "dev"})
        assert said(account, "sns.Topic", name="alerts", tagsAll={"stage": "dev"}) == ""
        assert said(account, "sns.Topic", name="alerts", tagsAll={"stage": "prod"}).endswith(
            "InvalidParameter: Invalid parameter: Tags Reason: Topic already exists with different tags"
        )

    def test_a_parameter_that_is_to_be_overwritten(self) -> None:
        account = with_a("ssm.Parameter", name="/app")
        assert "ParameterAlreadyExists" in said(account, "ssm.Parameter", name="/app")
        assert said(account, "ssm.Parameter", name="/app", overwrite=True) == ""


def test_what_is_not_known_claims_nothing() -> None:
    token = services.canonical_token("ec2.SecurityGroup")
    assert claim(token, {"name": UNKNOWN, "vpcId": "v", "region": SINGAPORE}) is None
    assert claim(token, {"name": "app", "vpcId": UNKNOWN, "region": SINGAPORE}) is None
    assert claim(services.canonical_token("apigateway.RestApi"), {"name": "app"}) is None


def test_a_resource_does_not_collide_with_itself() -> None:
    account = with_a("kinesis.Stream", name="alerts")
    (resource,) = account.resources.values()
    request = a_request("kinesis.Stream", "first", account=account)
    asked = type(request)(request.type, request.urn, {}, account, SINGAPORE, current=resource)
    refuse_taken(asked, {"name": "alerts", "region": SINGAPORE})


@pytest.mark.parametrize(("token", "kind"), [("s3.BucketV2", "s3.Bucket"), ("alb.Listener", "lb.Listener")])
def test_types_of_two_names_are_one(token: str, kind: str) -> None:
    assert services.canonical(token) == services.canonical(services.canonical_token(token)) == kind
