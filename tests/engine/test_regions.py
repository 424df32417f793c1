"""Which region and which provider a resource has, and how a plan shows them."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import Account, preview
from lab_support.display.plan import plan_view
from lab_support.engine.results import REGION_TAKEN
from lab_support.plan.plan import Plan


@pytest.fixture(scope="module")
def plan() -> Plan:
    def program(suffix: str) -> None:
        here, elsewhere = aws.Provider("here"), aws.Provider("default", region="eu-central-1")
        aws.sqs.Queue("a", opts=pulumi.ResourceOptions(provider=here))
        aws.sqs.Queue("b", region="ap-south-1")
        aws.sqs.Queue("c", opts=pulumi.ResourceOptions(provider=elsewhere))
        aws.sqs.Queue("d")

    account = Account(holds_everything=False, only_previewed=True)
    return preview(program, account=account, config={"aws:region": "eu-west-1"})


def test_a_provider_without_a_region_takes_the_configured_one(plan: Plan) -> None:
    assert plan.named("a")["arn"].split(":")[3] == "eu-west-1"
    (said,) = (d for d in plan.diagnostics if d.text.startswith(REGION_TAKEN))
    assert said.resource == "here"
    assert "eu-west-1" in said.text


def test_a_provider_called_default_is_in_the_plan(plan: Plan) -> None:
    assert plan.named("default").inputs["region"] == "eu-central-1"
    assert len(plan.of_type("pulumi:providers:aws")) == 2


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a", ["provider: → here"]),
        ("b", ["region: 'ap-south-1'"]),
        ("c", ["provider: → default", "region: 'eu-central-1'"]),
        ("d", []),
    ],
)
def test_region_and_provider_are_shown_where_they_are_not_the_plans_own(
    plan: Plan, name: str, place: list[str]
) -> None:
    text = plan_view(plan).text.partition(f"sqs.Queue  {name}\n")[2].partition("sqs.Queue")[0]
    shown = [line.strip() for line in text.partition("pulumi.providers")[0].splitlines()]
    assert [line for line in shown if line.startswith(("provider:", "region:"))] == place
