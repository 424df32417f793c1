"""A plan says which resources have the options `protect` and `retain_on_delete`, their own or inherited."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from lab_support.engine.operations import deploy, preview, preview_all
from lab_support.mock_aws.account import Account
from lab_support.plan.plan import Plan

EXPECTED = {
    "plain": (False, False),
    "protected": (True, False),
    "retained": (False, True),
    "in-protected": (True, False),
    "in-retained": (False, True),
}


class Group(pulumi.ComponentResource):
    def __init__(self, name: str, opts: ResourceOptions) -> None:
        super().__init__("tests:index:Group", name, None, opts)


def program(environment_suffix: str) -> None:
    aws.sqs.Queue("plain")
    for name, opts in (
        ("protected", ResourceOptions(protect=True)),
        ("retained", ResourceOptions(retain_on_delete=True)),
    ):
        aws.sqs.Queue(name, opts=opts)
        aws.sqs.Queue(f"in-{name}", opts=ResourceOptions(parent=Group(f"group-of-{name}", opts)))


def options(plan: Plan) -> dict[str, tuple[bool, bool]]:
    return {queue.name: (queue.protect, queue.retain_on_delete) for queue in plan.of_type("sqs.Queue")}


def test_previews_deployments_and_batches_show_the_options_alike() -> None:
    assert options(preview(program)) == EXPECTED
    assert options(deploy(program, account=Account())) == EXPECTED
    for plan in preview_all(program, ["dev", "prod"]).values():
        assert isinstance(plan, Plan)
        assert options(plan) == EXPECTED


def test_the_options_survive_the_way_through_json() -> None:
    plan = preview(program)
    assert options(Plan.from_json(plan.to_json())) == EXPECTED
