"""What a stack's configuration and a provider's do in a run: names, regions, default tags."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import VERBATIM
from lab_support.engine.operations import Settings, preview
from lab_support.errors import PreviewFailed
from tests.programs import stream, two_streams


def test_a_program_sees_its_project_stack_region_and_configuration() -> None:
    def program(suffix: str) -> None:
        seen["size"] = pulumi.Config().require_int("size")
        seen["project"] = pulumi.get_project()
        seen["stack"] = pulumi.get_stack()
        seen["region"] = aws.get_region().region

    seen: dict[str, Any] = {}
    found = preview(program, "pr-7", settings=Settings(project="shop", config={"shop:size": 4}))
    assert seen == {"size": 4, "project": "shop", "stack": "pr-7", "region": "ap-southeast-1"}
    assert found.project == "shop"


def test_verbatim_names_are_the_logical_ones() -> None:
    found = preview(two_streams, config=VERBATIM)
    assert {resource["name"] for resource in found} == {"alerts-dev", "audit-dev"}
    settings = Settings(config={"pulumi:autonaming": {"mode": "verbatim"}})
    assert preview(two_streams, settings=settings).named("audit-dev")["name"] == "audit-dev"


def test_a_physical_name_ends_in_seven_random_digits_by_default() -> None:
    for resource in preview(two_streams):
        prefix, _, digits = resource["name"].rpartition("-")
        assert prefix == resource.name
        assert len(digits) == 7
        int(digits, 16)


def test_an_autonaming_pattern_makes_the_physical_name() -> None:
    settings = Settings(config={"pulumi:autonaming": {"pattern": "${name}-of-${stack}"}})
    assert preview(two_streams, settings=settings).named("audit-dev")["name"] == "audit-dev-of-dev"


def test_without_autonaming_a_resource_needs_a_name() -> None:
    with pytest.raises(PreviewFailed, match="name"):
        preview(two_streams, config={"pulumi:autonaming": {"mode": "disabled"}})


def test_a_plan_has_the_configured_region() -> None:
    found = preview(two_streams, settings=Settings(config={"aws:region": "eu-west-1"}))
    assert found.named("audit-dev")["arn"].startswith("arn:aws:kinesis:eu-west-1:")
    assert found.region == "eu-west-1"
    assert found.zones == ("eu-west-1a", "eu-west-1b", "eu-west-1c")


def test_an_explicit_provider_has_its_own_region_and_default_tags() -> None:
    def program(suffix: str) -> None:
        europe = aws.Provider(
            "europe",
            region="eu-west-1",
            default_tags=aws.ProviderDefaultTagsArgs(tags={"Team": "alerts", "Stage": "default"}),
        )
        options = pulumi.ResourceOptions(provider=europe)
        aws.sqs.Queue("there", tags={"Stage": suffix}, opts=options)
        aws.sqs.Queue("here", tags={"Stage": suffix})
        aws.sqs.Queue("elsewhere", region="us-east-1")

    found = preview(program)
    regions = {resource.name: resource["arn"].split(":")[3] for resource in found.of_type("sqs.Queue")}
    assert regions == {"there": "eu-west-1", "here": "ap-southeast-1", "elsewhere": "us-east-1"}
    assert found.named("there")["tags_all"] == {"Team": "alerts", "Stage": "dev"}
    assert found.named("here")["tags_all"] == {"Stage": "dev"}


def test_default_tags_of_the_stack_are_in_tags_all() -> None:
    tags = {"aws:defaultTags": {"tags": {"Team": "alerts"}}}
    found = preview(stream("s-{}", tags={"Stage": "dev"}), config=tags)
    assert found.named("s-{}")["tags_all"] == {"Team": "alerts", "Stage": "dev"}
