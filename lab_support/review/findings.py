"""What a review says: findings, what could not be decided, and the facts of the rules behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from lab_support.plan.diagnostic import Location
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# The worst first.
SEVERITIES: Final = ("Critical", "High", "Medium")


@dataclass(frozen=True)
class ReviewSubject:
    """What a review looks at: the plan, and the plan of the same program for `other`, a second environment.

    `words` are the texts that stand for the second environment, such as the name of its stack; `configured` are the
    texts that a configuration value replaces as a whole.
    """

    plan: Plan
    other: Plan | None = None
    words: tuple[str, ...] = ()
    configured: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Observation:
    """What a rule says of one resource: the consequence and the repair; or, in `unknown`, why it cannot say."""

    resource: Resource | None
    what: str = ""
    repair: str = ""
    unknown: str = ""


@dataclass(frozen=True)
class ReviewRule:
    """A rule: what it is called, how bad it is, which control of NIST SP 800-53 asks for it, and how it looks."""

    id: str
    severity: str
    category: str
    control: str
    title: str
    check: Callable[[ReviewSubject], Iterable[Observation]]


@dataclass(frozen=True)
class ReviewFinding:
    """Something that is wrong. `resource` is the logical name of what must change, `source` the line that makes it."""

    id: str
    severity: str
    category: str
    resource: str
    urn: str
    what: str
    control: str
    repair: str
    source: Location | None = None

    def to_json(self) -> dict[str, str]:
        """The fields that scripts rely on."""
        names = ("id", "severity", "category", "resource", "urn", "what", "control", "repair")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Undecided:
    """What a rule could not decide, and why. `resource` is empty where it is about the whole program."""

    id: str
    resource: str
    urn: str
    why: str

    def to_json(self) -> dict[str, str]:
        return {"id": self.id, "resource": self.resource, "urn": self.urn, "why": self.why}


@dataclass(frozen=True)
class Accepted:
    """A finding that somebody has accepted: why, and until which day."""

    finding: ReviewFinding
    reason: str
    until: date


@dataclass(frozen=True)
class Review:
    """The result: findings, the most severe first; what is `accepted`; what is `unknown`; and `notes` on how it came.

    `resources` is how many the plan has, without the program's components; `mocked_packages` are the packages beside
    `aws` of which nothing was real.
    """

    findings: tuple[ReviewFinding, ...] = ()
    unknown: tuple[Undecided, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    mocked_packages: tuple[str, ...] = ()
    resources: int = 0
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The object that `lab review --json` prints."""
        return {
            "findings": [finding.to_json() for finding in self.findings],
            "unknown": [each.to_json() for each in self.unknown],
            "mocked_packages": list(self.mocked_packages),
            "resources": self.resources,
            "accepted": [
                {**each.finding.to_json(), "reason": each.reason, "until": each.until.isoformat()}
                for each in self.accepted
            ],
            "notes": list(self.notes),
        }


def created(plan: Plan, *kinds: str) -> Iterator[Resource]:
    """The resources of these kinds that the program makes; not those that it only reads, nor those that go."""
    return (each for each in plan.of_type(*kinds) if each.op not in ("delete", "read"))


def listed(names: Iterable[str], most: int = 3) -> str:
    """Names as a text, the first ones and how many more: `a, b and 3 more`."""
    found = list(dict.fromkeys(names))
    shown = found[:most] if len(found) > most + 1 else found
    if len(found) > len(shown):
        return f"{', '.join(shown)} and {len(found) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def counted(count: int, thing: str) -> str:
    """`1 shard`, `4 shards`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"
