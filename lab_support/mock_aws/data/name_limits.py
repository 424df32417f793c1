"""AWS's limits on the names of things (name_limits.json, by tools/name_limits.py from botocore's models)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lab_support.mock_aws.data import read


@dataclass(frozen=True)
class NameLimit:
    """What AWS demands of the input that names a thing.

    `input` is its wire name; `service`, `operation` and `parameter` are where AWS's API takes it. `shortest`, `longest`
    and `pattern`, which the whole name must match, are None where the API's model sets no such limit.
    """

    input: str
    service: str
    operation: str
    parameter: str
    shortest: int | None
    longest: int | None
    pattern: str | None

    def allows(self, name: str) -> bool:
        """Whether AWS would take this name, as far as the model says."""
        return (
            (self.shortest is None or len(name) >= self.shortest)
            and (self.longest is None or len(name) <= self.longest)
            and (self.pattern is None or re.fullmatch(self.pattern, name, re.ASCII) is not None)
        )


@cache
def name_limit(token: str) -> NameLimit | None:
    """The limit for a type; None where no model sets one."""
    entry = read("name_limits")["types"].get(token)
    if entry is None:
        return None
    service, _, operation = entry["call"].rpartition(".")
    return NameLimit(
        entry["input"],
        service,
        operation,
        entry["parameter"],
        entry.get("min"),
        entry.get("max"),
        entry.get("pattern"),
    )
