"""The examples in the SDK's documentation: every resource that they create, with the inputs that they give it."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from lab_support.plan.inputs import checked
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_source import class_in, registered_resources, resource_file
from lab_support.toolchain.sdk_types import resource_type, token_of

_EXAMPLE: Final = re.compile(r"```python\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Example:
    """One resource of an example: `token` is its type, `home` the type whose documentation has the example.

    `inputs` by wire name; what the example computes is UNKNOWN. In the documentation of another type, an example often
    leaves out inputs that its type needs.
    """

    home: str
    token: str
    inputs: Mapping[str, Any]


@cache
def examples() -> tuple[Example, ...]:
    """All examples that give every required input, converted as the provider does."""
    return tuple(_all_examples())


def _all_examples() -> Iterator[Example]:
    seen: set[str] = set()
    for home, resource in registered_resources().items():
        text = class_in(resource_file(resource), resource.class_name) or ""
        for source in dict.fromkeys(_EXAMPLE.findall(text)):
            if source not in seen:
                seen.add(source)
                yield from _created_in(textwrap.dedent(source), home)


def _created_in(source: str, home: str) -> Iterator[Example]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # the documentation's own
        return
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or any(keyword.arg is None for keyword in call.keywords):
            continue
        name = ast.unparse(call.func)
        described = resource_type(token_of(name) or "") if name.startswith("aws.") else None
        if described is None:
            continue
        wire = {prop.python_name: wire_name for wire_name, prop in described.inputs.items()}
        given = {wire[keyword.arg]: _value(keyword.value) for keyword in call.keywords if keyword.arg in wire}
        values, failures = checked(given, described)
        if not failures:
            yield Example(home, described.token, values)


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=items):
            return [_value(item) for item in items]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {key.value: _value(value) for key, value in pairs if isinstance(key, ast.Constant)}
        case _:
            return UNKNOWN
