"""What a resource looks like once AWS has created it: ids, ARNs, defaults, tags, and names that are taken."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of
from tests.mock_aws.asking import a_request, answered, created

ACCOUNT = "123456789012"


def a_region(name: str) -> ResourceRequest:
    return a_request("sqs.Queue", "q", region=name, name="q")


class TestTables:
    def test_no_type_has_two_entries(self) -> None:
        modules = [import_module(f"{services.__name__}.{m.name}") for m in iter_modules(services.__path__)]
        assert sum(len(getattr(module, "SPECS", ())) for module in modules) == len(services.specs())

    @pytest.mark.parametrize("kind", sorted(services.specs()))
    def test_each_entry_is_of_a_type_that_the_sdk_has(self, kind: str) -> None:
        token = token_of(kind)
        assert token is not None
        described = resource_type(token)
        assert described is not None
        spec = services.specs()[kind]
        assert spec.name in {"", "name", *described.inputs}
        assert set(spec.defaults) <= {*described.inputs, *described.outputs}

    def test_entries_compute_only_outputs_that_exist(self) -> None:
        # Others would appear in a plan under their wire name (`ownerId`), which no program can use.
        unknown = {}
        for kind, spec in services.specs().items():
            described = resource_type(str(token_of(kind)))
            assert described is not None
            unknown[kind] = set(spec.computed) - {*described.inputs, *described.outputs}
        assert {kind: names for kind, names in unknown.items() if names} == {}


class TestValues:
    def test_what_the_program_gives_is_kept_and_the_rest_filled_in(self) -> None:
        identity, values = answered(
            a_request("ec2.Vpc", "vpc", cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
        )
        assert re.fullmatch(r"vpc-[0-9a-f]{17}", identity)
        assert values["arn"] == f"arn:aws:ec2:ap-southeast-1:{ACCOUNT}:vpc/{identity}"
        assert (values["cidrBlock"], values["enableDnsHostnames"], values["enableDnsSupport"]) == (
            "10.0.0.0/16",
            True,
            True,
        )
        assert values["ownerId"] == ACCOUNT
        assert values["region"] == "ap-southeast-1"
        assert "id" not in values

    def test_none_counts_as_not_given(self) -> None:
        _, values = answered(a_request("ec2.Vpc", "vpc", enableDnsSupport=None))
        assert values["enableDnsSupport"] is True

    def test_an_id_may_be_the_arn(self) -> None:
        identity, values = answered(a_request("sns.Topic", "t", name="alerts"))
        assert identity == values["arn"] == f"arn:aws:sns:ap-southeast-1:{ACCOUNT}:alerts"

    def test_what_follows_from_the_unknown_is_unknown(self) -> None:
        _, values = answered(a_request("sns.Topic", "t", name=UNKNOWN))
        assert values["arn"] is UNKNOWN
        assert values["name"] is UNKNOWN

    def test_so_is_an_id_that_follows_from_it(self) -> None:
        assert answered(a_request("sqs.Queue", "q", name=UNKNOWN))[0] is UNKNOWN

    def test_a_resource_keeps_its_id_and_another_environment_has_another(self) -> None:
        request = a_request("ec2.Vpc", "vpc")
        other = ResourceRequest(
            request.type, request.urn.replace(":dev:", ":prod:"), {}, Account(), request.region
        )
        assert answered(request)[0] == answered(request)[0] != answered(other)[0]

    def test_default_tags_are_in_all_tags_and_the_resources_own_win(self) -> None:
        asked = a_request("sqs.Queue", "q", name="q", tags={"stage": "dev"})
        request = ResourceRequest(
            asked.type, asked.urn, asked.inputs, asked.account, asked.region, {"team": "a", "stage": "x"}
        )
        _, values = answered(request)
        assert values["tagsAll"] == {"team": "a", "stage": "dev"}
        assert values["tags"] == {"stage": "dev"}


class TestTypesWithoutAnEntry:
    def test_one_with_a_name_is_known_by_it(self) -> None:
        assert "memorydb.Acl" not in services.specs()
        identity, values = answered(a_request("memorydb.Acl", "acl", name="readers"))
        assert identity == "readers"
        assert values["arn"] == f"arn:aws:memorydb:ap-southeast-1:{ACCOUNT}:acl/readers"

    def test_one_without_gets_an_id(self) -> None:
        assert "verifiedaccess.Endpoint" not in services.specs()
        identity, _ = answered(a_request("verifiedaccess.Endpoint", "endpoint"))
        assert re.fullmatch("vae-[0-9a-f]{17}", identity)

    def test_a_type_that_the_sdk_does_not_describe_is_answered(self) -> None:
        request = ResourceRequest(
            "aws:new/thing:Thing",
            "urn:pulumi:dev::p::aws:new/thing:Thing::t",
            {},
            Account(),
            "x",
        )
        identity, values = answer(request, None, None)
        assert identity
        assert values == {"region": "x", "tagsAll": {}}


class TestRegions:
    @pytest.mark.parametrize(
        ("region", "partition"),
        [
            ("ap-southeast-1", "aws"),
            ("us-east-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
        ],
    )
    def test_arns_carry_the_partition_of_the_region(self, region: str, partition: str) -> None:
        request = a_region(region)
        assert request.partition == partition
        assert answered(request)[1]["arn"] == f"arn:{partition}:sqs:{region}:{ACCOUNT}:q"

    def test_zones_are_three(self) -> None:
        assert a_region("eu-west-1").zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")


class TestNames:
    @pytest.mark.parametrize(
        ("kind", "property", "inputs"),
        [
            ("rds.ClusterInstance", "identifier", {"clusterIdentifier": "c"}),
            ("rds.Cluster", "clusterIdentifier", {"engine": "aurora-postgresql"}),
        ],
    )
    def test_some_are_named_by_the_provider_itself(
        self, kind: str, property: str, inputs: dict[str, Any]
    ) -> None:
        bare = replace(services.specs()[kind], rules=())
        request = a_request(kind, "x", **inputs)
        _, values = answer(request, bare, resource_type(request.type))
        assert re.fullmatch("tf-[0-9]{18}[0-9a-f]{8}", values[property])

    def test_a_prefix_is_completed(self) -> None:
        identity, values = answered(a_request("sqs.Queue", "q", namePrefix="alerts-", fifoQueue=True))
        assert re.fullmatch(r"alerts-[0-9]{18}[0-9a-f]{8}\.fifo", values["name"])
        assert identity.endswith(f"/{values['name']}")
        assert answered(a_request("sqs.Queue", "q", namePrefix=UNKNOWN))[1]["name"] is UNKNOWN


class TestSubnetsAndKeys:
    def test_a_subnet_in_a_zone_that_does_not_exist_is_refused(self) -> None:
        with pytest.raises(AwsApiError, match="Subnets can currently only be created in the following"):
            answered(a_request("ec2.Subnet", "s", availabilityZone="ap-southeast-1d"))

    def test_aws_chooses_a_zone_where_none_is_named(self) -> None:
        zones = {answered(a_request("ec2.Subnet", f"s{n}"))[1]["availabilityZone"] for n in range(40)}
        assert zones == {"ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"}

    def test_a_zone_has_an_id(self) -> None:
        _, values = answered(a_request("ec2.Subnet", "s", availabilityZone="ap-southeast-1b"))
        assert values["availabilityZoneId"] == "apse1-az2"

    @pytest.mark.parametrize("name", ["app", "alias/aws/app"])
    def test_an_alias_must_begin_as_aliases_do(self, name: str) -> None:
        account = Account()
        key = created("kms.Key", "key", account=account)
        with pytest.raises(InvalidInput, match="must begin with"):
            answered(a_request("kms.Alias", "a", account=account, name=name, targetKeyId=key.id))

    def test_an_alias_needs_a_key(self) -> None:
        with pytest.raises(AwsApiError, match="NotFoundException: Key 'nothing' does not exist"):
            answered(a_request("kms.Alias", "a", name="alias/app", targetKeyId="nothing"))

    def test_an_alias_knows_the_arn_of_its_key(self) -> None:
        account = Account()
        key = created("kms.Key", "key", account=account)
        alias = created("kms.Alias", "a", account=account, name="alias/app", targetKeyId=key.id)
        assert alias.values["targetKeyArn"] == key.values["arn"]
        assert alias.values["arn"] == f"arn:aws:kms:ap-southeast-1:{ACCOUNT}:alias/app"

    def test_a_key_has_the_default_policy(self) -> None:
        _, values = answered(a_request("kms.Key", "key"))
        assert f'"AWS": "arn:aws:iam::{ACCOUNT}:root"' in values["policy"]
        assert values["keyId"] == values["arn"].rpartition("/")[2]
        assert values["isEnabled"] is True
        assert values["enableKeyRotation"] is False


class TestRefusalText:
    def test_errors_of_the_model_stand_alone_and_others_are_api_errors(self) -> None:
        modelled = AwsApiError(
            "RDS", "CreateDBInstance", "DBInstanceAlreadyExists", "text", "creating X (db)"
        )
        assert str(modelled) == (
            "creating X (db): operation error RDS: CreateDBInstance, https response error StatusCode: 400, "
            "DBInstanceAlreadyExists: text"
        )
        other = AwsApiError("RDS", "CreateDBInstance", "InvalidParameterValue", "text", status=403)
        assert str(other) == (
            "operation error RDS: CreateDBInstance, https response error StatusCode: 403, "
            "api error InvalidParameterValue: text"
        )
