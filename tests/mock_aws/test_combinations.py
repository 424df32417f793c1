"""Inputs that the provider refuses together, or for lack of another, and texts that are no ARNs."""

from __future__ import annotations

from typing import Any

import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.mock_aws.account import SECRET_STAND_INS, Account
from lab_support.mock_aws.combinations import check_inputs
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.projects.config import SECRET_PLACEHOLDER
from tests.mock_aws.asking import a_request

ROLE = "arn:aws:iam::123456789012:role/x"


@pytest.mark.parametrize(
    ("kind", "inputs", "reason"),
    [
        ("lambda.Function", {"role": ROLE}, '"code": one of `code,image_uri,s3_bucket` must be specified'),
        (
            "lambda.Function",
            {"role": ROLE, "code": "a.zip", "imageUri": "x"},
            "only one of `code,image_uri,s3_bucket` can be specified, but `code,image_uri` were specified.",
        ),
        (
            "lambda.Function",
            {"role": ROLE, "s3Bucket": "b"},
            '"s3_bucket": all of `s3_bucket,s3_key` must be specified',
        ),
        ("ec2.Instance", {}, '"ami": one of `ami,launch_template` must be specified'),
        ("ec2.SecurityGroup", {"name": "a", "namePrefix": "b"}, '"name_prefix": conflicts with name'),
        (
            "route53.Record",
            {"ttl": 60, "aliases": [{"name": "x"}], "zoneId": "Z1", "name": "a", "type": "A"},
            '"aliases": conflicts with ttl',
        ),
        (
            "ec2.Route",
            {
                "routeTableId": "rtb-1",
                "destinationCidrBlock": "0.0.0.0/0",
                "gatewayId": "a",
                "natGatewayId": "b",
            },
            "but `gateway_id,nat_gateway_id` were specified.",
        ),
    ],
)
def test_a_combination_is_refused_in_the_words_of_the_provider(
    kind: str, inputs: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_inputs(a_request(kind, "x", **inputs))
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("lambda.Function", {"role": ROLE, "code": UNKNOWN}),
        ("lambda.Function", {"role": ROLE, "imageUri": "x", "code": UNKNOWN}),
        ("ec2.Instance", {"launchTemplate": {"id": UNKNOWN}}),
        ("ec2.SecurityGroup", {"name": UNKNOWN, "namePrefix": "b"}),
        ("ec2.Vpc", {"assignGeneratedIpv6CidrBlock": False, "ipv6IpamPoolId": "pool"}),
        ("autoscaling.Group", {"availabilityZones": [], "vpcZoneIdentifiers": ["subnet-1"]}),
    ],
    ids=str,
)
def test_what_is_unknown_empty_or_false_excludes_nothing_and_lacks_nothing(
    kind: str, inputs: dict[str, Any]
) -> None:
    check_inputs(a_request(kind, "x", **inputs))


def test_a_name_that_pulumi_adds_excludes_nothing() -> None:
    request = a_request("ec2.SecurityGroup", "x", name="x-1234567", namePrefix="x")
    check_inputs(request, autonamed={"name"})


@pytest.mark.parametrize(
    ("kind", "inputs", "reason"),
    [
        (
            "ecs.TaskDefinition",
            {"taskRoleArn": "task"},
            '"task_role_arn" (task) is an invalid ARN: arn: invalid prefix',
        ),
        ("sfn.StateMachine", {"roleArn": "x"}, '"role_arn" (x) is an invalid ARN: arn: invalid prefix'),
        (
            "sfn.StateMachine",
            {"roleArn": "arn:aws:iam"},
            '"role_arn" (arn:aws:iam) is an invalid ARN: arn: not enough sections',
        ),
        (
            "lambda.Function",
            {"role": "x", "imageUri": "i"},
            '"role" (x) is an invalid ARN: arn: invalid prefix',
        ),
        (
            "lb.Listener",
            {"defaultActions": [{"type": "forward", "targetGroupArn": "tg"}]},
            '"default_actions.0.target_group_arn" (tg) is an invalid ARN: arn: invalid prefix',
        ),
    ],
)
def test_a_text_that_is_no_arn_is_refused(kind: str, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_inputs(a_request(kind, "x", **inputs))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("sfn.StateMachine", {"roleArn": UNKNOWN}),
        ("iam.RolePolicyAttachment", {"role": "task", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        ("ecs.Service", {"cluster": "main", "iamRole": "ecs"}),
        ("ssm.MaintenanceWindowTask", {"taskArn": "AWS-RunShellScript"}),  # an example of the documentation
        ("resourcegroups.Resource", {"groupArn": "web"}),  # "Name or ARN"
        (
            "dms.Endpoint",
            {"endpointId": "e", "endpointType": "source", "engineName": "oracle", "secretsManagerArn": "db"},
        ),
        (
            "msk.Cluster",
            {"encryptionInfo": {"encryptionAtRestKmsKeyArn": "1234abcd-12ab-34cd-56ef-1234567890ab"}},
        ),
        ("xray.SamplingRule", {"resourceArn": "*"}),
    ],
    ids=str,
)
def test_an_input_that_takes_other_texts_takes_them(kind: str, inputs: dict[str, Any]) -> None:
    check_inputs(a_request(kind, "x", **inputs))


def test_a_text_that_takes_the_place_of_what_is_not_known_here_is_taken() -> None:
    account = Account(holds_everything=False)
    account.made_up.add("value-1a2b3c4")
    for text in (*SECRET_STAND_INS, SECRET_PLACEHOLDER, "value-1a2b3c4"):
        check_inputs(a_request("sfn.StateMachine", "x", account=account, roleArn=text))


def from_elsewhere(suffix: str) -> None:
    """Values of a real account that are not known here, where ARNs and names are wanted."""
    parameter = aws.ssm.get_parameter(name="/shared/arn").value
    export = aws.cloudformation.get_export_output(name="arn").value
    for number, value in enumerate((parameter, export, parameter)):
        aws.sfn.StateMachine(f"machine-{number}", role_arn=value, definition="{}")
        aws.kms.ReplicaKey(f"key-{number}", primary_key_arn=value)
        aws.scheduler.ScheduleGroup(f"group-{number}", name=value)


def test_a_program_with_values_of_a_real_account_is_not_refused() -> None:
    plan = preview(from_elsewhere, account=Account(holds_everything=False, only_previewed=True))
    assert [diagnostic.text for diagnostic in plan.diagnostics if "refused" in diagnostic.text] == []
