"""A rule of a review: what it is given, what it observes, and the facts about it that every finding repeats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


@dataclass(frozen=True)
class ReviewSubject:
    """What is reviewed: the plan, and the plan of the same program for `other`, a second environment.

    `words` are the texts that name the second environment, such as its stack's name. `configured` are texts that may
    have another value in another environment's configuration. `separate_accounts` says why the two environments may
    have accounts of their own; it is empty if nothing in the configuration points to that. `is_unchecked` says that
    neither an engine nor a provider has looked at the values, because the plan was read from a file.
    """

    plan: Plan
    other: Plan | None = None
    words: tuple[str, ...] = ()
    configured: frozenset[str] = frozenset()
    separate_accounts: str = ""
    is_unchecked: bool = False


@dataclass(frozen=True)
class Observation:
    """What a rule observes about one resource: the consequence and the repair or, in `unknown`, why it cannot say.

    `arguments` are the arguments to point at, the best first; without them, the line that declares the resource.
    """

    resource: Resource | None
    what: str = ""
    repair: str = ""
    unknown: str = ""
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReviewRule:
    """A rule: its finding's id, severity and category, the control of NIST SP 800-53 behind it, and its check.

    `help` says how to repair what it finds, and when to accept it.
    """

    id: str
    severity: str
    category: str
    control: str
    title: str
    help: str
    check: Callable[[ReviewSubject], Iterable[Observation]]


def created(plan: Plan, *kinds: str) -> Iterator[Resource]:
    """The resources of these kinds that the program creates, without those that it only reads or deletes."""
    return (resource for resource in plan.of_type(*kinds) if resource.op not in ("delete", "read"))
