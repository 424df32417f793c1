"""Inputs as the provider takes them: lenient where the meaning is plain, and in words where it is not."""

from __future__ import annotations

import json
from typing import Any

import pulumi_aws as aws
import pytest

from lab_support import Account, preview
from lab_support.engine.results import WRAPPED
from lab_support.plan.inputs import Conversion, checked
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type

DATABASE = "aws:rds/instance:Instance"
# What an instance must have, so that a test's own input is the only one that can be wrong.
REQUIRED = {"instanceClass": "db.t3.medium"}


def taken(name: str, value: Any, token: str = DATABASE, **more: Any) -> Any:
    """What becomes of one input; its failure is raised."""
    given = {**(REQUIRED if token == DATABASE else {}), **more, name: value}
    values, failures = checked(given, resource_type(token))
    if failures:
        (failure,) = failures
        assert failure.property.startswith(name)
        raise failure
    return values[name]


@pytest.mark.parametrize(
    ("name", "value", "becomes"),
    [
        ("multiAz", True, True),
        ("multiAz", "true", True),
        ("multiAz", "false", False),
        ("multiAz", None, None),
        ("multiAz", UNKNOWN, UNKNOWN),
        ("allocatedStorage", 100, 100),
        ("allocatedStorage", "100", 100),
        ("allocatedStorage", "1e2", 100),
        ("identifier", "db", "db"),
        ("identifier", 5432, "5432"),
        ("identifier", True, "true"),
        ("vpcSecurityGroupIds", ["sg-1", UNKNOWN], ["sg-1", UNKNOWN]),
        ("vpcSecurityGroupIds", "sg-1", ["sg-1"]),
        ("tags", {"a": "b"}, {"a": "b"}),
    ],
)
def test_values_are_converted_to_the_type_of_the_schema(name: str, value: Any, becomes: Any) -> None:
    found = taken(name, value)
    assert found == becomes
    assert type(found) is type(becomes)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("multiAz", "yes", "expected true or false, got 'yes'"),
        ("multiAz", 1, "expected true or false, got 1"),
        ("allocatedStorage", "much", "expected a number, got 'much'"),
        ("allocatedStorage", True, "expected a number, got True"),
        ("allocatedStorage", [], "expected a number"),
        ("identifier", ["db"], "expected a string, got"),
        ("vpcSecurityGroupIds", [["sg-1"]], "expected a string"),
    ],
)
def test_what_cannot_be_meant_is_rejected_in_words(name: str, value: Any, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        taken(name, value)
    assert words in str(caught.value)


def test_a_long_value_is_not_quoted_whole() -> None:
    with pytest.raises(InvalidInput) as caught:
        taken("multiAz", "x" * 5000)
    assert len(str(caught.value)) < 120


def test_the_place_in_a_list_is_told() -> None:
    _, (failure,) = checked({**REQUIRED, "vpcSecurityGroupIds": ["sg-1", {}]}, resource_type(DATABASE))
    assert failure.property == "vpcSecurityGroupIds[1]"


@pytest.mark.parametrize("given", [{}, {"instanceClass": None}])
def test_what_is_required_must_be_given(given: dict[str, Any]) -> None:
    _, failures = checked(given, resource_type(DATABASE))
    assert [(failure.property, failure.reason) for failure in failures] == [
        ("instanceClass", "Missing required property 'instance_class'")
    ]


def test_all_failures_are_told_at_once() -> None:
    _, failures = checked({"multiAz": "yes", "port": "x"}, resource_type(DATABASE))
    assert sorted(failure.property for failure in failures) == ["instanceClass", "multiAz", "port"]


def test_what_the_schema_does_not_know_is_left_as_it_is() -> None:
    assert taken("noSuchInput", {"a": 1}) == {"a": 1}
    assert checked({"anything": "x"}, None) == ({"anything": "x"}, [])


def test_a_policy_may_be_given_as_an_object() -> None:
    document = {"Version": "2012-10-17", "Statement": []}
    role = "aws:iam/role:Role"
    assert json.loads(taken("assumeRolePolicy", document, token=role)) == document
    assert taken("assumeRolePolicy", {"Statement": [UNKNOWN]}, token=role) is UNKNOWN


class TestNested:
    VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

    def told(self, token: str, **given: Any) -> dict[str, str]:
        _, failures = checked(given, resource_type(token))
        return {failure.property: failure.reason for failure in failures}

    def test_types_are_converted_all_the_way_down(self) -> None:
        rules = [
            {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}, "bucketKeyEnabled": "true"}
        ]
        configuration = (
            "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
        )
        values, failures = checked({"bucket": "b", "rules": rules}, resource_type(configuration))
        assert failures == []
        assert values["rules"][0]["bucketKeyEnabled"] is True

    def test_what_is_required_is_missed(self) -> None:
        assert self.told(self.VERSIONING, bucket="b", versioningConfiguration={}) == {
            "versioningConfiguration.status": "Missing required property 'status'"
        }

    def test_an_unknown_key_is_reported_with_the_likely_name(self) -> None:
        given = {"status": "Enabled", "mfa_delet": "Disabled"}
        assert self.told(self.VERSIONING, bucket="b", versioningConfiguration=given) == {
            "versioningConfiguration.mfa_delet": "Invalid or unknown key 'mfa_delet'; did you mean 'mfa_delete'?"
        }

    def test_a_list_is_no_object(self) -> None:
        (reason,) = self.told(
            self.VERSIONING, bucket="b", versioningConfiguration=[{"status": "Enabled"}]
        ).values()
        assert reason.startswith("expected an object, got [")

    def test_the_place_is_told_and_unknown_values_are_left_alone(self) -> None:
        rules = [{"fromPort": "x", "toPort": 80, "protocol": "tcp"}, UNKNOWN]
        assert self.told("aws:ec2/securityGroup:SecurityGroup", ingress=rules) == {
            "ingress[0].fromPort": "expected a number, got 'x'"
        }
        assert self.told(self.VERSIONING, bucket="b", versioningConfiguration={"status": UNKNOWN}) == {}


class TestNamesOfTerraform:
    """Keys of plain dictionaries. Source: PulumiToTerraformName in pulumi-terraform-bridge; a list that Pulumi names
    in the plural may keep Terraform's singular, as in the hub-and-spoke network of pulumi/examples.
    """

    @pytest.mark.parametrize(
        ("key", "value"), [("definition", ["10.0.0.0/8"]), ("definitions", ["10.0.0.0/8"])]
    )
    def test_a_list_may_be_named_in_the_singular(self, key: str, value: Any) -> None:
        group = {
            "rulesSource": {"rulesString": "pass ip any any -> any any (sid: 1;)"},
            "ruleVariables": {"ip_sets": [{"key": "NETWORK", "ipSet": {key: value}}]},
        }
        found = taken(
            "ruleGroup", group, "aws:networkfirewall/ruleGroup:RuleGroup", capacity=1, type="STATEFUL"
        )
        assert found["ruleVariables"] == {"ipSets": [{"key": "NETWORK", "ipSet": {"definitions": value}}]}

    def test_what_is_no_list_may_not(self) -> None:
        with pytest.raises(InvalidInput, match="Invalid or unknown key 'volumeSizes'"):
            taken("rootBlockDevice", {"volumeSizes": 8}, "aws:ec2/instance:Instance")


class TestSingleValueForAList:
    @staticmethod
    def converted(token: str, **given: Any) -> tuple[Any, list[str]]:
        conversion = Conversion()
        values, failures = checked(given, resource_type(token), conversion)
        assert failures == []
        return values, conversion.wrapped

    def test_it_is_wrapped_at_every_depth(self) -> None:
        rule = {"fromPort": 443, "toPort": 443, "protocol": "tcp", "cidrBlocks": "10.0.0.0/8"}
        values, wrapped = self.converted("aws:ec2/securityGroup:SecurityGroup", ingress=rule)
        assert values["ingress"] == [{**rule, "cidrBlocks": ["10.0.0.0/8"]}]
        assert wrapped == ["ingress", "ingress[0].cidrBlocks"]

    def test_a_list_is_left_alone(self) -> None:
        values, wrapped = self.converted(DATABASE, **REQUIRED, vpcSecurityGroupIds=["sg-1"])
        assert values["vpcSecurityGroupIds"] == ["sg-1"]
        assert wrapped == []


def test_a_single_value_for_a_list_is_a_warning() -> None:
    def program(suffix: str) -> None:
        policy = aws.iam.get_policy_document(statements=[{"actions": "s3:GetObject", "resources": "*"}])
        aws.iam.Policy("read", policy=policy.json)
        aws.sns.TopicSubscription("s", topic="t", protocol="sqs", endpoint="e")
        aws.ec2.SecurityGroup("g", ingress={"from_port": 1, "to_port": 1, "protocol": "tcp", "self": True})

    plan = preview(program, account=Account(holds_everything=False, only_previewed=True))
    (statement,) = json.loads(plan.named("read").inputs["policy"])["Statement"]
    assert statement["Action"] == "s3:GetObject"
    warned = [(d.resource, d.text.partition(":")[0]) for d in plan.diagnostics if d.text.endswith(WRAPPED)]
    assert ("g", "ingress") in warned
    assert ("", "iam.getPolicyDocument, statements[0].actions") in warned
