"""The debrief: closed until the check has passed, then what changed in the plan and the author's text."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support import check, engine
from lab_support.display import debrief as module
from lab_support.display.debrief import Page, debrief, shipped_plan, what_changed
from lab_support.exercises import Exercise
from lab_support.plan import Plan
from lab_support.verdict import Verdict
from tests.plans import a_plan, a_resource
from tests.programs import SLUG


def a_database(multi_az: bool) -> Plan:
    return a_plan(a_resource("rds.Instance", "db", multi_az=multi_az))


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> Verdict:
    """A verdict on a repaired database, not passed yet; the previews are pretended."""
    monkeypatch.setattr(
        engine,
        "preview_all",
        lambda program, environments, **options: {each: a_database(True) for each in environments},
    )
    monkeypatch.setattr(module, "shipped_plan", lambda exercise, environment: a_database(False))
    return check(SLUG, lambda suffix: None)


@pytest.mark.parametrize("passed", [None, False])
def test_before_the_check_has_passed_it_gives_nothing_away(verdict: Verdict, passed: Any) -> None:
    verdict.passed = passed
    assert str(debrief(verdict)) == "The debrief opens once the check has passed."


def test_afterwards_it_shows_what_changed_and_why_it_matters(verdict: Verdict) -> None:
    verdict.passed = True
    text = debrief(verdict).markdown
    assert "```diff\n  rds.Instance  db\n-   multi_az: False\n+   multi_az: True\n```" in text
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert headings == [
        "### What changed in the plan",
        "### Why it matters",
        "### The control",
        "### How to spot it in a review",
        "### One question to take away",
    ]


def test_no_change_is_said(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "shipped_plan", lambda exercise, environment: a_database(True))
    assert "```diff\nnothing\n```" in str(what_changed(verdict))


def test_without_a_plan_that_is_said(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "preview_all", lambda program, environments, **options: {})
    assert str(what_changed(verdict)) == "No plan came out of the check."


def test_the_plan_as_shipped_is_a_real_preview(asked: Exercise) -> None:
    plan = shipped_plan(asked, "pr-7")
    assert plan.stack == "pr-7"
    assert plan.named("emergency-alert-db-pr-7")["multi_az"] is False


def test_a_page_reads_as_markdown_and_as_text() -> None:
    page = Page("# A")
    assert page._repr_mimebundle_() == {"text/markdown": "# A", "text/plain": "# A"}
    assert str(page) == repr(page) == "# A"
