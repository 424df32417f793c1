"""A grant: one action that a role is allowed, on whose resource, by which policies."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Where(StrEnum):
    """Whose resource an action reaches, from the point of view of the task."""

    OWN = "its own stream"
    ENVIRONMENT = "another environment's stream"
    OTHER = "any other stream"
    SERVICE = "other services and the account"


@dataclass(frozen=True)
class Grant:
    """One action that a role is, or may be, allowed: its level, its place, an example resource and the policies.

    `needed`: the role's work requires it. A grant that is neither needed nor harmless is excess.
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
