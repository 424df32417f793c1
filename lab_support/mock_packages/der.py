"""Just enough of ASN.1's DER and of PEM to write keys and certificates that have the form of real ones."""

from __future__ import annotations

import base64
import textwrap
from datetime import datetime


def block(tag: int, *parts: bytes) -> bytes:
    """One element: its tag, its length and its content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return block(0x30, *parts)


def integer(number: int) -> bytes:
    return block(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def bits(content: bytes) -> bytes:
    return block(0x03, b"\0", content)


def octets(content: bytes) -> bytes:
    return block(0x04, content)


def text(value: str) -> bytes:
    return block(0x0C, value.encode())


def time(moment: datetime) -> bytes:
    """Generalized time, in UTC."""
    return block(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def oid(dotted: str) -> bytes:
    """An object identifier such as `1.2.840.113549.1.1.1`."""
    first, second, *others = map(int, dotted.split("."))
    content = bytearray([first * 40 + second])
    for number in others:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        content += bytes(reversed(groups))
    return block(0x06, bytes(content))


def integers_in(encoded: bytes) -> list[int]:
    """The integers of a sequence, up to its first element of another type."""
    numbers, rest = [], _content(encoded)[0]
    while rest[:1] == b"\x02":
        value, rest = _content(rest)
        numbers.append(int.from_bytes(value, "big"))
    return numbers


def _content(encoded: bytes) -> tuple[bytes, bytes]:
    """What is in the first element, and what comes after it."""
    size, start = encoded[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(encoded[2:start], "big")
    return encoded[start : start + size], encoded[start + size :]


def pem(label: str, encoded: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(encoded).decode(), 64)
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def from_pem(value: str) -> bytes:
    """What is between the lines of dashes; nothing where that is no base64."""
    lines = [line.strip() for line in value.splitlines() if line and not line.startswith("-----")]
    try:
        return base64.b64decode("".join(lines), validate=True)
    except ValueError:
        return b""
