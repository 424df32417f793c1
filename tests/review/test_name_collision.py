"""NAME-COLLISION on small plans: only where the names of a program carry the environment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.review.findings import Observation, ReviewSubject
from lab_support.review.name_collision import check
from tests.plans import a_plan, a_resource


def a_stream(logical: str, name: str | None = None, **more: Any) -> Resource:
    """A stream; without a name of its own it has the one that the provider makes."""
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
    """What is seen when a program makes `resources(environment)`."""
    here, there = (a_plan(*resources(stack), stack=stack) for stack in stacks)
    return list(check(ReviewSubject(here, there, **more)))


def test_a_name_that_stays_the_same_beside_others_that_do_not() -> None:
    (found,) = in_both(lambda env: [a_stream(f"s-{env}", "events"), *vpcs(env)])
    assert found.resource is not None
    assert found.resource.name == "s-dev"
    assert found.what.startswith(
        "5 of the other 5 resources carry the environment in their names, but the name"
    )
    assert "ResourceInUseException: Stream events under account 123456789012 already exists" in found.what
    assert "the same in dev and staging" in found.what


def test_a_logical_name_that_is_plainly_the_exception() -> None:
    (found,) = in_both(lambda env: [a_stream("alert-stream"), a_stream(f"alert-log-{env}"), *vpcs(env)])
    assert "but this one is 'alert-stream' in dev and in staging: only the random end of" in found.what
    assert found.repair.startswith("Put the environment into the name, as in 'alert-log-dev'; where all")


def test_what_is_no_name_can_be_made_only_once() -> None:
    def provider(env: str) -> Resource:
        url = "https://token.actions.githubusercontent.com"
        return a_resource("iam.OpenIdConnectProvider", f"p-{env}", inputs={"url": url}, url=url)

    (found,) = in_both(lambda env: [provider(env), *vpcs(env)])
    assert found.repair == "Make it in one environment only, and look it up in the others."


def test_a_logical_name_is_let_be_where_others_do_without_as_well() -> None:
    assert in_both(lambda env: [a_stream("events"), *vpcs(env, 2), *(a_vpc(f"v{n}") for n in range(4))]) == []
    assert in_both(lambda env: [a_stream("events"), *vpcs(env, 4)]) == []


def test_a_logical_name_is_let_be_where_aws_compares_no_names_or_the_program_gives_one() -> None:
    assert in_both(lambda env: [a_vpc("the-vpc"), *vpcs(env)]) == []
    assert in_both(lambda env: [a_stream("events", f"events-{env}"), *vpcs(env)]) == []


def test_a_program_without_such_names_has_no_such_convention() -> None:
    assert in_both(lambda env: [a_stream("events", "events"), a_vpc("vpc")]) == []


def test_names_that_aws_shares() -> None:
    def topic(env: str) -> Resource:
        return a_resource("sns.Topic", f"t-{env}", inputs={"name": "notices"}, name="notices")

    assert in_both(lambda env: [topic(env), *vpcs(env)]) == []


def test_other_regions_have_other_names() -> None:
    def stream(env: str) -> Resource:
        return a_stream(f"s-{env}", "events", region={"dev": "eu-west-1"}.get(env, "us-east-1"))

    assert in_both(lambda env: [stream(env), *vpcs(env)]) == []


def test_what_is_only_read_or_imported_is_nobodys_name() -> None:
    for op in ("read", "import"):
        assert in_both(lambda env, op=op: [a_stream(f"s-{env}", "events", op=op), *vpcs(env)]) == []


def test_a_name_that_is_configured_may_be_another_one() -> None:
    (found,) = in_both(
        lambda env: [a_stream(f"s-{env}", "events"), *vpcs(env)], configured=frozenset({"events"})
    )
    assert "is configured" in found.unknown


def test_the_environment_may_be_called_otherwise_than_the_stack() -> None:
    def resources(env: str) -> list[Resource]:
        suffix = {"one": "blue", "two": "green"}[env]
        return [a_stream(f"s-{suffix}", "events"), *vpcs(suffix)]

    stacks = ("one", "two")
    assert in_both(resources, stacks=stacks) == []
    assert len(in_both(resources, stacks=stacks, words=("green",))) == 1


def test_without_a_second_environment_nothing_is_said() -> None:
    plan: Plan = a_plan(a_stream("s", "events"), *vpcs("dev"))
    assert list(check(ReviewSubject(plan))) == []
