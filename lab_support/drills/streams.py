"""The stream that a plan's tasks work with, its key, and neighbouring streams that a policy may reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lab_support.drills.keys import declared_key
from lab_support.iam.reach import FOREIGN_ACCOUNT
from lab_support.iam.regions import REGIONS
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# Environments that may share an account with any other.
_ENVIRONMENTS: Final = ("prod", "dev", "demo", "staging", "test", "pr-1234", "pr-1235")


@dataclass(frozen=True)
class Stream:
    """A Kinesis stream of a plan, and the ARNs of the same stream in other environments."""

    resource: Resource
    arn: str
    environments: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its logical name."""
        return self.resource.name


def stream_of(plan: Plan) -> Stream | None:
    """The first stream that the plan creates, or None."""
    for resource in plan.of_type("kinesis.Stream"):
        arn = resource.get("arn")
        if resource.op not in ("delete", "read") and isinstance(arn, str):
            return Stream(resource, arn, tuple(_in_other_environments(arn, plan.stack)))
    return None


def arn_of(stream: Stream | None) -> str:
    """The stream's ARN; one that no stream has if there is none."""
    return stream.arn if stream else "arn:aws:kinesis:::stream/none"


def key_arn_of(plan: Plan, stream: Stream | None) -> str | None:
    """The ARN of the plan's key that encrypts the stream, or None."""
    key = declared_key(plan, stream.resource) if stream else None
    return str(key["arn"]) if key else None


def other_environments(environment: str) -> tuple[str, ...]:
    """Other environments that may share the account, including some with a common prefix or suffix."""
    last = "1" if environment[-1:] != "1" else "2"
    found = (
        *_ENVIRONMENTS,
        f"{environment}2",
        f"{environment[:-1]}{last}",
        f"{environment}-blue",
        f"x{environment}",
    )
    return tuple(other for other in found if other != environment)


def _in_other_environments(arn: str, environment: str) -> Iterator[str]:
    """The stream's ARN in other environments."""
    lead, _, name = arn.rpartition("/")
    if environment in name:
        yield from (f"{lead}/{name.replace(environment, other)}" for other in other_environments(environment))


def neighbours(plan: Plan, stream: Stream) -> tuple[str, ...]:
    """ARNs close to this stream's: a pattern that matches more than this stream matches one of them.

    They differ in the environment, in one letter of the name, in the region, or in the account.
    """
    lead, _, name = stream.arn.rpartition("/")
    parts = lead.split(":")
    found = [stream.arn, *stream.environments]
    arns = [resource.get("arn") for resource in plan.of_type("kinesis.Stream")]
    found += [arn for arn in arns if isinstance(arn, str)]
    for index in range(len(name) + 1):
        found.append(f"{lead}/{name[:index]}x{name[index:]}")
        if index < len(name):
            found.append(f"{lead}/{name[:index]}{'x' if name[index] != 'x' else 'y'}{name[index + 1 :]}")
    found.append(f"{lead}/something-else")
    accounts = [FOREIGN_ACCOUNT, *_one_digit_off(parts[4])]
    places = [(region, parts[4]) for region in REGIONS] + [(parts[3], account) for account in accounts]
    for region, account in places:
        found.append(":".join([*parts[:3], region, account, f"stream/{name}"]))
    return tuple(dict.fromkeys(found))


def _one_digit_off(account: str) -> Iterator[str]:
    for index, digit in enumerate(account):
        yield f"{account[:index]}{(int(digit) + 1) % 10}{account[index + 1 :]}"
