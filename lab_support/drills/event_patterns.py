"""The patterns with which EventBridge's rules and SNS's subscriptions choose events and messages.

Amazon EventBridge User Guide, "Amazon EventBridge event patterns"; Amazon SNS Developer Guide, "Amazon SNS subscription
filter policies". A pattern with an operator that is not known here matches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any


def matches_pattern(pattern: Any, event: Any) -> bool:
    """Whether an event has a value that each field of a pattern accepts."""
    if isinstance(pattern, Mapping) and isinstance(event, list):
        return any(matches_pattern(pattern, one) for one in event)
    if isinstance(pattern, Mapping):
        held = event if isinstance(event, Mapping) else {}
        return bool(pattern) and all(
            any(matches_pattern(one, held) for one in wanted)
            if name == "$or"
            else matches_pattern(wanted, held.get(name))
            for name, wanted in pattern.items()
        )
    values = event if isinstance(event, list) else [event]
    return isinstance(pattern, list) and any(_accepts(one, value) for one in pattern for value in values)


def _accepts(wanted: Any, value: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return value is not None and wanted == value
    text = value if isinstance(value, str) else ""
    match next(iter(wanted.items()), None):
        case ("exists", bool(is_there)):
            return is_there is (value is not None)
        case ("prefix", str(start)):
            return bool(text) and text.startswith(start)
        case ("suffix", str(end)):
            return bool(text) and text.endswith(end)
        case ("equals-ignore-case", str(other)):
            return text.lower() == other.lower()
        case ("wildcard", str(form)):
            return fnmatchcase(text, form.replace("[", "[[]").replace("?", "[?]"))
        case ("anything-but", str(other)):
            return bool(text) and text != other
        case ("anything-but", list(others)):
            return bool(text) and text not in others
    return False
