"""Identifiers look as AWS's do, are always the same for the same resource, and differ between things."""

from __future__ import annotations

import re
import uuid

import pytest

from lab_support.mock_aws.identifiers import hexadecimal, lower, pick, upper, uuid_of

SEEDS = [f"123456789012:urn:pulumi:env-{n}::p::aws:ec2/vpc:Vpc::vpc" for n in range(500)]


@pytest.mark.parametrize("length", [0, 1, 7, 8, 17, 26, 64])
def test_they_have_the_length_and_the_letters_that_were_asked_for(length: int) -> None:
    assert re.fullmatch(f"[0-9a-f]{{{length}}}", hexadecimal("seed", length))
    assert re.fullmatch(f"[A-Z2-7]{{{length}}}", upper("seed", length))
    assert re.fullmatch(f"[a-z2-7]{{{length}}}", lower("seed", length))


def test_a_generated_uuid_is_a_valid_uuid() -> None:
    assert str(uuid.UUID(uuid_of("seed"))) == uuid_of("seed")
    assert uuid.UUID(uuid_of("seed")).version == 4


@pytest.mark.parametrize(
    "make", [lambda s: hexadecimal(s, 17), lambda s: upper(s, 26), uuid_of], ids=["hex", "upper", "uuid"]
)
def test_the_same_seed_gives_the_same_and_another_gives_another(make: object) -> None:
    assert callable(make)
    first = [make(seed) for seed in SEEDS]
    assert first == [make(seed) for seed in SEEDS]
    assert len(set(first)) == len(SEEDS)


def test_a_choice_is_one_of_the_choices_and_none_is_left_out() -> None:
    zones = ("a", "b", "c")
    counts = {zone: sum(pick(seed, zones) == zone for seed in SEEDS) for zone in zones}
    assert sum(counts.values()) == len(SEEDS)
    assert min(counts.values()) > len(SEEDS) / 5
    assert pick(SEEDS[0], zones) == pick(SEEDS[0], zones)
