"""The outage drill's view: lists that read aloud in order, and the same as text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lab_support.display.outage import outage_view
from lab_support.display.show import show
from lab_support.display.view import View
from lab_support.drills.outage import outage, outages
from lab_support.plan.plan import Plan
from tests.markup import body, words
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource, a_subnet_group


def a_database(name: str = "db", **properties: object) -> Plan:
    usual = {"engine": "postgres", "availability_zone": ZONE_A, "db_subnet_group_name": "group"}
    database = a_resource("rds.Instance", name, **{**usual, **properties})
    return a_plan(*a_subnet_group(ZONE_A, ZONE_B, ZONE_C), database)


def scenes(view: View) -> list[ElementTree.Element]:
    """The cards, one for each zone that fails."""
    return body(view).findall(".//ol[@role='list']/li")


def zones(scene: ElementTree.Element) -> list[str]:
    """The words in the boxes of a card, in reading order."""
    return [words(box) for box in scene.findall("ul[@role='list']/li")]


def head(view: View) -> str:
    heading = body(view).find(".//h4")
    assert heading is not None
    return words(heading)


def test_each_failed_zone_has_a_card_with_a_box_for_each_zone() -> None:
    view = show(outages(a_database()))
    cards = scenes(view)
    assert [words(card.findall("h5")[0]) for card in cards] == [
        f"When {zone} fails" for zone in (ZONE_A, ZONE_B, ZONE_C)
    ]
    for card in cards:
        assert [box.split()[0] for box in zones(card)] == [ZONE_A, ZONE_B, ZONE_C]
    assert head(view) == f"db: Single-AZ instance, running in {ZONE_A}"


def test_a_single_zone_database_stops_only_with_its_own_zone() -> None:
    view = show(outages(a_database()))
    assert [words(card.findall("div/b")[0]) for card in scenes(view)] == [
        "✗ stops",
        "✓ keeps running",
        "✓ keeps running",
    ]
    assert "lab-is-bad" in scenes(view)[0].get("class", "")


def test_the_part_in_the_failed_zone_is_marked_by_more_than_colour() -> None:
    (card,) = scenes(show(outage(a_database(), ZONE_A)))
    assert zones(card) == [
        f"{ZONE_A} primary stopped ✗ zone failed",
        f"{ZONE_B} nothing here",
        f"{ZONE_C} nothing here",
    ]


def test_the_standby_is_shown_taking_over() -> None:
    view = show(outage(a_database(multi_az=True), ZONE_A))
    (card,) = scenes(view)
    assert zones(card)[1] == f"{ZONE_B} standby → primary"
    assert "✓ keeps running" in view.text


def test_a_running_primary_is_not_shown_taking_over() -> None:
    (card,) = scenes(show(outage(a_database(multi_az=True), ZONE_B)))
    assert zones(card)[0] == f"{ZONE_A} primary"


def test_each_card_says_what_the_text_says() -> None:
    view = show(outages(a_database(multi_az=True)))
    said = " ".join(view.text.split())
    for card in scenes(view):
        assert words(card.findall("div/p")[0]) in said


def test_text_says_what_the_picture_says() -> None:
    text = show(outages(a_database(backup_retention_period=30))).text
    assert text.splitlines()[0] == f"db: Single-AZ instance, running in {ZONE_A}"
    for zone, fate in ((ZONE_A, "✗ stops"), (ZONE_B, "✓ keeps running"), (ZONE_C, "✓ keeps running")):
        assert f"  {zone} fails: {fate}" in text
    assert "several hours" in " ".join(text.split())


def test_every_source_is_named_once() -> None:
    view = show(outages(a_database(multi_az=True)))
    source = "Concepts.MultiAZ.Failover.html"
    assert view.text.count(source) == 1
    assert view.html.count(source) == 1


def test_text_fits_into_a_terminal() -> None:
    text = show(outages(a_database(backup_retention_period=30))).text
    assert all(len(line) <= 100 for line in text.splitlines() if "Source" not in line)


def test_each_database_has_a_figure() -> None:
    first, second = a_database("first"), a_database("second", multi_az=True)
    plan = a_plan(*first.resources, second.named("second"))
    assert len(body(show(outages(plan))).findall("section")) == 2


def test_a_plan_without_a_database_says_so() -> None:
    view = outage_view(outages(a_plan()))
    assert "no database" in view.text
    assert view.text in view.html


@pytest.mark.parametrize("name", ["<b>db</b>", 'a&b"c'])
def test_names_are_escaped(name: str) -> None:
    assert head(show(outages(a_database(name)))).startswith(f"{name}:")
