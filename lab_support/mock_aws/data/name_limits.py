"""AWS's limits on the names of things (name_limits.json, by tools/name_limits.py from botocore's models)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lab_support.mock_aws.data import read


@dataclass(frozen=True)
class NameLimit:
    """What AWS demands of the input that names a thing.

    `input` is its wire name; `service`, `operation` and `parameter` are where AWS's API takes it. `shortest`, `longest`
    and `pattern`, which the whole name must match, are None where the API's model sets no such limit. `error` is the
    code with which the call refuses another name; empty where its model does not declare one.
    """

    input: str
    service: str
    operation: str
    parameter: str
    shortest: int | None
    longest: int | None
    pattern: str | None
    error: str = ""

    def fault(self, name: str) -> str:
        """The constraint of the model that a name does not satisfy, in AWS's words; empty for a name that fits."""
        if self.shortest is not None and len(name) < self.shortest:
            return f"Member must have length greater than or equal to {self.shortest}"
        if self.longest is not None and len(name) > self.longest:
            return f"Member must have length less than or equal to {self.longest}"
        if self.pattern is not None and not re.fullmatch(self.pattern, name, re.ASCII):
            return f"Member must satisfy regular expression pattern: {self.pattern}"
        return ""


@cache
def name_limit(token: str) -> NameLimit | None:
    """The limit for a type; None where no model sets one."""
    entry = read("name_limits")["types"].get(token)
    return None if entry is None else limit_in(entry)


def limit_in(entry: Mapping[str, Any]) -> NameLimit:
    """The limit in an entry of the data file."""
    service, _, operation = entry["call"].rpartition(".")
    return NameLimit(
        entry["input"],
        service,
        operation,
        entry["parameter"],
        entry.get("min"),
        entry.get("max"),
        entry.get("pattern"),
        entry.get("error", ""),
    )
