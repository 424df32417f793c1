"""What the annotations of a type say: asked once for each type.

For every value the SDK (pulumi 3.259.0, _types.py) asks anew what a type such as `Optional[Input[str]]` is made of, and
for every resource what the properties of its class are called.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from pulumi import _types

_MOST_TYPES: Final = 10_000


def _remembered(unwrap: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same function, asked once for each type. Types are told apart by identity, for some that differ are equal."""
    known: dict[int, tuple[Any, Any]] = {}

    def unwrapped(val: Any) -> Any:
        found = known.get(id(val))
        if found is not None and found[0] is val:
            return found[1]
        inner = unwrap(val)
        if len(known) >= _MOST_TYPES:
            known.clear()
        known[id(val)] = (val, inner)
        return inner

    return unwrapped


unwrap_type = _remembered(_types.unwrap_type)
unwrap_optional_type = _remembered(_types.unwrap_optional_type)
resource_types = cache(_types.resource_types)
resource_pulumi_to_py_names = cache(_types.resource_pulumi_to_py_names)
input_type_py_to_pulumi_names = cache(_types.input_type_py_to_pulumi_names)
