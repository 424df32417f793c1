"""Physical names as the provider makes them, and what the engine's autonaming configuration does to them.

Which property carries the name and how long it may be: pulumi/pulumi-aws, provider/resource_overrides.go (`AutoName`).
How a proposal is taken, and the words of the errors: pulumi/pulumi-terraform-bridge, ComputeAutoNameDefault, and
pulumi/pulumi, resource.NewUniqueName.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.naming import Proposal, autonamed_property, name_with_prefix, physical_name
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of


def named(
    kind: str, /, proposal: Proposal | None = None, logical: str = "alerts", **inputs: Any
) -> dict[str, str]:
    token = token_of(kind)
    assert token is not None
    urn = f"urn:pulumi:dev::p::{token}::{logical}"
    return physical_name(token, urn, inputs, resource_type(token), f"123456789012:{urn}", proposal)


class TestTable:
    @pytest.mark.parametrize("kind", sorted(type for type, spec in services.specs().items() if spec.autoname))
    def test_each_name_is_an_input_of_a_type_that_the_sdk_has(self, kind: str) -> None:
        described = resource_type(str(token_of(kind)))
        assert described is not None
        rule = services.specs()[kind].autoname
        assert rule is not None
        assert autonamed_property(kind, described) in described.inputs
        assert not rule.fifo or rule.fifo in described.inputs


class TestWithoutConfiguration:
    @pytest.mark.parametrize(
        ("kind", "property", "pattern"),
        [
            ("kinesis.Stream", "name", "Alerts-[0-9a-f]{7}"),
            ("ecr.Repository", "name", "Alerts-[0-9a-f]{7}"),
            ("lambda.Function", "name", "Alerts-[0-9a-f]{7}"),
            ("cloudwatch.MetricAlarm", "name", "Alerts-[0-9a-f]{7}"),
            ("lambda.Permission", "statementId", "Alerts-[0-9a-f]{7}"),
            ("s3.Bucket", "bucket", "alerts-[0-9a-f]{7}"),
            ("elasticache.ReplicationGroup", "replicationGroupId", "alerts-[0-9a-f]{7}"),
            ("rds.Instance", "identifier", "Alerts[0-9a-f]{7}"),
            ("glue.CatalogDatabase", "name", "alerts_[a-z]{8}"),
            ("athena.Database", "name", "Alerts_[0-9a-f]{7}"),
            ("kms.Alias", "name", "alias/Alerts-[0-9a-f]{7}"),
            ("s3.BucketObject", "key", "Alerts"),
        ],
    )
    def test_the_logical_name_gets_an_ending(self, kind: str, property: str, pattern: str) -> None:
        (found,) = named(kind, logical="Alerts").items()
        assert found[0] == property
        assert re.fullmatch(pattern, found[1])

    @pytest.mark.parametrize(("kind", "input"), [("sqs.Queue", "fifoQueue"), ("sns.Topic", "fifoTopic")])
    def test_what_is_first_in_first_out_ends_in_fifo(self, kind: str, input: str) -> None:
        assert named(kind, **{input: True})["name"].endswith(".fifo")
        assert not named(kind)["name"].endswith(".fifo")

    @pytest.mark.parametrize("kind", ["ec2.Vpc", "kms.Key", "route53.Record", "rds.Cluster"])
    def test_types_without_names_get_none(self, kind: str) -> None:
        assert named(kind) == {}
        assert named(kind, Proposal("enforce", "alerts")) == {}

    @pytest.mark.parametrize("given", [{"name": "mine"}, {"namePrefix": "mine-"}, {"name": UNKNOWN}])
    def test_a_name_that_is_given_is_left_alone(self, given: dict[str, Any]) -> None:
        assert named("sqs.Queue", Proposal("enforce", "alerts"), **given) == {}

    @pytest.mark.parametrize(
        ("kind", "longest"),
        [("iam.Role", 64), ("lambda.Function", 64), ("cloudwatch.EventRule", 64), ("sqs.Queue", 80)],
    )
    def test_a_name_that_gets_too_long_is_an_error(self, kind: str, longest: int) -> None:
        assert len(named(kind, logical="x" * (longest - 8))["name"]) == longest
        with pytest.raises(
            InvalidInput, match=f"plus 7 random chars is longer than maximum length {longest}"
        ):
            named(kind, logical="x" * (longest - 7))

    def test_sql_server_takes_fifteen_characters(self) -> None:
        assert re.fullmatch("database[0-9a-f]{3}", named_sql_server("database"))
        with pytest.raises(InvalidInput, match="maximum length 15"):
            named_sql_server("emergency-alert-db")


def named_sql_server(logical: str) -> str:
    return named("rds.Instance", logical=logical, engine="sqlserver-ex")["identifier"]


class TestConfiguration:
    def test_a_proposal_is_made_to_fit_the_type(self) -> None:
        proposal = Proposal("propose", "Alerts-of-dev")
        assert named("kinesis.Stream", proposal) == {"name": "Alerts-of-dev"}
        assert named("s3.Bucket", proposal) == {"bucket": "alerts-of-dev"}
        assert named("sns.Topic", proposal, fifoTopic=True) == {"name": "Alerts-of-dev.fifo"}

    def test_what_is_enforced_is_taken_as_it_is(self) -> None:
        enforced = Proposal("enforce", "Alerts")
        assert named("s3.Bucket", enforced) == {"bucket": "Alerts"}
        assert named("sns.Topic", enforced, fifoTopic=True) == {"name": "Alerts"}

    def test_a_proposal_that_is_too_long_is_an_error(self) -> None:
        with pytest.raises(InvalidInput, match=r"calculated name 'x+' exceeds maximum length of 64"):
            named("iam.Role", Proposal("propose", "x" * 65))

    def test_without_autonaming_a_name_must_be_given(self) -> None:
        with pytest.raises(InvalidInput) as caught:
            named("kinesis.Stream", Proposal("disable"))
        assert caught.value.property == "name"
        assert "automatic naming is disabled but no explicit name was provided" in str(caught.value)
        assert named("kinesis.Stream", Proposal("disable"), name="mine") == {}


def test_a_prefix_gets_a_time_and_a_counter() -> None:
    # helper/id.PrefixedUniqueId of hashicorp/terraform-plugin-sdk: 18 digits of time, eight of a counter.
    found = name_with_prefix("alerts-", "seed")
    assert re.fullmatch(r"alerts-2025(0\d|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d\d{4}[0-9a-f]{8}", found)
    assert found == name_with_prefix("alerts-", "seed") != name_with_prefix("alerts-", "other")
