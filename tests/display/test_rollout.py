"""The rollout drill's view: a lane for each environment, with the collision marked in both."""

from __future__ import annotations

import pytest

from lab_support.display.show import show
from lab_support.drills.rollout import rollout
from lab_support.plan.plan import Plan
from tests.markup import all_words, body, words
from tests.plans import a_plan, a_resource


def an_environment(name: str, *streams: str) -> Plan:
    queue = a_resource("kms.Alias", f"alias-{name}", name=f"alias/{name}")
    arn = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/"
    made = [
        a_resource("kinesis.Stream", f"{stream}-{name}", name=stream, arn=f"{arn}{stream}")
        for stream in streams
    ]
    resources = [queue, *made]
    return a_plan(*resources, stack=name)


def test_each_environment_has_a_lane_in_order() -> None:
    view = show(rollout([an_environment("prod", "p"), an_environment("dev", "d")]))
    assert all_words(view, ".//ol/li/div") == ["1. prod ✓ succeeds", "2. dev ✓ succeeds"]
    assert all_words(view, ".//h4") == ["2 environments deployed to one account, in this order: all succeed"]
    assert all_words(view, ".//ol/li[1]//li") == [
        "p kinesis.Stream ✓ created",
        "alias/prod kms.Alias ✓ created",
    ]


def test_the_second_environment_with_a_name_is_refused_with_awss_error() -> None:
    found = rollout([an_environment("dev", "alerts"), an_environment("prod", "alerts")])
    view = show(found)
    assert all_words(view, ".//ol/li/div") == ["1. dev ✓ succeeds", "2. prod ✗ is refused"]
    held, refused = all_words(view, ".//ol/li//li[1]")
    assert held == "alerts kinesis.Stream ✓ created also wanted by prod"
    assert refused.startswith("alerts kinesis.Stream ✗ refused dev has this name")
    assert "ResourceInUseException" in refused
    assert found.collisions[0].error.strip() in " ".join(view.text.split())
    assert "prod       ✗ refused  kinesis.Stream  alerts  (dev has this name)" in view.text
    assert "dev        ✓ created  kinesis.Stream  alerts  (also wanted by prod)" in view.text


def test_every_later_environment_with_the_name_is_refused() -> None:
    view = show(rollout([an_environment(environment, "alerts") for environment in ("a", "b", "c")]))
    assert "also wanted by b, c" in words(body(view))
    assert words(body(view)).count("✗ is refused") == 2


def test_plans_without_unique_names_say_so() -> None:
    view = show(rollout([a_plan(), a_plan(stack="prod")]))
    assert "No resource in these plans has a name that must be unique." in view.text
    assert "No resource in these plans has a name that must be unique." in words(body(view))


@pytest.mark.parametrize("name", ["<b>x</b>", "a&b"])
def test_names_are_escaped(name: str) -> None:
    view = show(rollout([an_environment("dev", name), an_environment("prod", name)]))
    assert words(body(view)).count(name) >= 2
