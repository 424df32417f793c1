"""A plan answers a reviewer's questions, never shows a secret, and converts to and from JSON."""

from __future__ import annotations

import json
import random
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pulumi_aws as aws
import pytest

from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan, once_per_plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import SECRET_MARK, UNKNOWN
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource


class TestQueries:
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
    def test_a_type_may_be_given_in_any_notation(self, kind: str | type) -> None:
        assert self.plan.of_type(kind) == (self.plan.named("db"),)

    def test_a_lambda_function_is_found_by_its_class(self) -> None:
        function = a_resource("lambda_.Function", "f")
        assert a_plan(function).of_type(aws.lambda_.Function) == (function,)

    def test_several_types_at_once_keep_the_order_of_the_plan(self) -> None:
        found = self.plan.of_type("rds.Instance", aws.kms.Key)
        assert [resource.name for resource in found] == ["key", "db", "twin"]

    def test_an_unknown_name_raises_an_error_that_lists_the_names(self) -> None:
        with pytest.raises(KeyError, match="no resource is named 'nobody'; there are: subnet-a, subnet-b"):
            self.plan.named("nobody")

    def test_an_ambiguous_name_raises_an_error_that_lists_the_types(self) -> None:
        with pytest.raises(KeyError, match=r"2 resources are named 'twin': kms\.Key, rds\.Cluster"):
            self.plan.named("twin")

    def test_a_resource_is_found_by_its_urn(self) -> None:
        database = self.plan.named("db")
        assert self.plan.by_urn(database.urn) is database
        assert self.plan.by_urn("urn:of:nothing") is None

    @pytest.mark.parametrize("value", ["arn:key", "k1"])
    def test_an_arn_or_an_id_resolves_to_its_resource(self, value: str) -> None:
        assert self.plan.resolve(value) is self.plan.named("key")

    @pytest.mark.parametrize("value", ["", None, UNKNOWN, 5, ["k1"], "arn:of:nobody"])
    def test_a_value_that_is_no_handle_resolves_to_nothing(self, value: Any) -> None:
        assert self.plan.resolve(value) is None

    def test_a_name_that_is_a_block_is_no_handle(self) -> None:
        user = a_resource(
            "identitystore.User", "ann", id="u1", name={"given_name": "Ann", "family_name": "X"}
        )
        assert a_plan(user).resolve("u1") == user

    def test_an_id_resolves_only_to_a_resource_of_the_given_types(self) -> None:
        assert self.plan.resolve("k1", "rds.Instance") is None

    def test_references_keep_the_order_of_the_property(self) -> None:
        found = self.plan.referenced(self.plan.named("group"), "subnet_ids", "ec2.Subnet")
        assert [resource.name for resource in found] == ["subnet-b", "subnet-a"]

    def test_a_single_value_refers_to_one_resource(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "kms_key_id") == (self.plan.named("key"),)

    def test_a_missing_property_refers_to_nothing(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "no_such_property") == ()

    def test_a_resource_does_not_refer_to_itself(self) -> None:
        assert self.plan.referenced(self.plan.named("db"), "identifier") == ()

    def test_zones_are_those_of_the_region(self) -> None:
        assert self.plan.zones == (ZONE_A, ZONE_B, ZONE_C)

    def test_a_plan_counts_and_iterates_over_its_resources(self) -> None:
        assert len(self.plan) == len(list(self.plan)) == 7

    def test_a_plan_is_frozen(self) -> None:
        with pytest.raises(FrozenInstanceError):
            self.plan.stack = "prod"  # type: ignore[misc]
        with pytest.raises(TypeError):
            self.plan.outputs["x"] = 1  # type: ignore[index]


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

    def test_the_json_of_a_plan_contains_no_secret(self) -> None:
        assert "hunter2" not in json.dumps(self.plan.to_json())
        assert self.plan.to_json()["outputs"]["password"] == SECRET_MARK

    def test_a_plan_converts_to_plain_json_values(self) -> None:
        assert json.loads(json.dumps(self.plan.to_json())) == self.plan.to_json()

    def test_unknown_values_survive_the_round_trip(self) -> None:
        back = Plan.from_json(self.plan.to_json())
        database = back.named("db")
        assert database["arn"] is UNKNOWN
        assert database["subnets"][1]["deep"] is UNKNOWN
        assert database["tags"]["zone"] is UNKNOWN
        assert back.outputs["endpoint"] is UNKNOWN

    def test_secrets_stay_marked_after_the_round_trip(self) -> None:
        back = Plan.from_json(self.plan.to_json())
        assert back.named("db").secrets == {"password"}
        assert back.output_secrets == {"password"}
        assert back.to_json() == self.plan.to_json()

    def test_random_plans_survive_the_round_trip(self) -> None:
        chance = random.Random(20240501)
        for _ in range(50):
            plan = a_plan(
                *(_random_resource(chance, n) for n in range(chance.randrange(4))),
                outputs=_random_mapping(chance, 2),
                diagnostics=tuple(Diagnostic("info", f"text {n}") for n in range(chance.randrange(3))),
            )
            assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


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


def test_what_is_kept_of_a_plan_is_not_kept_of_a_changed_one() -> None:
    asked: list[str] = []

    @once_per_plan
    def names(plan: Plan) -> list[str]:
        asked.append(plan.stack)
        return [resource.name for resource in plan]

    plan = a_plan(a_resource("sqs.Queue", "one"))
    assert names(plan) is names(plan)
    assert names(replace(plan, stack="prod", resources=())) == []
    assert asked == ["dev", "prod"]
    assert plan == a_plan(a_resource("sqs.Queue", "one"))
