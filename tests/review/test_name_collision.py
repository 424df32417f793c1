"""NAME-COLLISION on small plans: only in programs whose names contain the environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.review.name_collision import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource


def a_stream(logical: str, name: str | None = None, **more: Any) -> Resource:
    """A stream; without a name, it has one that the provider generates."""
    physical = name or f"{logical}-{len(logical):07x}"
    arn = f"arn:aws:kinesis:ap-southeast-1:123456789012:stream/{physical}"
    properties = {"inputs": {"name": physical}, "name": physical, "arn": arn, **more}
    found = a_resource("kinesis.Stream", logical, **properties)
    return found if name else replace(found, defaults=frozenset({"name"}))


def a_vpc(logical: str) -> Resource:
    return a_resource("ec2.Vpc", logical)


def vpcs(environment: str, count: int = 5) -> list[Resource]:
    return [a_vpc(f"vpc-{n}-{environment}") for n in range(count)]


def in_both(
    resources: Any, *, stacks: tuple[str, str] = ("dev", "staging"), **more: Any
) -> list[Observation]:
    """The observations if a program creates `resources(environment)` for two environments."""
    here, there = (a_plan(*resources(stack), stack=stack) for stack in stacks)
    return list(check(ReviewSubject(here, there, **more)))


def test_a_name_without_the_environment_among_names_with_it_is_a_finding() -> None:
    (found,) = in_both(lambda env: [a_stream(f"s-{env}", "events"), *vpcs(env)])
    assert found.resource is not None
    assert found.resource.name == "s-dev"
    assert found.what.startswith("'events'")
    assert found.arguments == ("name",)
    assert "A rename replaces what is deployed" in found.repair
    assert "ResourceInUseException: Stream events under account 123456789012 already exists" in found.what
    assert "in dev and in staging" in found.what


def test_a_logical_name_that_is_the_exception_is_a_finding() -> None:
    (found,) = in_both(lambda env: [a_stream("alert-stream"), a_stream(f"alert-log-{env}"), *vpcs(env)])
    assert found.what.startswith("'alert-stream' is its name in dev and in staging")
    assert "'alert-log-dev'" in found.repair


def test_a_resource_without_a_choosable_name_is_to_be_created_once() -> None:
    def provider(env: str) -> Resource:
        url = "https://token.actions.githubusercontent.com"
        return a_resource("iam.OpenIdConnectProvider", f"p-{env}", inputs={"url": url}, url=url)

    (found,) = in_both(lambda env: [provider(env), *vpcs(env)])
    assert "in one environment only" in found.repair


def test_a_logical_name_is_no_finding_if_others_lack_the_environment_too() -> None:
    assert in_both(lambda env: [a_stream("events"), *vpcs(env, 2), *(a_vpc(f"v{n}") for n in range(4))]) == []
    assert in_both(lambda env: [a_stream("events"), *vpcs(env, 4)]) == []


def test_a_logical_name_is_no_finding_if_it_makes_no_unique_name() -> None:
    assert in_both(lambda env: [a_vpc("the-vpc"), *vpcs(env)]) == []
    assert in_both(lambda env: [a_stream("events", f"events-{env}"), *vpcs(env)]) == []


def test_a_program_without_the_environment_in_its_names_has_no_finding() -> None:
    assert in_both(lambda env: [a_stream("events", "events"), a_vpc("vpc")]) == []


@pytest.mark.parametrize(
    ("kind", "argument", "more"),
    [
        ("apigateway.RestApi", "name", {}),
        ("sqs.Queue", "name", {"op": "read"}),
        ("sns.Topic", "display_name", {}),
    ],
)
def test_a_name_that_need_not_be_unique_is_no_finding(kind: str, argument: str, more: dict[str, Any]) -> None:
    def named(env: str) -> Resource:
        return a_resource(kind, f"t-{env}", inputs={argument: "notices"}, **{argument: "notices"}, **more)

    assert in_both(lambda env: [named(env), *vpcs(env)]) == []


@pytest.mark.parametrize(
    ("kind", "argument", "consequence"),
    [
        ("sqs.Queue", "name", "both use the same one"),
        ("sns.Topic", "name", "both use the same one"),
        ("cloudwatch.MetricAlarm", "name", "replaces the other's"),
        ("cloudwatch.CompositeAlarm", "alarm_name", "replaces the other's"),
        ("cloudwatch.Dashboard", "dashboard_name", "replaces the other's"),
        ("cloudwatch.EventRule", "name", "replaces the other's"),
    ],
)
def test_a_name_that_two_environments_share_without_an_error_is_a_finding(
    kind: str, argument: str, consequence: str
) -> None:
    def named(name: str, env: str) -> list[Resource]:
        given = {argument: name}
        return [a_resource(kind, f"t-{env}", inputs=given, **given, region="eu-west-1"), *vpcs(env)]

    (found,) = in_both(lambda env: named("notices", env))
    assert found.what.startswith("'notices' is its name in dev and in staging")
    assert consequence in found.what
    assert found.arguments == (argument,)
    assert in_both(lambda env: named(f"notices-{env}", env)) == []
    separate = "aws:profile is set by each stack"
    assert in_both(lambda env: named("notices", env), separate_accounts=separate)[0].unknown


def test_the_same_name_in_different_regions_is_no_finding() -> None:
    def stream(env: str) -> Resource:
        return a_stream(f"s-{env}", "events", region={"dev": "eu-west-1"}.get(env, "us-east-1"))

    assert in_both(lambda env: [stream(env), *vpcs(env)]) == []


def test_the_name_of_a_read_or_imported_resource_is_no_finding() -> None:
    for op in ("read", "import"):
        assert in_both(lambda env, op=op: [a_stream(f"s-{env}", "events", op=op), *vpcs(env)]) == []


def test_a_name_from_the_configuration_is_unknown_in_other_environments() -> None:
    (found,) = in_both(
        lambda env: [a_stream(f"s-{env}", "events"), *vpcs(env)], configured=frozenset({"events"})
    )
    assert "configuration" in found.unknown


def test_the_environment_may_have_another_name_than_the_stack() -> None:
    def resources(env: str) -> list[Resource]:
        suffix = {"one": "blue", "two": "green"}[env]
        return [a_stream(f"s-{suffix}", "events"), *vpcs(suffix)]

    stacks = ("one", "two")
    assert in_both(resources, stacks=stacks) == []
    assert len(in_both(resources, stacks=stacks, words=("green",))) == 1


def test_without_a_second_environment_there_is_no_finding() -> None:
    plan: Plan = a_plan(a_stream("s", "events"), *vpcs("dev"))
    assert list(check(ReviewSubject(plan))) == []


def test_stacks_that_may_have_accounts_of_their_own_make_the_result_unknown() -> None:
    def fixed(env: str) -> list[Resource]:
        return [a_stream(f"s-{env}", "events"), *vpcs(env)]

    (found,) = in_both(fixed, separate_accounts="aws:profile is set by each stack")
    assert "aws:profile is set by each stack" in found.unknown
    (found,) = in_both(
        lambda env: [a_stream("alert-stream"), a_stream(f"alert-log-{env}"), *vpcs(env)],
        separate_accounts="aws:profile is set by each stack",
    )
    assert "aws:profile is set by each stack" in found.unknown


def test_providers_with_roles_in_different_accounts_make_the_result_unknown() -> None:
    def with_provider(env: str, account: str) -> list[Resource]:
        role = {"role_arn": f"arn:aws:iam::{account}:role/deploy"}
        provider = Resource(
            f"urn:pulumi:{env}::emergency-alert::pulumi:providers:aws::deployer",
            "pulumi:providers:aws",
            "deployer",
            inputs={"assume_roles": [role]},
        )
        return [provider, a_stream(f"s-{env}", "events"), *vpcs(env)]

    accounts = {"dev": "111111111111", "staging": "222222222222"}
    (found,) = in_both(lambda env: with_provider(env, accounts[env]))
    assert "assume_roles" in found.unknown
    (found,) = in_both(lambda env: with_provider(env, "111111111111"))
    assert found.what.startswith("'events'")


def test_the_name_of_a_bucket_collides_across_accounts() -> None:
    def bucket(env: str) -> list[Resource]:
        named = {"bucket": "alerts-archive"}
        return [a_resource("s3.Bucket", f"b-{env}", inputs=named, region="eu-west-1", **named), *vpcs(env)]

    (found,) = in_both(bucket, separate_accounts="aws:profile is set by each stack")
    assert found.what.startswith("'alerts-archive'")
    assert "in the same account" not in found.what
