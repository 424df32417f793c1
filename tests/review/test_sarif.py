"""SARIF 2.1.0: the required properties, and where a finding is shown.

Required properties: OASIS, SARIF 2.1.0, sections 3.13 (sarifLog), 3.14 (run), 3.18 (tool), 3.19 (toolComponent), 3.27
(result), 3.35 (suppression), 3.49 (reportingDescriptor).
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from lab_support.plan.diagnostic import Location
from lab_support.review.findings import Accepted, Review, ReviewFinding, Undecided
from lab_support.review.places import Origin
from lab_support.review.rules import ALL_RULES, RULES, STRICT_RULES
from lab_support.review.sarif import sarif

UNDECIDED_WHY = "its engine is unknown until deployment"
URN = "urn:pulumi:dev::shop::aws:rds/instance:Instance::db"
FINDING = ReviewFinding("SINGLE-ZONE", "High", "availability", "db", URN, "It stops.", "CP-10", "Repair it.")


def run_of(review: Review, root: Path, origin: Origin | None = None) -> dict[str, Any]:
    log = json.loads(json.dumps(sarif(review, origin or Origin(root / "shop", root))))
    assert (log["version"], log["$schema"]) == ("2.1.0", "https://json.schemastore.org/sarif-2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_the_tool_lists_all_rules(tmp_path: Path) -> None:
    driver = run_of(Review(), tmp_path)["tool"]["driver"]
    assert driver["name"] == "pulumi-review-lab"
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in ALL_RULES]
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["text"]
    rules, notes = driver["rules"][: len(RULES)], driver["rules"][len(RULES) :]
    for rule in rules:
        assert rule["defaultConfiguration"]["level"] in ("error", "warning")
        assert float(rule["properties"]["security-severity"]) > 4
    assert len(notes) == len(STRICT_RULES)
    for rule in notes:
        assert rule["defaultConfiguration"]["level"] == "note"
        assert float(rule["properties"]["security-severity"]) < 4


def test_a_finding_is_shown_at_the_line_of_its_resource(tmp_path: Path) -> None:
    at = replace(FINDING, source=Location(str(tmp_path / "shop" / "data base.py"), 12, ""))
    run = run_of(Review(findings=(at,)), tmp_path)
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "SINGLE-ZONE"
    assert result["level"] == "error"
    assert result["message"]["text"] == "db: It stops. Repair it."
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "shop/data%20base.py"},
        "region": {"startLine": 12},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == URN
    assert "suppressions" not in result


def test_a_finding_without_a_line_is_shown_at_the_program(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (result,) = run_of(Review(findings=(FINDING,)), tmp_path)["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "shop/__main__.py"}, "region": {"startLine": 1}}


def test_a_finding_in_an_export_is_shown_at_the_line_of_its_urn(tmp_path: Path) -> None:
    origin = Origin(tmp_path / "state.json", tmp_path, {URN: 31})
    review = Review(findings=(FINDING,), unknown=(Undecided("NAME-COLLISION", "", "", "one environment"),))
    for result, line in zip(run_of(review, tmp_path, origin)["results"], (31, 1), strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert place == {"artifactLocation": {"uri": "state.json"}, "region": {"startLine": line}}


def test_without_a_file_a_finding_has_its_resource_as_its_place(tmp_path: Path) -> None:
    (result,) = run_of(Review(findings=(FINDING,)), tmp_path, Origin(None, tmp_path))["results"]
    (location,) = result["locations"]
    assert list(location) == ["logicalLocations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == URN


def test_a_file_outside_the_root_folder_has_an_absolute_uri(tmp_path: Path) -> None:
    at = replace(FINDING, source=Location(str(tmp_path / "x.py"), 1, ""))
    (result,) = run_of(Review(findings=(at,)), tmp_path / "elsewhere")["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (tmp_path / "x.py").resolve().as_uri()


def test_the_fingerprint_depends_on_the_resource_but_not_on_the_line_or_the_stack(tmp_path: Path) -> None:
    fingerprints = {
        run_of(Review(findings=(finding,)), tmp_path)["results"][0]["partialFingerprints"]["resource/v1"]
        for finding in (
            FINDING,
            replace(FINDING, source=Location("x.py", 3, ""), what="Otherwise."),
            replace(FINDING, urn=URN.replace(":dev:", ":prod:")),
        )
    }
    assert len(fingerprints) == 1
    other = run_of(Review(findings=(replace(FINDING, urn=URN + "2"),)), tmp_path)
    assert other["results"][0]["partialFingerprints"]["resource/v1"] not in fingerprints


def test_an_accepted_finding_is_suppressed_with_its_reason(tmp_path: Path) -> None:
    review = Review(accepted=(Accepted(FINDING, "A toy.", date(2027, 6, 30)),), notes=("A note.",))
    run = run_of(review, tmp_path)
    assert run["results"][0]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "A toy. (until 2027-06-30)"}
    ]
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "A note."


def test_what_is_unknown_is_a_note_at_its_resource_or_the_program(tmp_path: Path) -> None:
    source = Location(str(tmp_path / "shop" / "db.py"), 4, "")
    unknown = (
        Undecided("SINGLE-ZONE", "db", URN, UNDECIDED_WHY, source),
        Undecided("NAME-COLLISION", "", "", "there is no second plan"),
    )
    of_resource, of_program = run_of(Review(unknown=unknown), tmp_path)["results"]
    assert [result["level"] for result in (of_resource, of_program)] == ["note", "note"]
    assert UNDECIDED_WHY in of_resource["message"]["text"]
    assert of_resource["locations"][0]["physicalLocation"]["region"] == {"startLine": 4}
    assert "logicalLocations" not in of_program["locations"][0]
