"""Identifiers in AWS's own formats, always the same for the same account and URN.

A real account draws them at random. Here they are derived, so that two previews of one program agree and two
environments differ.
"""

from __future__ import annotations

import hashlib
import uuid

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def hexadecimal(seed: str, digits: int) -> str:
    """`digits` lower-case hexadecimal digits, as in `vpc-0a1b2c3d4e5f60718`."""
    return hashlib.shake_128(seed.encode()).hexdigest((digits + 1) // 2)[:digits]


def uuid_of(seed: str) -> str:
    """A UUID in AWS's spelling, as in a KMS key id."""
    return str(uuid.UUID(bytes=hashlib.shake_128(seed.encode()).digest(16), version=4))


def upper(seed: str, length: int) -> str:
    """Upper-case letters and digits, as in `db-ABCDEFGHIJKL234567` or `AROA...`."""
    digest = hashlib.shake_128(seed.encode()).digest(length)
    return "".join(_ALPHABET[byte % 32] for byte in digest)


def lower(seed: str, length: int) -> str:
    """Lower-case letters and digits, as in the middle of an RDS endpoint."""
    return upper(seed, length).lower()


def pick(seed: str, choices: tuple[str, ...]) -> str:
    """One of the choices, evenly spread over seeds."""
    return choices[int(hexadecimal(seed, 8), 16) % len(choices)]
