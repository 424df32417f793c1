"""What a role is allowed beyond the rest: one action, on whose resource, by which policies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Whose thing an action reaches, seen from the task."""

    OWN = "its own stream"
    ENVIRONMENT = "another environment's stream"
    OTHER = "any other stream"
    SERVICE = "other services and the account"


@dataclass(frozen=True)
class Grant:
    """One action that a role is, or may be, allowed: at what level, where, on what example, and by which policies.

    `needed` is what the role's work takes; what is neither needed nor harmless is excess.
    """

    action: str
    level: str
    where: Where
    resource: str
    policies: tuple[str, ...]
    needed: bool = False
    harmless: bool = False

    @property
    def is_excess(self) -> bool:
        return not self.needed and not self.harmless
