"""The secrets of a plan whose values are known, and whether a value shows one of them, encoded or not.

    for secret in secret_values(plan):
        shown_in('{"URL": "postgresql://alerts:..."}', secret.value)     # how it is written there, or None

A secret is what Pulumi's SDK declares to be one (a database's password, the value of a secret in Secrets Manager), or
what a resource of another package marks as one (`random.RandomPassword`).
"""

from __future__ import annotations

import base64
import codecs
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Any, Final
from urllib.parse import unquote_plus

from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.toolchain.sdk_types import resource_type

_SHORTEST: Final = 6  # a shorter text is found by chance
_PART: Final = 6  # characters of a long secret that are a part of it, and no chance
_DEPTH: Final = 3  # encodings around each other
_MOST: Final = 200  # readings of one text
_LONGEST: Final = 100_000  # bytes of what was compressed
_FIELD: Final = re.compile(r"pass|pwd|secret|token|key|credential|url|dsn|connection", re.IGNORECASE)
_IN_URL: Final = re.compile(r"^\w[\w+.-]*://[^/\s:@]*:([^/\s]+)@")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\x([0-9A-Fa-f]{2})")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}){6,}")


@dataclass(frozen=True)
class SecretValue:
    """A secret, and the resource and the property that have it first; no resource for one of the configuration."""

    value: str
    prop: str
    resource: Resource | None = None

    @property
    def owner(self) -> str:
        """The logical name of the resource, or `the configuration`."""
        return self.resource.name if self.resource else "the configuration"

    @property
    def name(self) -> str:
        """`the password of emergency-alert-db-dev`, `dbPassword of the configuration`."""
        if self.resource is None:
            return f"{self.prop} of {self.owner}"
        return f"the {self.prop.removesuffix('_wo').replace('_', ' ')} of {self.owner}"


def secret_properties(resource: Resource) -> frozenset[str]:
    """The properties that the SDK, or a package other than aws, declares to be secret, by their Python names."""
    described = resource_type(resource.type)
    if described is None:
        return resource.secrets if not resource.type.startswith(("aws:", "pulumi:")) else frozenset()
    wire = described.secret_inputs | described.secret_outputs
    return frozenset(described.names.get(name, name) for name in wire)


def secret_values(plan: Plan, configured: Mapping[str, Any] | None = None) -> tuple[SecretValue, ...]:
    """The distinct secrets of a plan, passwords of databases first, and the texts of the configuration, by full key."""
    found: dict[str, SecretValue] = {}
    for resource in sorted(plan, key=lambda resource: not resource.kind.startswith("rds.")):
        if not resource.is_custom or resource.op == "delete":
            continue
        for name in sorted(secret_properties(resource)):
            if resource.kind == "ssm.Parameter" and resource.get("type") != "SecureString":
                continue
            for value in _values(resource.get(name)):
                found.setdefault(value, SecretValue(value, name, resource))
    for key, value in (configured or {}).items():
        if isinstance(value, str):  # Pulumi's own settings are objects
            found.setdefault(value, SecretValue(value, key.rpartition(":")[2]))
    values = list(found)
    # A secret that contains another one, such as a URL with the password, is shown where the other one is.
    return tuple(found[value] for value in values if not any(o in value for o in values if o != value))


def _values(value: Any) -> Iterator[str]:
    """What is secret in a property: the fields of a JSON object that are, the password in a URL, or the whole text."""
    if not isinstance(value, str):
        return
    try:
        read = json.loads(value)
    except ValueError:
        read = value
    if isinstance(read, Mapping):
        for name, field in read.items():
            if isinstance(field, str) and _FIELD.search(str(name)):
                yield from _of_text(field)
    else:
        yield from _of_text(value)


def _of_text(text: str) -> Iterator[str]:
    in_url = _IN_URL.match(text)
    found = unquote_plus(in_url[1]) if in_url else text
    if len(found) >= _SHORTEST and not found.startswith("arn:"):
        yield found


def parts_of(secret: str, plan: Plan) -> tuple[str, ...]:
    """Texts that are a third of a long secret. They neither have the environment in them nor are in a logical name."""
    size = max(_PART, len(secret) // 3)
    if len(secret) < 2 * size:
        return ()
    names = "\n".join(resource.name for resource in plan)
    pieces = (
        text[start : start + size]
        for text in secret.split(plan.stack)
        for start in range(len(text) - size + 1)
    )
    return tuple(piece for piece in dict.fromkeys(pieces) if piece not in names)


def shown_in(text: str, secret: str, parts: Iterable[str] = ()) -> str | None:
    """How a text has a secret, or one of `parts`: `` as it is, `in base64` and so on; None if it does not."""
    for way, read in _readings(text):
        if secret in read:
            return way
        if any(part in read for part in parts):
            return f"{way}, in part".removeprefix(", ")
    return None


@lru_cache(maxsize=4096)  # a plan repeats many texts, and a check looks into each for several secrets
def _readings(text: str) -> tuple[tuple[str, str], ...]:
    """A text as it is, then what it says if it is encoded."""
    readings = []
    seen = {text}
    waiting = [("", text, 0)]
    while waiting and len(seen) < _MOST:
        way, read, depth = waiting.pop(0)
        readings.append((way, read))
        is_text = depth == 0 or (depth < _DEPTH and read.isascii())
        for encoding, decoded in _decoded(read) if is_text else ():
            if decoded and decoded not in seen:
                seen.add(decoded)
                waiting.append((way or encoding, decoded, depth + 1))
    return tuple(readings)


def _decoded(text: str) -> Iterator[tuple[str, str]]:
    if "%" in text or "+" in text:
        yield "percent-encoded", unquote_plus(text)
    if "&" in text:
        yield "as HTML", unescape(text)
    if "\\" in text:
        yield "escaped", _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    for token in _HEX.findall(text):
        yield "in hexadecimal", _as_text(bytes.fromhex(token))
    for token in _BASE64.findall(text):
        yield from _decoded_token(token.rstrip("=").replace("-", "+").replace("_", "/"))
    yield "backwards", text[::-1]
    yield "in ROT13", codecs.encode(text, "rot13")


def _decoded_token(token: str) -> Iterator[tuple[str, str]]:
    """What a token says in base64, also if other characters are in front of it, and in base32."""
    for start in range(4):
        piece = token[start:]
        with suppress(ValueError):
            yield "in base64", _as_text(base64.b64decode(piece + "=" * (-len(piece) % 4)))
    if re.fullmatch(r"[A-Z2-7]+", token):
        with suppress(ValueError):
            yield "in base32", _as_text(base64.b32decode(token + "=" * (-len(token) % 8)))


def _as_text(data: bytes) -> str:
    """Bytes as text, decompressed if need be."""
    for wbits in (31, 15):
        with suppress(zlib.error):
            return zlib.decompressobj(wbits).decompress(data, _LONGEST).decode("latin-1")
    return data.decode("latin-1")
