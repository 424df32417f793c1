"""The text of a verdict, for terminals, nbval and screen readers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lab_support import check
from lab_support.checking.verdict import Finding, Verdict
from lab_support.display.verdict import verdicts_view
from tests.programs import SLUG

FINDING = Finding("SINGLE-ZONE", "db-dev", "It stops.", "Look there.", ("dev",))


def failed(*findings: Finding) -> Verdict:
    verdict = check(SLUG, lambda suffix: None)
    verdict.findings = list(findings)
    verdict.passed = False
    return verdict


def test_a_finding_shows_what_is_wrong_and_a_hint() -> None:
    assert str(failed(FINDING)).splitlines() == [
        f"{SLUG}: not yet. 1 finding.",
        "",
        "SINGLE-ZONE  db-dev  (in dev)",
        "  It stops.",
        "  Hint: Look there.",
    ]


def test_a_title_says_what_the_id_alone_would_not() -> None:
    verdict = failed(replace(FINDING, id="UNENCRYPTED-AT-REST", title="encrypted with another key"))
    assert "UNENCRYPTED-AT-REST (encrypted with another key)  db-dev  (in dev)" in str(verdict)
    assert "<b>UNENCRYPTED-AT-REST (encrypted with another key)</b>" in verdicts_view([verdict]).html


def test_several_findings_are_counted_and_shown_separately() -> None:
    text = str(failed(FINDING, replace(FINDING, id="REGRESSION", environments=())))
    assert text.startswith(f"{SLUG}: not yet. 2 findings.")
    assert "\n\nREGRESSION  db-dev\n" in text


@pytest.mark.parametrize(
    ("environments", "where"), [((), ""), (("",), ""), (("dev", "prod"), "  (in dev, prod)")]
)
def test_a_finding_shows_its_environments(environments: tuple[str, ...], where: str) -> None:
    line = str(failed(replace(FINDING, environments=environments))).splitlines()[2]
    assert line == f"SINGLE-ZONE  db-dev{where}"


def test_a_finding_of_every_environment_says_so() -> None:
    verdict = failed()
    verdict.findings = [replace(FINDING, environments=verdict.environments)]
    assert "(in every environment)" in str(verdict)


def test_long_sentences_are_wrapped() -> None:
    text = str(failed(replace(FINDING, what="many words " * 40, hint="some help " * 40)))
    assert max(len(line) for line in text.splitlines()) <= 100


def test_independent_flaws_show_earned_points_and_fold_the_rest() -> None:
    verdict = check("06_code_review", lambda suffix: None)
    verdict.findings, verdict.passed = [FINDING], False
    assert str(verdict).startswith("06_code_review: not yet. 1 finding, 7 of 9 points.")
    assert verdict.brief == "06_code_review: not yet. 1 finding, 7 of 9 points."
    html = verdicts_view([verdict]).html
    assert re.search(r"<details[^>]*><summary>[^<]*<span[^>]*>High</span> 2 points", html)
    assert html.index("2 points: what would happen") < html.index("SINGLE-ZONE") < html.index("</details>")


def test_findings_of_other_exercises_are_open() -> None:
    verdict = failed(FINDING)
    assert verdict.brief == f"{SLUG}: not yet. 1 finding."
    assert "<details" not in verdicts_view([verdict]).html


def test_a_pass_shows_the_environments_tried() -> None:
    verdict = failed()
    verdict.passed = True
    tried = ", ".join(verdict.environments)
    assert str(verdict) == f"{SLUG}: passed, 2 of 2 points. Tried in {tried}."
