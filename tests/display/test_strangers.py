"""The stranger drill's view: who is inside, who is outside, and who should not be where they are."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.drills.strangers import strangers
from lab_support.plan.resource import Resource
from tests.alarm_plans import ACCOUNT, a_topic, an_alarm
from tests.drills.test_strangers import MAIN, for_alarms, for_subjects, open_topic
from tests.markup import all_words, body, words
from tests.plans import a_plan


def sides(*resources: Resource) -> dict[str, list[str]]:
    """The visitors on each side of the wall."""
    found = body(show(strangers(a_plan(*resources))))
    return {
        words(side.find("h5")): [words(item) for item in side.findall("ul/li")]
        for side in found.iter("div")
        if "lab-side" in str(side.get("class"))
    }


def test_strangers_with_a_fitting_token_are_shown_inside() -> None:
    seen = sides(for_subjects(MAIN, "repo:*/emergency-alert:pull_request"))
    assert any("✗ a pull request in someone's fork" in item for item in seen["Inside"])
    assert any("✓ a release" in item for item in seen["Inside"])
    assert all("✓" in item for item in seen["Outside"])


def test_those_for_whom_a_door_is_are_missed_outside() -> None:
    seen = sides(for_subjects("alerts-example/emergency-alert"))
    assert seen["Inside"] == ["nobody"]
    assert any("✗ a release" in item for item in seen["Outside"])


def test_the_text_says_what_the_picture_says() -> None:
    view = show(strangers(a_plan(for_subjects(MAIN), open_topic("SNS:Subscribe", principal="*"), an_alarm())))
    for shown in (words(body(view)), " ".join(view.text.split())):
        for fact in (
            "Who can assume deploy?",
            "✓ no stranger gets in",
            "Who can use topic?",
            "✗ strangers get in (1 of 3 requests)",
            "anyone in any AWS account",
        ):
            assert fact in shown


def test_a_topic_that_is_closed_to_strangers_is_good() -> None:
    ours = for_alarms({"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    view = show(strangers(a_plan(a_topic(policy=ours), an_alarm())))
    assert all_words(view, ".//b") == ["✓ no stranger gets in"]


def test_a_plan_without_doors_says_so() -> None:
    view = show(strangers(a_plan()))
    text = "The plan has no topic, and no role that anyone from outside could ask to assume."
    assert view.text == words(body(view)) == text
