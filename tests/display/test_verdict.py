"""The words of a verdict, for terminals, for nbval and for screen readers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_support import check
from lab_support.display.verdict import verdict_text
from lab_support.verdict import Finding, Verdict
from tests.programs import SLUG

FINDING = Finding("SINGLE-ZONE", "db-dev", "It stops.", "Look there.", ("dev",))


def failed(*findings: Finding) -> Verdict:
    verdict = check(SLUG, lambda suffix: None)
    verdict.findings = list(findings)
    verdict.passed = False
    return verdict


def test_a_finding_is_what_was_seen_and_how_to_get_on() -> None:
    assert verdict_text(failed(FINDING)).splitlines() == [
        f"{SLUG}: not yet. 1 finding.",
        "",
        "SINGLE-ZONE  db-dev  (in dev)",
        "  It stops.",
        "  Hint: Look there.",
    ]


def test_several_are_counted_and_kept_apart() -> None:
    text = verdict_text(failed(FINDING, replace(FINDING, id="REGRESSION", environments=())))
    assert text.startswith(f"{SLUG}: not yet. 2 findings.")
    assert "\n\nREGRESSION  db-dev\n" in text


@pytest.mark.parametrize(
    ("environments", "where"), [((), ""), (("",), ""), (("dev", "prod"), "  (in dev, prod)")]
)
def test_where_it_was_seen(environments: tuple[str, ...], where: str) -> None:
    line = verdict_text(failed(replace(FINDING, environments=environments))).splitlines()[2]
    assert line == f"SINGLE-ZONE  db-dev{where}"


def test_everywhere_is_one_word() -> None:
    verdict = failed()
    verdict.findings = [replace(FINDING, environments=verdict.environments)]
    assert "(in every environment)" in verdict_text(verdict)


def test_long_sentences_are_wrapped() -> None:
    text = verdict_text(failed(replace(FINDING, what="many words " * 40, hint="some help " * 40)))
    assert max(len(line) for line in text.splitlines()) <= 100


def test_a_pass_says_where_it_was_tried() -> None:
    verdict = failed()
    verdict.passed = True
    tried = ", ".join(verdict.environments)
    assert verdict_text(verdict) == f"{SLUG}: passed, 2 of 2 points. Tried in {tried}."
