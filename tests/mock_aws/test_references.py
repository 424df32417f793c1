"""Names that lead nowhere: what AWS looks up when a resource is created, and how it misses it."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.make_existing import make_existing
from lab_support.mock_aws.references import refuse_missing
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_tokens, resource_type
from tests.mock_aws.asking import a_request, created

ROLE = "arn:aws:iam::123456789012:role/app"


def said(kind: str, account: Account | None = None, /, region: str = "ap-southeast-1", **inputs: Any) -> str:
    """What the account says to a request; nothing where all that it names exists."""
    try:
        refuse_missing(a_request(kind, "it", account=account or Account(), region=region, **inputs))
    except AwsApiError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("kind", sorted(type for type, spec in services.specs().items() if spec.references))
def test_the_table_names_properties_and_kinds_that_exist(kind: str) -> None:
    described = resource_type(services.canonical_token(kind))
    assert described is not None
    for reference in services.specs()[kind].references:
        assert reference.name in described.inputs
        assert services.canonical_token(reference.target) in resource_tokens()


# As quoted in issues of hashicorp/terraform-provider-aws, and as getmoto/moto answers, less the request's id.
@pytest.mark.parametrize(
    ("kind", "inputs", "text"),
    [
        (
            "ec2.Subnet",
            {"vpcId": "vpc-0a1b2c3d"},
            "creating EC2 Subnet: operation error EC2: CreateSubnet, https response error StatusCode: 400, api error "
            "InvalidVpcID.NotFound: The vpc ID 'vpc-0a1b2c3d' does not exist",
        ),
        (
            "ec2.Instance",
            {"vpcSecurityGroupIds": ["sg-0a1b2c3d"]},
            "creating EC2 Instance: operation error EC2: RunInstances, https response error StatusCode: 400, api "
            "error InvalidGroup.NotFound: The security group 'sg-0a1b2c3d' does not exist",
        ),
        (
            "cloudwatch.LogMetricFilter",
            {"name": "errors", "logGroupName": "/app"},
            "putting CloudWatch Logs Metric Filter (errors): operation error CloudWatch Logs: PutMetricFilter, https "
            "response error StatusCode: 400, ResourceNotFoundException: The specified log group does not exist.",
        ),
        (
            "lambda.Function",
            {"name": "app", "role": ROLE},
            "creating Lambda Function (app): operation error Lambda: CreateFunction, https response error StatusCode: "
            "400, InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.",
        ),
        (
            "s3.BucketPolicy",
            {"bucket": "app"},
            "putting S3 Bucket (app) Policy: operation error S3: PutBucketPolicy, https response error StatusCode: "
            "404, api error NoSuchBucket: The specified bucket does not exist",
        ),
        (
            "apigateway.Resource",
            {"restApi": "abc123"},
            "creating API Gateway Resource: operation error API Gateway: CreateResource, https response error "
            "StatusCode: 404, NotFoundException: Invalid API identifier specified 123456789012:abc123",
        ),
    ],
)
def test_what_does_not_exist_is_missed_in_aws_words(kind: str, inputs: dict[str, Any], text: str) -> None:
    assert said(kind, **inputs) == text


class TestWhatExists:
    def test_a_resource_is_found_by_any_of_its_names(self) -> None:
        account = Account()
        role = created("iam.Role", "role", account=account, name="app")
        task = created("ecs.TaskDefinition", "task", account=account, family="app", containerDefinitions="[]")
        assert said("lambda.Function", account, role=role.values["arn"], region="eu-west-1") == ""
        for name in ("app", "app:1", task.values["arn"]):
            assert said("ecs.Service", account, taskDefinition=name) == "", name
        assert "TaskDefinition not found." in said("ecs.Service", account, taskDefinition="app:2")

    def test_in_its_region_only(self) -> None:
        account = Account()
        vpc = created("ec2.Vpc", "vpc", account=account)
        assert said("ec2.Subnet", account, vpcId=vpc.id) == ""
        assert "InvalidVpcID.NotFound" in said("ec2.Subnet", account, region="eu-west-1", vpcId=vpc.id)

    def test_what_aws_has_made_and_what_is_described(self) -> None:
        vpc = make_existing("ec2.Vpc", id="vpc-0a1b2c3d")
        account = Account(existing=(vpc,))
        assert said("ec2.Subnet", account, vpcId="vpc-0a1b2c3d") == ""
        group = vpc.values["defaultSecurityGroupId"]
        assert said("ec2.Instance", account, vpcSecurityGroupIds=[group]) == ""

    def test_names_of_other_accounts_and_unknown_names_are_accepted(self) -> None:
        foreign = ROLE.replace("123456789012", "999999999999")
        assert said("lambda.Function", role=foreign) == ""
        assert said("ec2.Subnet", vpcId=UNKNOWN) == ""
        assert said("ec2.SecurityGroup", name="in the default VPC") == ""

    def test_a_real_account_may_hold_what_is_named(self) -> None:
        account = Account(holds_everything=False)
        assert said("ec2.Subnet", account, vpcId="vpc-0a1b2c3d") == ""
        assert [text for _, text in account.assumed] == ["ec2.Vpc vpc-0a1b2c3d"]
