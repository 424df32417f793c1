"""The view of the outage drill for tasks: a picture with a label, and the same as text."""

from __future__ import annotations

import pytest

from lab_support.display.show import show
from lab_support.drills.way_out import ways_out
from tests.markup import all_words, body
from tests.network_plans import PRIVATE, a_gateway, a_service, gateway_per_zone, one_gateway
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource

CARDS = ".//ol[@role='list']/li"


def test_each_failed_zone_has_a_card_with_its_fate() -> None:
    view = show(ways_out(one_gateway(a_service(*PRIVATE))))
    assert all_words(view, f"{CARDS}/h5") == [f"When {zone} fails" for zone in (ZONE_A, ZONE_B, ZONE_C)]
    assert all_words(view, f"{CARDS}/div/b") == [
        "✗ warnings are stuck",
        "✓ warnings get out",
        "✓ warnings get out",
    ]


def test_a_packet_that_is_lost_ends_in_a_cross_and_one_that_arrives_in_an_arrow() -> None:
    first, second, _ = body(show(ways_out(one_gateway(a_service(*PRIVATE))))).findall(f"{CARDS}/svg")
    assert (
        len(first.findall("path[@class='lab-lost']")) == len(first.findall("text[@class='lab-cross']")) == 2
    )
    assert first.findall("path[@class='lab-tip']") == []
    assert (
        len(second.findall("path[@class='lab-through']"))
        == len(second.findall("path[@class='lab-tip']"))
        == 2
    )


def test_the_label_of_a_picture_and_the_text_say_what_the_words_beside_it_say() -> None:
    view = show(ways_out(one_gateway(a_service(*PRIVATE))))
    text = " ".join(view.text.split())
    for card in body(view).findall(CARDS):
        picture = card.find("svg")
        assert picture is not None
        for fact in card.findall("div/ul/li"):
            assert fact.text
            assert fact.text in picture.get("aria-label", "")
            assert fact.text in text


def test_a_gateway_that_no_route_leads_to_is_drawn_as_unused() -> None:
    view = show(ways_out(one_gateway(a_gateway("spare", "out-b"), a_service(*PRIVATE))))
    boxes = all_words(view, f"{CARDS}/svg/g[@class='lab-gateway lab-idle']")
    assert boxes == ["spare NAT gateway, unused"] * 2  # the third time it stands in the zone that fails


def test_a_regional_gateway_spans_the_zones() -> None:
    plan = gateway_per_zone(a_service(*PRIVATE))
    regional = a_resource(
        "ec2.NatGateway", "nat-b", id="nat-b-id", availability_mode="regional", vpc_id="vpc-id"
    )
    mixed = a_plan(*(r for r in plan if r.name != "nat-b"), regional)
    boxes = all_words(show(ways_out(mixed)), f"{CARDS}/svg/g[@class='lab-gateway']")
    assert "nat-b regional NAT gateway" in boxes


def test_without_tasks_the_view_says_so() -> None:
    view = show(ways_out(one_gateway()))
    assert "no tasks" in view.text
    assert view.text in view.html


def test_text_fits_into_a_terminal() -> None:
    text = show(ways_out(one_gateway(a_service(*PRIVATE)))).text
    assert all(len(line) <= 100 for line in text.splitlines() if "Source" not in line)


@pytest.mark.parametrize("name", ["<b>nat</b>", 'a&b"c'])
def test_names_are_escaped(name: str) -> None:
    view = show(ways_out(one_gateway(a_gateway(name, "out-b"), a_service(*PRIVATE, name=name))))
    assert name in all_words(view, ".//h4")[0]
