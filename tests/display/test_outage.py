"""How the outage drill looks: a table that reads aloud in order, and the same in text."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from lab_support.display import View, show
from lab_support.display.outage import outage_view
from lab_support.drills.outage import outage, outages
from lab_support.plan import Plan
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_plan, a_resource, a_subnet_group


def a_database(name: str = "db", **properties: object) -> Plan:
    usual = {"engine": "postgres", "availability_zone": ZONE_A, "db_subnet_group_name": "group"}
    database = a_resource("rds.Instance", name, **{**usual, **properties})
    return a_plan(*a_subnet_group(ZONE_A, ZONE_B, ZONE_C), database)


def tables(view: View) -> list[ElementTree.Element]:
    """The figures in a view, parsed: what is no well-formed markup fails here."""
    after_style = view.html.partition("</style>")[2]
    return ElementTree.fromstring(f"<all>{after_style}</all>").findall("div/table")


def words(cell: ElementTree.Element) -> str:
    return " ".join("".join(cell.itertext()).split())


def test_a_row_for_each_zone_and_a_column_for_each_zone() -> None:
    (table,) = tables(show(outages(a_database())))
    heads = [words(cell) for cell in table.findall("thead/tr/th")]
    assert heads == ["When this zone fails", ZONE_A, ZONE_B, ZONE_C, "the database"]
    rows = table.findall("tbody/tr")
    assert [words(row.findall("th")[0]) for row in rows] == [ZONE_A, ZONE_B, ZONE_C]
    assert all(len(row.findall("td")) == 4 for row in rows)


def test_headers_say_what_they_head() -> None:
    (table,) = tables(show(outages(a_database())))
    assert all(cell.get("scope") == "col" for cell in table.findall("thead/tr/th"))
    assert all(cell.get("scope") == "row" for cell in table.findall("tbody/tr/th"))
    caption = table.find("caption")
    assert caption is not None
    assert words(caption) == f"db: Single-AZ instance, running in {ZONE_A}"


def test_a_single_zone_stops_and_the_others_do_not_matter() -> None:
    (table,) = tables(show(outages(a_database())))
    fates = [words(row.findall("td")[-1])[:9] for row in table.findall("tbody/tr")]
    assert fates == ["✗ stopsIt", "✓ goes on", "✓ goes on"]


def test_the_part_in_the_failed_zone_is_marked_by_more_than_colour() -> None:
    (table,) = tables(show(outage(a_database(), ZONE_A)))
    cell = table.findall("tbody/tr/td")[0]
    assert words(cell) == "primary✗ zone is out"
    assert cell.find("span[@class='part stopped']") is not None


def test_the_standby_is_shown_taking_over() -> None:
    view = show(outage(a_database(multi_az=True), ZONE_A))
    (table,) = tables(view)
    assert words(table.findall("tbody/tr/td")[1]) == "standby → primary"
    assert "✓ goes on" in view.text


def test_a_running_primary_is_not_shown_taking_over() -> None:
    (table,) = tables(show(outage(a_database(multi_az=True), ZONE_B)))
    assert words(table.findall("tbody/tr/td")[0]) == "primary"


def test_text_says_what_the_picture_says() -> None:
    text = show(outages(a_database())).text
    assert text.splitlines()[0] == f"db: Single-AZ instance, running in {ZONE_A}"
    for zone, fate in ((ZONE_A, "✗ stops"), (ZONE_B, "✓ goes on"), (ZONE_C, "✓ goes on")):
        assert f"  {zone} fails: {fate}" in text
    assert "several hours" in " ".join(text.split())


def test_every_figure_has_its_source_once() -> None:
    view = show(outages(a_database(multi_az=True)))
    source = "Concepts.MultiAZSingleStandby.html"
    assert view.text.count(source) == 1
    assert view.html.count(source) == 1


def test_text_fits_into_a_terminal() -> None:
    text = show(outages(a_database())).text
    assert all(len(line) <= 100 for line in text.splitlines() if "Source" not in line)


def test_each_database_has_a_figure() -> None:
    first, second = a_database("first"), a_database("second", multi_az=True)
    plan = a_plan(*first.resources, second.named("second"))
    assert len(tables(show(outages(plan)))) == 2


def test_without_a_database_that_is_said() -> None:
    view = outage_view(outages(a_plan()))
    assert "no database" in view.text
    assert view.text in view.html


@pytest.mark.parametrize("name", ["<b>db</b>", 'a&b"c'])
def test_names_stay_text(name: str) -> None:
    view = show(outages(a_database(name)))
    (table,) = tables(view)
    caption = table.find("caption")
    assert caption is not None
    assert words(caption).startswith(f"{name}:")
