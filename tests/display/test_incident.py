"""The incident drill's view: a chart with axes and units, and text that says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab_support.display.show import show
from lab_support.display.view import View
from lab_support.drills.incident import incident
from lab_support.plan.resource import Resource
from tests.alarm_plans import a_database, a_topic, an_alarm
from tests.markup import all_words, body, words
from tests.plans import a_plan


def drawn(*alarms: Resource, **load: Any) -> View:
    return show(incident(a_plan(a_database(), a_topic(), *alarms), **load))


def chart(view: View) -> str:
    """The words in the chart."""
    return " | ".join(all_words(view, ".//svg/text"))


def test_the_chart_has_a_title_axes_with_units_and_an_alternative_text() -> None:
    view = drawn(an_alarm())
    for said in (
        "CPU load (%)",
        "minutes after the rise",
        "threshold 80 %",
        "50 %",
        "97 %",
        "limit: 15 min",
    ):
        assert said in chart(view)
    assert all_words(view, ".//h4") == ["db: CPU load from 50 % to 97 %"]
    (svg,) = body(view).findall(".//svg")
    assert svg.get("role") == "img"
    assert "topic is notified after 9 to 13 minutes" in svg.get("aria-label", "")


def test_the_moment_of_paging_and_the_time_before_it_are_marked() -> None:
    assert "▼ paged by minute 13" in chart(drawn(an_alarm()))
    assert "nobody knows" in chart(drawn(an_alarm()))
    assert "nobody is paged" in chart(drawn())
    assert "No alarm watches this load." in chart(drawn())
    assert "nothing new is reported" in chart(drawn(an_alarm(threshold=40)))


@pytest.mark.parametrize(
    ("alarms", "fate", "style"),
    [
        ([an_alarm()], "✓ someone is paged in time", "lab-is-good"),
        ([], "✗ nobody is paged", "lab-is-bad"),
        ([an_alarm(evaluation_periods=6)], "✗ someone is paged too late", "lab-is-bad"),
        ([an_alarm(threshold=40)], "✗ the alarm says nothing new", "lab-is-bad"),
    ],
)
def test_html_and_text_say_the_verdict_in_words(alarms: list[Resource], fate: str, style: str) -> None:
    view = drawn(*alarms)
    assert fate in view.text
    assert all_words(view, ".//b[@class='lab-fate']") == [fate]
    assert style in body(view).findall("section")[0].get("class", "")


def test_every_alarm_that_watches_the_load_is_described() -> None:
    view = drawn(an_alarm(), an_alarm("slow", evaluation_periods=6))
    told = all_words(view, ".//ul/li")
    assert len(told) == 2
    text = " ".join(view.text.split())
    for line in told:
        assert re.sub(r" :", ":", line).partition(". It ")[2] in text


def test_what_keeps_the_only_alarm_from_paging_is_said_once() -> None:
    view = drawn(an_alarm(alarm_actions=[]))
    cause = "goes to ALARM, but has no enabled ALARM action"
    assert " ".join(view.text.split()).count(cause) == 1
    assert [cause in item for item in all_words(view, ".//ul/li")] == [False]


def test_everything_is_drawn_inside_the_picture() -> None:
    for alarms in ([an_alarm()], [], [an_alarm(evaluation_periods=6)], [an_alarm(threshold=40)]):
        (svg,) = body(drawn(*alarms)).findall(".//svg")
        _, _, width, height = (float(number) for number in svg.get("viewBox", "").split())
        for element in svg.iter():
            for name, most in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height)):
                assert 0 <= float(element.get(name, 0)) <= most, (element.attrib, name)


def test_names_are_escaped() -> None:
    view = show(incident(a_plan(a_database("<db>"), a_topic())))
    assert words(body(view)).startswith("<db>: CPU load")
