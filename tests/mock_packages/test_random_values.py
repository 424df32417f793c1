"""Random values: the form that the documentation of the `random` provider describes, and the same in every preview."""

from __future__ import annotations

import base64
import re
import uuid
from typing import Any

import pytest

from lab_support.mock_packages.package_request import PackageRequest, PackageResource
from lab_support.mock_packages.random_values import MAKERS


def made(kind: str, name: str = "it", /, **inputs: Any) -> PackageResource:
    token = f"random:index/{kind[0].lower()}{kind[1:]}:{kind}"
    return MAKERS[token](PackageRequest(token, f"urn:pulumi:dev::p::{token}::{name}", inputs))


class TestPassword:
    def test_it_and_its_hash_are_secret(self) -> None:
        password = made("RandomPassword", length=16)
        assert password.secrets == {"result", "bcryptHash"}
        assert len(password.outputs["result"]) == 16
        assert re.fullmatch(r"\$2a\$10\$[./A-Za-z0-9]{53}", password.outputs["bcryptHash"])

    @pytest.mark.parametrize(
        ("inputs", "characters"),
        [
            ({"special": False}, "[A-Za-z0-9]+"),
            ({"special": False, "upper": False}, "[a-z0-9]+"),
            ({"special": False, "numeric": False}, "[A-Za-z]+"),
            ({"special": False, "number": False}, "[A-Za-z]+"),
            ({"upper": False, "lower": False, "numeric": False, "overrideSpecial": "_%"}, "[_%]+"),
        ],
    )
    def test_only_characters_that_are_wanted(self, inputs: dict[str, Any], characters: str) -> None:
        assert re.fullmatch(characters, made("RandomPassword", length=200, **inputs).outputs["result"])

    def test_at_least_as_many_of_a_kind_as_wanted(self) -> None:
        result = made("RandomPassword", length=8, minNumeric=3, minSpecial=2, minUpper=2).outputs["result"]
        assert len(result) == 8
        assert len(re.findall("[0-9]", result)) >= 3
        assert len(re.findall("[A-Z]", result)) >= 2

    def test_the_length_may_come_as_text(self) -> None:
        assert len(made("RandomPassword", length="12").outputs["result"]) == 12


def test_a_string_is_its_own_id() -> None:
    text = made("RandomString", length=5)
    assert text.id == text.outputs["result"]
    assert text.secrets == frozenset()


def test_an_id_in_its_four_forms() -> None:
    found = made("RandomId", byteLength=4, prefix="web-")
    octets = bytes.fromhex(found.outputs["hex"].removeprefix("web-"))
    assert len(octets) == 4
    assert found.outputs["dec"] == f"web-{int.from_bytes(octets, 'big')}"
    assert found.outputs["b64Std"] == "web-" + base64.b64encode(octets).decode()
    assert found.id == base64.urlsafe_b64encode(octets).decode().rstrip("=")


def test_bytes_are_secret() -> None:
    found = made("RandomBytes", length=10)
    assert base64.b64decode(found.outputs["base64"]).hex() == found.outputs["hex"]
    assert found.secrets == {"base64", "hex"}


def test_an_integer_lies_between_its_limits() -> None:
    results = {made("RandomInteger", f"n{n}", min=3, max=5).outputs["result"] for n in range(40)}
    assert results == {3, 4, 5}


@pytest.mark.parametrize(
    ("inputs", "form"),
    [
        ({}, "[a-z]+-[a-z]+"),
        ({"length": 1}, "[a-z]+"),
        ({"length": 4}, "[a-z]+-[a-z]+-[a-z]+-[a-z]+"),
        ({"separator": "_", "prefix": "my"}, "my_[a-z]+_[a-z]+"),
    ],
)
def test_a_pets_name_consists_of_words(inputs: dict[str, Any], form: str) -> None:
    pet = made("RandomPet", **inputs)
    assert re.fullmatch(form, pet.id)
    assert pet.outputs == {}


def test_a_shuffle_holds_what_was_given() -> None:
    letters = list("abcdefgh")
    assert sorted(made("RandomShuffle", inputs=letters).outputs["results"]) == letters
    assert len(made("RandomShuffle", inputs=letters, resultCount=3).outputs["results"]) == 3
    assert len(made("RandomShuffle", inputs=["a", "b"], resultCount=5).outputs["results"]) == 5
    assert made("RandomShuffle", inputs=[], resultCount=2).outputs["results"] == []


@pytest.mark.parametrize(("kind", "version"), [("RandomUuid", 4), ("RandomUuid4", 4), ("RandomUuid7", 7)])
def test_a_uuid_has_its_version(kind: str, version: int) -> None:
    found = uuid.UUID(made(kind).outputs["result"])
    assert (found.version, found.variant) == (version, uuid.RFC_4122)


def test_chance_is_the_same_for_the_same_resource_until_its_keepers_change() -> None:
    first = made("RandomPassword", length=30)
    assert made("RandomPassword", length=30) == first
    assert made("RandomPassword", "other", length=30) != first
    assert made("RandomPassword", length=30, keepers={"ami": "b"}) != first
