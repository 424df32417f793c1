"""The names that lack the environment: of AWS resources that the program creates."""

from __future__ import annotations

from lab_support.drills.names import names_without_environment
from lab_support.plan.resource import Resource
from tests.plans import a_plan, a_resource


def test_only_resources_that_the_program_creates_need_the_environment_in_their_name() -> None:
    shared = a_resource("ec2.Eip", "address")
    plan = a_plan(
        shared,
        a_resource("ec2.Eip", "address-dev"),
        a_resource("ec2.Vpc", "network", op="read"),
        a_resource("ec2.Eip", "former", op="delete"),
        Resource(urn="urn:c", type="alert:net:Exit", name="exit"),
        stack="dev",
    )
    assert names_without_environment(plan) == (shared,)
