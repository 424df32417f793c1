"""Keeps secrets out of refusals: AWS quotes the value that it refuses, and a refusal ends up in logs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from lab_support.plan.values import SECRET_MARK
from lab_support.toolchain.sdk_types import ResourceType

_SHORTEST: Final = 4  # characters; a shorter text occurs in any sentence


def hidden(
    text: str, given: Mapping[str, Any], secrets: Collection[str], described: ResourceType | None
) -> str:
    """A refusal with `[secret]` in place of the values of secret inputs: the program's secrets and the type's own."""
    names = {*secrets, *(described.secret_outputs if described else ())}
    values = {value for name in names for value in _texts(given.get(name))}
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, SECRET_MARK)
    return text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif (
        isinstance(value, (str, int, float)) and not isinstance(value, bool) and len(str(value)) >= _SHORTEST
    ):
        yield from {str(value), repr(value).strip("'\"")}  # as it is, and as a message quotes it
