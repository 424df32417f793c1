"""Converts a review to SARIF 2.1.0, the format in which code hosts show findings beside the code.

OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub's additional requirements are in its
documentation, "SARIF support for code scanning".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from lab_support.plan.diagnostic import Location
from lab_support.review.findings import Accepted, Review, ReviewFinding, Undecided
from lab_support.review.rule import ReviewRule
from lab_support.review.rules import RULES

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"Critical": "error", "High": "error", "Medium": "warning"}
# GitHub's ranking: over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium.
_SCORES: Final = {"Critical": "9.1", "High": "8.0", "Medium": "5.5"}


def sarif(review: Review, program: Path, root: Path) -> dict[str, Any]:
    """The SARIF log of a review of `program`; file names are relative to the folder `root`."""
    driver = {
        "name": "pulumi-review-lab",
        "version": _version(),
        "rules": [_rule(rule) for rule in RULES],
    }
    accepted = {acceptance.finding: acceptance for acceptance in review.accepted}
    results = [
        _result(finding, accepted.get(finding), program, root) for finding in (*review.findings, *accepted)
    ]
    results += [_note(undecided, program, root) for undecided in review.unknown]
    run = {"tool": {"driver": driver}, "results": results, "invocations": [_invocation(review.notes)]}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _version() -> str:
    try:
        return version("pulumi-review-lab")
    except PackageNotFoundError:
        return "0"


def _rule(rule: ReviewRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title} (NIST SP 800-53: {rule.control})."},
        "help": {"text": rule.help, "markdown": rule.help},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", rule.category],
            "precision": "very-high",
            "security-severity": _SCORES[rule.severity],
        },
    }


def _result(finding: ReviewFinding, accepted: Accepted | None, program: Path, root: Path) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": [rule.id for rule in RULES].index(finding.id),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.resource}: {finding.what} {finding.repair}"},
        "locations": [
            {
                "physicalLocation": _location(finding.source, program, root),
                "logicalLocations": [
                    {"name": finding.resource, "fullyQualifiedName": finding.urn, "kind": "resource"}
                ],
            }
        ],
        "partialFingerprints": {"resource/v1": _fingerprint(finding.id, finding.urn)},
    }
    if accepted is not None:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": f"{accepted.reason} (until {accepted.until})",
            }
        ]
    return result


def _note(undecided: Undecided, program: Path, root: Path) -> dict[str, Any]:
    """A question that a rule could not decide."""
    name = undecided.resource
    location: dict[str, Any] = {"physicalLocation": _location(undecided.source, program, root)}
    if name:
        location["logicalLocations"] = [
            {"name": name, "fullyQualifiedName": undecided.urn, "kind": "resource"}
        ]
    return {
        "ruleId": undecided.id,
        "ruleIndex": [rule.id for rule in RULES].index(undecided.id),
        "level": "note",
        "message": {"text": f"{name or 'The program'}: not known: {undecided.why}"},
        "locations": [location],
        "partialFingerprints": {"resource/v1": _fingerprint(f"unknown {undecided.id}", undecided.urn)},
    }


def _location(source: Location | None, program: Path, root: Path) -> dict[str, Any]:
    """The line to change; the first line of the program if it is not known."""
    default = program if program.is_file() else program / "__main__.py"
    file, line = (Path(source.file), source.line) if source else (default, 1)
    file = file.resolve()
    uri = quote(file.relative_to(root).as_posix()) if file.is_relative_to(root) else file.as_uri()
    return {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}


def _fingerprint(id: str, urn: str) -> str:
    """A hash of the finding that is stable across runs and, unless the resource's name changes, across environments."""
    type_and_name = urn.split("::", 2)[-1]
    return hashlib.sha256(f"{id} {type_and_name}".encode()).hexdigest()[:32]


def _invocation(notes: Iterable[str]) -> dict[str, Any]:
    notifications = [{"level": "note", "message": {"text": note}} for note in notes]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}
