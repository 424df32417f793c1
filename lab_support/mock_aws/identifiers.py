"""Identifiers in AWS's own formats, always the same for the same account and URN.

A real account draws them at random. Here they are derived, so that two previews of one program agree and two
environments differ.
"""

from __future__ import annotations

import hashlib
import ipaddress
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


def letters(seed: str, length: int) -> str:
    """Lower-case letters only, for names in which no digit may stand."""
    digest = hashlib.shake_128(seed.encode()).digest(length)
    return "".join(chr(ord("a") + byte % 26) for byte in digest)


def digits(seed: str, length: int) -> str:
    """Decimal digits of which the first is not a zero."""
    digest = hashlib.shake_128(seed.encode()).digest(length)
    return "".join(str(byte % 9 + 1 if n == 0 else byte % 10) for n, byte in enumerate(digest))


def address(seed: str, network: str) -> str:
    """An IPv4 address within a network (`10.0.1.0/24`); not one of the five that AWS keeps for itself.

    Raises ValueError where this is no network.
    """
    within = ipaddress.IPv4Network(network, strict=False)
    free = max(within.num_addresses - 5, 1)  # the first four and the last
    return str(within[min(4 + int(hexadecimal(seed, 8), 16) % free, within.num_addresses - 1)])


def pick(seed: str, choices: tuple[str, ...]) -> str:
    """One of the choices, evenly spread over seeds."""
    return choices[int(hexadecimal(seed, 8), 16) % len(choices)]
