"""What the provider's documentation, which the SDK carries, says an input is when a program does not give it.

    documented_defaults("aws:mq/broker:Broker")["applyImmediately"]  # False

Only plain statements count: one value in backquotes, of the input's own type, and no condition beside it. Services'
tables (services/) come first; this is for everything that they leave open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from lab_support.toolchain import sdk_source
from lab_support.toolchain.sdk_syntax import documentation_of
from lab_support.toolchain.sdk_types import resource_type

Default = str | bool | int

_STATEMENT: Final = re.compile(
    r"\b[Dd]efaults?(?: value)?(?: is|s? to|:)?:? ?`\"?([^`\"]+)\"?`(?=\.|,|;|\)|\n|$| \()"
)
_CONDITION: Final = re.compile(
    r"[Rr]equired (if|when|for)|[Oo]nly (valid|applies|applicable|used|supported|for|if|when)|[Vv]alid only|"
    r"[Ss]upported only|[Cc]an only|[Ii]gnored (for|if|when)|[Aa]pplies only|[Dd]eprecated"
)
_BOOLEANS: Final = {"true": True, "false": False}


@cache
def documentation(token: str) -> Mapping[str, str]:
    """What the SDK says of each property of a resource type, by Python name; empty for one that it does not have."""
    resource = sdk_source.registered_resources().get(token)
    if resource is None:
        return MappingProxyType({})
    declared = sdk_source.class_in(sdk_source.resource_file(resource), resource.class_name)
    return documentation_of(declared or "")


@cache
def documented_defaults(token: str) -> Mapping[str, Default]:
    """The defaults of a resource type's inputs by wire name; empty for a type that the SDK does not have."""
    described, documents = resource_type(token), documentation(token)
    found = {}
    for name, prop in described.inputs.items() if described else ():
        value = None if prop.required else _stated(documents.get(prop.python_name, ""), prop.type.kind)
        if value is not None:
            found[name] = value
    return MappingProxyType(found)


def _stated(document: str, kind: str) -> Default | None:
    statements = _STATEMENT.findall(document)
    if len(statements) != 1 or _CONDITION.search(document):
        return None
    text = statements[0]
    if kind == "boolean":
        return _BOOLEANS.get(text)
    if kind == "integer":
        return int(text) if re.fullmatch(r"-?\d+", text) else None
    return text if kind in ("string", "enum") and re.fullmatch(r"[\w./:-]+", text) else None
