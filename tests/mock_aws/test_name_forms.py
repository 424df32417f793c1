"""Names of the wrong form, and who says so in which words."""

from __future__ import annotations

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.name_forms import check_name
from lab_support.plan.invalid_input import InvalidInput
from lab_support.toolchain.sdk_types import resource_type
from tests.mock_aws.asking import a_request


def said(kind: str, name: str) -> str:
    """What is said to a name; nothing where it will do."""
    try:
        check_name(a_request(kind, "it", **{services.specs()[kind].name: name}))
    except (InvalidInput, AwsApiError) as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("kind", sorted(type for type, spec in services.specs().items() if spec.name_forms))
def test_the_table_names_properties_that_exist_and_takes_a_usual_name(kind: str) -> None:
    described = resource_type(services.canonical_token(kind))
    assert described is not None
    assert services.specs()[kind].name in described.inputs
    assert said(kind, "emergency-alert-dev-1a2b3c4") == ""


# The validators of hashicorp/terraform-provider-aws, and the patterns of botocore's service models.
@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        (
            "s3.Bucket",
            "Alert_Data",
            "validating S3 Bucket (Alert_Data) name: only lowercase alphanumeric characters and hyphens allowed in "
            '"Alert_Data"',
        ),
        ("s3.Bucket", "x" * 64, f"expected length of bucket to be in the range (0 - 63), got {'x' * 64}"),
        ("s3.Bucket", "ab", 'validating S3 Bucket (ab) name: "ab" must contain from 3 to 63 characters'),
        (
            "s3.Bucket",
            "192.168.5.4",
            'validating S3 Bucket (192.168.5.4) name: "192.168.5.4" must not be formatted as an IP address',
        ),
        ("sqs.Queue", "alert jobs", "invalid queue name: alert jobs"),
        ("sqs.Queue", "x" * 81, f"invalid queue name: {'x' * 81}"),
        (
            "dynamodb.Table",
            "alert events",
            "creating AWS DynamoDB Table (alert events): operation error DynamoDB: CreateTable, https response error "
            "StatusCode: 400, api error ValidationException: 1 validation error detected: Value 'alert events' at "
            "'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            "[a-zA-Z0-9_.-]+",
        ),
        ("lb.LoadBalancer", "x" * 33, f'"name" cannot be longer than 32 characters: "{"x" * 33}"'),
        ("lb.LoadBalancer", "internal-web", '"name" cannot begin with "internal-": "internal-web"'),
        ("lb.TargetGroup", "web-", '"name" cannot end with a hyphen: "web-"'),
        (
            "elasticache.ReplicationGroup",
            "1cache",
            "invalid value for replication_group_id (must begin with a letter)",
        ),
        (
            "cloudwatch.LogGroup",
            "/alerts dev",
            '"name" isn\'t a valid log group name (alphanumeric characters, underscores, hyphens, slashes, hash signs '
            'and dots are allowed): "/alerts dev"',
        ),
        ("ec2.SecurityGroup", "sg-web", "invalid value for name (cannot begin with sg-)"),
    ],
)
def test_what_is_no_name(kind: str, name: str, text: str) -> None:
    assert said(kind, name) == text


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("sqs.Queue", "jobs.fifo"),
        ("ecr.Repository", "alerts/app"),
        ("cloudwatch.LogGroup", "/aws/lambda/app#1"),
    ],
)
def test_a_name_of_the_right_form_is_accepted(kind: str, name: str) -> None:
    assert said(kind, name) == ""


@pytest.mark.parametrize(
    ("kind", "name", "constraint"),
    [
        (
            "scheduler.Schedule",
            "every morning",
            "Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+",
        ),
        ("pipes.Pipe", "x" * 65, "Member must have length less than or equal to 64"),
    ],
)
def test_aws_refuses_a_name_that_its_model_rules_out_where_nothing_looks_first(
    kind: str, name: str, constraint: str
) -> None:
    with pytest.raises(AwsApiError) as caught:
        check_name(a_request(kind, "it", name=name))
    assert caught.value.code == "ValidationException"
    assert caught.value.text == (
        f"1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: {constraint}"
    )
    assert "api error" not in str(caught.value)
