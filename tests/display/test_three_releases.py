"""The three-releases drill's picture and text: the same facts in the same order."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.display.view import View
from lab_support.drills.three_releases import three_releases
from tests.drills.test_three_releases import (
    FROM_TASKS,
    HTTPS,
    TO_DATABASE,
    a_group,
    a_system,
    an_exclusive_set,
)
from tests.plans import a_plan


def test_picture_and_text_say_which_rule_goes_and_who_is_cut_off() -> None:
    plan = a_system(a_group("tasks", egress=[HTTPS]), a_group("db"), TO_DATABASE, FROM_TASKS)
    view = show(three_releases(plan))
    assert isinstance(view, View)
    for words in (
        "Environment dev: release 2 takes 1 rule away",
        "✗ revoked: TCP 5432 out to db (to-db)",
        "✗ service to database, port 5432: refused, no rule of tasks lets it out",
        "✓ TCP 5432 out to db (to-db), created anew",
    ):
        assert words in " ".join(str(view).split())
        assert words in view.html


def test_rules_that_go_with_the_first_release_are_shown_there() -> None:
    plan = a_system(a_group("tasks"), a_group("db"), TO_DATABASE, FROM_TASKS, an_exclusive_set([]))
    first, last = str(show(three_releases(plan))).split("Release 2")
    assert "releases 1 and 3 take 1 rule away" in " ".join(first.split())
    assert "revoked: TCP 5432 out to db (to-db)" in first
    assert "TCP 5432 out to db (to-db), created anew" in last


def test_what_holds_is_said_to_hold() -> None:
    plan = a_system(a_group("tasks"), a_group("db"), TO_DATABASE, FROM_TASKS)
    assert "each release leaves all rules as they are" in str(show(three_releases(plan)))


def test_without_rules_none_could_be_taken_away() -> None:
    assert "no rules" in str(show(three_releases(a_plan())))
