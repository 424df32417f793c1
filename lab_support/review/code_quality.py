"""Converts a review to GitLab's Code Quality report, which merge requests show beside the code.

GitLab documentation, "Code Quality", section "Code Quality report format"
(docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). GitLab shows one of several entries with the same
fingerprint, and knows no accepted findings: those are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from lab_support.review.findings import Review, fingerprint
from lab_support.review.places import Origin, relative

_SEVERITIES: Final = {"Critical": "blocker", "High": "critical", "Medium": "major", "Note": "info"}
_STANDARD_INPUT: Final = "stdin"


def code_quality(review: Review, origin: Origin) -> list[dict[str, Any]]:
    """The entries of the report; paths are relative to the repository's root."""
    seen: Counter[str] = Counter()
    entries = []
    for finding in review.findings:
        position = origin.position(finding.source, finding.urn)
        path, line = (relative(position[0], origin.root), position[1]) if position else (_STANDARD_INPUT, 1)
        mark = fingerprint(finding.id, finding.urn)
        seen[mark] += 1
        entries.append(
            {
                "description": f"{finding.resource}: {finding.what} {finding.repair}",
                "check_name": finding.id,
                "fingerprint": mark
                if seen[mark] == 1
                else fingerprint(f"{finding.id} {seen[mark]}", finding.urn),
                "severity": _SEVERITIES[finding.severity],
                "location": {"path": path, "lines": {"begin": line}},
            }
        )
    return entries
