"""A plan answers what a reviewer asks, never shows a secret, and goes to JSON and back."""

from __future__ import annotations

import json
import pickle
import random
from dataclasses import FrozenInstanceError
from typing import Any

import pulumi_aws as aws
import pytest

from lab_support.mock_aws.sdk_source import registered_resources
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan, dump
from lab_support.plan.resource import Resource, kind_of
from lab_support.plan.values import SECRET_MARK, UNKNOWN, UNKNOWN_MARK, NotKnownYet, python_name
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource

DATABASE = a_resource(
    "rds.Instance",
    "db",
    id="db-1",
    inputs={"multi_az": True, "tags": {"a": "b"}},
    multi_az=False,
    arn="arn:db",
)


class TestResource:
    def test_the_account_has_the_last_word(self) -> None:
        assert DATABASE["multi_az"] is False

    def test_what_the_account_does_not_say_is_what_the_program_gave(self) -> None:
        assert DATABASE["tags"] == {"a": "b"}

    def test_the_id_is_a_property(self) -> None:
        assert DATABASE["id"] == "db-1"

    def test_a_property_that_does_not_exist_is_an_error_that_lists_those_that_do(self) -> None:
        with pytest.raises(KeyError, match=r"no property 'multiAz'; it has: arn, multi_az, tags"):
            DATABASE["multiAz"]

    @pytest.mark.parametrize("value", [None, False, 0, ""])
    def test_get_replaces_only_none_and_what_is_missing(self, value: Any) -> None:
        resource = a_resource("rds.Instance", "db", multi_az=value)
        assert resource.get("multi_az", "instead") == ("instead" if value is None else value)
        assert resource.get("no_such_thing", "instead") == "instead"

    def test_it_is_frozen(self) -> None:
        with pytest.raises(FrozenInstanceError):
            DATABASE.name = "other"  # type: ignore[misc]
        with pytest.raises(TypeError):
            DATABASE.outputs["multi_az"] = True  # type: ignore[index]

    def test_it_does_not_follow_the_mapping_it_was_made_from(self) -> None:
        outputs = {"multi_az": False}
        resource = Resource("urn", "aws:rds/instance:Instance", "db", outputs=outputs)
        outputs["multi_az"] = True
        assert resource["multi_az"] is False

    def test_a_component_is_not_a_thing_in_the_account(self) -> None:
        component = Resource("urn:pulumi:dev::p::my:mod:Net::net", "my:mod:Net", "net")
        assert not component.is_custom
        assert DATABASE.is_custom

    def test_secrets_are_shown_masked(self) -> None:
        resource = a_resource(
            "rds.Instance",
            "db",
            inputs={"password": "hunter2", "engine": "postgres"},
            secrets=frozenset({"password"}),
            password="hunter2",
        )
        assert resource.shown() == (
            {"password": SECRET_MARK, "engine": "postgres"},
            {"password": SECRET_MARK},
        )
        assert "hunter2" not in repr(resource)


class TestKind:
    @pytest.mark.parametrize(
        ("token", "kind"),
        [
            ("aws:rds/instance:Instance", "rds.Instance"),
            ("aws:index/getRegion:getRegion", "getRegion"),
            ("pulumi:providers:aws", "pulumi.providers.aws"),
            ("random:index/randomPet:RandomPet", "random.RandomPet"),
            ("my:network:Vpc", "my.network.Vpc"),
        ],
    )
    def test_a_type_is_called_what_a_program_calls_it(self, token: str, kind: str) -> None:
        assert kind_of(token) == kind

    def test_so_is_every_type_of_the_sdk_but_those_of_lambda(self) -> None:
        known = registered_resources()
        assert len(known) > 1000
        for token, resource in known.items():
            if not token.startswith("aws:lambda/"):
                assert kind_of(token) == resource.qualified_name

    @pytest.mark.xfail(strict=True, reason="`lambda` is a keyword, so the program's module is `lambda_`")
    def test_so_is_a_lambda_function(self) -> None:
        assert kind_of("aws:lambda/function:Function") == "lambda_.Function"


class TestQuestions:
    plan = a_plan(
        a_resource("ec2.Subnet", "subnet-a", id="subnet-1"),
        a_resource("ec2.Subnet", "subnet-b", id="subnet-2"),
        a_resource("kms.Key", "key", id="k1", arn="arn:key", key_id="k1"),
        a_resource(
            "rds.SubnetGroup", "group", id="g", name="g", subnet_ids=["subnet-2", "subnet-1", "subnet-9"]
        ),
        a_resource(
            "rds.Instance",
            "db",
            id="db-1",
            identifier="the-db",
            kms_key_id="arn:key",
            db_subnet_group_name="g",
        ),
        a_resource("kms.Key", "twin", id="k2"),
        a_resource("rds.Cluster", "twin", id="c2"),
    )

    @pytest.mark.parametrize(
        "kind", ["rds.Instance", "aws.rds.Instance", "aws:rds/instance:Instance", aws.rds.Instance]
    )
    def test_resources_of_a_type_however_it_is_named(self, kind: str | type) -> None:
        assert self.plan.of_type(kind) == (self.plan.named("db"),)

    def test_a_lambda_function_is_found_by_its_class(self) -> None:
        function = a_resource("lambda_.Function", "f")
        assert a_plan(function).of_type(aws.lambda_.Function) == (function,)

    def test_several_types_at_once_keep_the_order_of_the_plan(self) -> None:
        found = self.plan.of_type("rds.Instance", aws.kms.Key)
        assert [each.name for each in found] == ["key", "db", "twin"]

    def test_a_name_that_nobody_has_is_an_error_that_lists_the_names(self) -> None:
        with pytest.raises(KeyError, match="no resource is named 'nobody'; there are: subnet-a, subnet-b"):
            self.plan.named("nobody")

    def test_a_name_that_two_have_is_an_error_that_says_which(self) -> None:
        with pytest.raises(KeyError, match=r"2 resources are named 'twin': kms\.Key, rds\.Cluster"):
            self.plan.named("twin")

    def test_by_urn(self) -> None:
        database = self.plan.named("db")
        assert self.plan.by_urn(database.urn) is database
        assert self.plan.by_urn("urn:of:nothing") is None

    @pytest.mark.parametrize("value", ["arn:key", "k1"])
    def test_the_holder_of_an_arn_or_an_id(self, value: str) -> None:
        assert self.plan.holder_of(value) is self.plan.named("key")

    @pytest.mark.parametrize("value", ["", None, UNKNOWN, 5, ["k1"], "arn:of:nobody"])
    def test_nobody_holds_what_is_no_handle(self, value: Any) -> None:
        assert self.plan.holder_of(value) is None

    def test_the_holder_is_of_the_type_that_was_asked_for(self) -> None:
        assert self.plan.holder_of("k1", "rds.Instance") is None

    def test_references_come_in_the_order_in_which_they_were_written(self) -> None:
        found = self.plan.referenced(self.plan.named("group"), "subnet_ids", "ec2.Subnet")
        assert [each.name for each in found] == ["subnet-b", "subnet-a"]

    def test_a_single_reference(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "kms_key_id") == (self.plan.named("key"),)

    def test_a_property_that_is_not_there_refers_to_nothing(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "no_such_property") == ()

    def test_a_resource_does_not_refer_to_itself(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "identifier") == ()

    def test_zones_are_those_of_the_region(self) -> None:
        assert self.plan.zones == (ZONE_A, ZONE_B, ZONE_C)

    def test_it_counts_and_iterates(self) -> None:
        assert len(self.plan) == len(list(self.plan)) == 7

    def test_it_is_frozen(self) -> None:
        with pytest.raises(FrozenInstanceError):
            self.plan.stack = "prod"  # type: ignore[misc]
        with pytest.raises(TypeError):
            self.plan.outputs["x"] = 1  # type: ignore[index]


class TestUnknown:
    def test_it_is_neither_true_nor_false(self) -> None:
        with pytest.raises(ValueError, match="unknown until the program is deployed"):
            bool(UNKNOWN)

    @pytest.mark.parametrize(
        "ask",
        [list, len, int, float, lambda it: it[0], lambda it: "a" in it, lambda it: it < 3, lambda it: it + 1],
    )
    def test_it_cannot_be_looked_into_or_compared(self, ask: Any) -> None:
        with pytest.raises(NotKnownYet, match="unknown until the program is deployed"):
            ask(UNKNOWN)

    def test_there_is_one(self) -> None:
        assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN
        assert repr(UNKNOWN) == UNKNOWN_MARK


class TestJson:
    plan = a_plan(
        a_resource(
            "rds.Instance",
            "db",
            inputs={"password": "hunter2", "tags": {"zone": UNKNOWN}},
            secrets=frozenset({"password"}),
            password="hunter2",
            arn=UNKNOWN,
            subnets=[UNKNOWN, {"deep": UNKNOWN}],
        ),
        outputs={"endpoint": UNKNOWN, "password": "hunter2", "count": 3},
        output_secrets=frozenset({"password"}),
        diagnostics=(Diagnostic("warning", "careful", "urn:x::y"),),
    )

    def test_no_secret_is_in_it(self) -> None:
        assert "hunter2" not in dump(self.plan)
        assert self.plan.to_json()["outputs"]["password"] == SECRET_MARK

    def test_it_is_plain(self) -> None:
        assert json.loads(dump(self.plan)) == self.plan.to_json()

    def test_the_unknown_comes_back_as_unknown(self) -> None:
        back = Plan.from_json(self.plan.to_json())
        database = back.named("db")
        assert database["arn"] is UNKNOWN
        assert database["subnets"][1]["deep"] is UNKNOWN
        assert database["tags"]["zone"] is UNKNOWN
        assert back.outputs["endpoint"] is UNKNOWN

    def test_what_was_secret_stays_marked(self) -> None:
        back = Plan.from_json(self.plan.to_json())
        assert back.named("db").secrets == {"password"}
        assert back.output_secrets == {"password"}
        assert back.to_json() == self.plan.to_json()

    def test_random_plans_come_back_as_they_were(self) -> None:
        chance = random.Random(20240501)
        for _ in range(50):
            plan = a_plan(
                *(_random_resource(chance, n) for n in range(chance.randrange(4))),
                outputs=_random_mapping(chance, 2),
                diagnostics=tuple(Diagnostic("info", f"text {n}") for n in range(chance.randrange(3))),
            )
            assert Plan.from_json(json.loads(dump(plan))) == plan


def _random_resource(chance: random.Random, number: int) -> Resource:
    return Resource(
        urn=f"urn:pulumi:dev::p::aws:sqs/queue:Queue::q{number}",
        type="aws:sqs/queue:Queue",
        name=f"q{number}",
        op=chance.choice(["create", "same", "update"]),
        id=chance.choice(["", f"id-{number}"]),
        inputs=_random_mapping(chance, 3),
        outputs=_random_mapping(chance, 3),
        parent=chance.choice(["", "urn:parent"]),
        provider="urn:provider",
        depends_on=tuple(f"urn:{n}" for n in range(chance.randrange(3))),
        properties_from={"name": ("urn:a", "urn:b")} if chance.random() < 0.5 else {},
    )


def _random_mapping(chance: random.Random, depth: int) -> dict[str, Any]:
    return {f"key_{n}": _random_value(chance, depth) for n in range(chance.randrange(4))}


def _random_value(chance: random.Random, depth: int) -> Any:
    kinds = ["text", "number", "flag", "none", "unknown"] + (["list", "map"] if depth else [])
    match chance.choice(kinds):
        case "text":
            return "".join(chance.choices("abcäöü€☃\"'\\ \n", k=chance.randrange(8)))
        case "number":
            return chance.choice([0, -1, 2**31, 0.5])
        case "flag":
            return chance.random() < 0.5
        case "none":
            return None
        case "unknown":
            return UNKNOWN
        case "list":
            return [_random_value(chance, depth - 1) for _ in range(chance.randrange(3))]
        case _:
            return _random_mapping(chance, depth - 1)


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("multiAz", "multi_az"),
        ("kmsKeyId", "kms_key_id"),
        ("vpcId", "vpc_id"),
        ("enableHTTPEndpoint", "enable_http_endpoint"),
        ("ipv6CidrBlock", "ipv6_cidr_block"),
        ("tags", "tags"),
    ],
)
def test_names_of_unknown_packages_follow_pulumis_rule(wire: str, python: str) -> None:
    assert python_name(wire) == python
