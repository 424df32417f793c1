"""Values that a plan cannot show: secrets, and values that are unknown until the program is deployed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

SECRET_MARK: Final = "[secret]"
UNKNOWN_MARK: Final = "[unknown]"


class NotKnownYet(ValueError):
    """A computation needs a value that is unknown until the update has run."""


class Unknown:
    """A value that is unknown until the update has run; neither true nor false, and of no type."""

    def __repr__(self) -> str:
        return UNKNOWN_MARK

    def __bool__(self) -> bool:
        raise NotKnownYet("this value is unknown until the program is deployed; compare it with `is UNKNOWN`")

    def _fail(self, *_: Any) -> Any:
        return bool(self)

    # Iterating, counting, comparing and converting need the value, too.
    __iter__ = __len__ = __getitem__ = __contains__ = _fail
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = _fail
    __int__ = __float__ = _fail

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


def masked(values: Mapping[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    """Values ready to display or to write as JSON: the named secrets masked, unknown values marked."""
    return {name: SECRET_MARK if name in secrets else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is UNKNOWN:
        return UNKNOWN_MARK
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def unmarked(value: Any) -> Any:
    """A value from JSON, with UNKNOWN restored wherever it was marked."""
    if value == UNKNOWN_MARK:
        return UNKNOWN
    if isinstance(value, Mapping):
        return {k: unmarked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [unmarked(v) for v in value]
    return value


def python_name(wire_name: str) -> str:
    """`multiAz` -> `multi_az`: Pulumi's rule, for packages without a table of names."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", wire_name).lower()
