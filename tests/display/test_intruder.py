"""The intruder drill's view: a box for each place, with bars that only repeat what words say."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.drills.grants import Grant, Where
from lab_support.drills.intruder import Intruder, RoleReach
from tests.markup import all_words, body, words
from tests.plans import a_resource

ROLE = a_resource("iam.Role", "<role>")


def a_grant(action: str, level: str, where: Where, needed: bool = False) -> Grant:
    return Grant(action, level, where, "arn", ("policy",), needed=needed)


def a_report(*grants: Grant, **more: object) -> Intruder:
    role = RoleReach(ROLE, "task", grants, **more)  # type: ignore[arg-type]
    return Intruder(None, (role,), (), {})


READ = a_grant("kinesis:GetRecords", "Read", Where.OWN, needed=True)
DELETE = [a_grant("kinesis:DeleteStream", "Write", where) for where in (Where.OWN, Where.OTHER)]
TAG = a_grant("kinesis:AddTagsToStream", "Tagging", Where.OWN)


def test_a_box_for_each_place_that_is_reached_with_counts_by_level() -> None:
    view = show(a_report(READ, *DELETE, TAG))
    assert all_words(view, ".//ul[@class='lab-places']/li") == [
        "Its own stream Read ✓ 1 needed Tagging ✗ 1 not needed Write ✗ 1 not needed",
        "Any other stream Write ✗ 1 not needed",
    ]
    assert "Nothing in: another environment's stream, other services and the account." in words(body(view))
    assert "its own stream: Read: ✓ 1 needed; Tagging: ✗ 1 not needed; Write: ✗ 1 not needed" in view.text
    assert "another environment's stream: nothing" in view.text


def test_bars_measure_actions_and_are_hidden_from_screen_readers() -> None:
    bars = body(show(a_report(READ, *DELETE, TAG))).findall(".//span[@class='lab-measure']")
    assert {bar.get("aria-hidden") for bar in bars} == {"true"}
    assert [(part.get("class"), part.get("style")) for part in bars[0]] == [("lab-needed", "width: 100.0%")]
    assert [(part.get("class"), part.get("style")) for part in bars[1]] == [("lab-excess", "width: 100.0%")]


def test_the_worst_actions_are_named_in_html_and_text() -> None:
    view = show(a_report(READ, *DELETE))
    worst = (
        "kinesis:DeleteStream (delete a stream, with every record in it): its own stream and any other stream"
    )
    assert all_words(view, ".//section/ul[last()]/li") == [worst]
    assert worst in " ".join(view.text.split())


def test_a_role_without_excess_is_marked_good() -> None:
    cards = body(show(a_report(READ))).findall("section")
    assert [card.get("class") for card in cards] == ["lab-card lab-is-good"]
    assert "Nothing beyond what it needs." in words(cards[0])
    for bad in (
        a_report(*DELETE),
        a_report(READ, missing=("kinesis:PutRecord",)),
        a_report(READ, unreadable=(("p", "x"),)),
    ):
        assert [card.get("class") for card in body(show(bad)).findall("section")] == ["lab-card lab-is-bad"]


def test_a_role_that_reaches_nothing_says_so() -> None:
    view = show(a_report())
    assert body(view).find(".//ul[@class='lab-places']") is None
    assert "Nothing in: its own stream, another environment's stream, any other stream" in words(body(view))


def test_names_are_escaped_and_a_plan_without_a_role_says_so() -> None:
    assert words(body(show(a_report()))).startswith("<role>, the role that the task runs with")
    empty = show(Intruder(None, (), (), {}))
    assert empty.text == words(body(empty))
