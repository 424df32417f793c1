"""The delivery drill's view: the stops of a notice's way, and where it ends."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.drills.delivery import deliveries
from lab_support.plan.resource import Resource
from tests.alarm_plans import a_topic, an_alarm
from tests.drills.test_delivery import USE, a_key, a_subscription
from tests.markup import all_words, body, words
from tests.plans import a_plan


def styles(*resources: Resource) -> list[str]:
    view = show(deliveries(a_plan(*resources, an_alarm())))
    stops = body(view).findall(".//ol/li")
    return [str(stop.get("class")).removeprefix("lab-stop lab-") for stop in stops]


def test_each_stop_of_a_notice_that_arrives_is_passed() -> None:
    view = show(deliveries(a_plan(a_topic(kms_master_key_id="k"), a_key(USE), a_subscription(), an_alarm())))
    assert all_words(view, ".//h5") == ["Alarms that use this topic", "Topic policy", "Key policy", "On call"]
    assert "✓ the notice arrives" in words(body(view))
    assert "✓ the notice arrives" in view.text


def test_a_notice_ends_at_the_stop_that_refuses_it() -> None:
    encrypted = a_topic(kms_master_key_id="k")
    assert styles(encrypted, a_key(USE), a_subscription()) == ["passed"] * 4
    assert styles(encrypted, a_key(), a_subscription()) == ["passed", "passed", "ended", "unreached"]
    assert styles(a_topic(policy={"Statement": []}), a_subscription()) == ["passed", "ended", "unreached"]
    assert styles(a_topic(kms_master_key_id="alias/aws/sns")) == ["passed", "passed", "ended", "unreached"]
    assert styles(a_topic()) == ["passed", "passed", "ended"]
    assert styles() == ["passed", "ended"]


def test_the_text_says_what_the_picture_says() -> None:
    view = show(deliveries(a_plan(a_topic(kms_master_key_id="k"), a_key(), a_subscription(), an_alarm())))
    for shown in (words(body(view)), " ".join(view.text.split())):
        for fact in (
            "✗ nobody is notified",
            "✗ kms:Decrypt",
            "✓ sns:Publish",
            "on-call@example.gov (email)",
            "not reached",
        ):
            assert fact in shown


def test_a_sentence_keeps_the_spelling_of_a_name() -> None:
    for encrypted, sentence in (
        (
            a_topic(kms_master_key_id="alias/aws/sns"),
            "topic is encrypted with a key that CloudWatch may not use.",
        ),
        (a_topic(policy={"Statement": []}), "The policy of topic does not let CloudWatch publish."),
    ):
        view = show(deliveries(a_plan(encrypted, a_subscription(), an_alarm())))
        assert all_words(view, ".//p")[0] == sentence
        assert sentence in " ".join(view.text.split())


def test_a_plan_whose_alarms_notify_nobody_says_so() -> None:
    view = show(deliveries(a_plan(an_alarm(alarm_actions=[]))))
    assert (
        view.text
        == words(body(view))
        == "No alarm of the plan has an action, so there is no notice that could arrive."
    )
