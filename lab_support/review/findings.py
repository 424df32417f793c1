"""The result of a review: findings, accepted findings, and what could not be decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from lab_support.plan.diagnostic import Location
from lab_support.review.places import relative

# Worst first. A Note is a matter of policy and makes no review fail.
NOTE: Final = "Note"
SEVERITIES: Final = ("Critical", "High", "Medium", NOTE)


@dataclass(frozen=True)
class ReviewFinding:
    """A finding. `resource` is the logical name of the resource to change, `source` the line to change."""

    id: str
    severity: str
    category: str
    resource: str
    urn: str
    what: str
    control: str
    repair: str
    source: Location | None = None

    def to_json(self, root: Path) -> dict[str, Any]:
        """The fields that scripts rely on. The file is relative to the folder `root`."""
        names = ("id", "severity", "category", "resource", "urn", "what", "control", "repair")
        return {**{name: getattr(self, name) for name in names}, **_place(self.source, root)}


@dataclass(frozen=True)
class Undecided:
    """What a rule could not decide, and why. `resource` is empty if it concerns the whole program."""

    id: str
    resource: str
    urn: str
    why: str
    source: Location | None = None

    def to_json(self, root: Path) -> dict[str, Any]:
        named = {"id": self.id, "resource": self.resource, "urn": self.urn, "why": self.why}
        return {**named, **_place(self.source, root)}


@dataclass(frozen=True)
class Accepted:
    """An accepted finding, with the reason and the last day of the acceptance."""

    finding: ReviewFinding
    reason: str
    until: date


@dataclass(frozen=True)
class Review:
    """The result: findings, the most severe first; what is `unknown`; what is `accepted`; `notes` about the review.

    `resources` is the number of resources in the plan, without the program's components. `mocked_packages` are the
    packages besides `aws` that were simulated.
    """

    findings: tuple[ReviewFinding, ...] = ()
    unknown: tuple[Undecided, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    mocked_packages: tuple[str, ...] = ()
    resources: int = 0
    notes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is a finding that is more than a Note."""
        return any(finding.severity != NOTE for finding in self.findings)

    def to_json(self, root: Path) -> dict[str, Any]:
        """The object that `lab review --json` prints. Files are relative to the folder `root`."""
        return {
            "findings": [finding.to_json(root) for finding in self.findings],
            "unknown": [undecided.to_json(root) for undecided in self.unknown],
            "mocked_packages": list(self.mocked_packages),
            "resources": self.resources,
            "accepted": [
                {
                    **accepted.finding.to_json(root),
                    "reason": accepted.reason,
                    "until": accepted.until.isoformat(),
                }
                for accepted in self.accepted
            ],
            "notes": list(self.notes),
        }


def _place(source: Location | None, root: Path) -> dict[str, Any]:
    """Where it is shown; null where that is not known."""
    return {
        "file": relative(source.file, root) if source else None,
        "line": source.line if source else None,
    }


def fingerprint(id: str, urn: str) -> str:
    """A hash of a finding that is stable across runs and, unless the resource's name changes, across environments."""
    type_and_name = urn.split("::", 2)[-1]
    return hashlib.sha256(f"{id} {type_and_name}".encode(errors="backslashreplace")).hexdigest()[:32]
