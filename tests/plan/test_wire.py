"""Values on their way between the engine and the provider: both ways, with secrets and unknowns."""

from __future__ import annotations

import random
from typing import Any

import pytest
from google.protobuf import struct_pb2

from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import (
    OUTPUT_SIGNATURE,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE,
    UNKNOWN_SENTINEL,
    decode,
    encode,
)


def a_struct(**values: Any) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct


def wrapped(signature: str, **values: Any) -> dict[str, Any]:
    return {SIGNATURE: signature, **values}


class TestDecode:
    @pytest.mark.parametrize(
        "value", ["text", "", True, False, 0, 5432, -1, 0.5, None, [], {}, [1, [2]], {"a": {"b": 1}}]
    )
    def test_plain_values_come_as_they_are(self, value: Any) -> None:
        values, secrets = decode(a_struct(name=value))
        assert values == {"name": value}
        assert type(values["name"]) is type(value)
        assert secrets == frozenset()

    def test_names_come_in_order(self) -> None:
        # Protobuf gives the fields of a map in an order of its own, another one in each process.
        names = [f"name{number:02}" for number in range(40)]
        values, _ = decode(
            a_struct(**dict.fromkeys(reversed(names), 1), map=dict.fromkeys(reversed(names), 1))
        )
        assert list(values) == ["map", *names]
        assert list(values["map"]) == names

    def test_whole_numbers_are_integers(self) -> None:
        values, _ = decode(a_struct(port=5432.0, ratio=2.5))
        assert (repr(values["port"]), repr(values["ratio"])) == ("5432", "2.5")

    def test_the_unknown_is_unknown_wherever_it_is(self) -> None:
        values, _ = decode(a_struct(a=UNKNOWN_SENTINEL, b=[UNKNOWN_SENTINEL], c={"d": UNKNOWN_SENTINEL}))
        assert values["a"] is values["b"][0] is values["c"]["d"] is UNKNOWN

    @pytest.mark.parametrize(
        "value",
        [
            wrapped(SECRET_SIGNATURE, value="hunter2"),
            wrapped(OUTPUT_SIGNATURE, value="hunter2", secret=True),
            wrapped(SECRET_SIGNATURE, value=wrapped(SECRET_SIGNATURE, value="hunter2")),
        ],
        ids=["secret", "output", "twice"],
    )
    def test_secrets_are_unwrapped_and_named(self, value: Any) -> None:
        assert decode(a_struct(password=value, user="u")) == (
            {"password": "hunter2", "user": "u"},
            frozenset({"password"}),
        )

    def test_a_property_that_contains_a_secret_is_one(self) -> None:
        deep = [{"token": wrapped(SECRET_SIGNATURE, value="hunter2")}]
        assert decode(a_struct(headers=deep)) == ({"headers": [{"token": "hunter2"}]}, frozenset({"headers"}))

    def test_an_output_without_a_value_is_unknown(self) -> None:
        values, secrets = decode(
            a_struct(a=wrapped(OUTPUT_SIGNATURE), b=wrapped(OUTPUT_SIGNATURE, secret=True))
        )
        assert values["a"] is values["b"] is UNKNOWN
        assert secrets == {"b"}

    def test_a_reference_to_a_resource_is_its_id(self) -> None:
        values, _ = decode(
            a_struct(
                a=wrapped(RESOURCE_SIGNATURE, urn="urn:x", id="vpc-1"),
                b=wrapped(RESOURCE_SIGNATURE, urn="urn:x"),
            )
        )
        assert values == {"a": "vpc-1", "b": "urn:x"}

    def test_the_sdks_bookkeeping_is_left_out(self) -> None:
        assert decode(a_struct(__internal={}, __defaults=[], name="x"))[0] == {"name": "x"}


class TestEncode:
    def test_secrets_are_wrapped_and_nothing_else(self) -> None:
        struct = encode({"password": "hunter2", "user": "u"}, {"password"})
        assert struct["password"][SIGNATURE] == SECRET_SIGNATURE
        assert struct["password"]["value"] == "hunter2"
        assert struct["user"] == "u"

    def test_a_secret_that_is_not_there_needs_no_wrapping(self) -> None:
        assert decode(encode({"password": None}, {"password"})) == ({"password": None}, frozenset())

    def test_tuples_and_other_mappings_will_do(self) -> None:
        assert decode(encode({"a": (1, 2), "b": {"c": UNKNOWN}}))[0] == {"a": [1, 2], "b": {"c": UNKNOWN}}


def test_random_values_come_back_as_they_were() -> None:
    chance = random.Random(20240502)
    for _ in range(300):
        values = _random_mapping(chance, 3)
        secrets = frozenset(
            name for name, value in values.items() if value is not None and chance.random() < 0.3
        )
        assert decode(encode(values, secrets)) == (values, secrets)


def test_what_crosses_the_wire_survives_it() -> None:
    chance = random.Random(20240503)
    for _ in range(50):
        values = _random_mapping(chance, 2)
        sent = encode(values).SerializeToString()
        assert decode(struct_pb2.Struct.FromString(sent))[0] == values


def _random_mapping(chance: random.Random, depth: int) -> dict[str, Any]:
    return {f"key{n}": _random_value(chance, depth) for n in range(chance.randrange(5))}


def _random_value(chance: random.Random, depth: int) -> Any:
    plain = [
        lambda: "".join(chance.choices("aZ0-_äö€\n\"'{}", k=chance.randrange(12))),
        lambda: chance.choice([0, 1, -7, 2**40, 0.25]),
        lambda: chance.random() < 0.5,
        lambda: None,
        lambda: UNKNOWN,
    ]
    deep = [
        lambda: [_random_value(chance, depth - 1) for _ in range(chance.randrange(4))],
        lambda: _random_mapping(chance, depth - 1),
    ]
    return chance.choice(plain + (deep if depth else []))()
