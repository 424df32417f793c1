"""A type that no table lists gets an id and an ARN of the form that the SDK and AWS's reference give.

The ids are those of the examples of `pulumi import` in the SDK's documentation; the ARNs those of AWS's Service
Authorization Reference, "Actions, resources, and condition keys" of each service.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.cli.explanation import explain
from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.common_outputs import common_outputs
from lab_support.mock_aws.data import read
from lab_support.mock_aws.fallback import handle_templates
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec
from lab_support.plan.invalid_input import InvalidInput
from lab_support.toolchain.sdk_types import resource_tokens, resource_type, token_of
from tests.mock_aws.asking import a_request, answered


def handles(kind: str) -> tuple[str, str]:
    spec = services.specs().get(kind, ResourceSpec())
    assert not spec.id, "the entry has an id: choose another type"
    token = token_of(kind)
    assert token is not None
    return handle_templates(token, {}, resource_type(token))


@pytest.mark.parametrize(
    ("kind", "identity", "arn"),
    [
        # An identifier that AWS draws: a prefix, a UUID, letters and digits.
        ("verifiedaccess.Endpoint", "vae-{hex17}", None),
        ("guardduty.Detector", "{lower32}", "guardduty:{region}:{account}:detector/{id}"),
        ("rolesanywhere.Profile", "{uuid}", "rolesanywhere:{region}:{account}:profile/{id}"),
        # A name.
        ("memorydb.Acl", "{name}", "memorydb:{region}:{account}:acl/{name}"),
        ("sagemaker.Endpoint", "{name}", "sagemaker:{region}:{account}:endpoint/{name}"),
        ("rds.GlobalCluster", "{globalClusterIdentifier}", None),
        # An ARN.
        ("sfn.Activity", "{arn}", "states:{region}:{account}:activity:{name}"),
        ("apprunner.VpcIngressConnection", "{arn}", None),
        # What pulumi-aws composes itself (provider/computed_ids.go).
        ("s3tables.TablePolicy", "{tableBucketArn};{namespace};{name}", None),
        ("rds.ShardGroup", "{dbShardGroupIdentifier}", None),
        # Several of them.
        ("directoryservice.ConditionalForwarder", "{directoryId}:{remoteDomainName}", ""),
        ("appmesh.Route", "{meshName}/{virtualRouterName}/{name}", None),
    ],
)
def test_ids_and_arns_have_the_form_that_is_published(kind: str, identity: str, arn: str | None) -> None:
    found = handles(kind)
    assert found[0] == identity
    if arn is not None:
        assert found[1] == (f"arn:{{partition}}:{arn}" if arn else "")


def test_no_arn_contains_another_one() -> None:
    wrong = {}
    for token in sorted(resource_tokens()):
        described = resource_type(token)
        assert described is not None
        inputs: dict[str, str] = {
            name: f"arn:aws:x:r:1:{name}" if name.lower().endswith("arn") else "given"
            for name, prop in described.inputs.items()
            if prop.type.kind == "string"
        }
        urn = f"urn:pulumi:dev::p::{token}::r"
        request = ResourceRequest(token, urn, inputs, Account(), "eu-west-1")
        try:
            _, outputs = answer(request, services.spec_of(token), described)
        except (AwsApiError, InvalidInput):  # a rule refuses these inputs
            continue
        if str(outputs.get("arn")).count("arn:") > 1:
            wrong[token] = outputs["arn"]
    assert wrong == {}


def test_no_arn_has_a_random_part_where_an_input_is_called_like_it() -> None:
    wrong = {}
    for token in sorted(resource_tokens()):
        described, arn = resource_type(token), explain(token).properties.get("arn")
        assert described is not None
        inputs = {name.lower() for name, prop in described.inputs.items() if prop.type.kind == "string"}
        for part in re.findall(r"\{lower10:(\w+)\}", str(arn.value)) if arn is not None else ():
            likely = {part.lower(), re.sub("(name|id)$", "", part.lower())}
            if part.lower() == f"{described.class_name}Name".lower():
                likely.add("name")
            if likely & inputs:
                wrong[token] = part
    assert wrong == {}


def test_every_type_of_the_sdk_has_an_answer() -> None:
    wrong = {}
    for token in sorted(resource_tokens()):
        described = resource_type(token)
        assert described is not None
        identity, arn = handle_templates(token, {}, described)
        made = "arn" in described.outputs and not (
            "arn" in described.inputs and described.inputs["arn"].required
        )
        if not identity or made != bool(arn):
            wrong[token] = (identity, arn)
        if arn and not re.fullmatch(
            r"arn:\{partition\}:[a-z0-9-]+:(\{region\})?:(\{account\}|aws)?:\S+", arn
        ):
            wrong[token] = (identity, arn)
    assert wrong == {}


def test_outputs_that_say_what_they_are_are_filled_in_and_no_others() -> None:
    described = resource_type(str(token_of("guardduty.Detector")))
    assert described is not None
    assert common_outputs(described)["accountId"] == "{account}"
    described = resource_type(str(token_of("verifiedaccess.Endpoint")))
    assert described is not None
    assert "endpointDomain" not in common_outputs(described)


def test_composed_ids_are_made_of_what_the_type_has() -> None:
    for token, template in read("composed_ids")["types"].items():
        described = resource_type(token)
        assert described is not None, token
        assert set(re.findall(r"\{(\w+)\}", template)) <= {*described.inputs, *described.outputs}


def test_what_stands_for_the_account_is_filled_in() -> None:
    identity, values = answered(a_request("quicksight.KeyRegistration", "k"))
    assert identity == values["awsAccountId"] == "123456789012"


@pytest.mark.parametrize(
    ("type", "identity"),
    [
        ("redshift.ClusterSnapshot", "{snapshotIdentifier}"),
        ("sesv2.MultiRegionEndpoint", "{endpointName}"),
        ("s3control.AccessPointPolicy", "{accessPointArn}"),
        ("msk.ScramSecretAssociation", "{clusterArn}"),
    ],
)
def test_an_id_follows_the_input_that_identifies_the_resource(type: str, identity: str) -> None:
    token = token_of(type)
    assert token is not None
    assert handle_templates(token, {}, resource_type(token))[0] == identity


@pytest.mark.parametrize(
    ("type", "inputs", "name", "form"),
    [
        (
            "dms.ReplicationInstance",
            {"replicationInstanceId": "r"},
            "replicationInstanceArn",
            r"dms:\S+:rep:[A-Z0-9]{26}",
        ),
        ("dms.Endpoint", {"endpointId": "e"}, "endpointArn", r"dms:\S+:endpoint:[A-Z0-9]{26}"),
        ("workspaces.Pool", {}, "poolArn", r"workspaces:\S+/wspool-[0-9a-z]+"),
        ("detective.Graph", {}, "graphArn", r"detective:\S+:graph:[0-9a-z]+"),
    ],
)
def test_an_arn_under_the_name_of_its_type_has_the_form_of_an_arn(
    type: str, inputs: dict[str, Any], name: str, form: str
) -> None:
    assert re.fullmatch(f"arn:aws:{form}", answered(a_request(type, "x", **inputs))[1][name])
