"""The debrief: closed until the check has passed, then what changed in the plan and the author's text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from lab_support import check
from lab_support.checking.verdict import Verdict
from lab_support.course.exercises import Exercise
from lab_support.course.record import record_of, record_text
from lab_support.display.debrief import debrief, text_of, what_changed
from lab_support.display.view import Page
from lab_support.engine import operations
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource
from tests.programs import SLUG


def a_database(multi_az: bool, environment: str = "dev") -> Plan:
    return a_plan(a_resource("rds.Instance", "db", multi_az=multi_az), stack=environment)


@pytest.fixture
def verdict(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Verdict]:
    """Verdicts on a database, not passed yet, with faked previews before and after the repair."""

    def make(before: bool = False, after: bool = True) -> Verdict:
        def repaired(suffix: str) -> None: ...

        def preview_all(program: Any, wanted: Iterable[str], **options: Any) -> dict[str, Plan]:
            multi_az = after if program is repaired else before
            return {environment: a_database(multi_az, environment) for environment in wanted}

        monkeypatch.setattr(operations, "preview_all", preview_all)
        return check(SLUG, repaired)

    return make


@pytest.mark.parametrize("passed", [None, False])
def test_before_a_pass_the_debrief_reveals_nothing(verdict: Callable[..., Verdict], passed: Any) -> None:
    failed = verdict()
    failed.passed = passed
    assert str(debrief(failed)) == "The debrief opens once the check has passed."


def test_after_a_pass_the_debrief_shows_what_changed_and_why_it_matters(
    verdict: Callable[..., Verdict],
) -> None:
    repaired = verdict()
    repaired.passed = True
    text = str(debrief(repaired))
    assert "  rds.Instance  db\n-   multi_az: False\n+   multi_az: True\n" in text
    headings = [line for line in text.splitlines() if line.startswith("### ")]
    assert headings == [
        "### In the review's record",
        "### Why it matters",
        "### The control",
        "### What scanners would have said",
        "### How to spot it in a review",
        "### One question to take away",
    ]


def test_an_unchanged_plan_says_so(verdict: Callable[..., Verdict]) -> None:
    assert "Nothing changed" in str(what_changed(verdict(before=True, after=True)))


def test_a_check_without_a_plan_says_so(
    verdict: Callable[..., Verdict], monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = verdict()
    monkeypatch.setattr(operations, "preview_all", lambda program, environments, **options: {})
    assert str(what_changed(unseen)) == "The check produced no plan."


def test_the_debriefs_text_is_the_record_and_the_authors(exercise: Exercise) -> None:
    text = text_of(exercise).markdown
    record, _, authors = text.partition("\n\n### Why it matters")
    assert record == record_text(record_of(exercise))
    assert "### How to spot it in a review" in authors
    assert "what_changed" not in text


def test_a_page_reads_as_markdown_and_as_text() -> None:
    page = Page("# A")
    assert page._repr_mimebundle_() == {"text/markdown": "# A", "text/plain": "# A"}
    assert str(page) == repr(page) == page.text == "# A"
