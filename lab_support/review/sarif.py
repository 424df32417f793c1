"""Converts a review to SARIF 2.1.0, the format in which code hosts show findings beside the code.

OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0"; GitHub's additional requirements are in its
documentation, "SARIF support for code scanning".
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final
from urllib.parse import quote

from lab_support.plan.diagnostic import Location
from lab_support.review.findings import Accepted, Review, ReviewFinding, Undecided, fingerprint
from lab_support.review.help_links import help_link
from lab_support.review.places import Origin
from lab_support.review.rule import ReviewRule
from lab_support.review.rules import ALL_RULES

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"Critical": "error", "High": "error", "Medium": "warning", "Note": "note"}
# GitHub's ranking: over 9.0 is critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low.
_SCORES: Final = {"Critical": "9.1", "High": "8.0", "Medium": "5.5", "Note": "2.0"}


def sarif(review: Review, origin: Origin) -> dict[str, Any]:
    """The SARIF log of a review."""
    driver = {
        "name": "pulumi-review-lab",
        "version": _version(),
        "rules": [_rule(rule) for rule in ALL_RULES],
    }
    accepted = {acceptance.finding: acceptance for acceptance in review.accepted}
    results = [_result(finding, accepted.get(finding), origin) for finding in (*review.findings, *accepted)]
    results += [_note(undecided, origin) for undecided in review.unknown]
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
        "helpUri": help_link(rule.id),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["security", rule.category],
            "precision": "very-high",
            "security-severity": _SCORES[rule.severity],
        },
    }


def _result(finding: ReviewFinding, accepted: Accepted | None, origin: Origin) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": [rule.id for rule in ALL_RULES].index(finding.id),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.resource}: {finding.what} {finding.repair}"},
        "locations": [_location(finding.source, finding.resource, finding.urn, origin)],
        "partialFingerprints": {"resource/v1": fingerprint(finding.id, finding.urn)},
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


def _note(undecided: Undecided, origin: Origin) -> dict[str, Any]:
    """A question that a rule could not decide."""
    name = undecided.resource
    return {
        "ruleId": undecided.id,
        "ruleIndex": [rule.id for rule in ALL_RULES].index(undecided.id),
        "level": "note",
        "message": {"text": f"{name or 'The program'}: not known: {undecided.why}"},
        "locations": [_location(undecided.source, name, undecided.urn, origin)],
        "partialFingerprints": {"resource/v1": fingerprint(f"unknown {undecided.id}", undecided.urn)},
    }


def _location(source: Location | None, name: str, urn: str, origin: Origin) -> dict[str, Any]:
    """The line to change, if there is a file, and the resource."""
    location: dict[str, Any] = {}
    if position := origin.position(source, urn):
        file, line = position[0].resolve(), position[1]
        is_inside = file.is_relative_to(origin.root)
        uri = quote(file.relative_to(origin.root).as_posix()) if is_inside else file.as_uri()
        location["physicalLocation"] = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    if name:
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": urn, "kind": "resource"}]
    return location


def _invocation(notes: Iterable[str]) -> dict[str, Any]:
    notifications = [{"level": "note", "message": {"text": note}} for note in notes]
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}
