"""UNKNOWN cannot be used as a value, and wire names become Python names."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from lab_support.plan.values import UNKNOWN, UNKNOWN_MARK, NotKnownYet, python_name


def test_unknown_is_neither_true_nor_false() -> None:
    with pytest.raises(ValueError, match="unknown until the program is deployed"):
        bool(UNKNOWN)


@pytest.mark.parametrize(
    "operation",
    [list, len, int, float, lambda it: it[0], lambda it: "a" in it, lambda it: it < 3, lambda it: it + 1],
)
def test_unknown_cannot_be_read_or_compared(operation: Any) -> None:
    with pytest.raises(NotKnownYet, match="unknown until the program is deployed"):
        operation(UNKNOWN)


def test_unknown_is_a_singleton() -> None:
    assert pickle.loads(pickle.dumps(UNKNOWN)) is UNKNOWN
    assert repr(UNKNOWN) == UNKNOWN_MARK


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("multiAz", "multi_az"),
        ("kmsKeyId", "kms_key_id"),
        ("vpcId", "vpc_id"),
        ("enableHTTPEndpoint", "enable_http_endpoint"),
        ("ipv6CidrBlock", "ipv6_cidr_block"),
        ("tags", "tags"),
    ],
)
def test_names_of_unknown_packages_follow_pulumis_rule(wire: str, python: str) -> None:
    assert python_name(wire) == python
