"""Availability zones: their names, and the ids that mean the same zone in every account."""

from __future__ import annotations

from typing import Any

_DIRECTIONS = {"north": "n", "south": "s", "central": "c", "east": "e", "west": "w"}
LETTERS = "abc"


def zones_of(region: str) -> tuple[str, ...]:
    """The zones of a region as this account sees them: three, `ap-southeast-1a` to `ap-southeast-1c`."""
    return tuple(f"{region}{letter}" for letter in LETTERS)


def zone_id(zone: Any) -> Any:
    """`apse1-az1` for `ap-southeast-1a`; what is no zone name comes back as it is.

    AWS global infrastructure, "AWS Availability Zones". Accounts created since November 2025 map letters in this order.
    """
    if not isinstance(zone, str) or not zone or zone[-1] not in LETTERS:
        return zone
    return f"{region_code(zone[:-1])}-az{LETTERS.index(zone[-1]) + 1}"


def region_code(region: Any) -> Any:
    """`apse1` for `ap-southeast-1`, as in zone ids and ElastiCache endpoints; what is no region comes back as it is."""
    parts = region.split("-")[-3:] if isinstance(region, str) else []
    if len(parts) != 3:
        return region
    area, direction, number = parts
    letters = "".join(letter for word, letter in _DIRECTIONS.items() if word in direction)
    return f"{area}{letters}{number}"


def zone_named(identifier: Any, region: str) -> str | None:
    """The zone of a region that a zone id means."""
    return next((zone for zone in zones_of(region) if zone_id(zone) == identifier), None)
