"""Environments that a program's conditions set apart: found by trying the conditions, not the program."""

from __future__ import annotations

import builtins
import enum
import re
import typing
import zlib
from pathlib import Path

import pytest

from lab_support.checking.environments import ENVIRONMENTS, choose, sets_in, twin
from lab_support.checking.plain import NotPlain, plain_copy
from lab_support.checking.reached import reached_by
from lab_support.checking.set_apart import may_decide, parts_of, set_apart
from tests.checking.test_environments import program_in_a_cell


class Tier(enum.StrEnum):
    QA = "qa"


class Row(typing.NamedTuple):
    name: str
    sizes: list[int]


class Loud(str):
    pass


class Step(enum.Enum):
    ONE = 1

    def take(self) -> None:
        raise AssertionError


BEFORE = """
import base64, difflib, functools, hashlib, itertools, math, random, string, uuid, zlib
import pulumi
from zlib import crc32 as checksum

LEFT_OUT = 3
FLAGS = {number: number != LEFT_OUT for number in range(50)}

def bucket(name):
    total = 0
    for place, letter in enumerate(name):
        total += place * ord(letter)
    return total % 50

class System:
    def __init__(self, environment):
        self.environment = environment

    @property
    def has_standby(self):
        return sum(map(ord, self.environment)) % 43 != 3

def matched(name):
    match checksum(name.encode()) % 50:
        case 3:
            return False
        case _:
            return True
"""
# Each is false in about one of fifty environments, or in `qa` alone.
CONDITIONS = """
zlib.crc32(suffix.encode()) % 50 != 3
checksum(suffix.encode()) % 50 != LEFT_OUT
hash(suffix) % 50 != 3
int(hashlib.sha256(suffix.encode()).hexdigest(), 16) % 50 != 3
sum(suffix.encode()) % 50 != 3
(len(suffix) * 31 + ord(suffix[0])) % 43 != 3
functools.reduce(lambda total, letter: total * 31 + ord(letter), suffix, 7) % 50 != 3
list(itertools.accumulate(map(ord, suffix)))[-1] % 50 != 3
random.Random(suffix).randrange(50) != 3
uuid.uuid5(uuid.NAMESPACE_DNS, suffix).int % 50 != 3
FLAGS[checksum(suffix.encode()) % 50]
bucket(suffix) != 3
matched(suffix)
System(suffix).has_standby
not difflib.get_close_matches(suffix, ["qa"], cutoff=0.9)
"".join(chr(ord(letter) ^ 5) for letter in suffix) != "td"
[ord(letter) - 97 for letter in suffix] != [16, 0]
math.prod(ord(letter) for letter in suffix) != 113 * 97
string.capwords(suffix) != "Qa"
suffix.__hash__() % 31 != 5
suffix.join("ab") != "aqab"
int.from_bytes(suffix.encode(), "little") != 24945
suffix.encode("cp037") != bytes.fromhex("9881")
base64.b32encode(suffix.encode()) != b"OFQQ===="
len(suffix.encode("utf-32")) != 12
""".strip().splitlines()


def sets_of(program: str) -> tuple[tuple[str, ...], ...]:
    return sets_in(program, reached_by(program_in_a_cell(program)), 7)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_an_environment_that_is_left_out_by_a_number_made_of_its_name_is_tried(condition: str) -> None:
    source = (
        f"{BEFORE}\ndef program(suffix):\n    pulumi.export('standby', {condition})\n    return {condition}\n"
    )
    program = program_in_a_cell(source.replace("pulumi.export", "bool and print"))
    found = reached_by(program)
    chosen = choose(found, sets_in(source, found, 7), ENVIRONMENTS, 7)
    assert not all(map(program, (*chosen.first, *chosen.later)))


@pytest.mark.parametrize(
    "code",
    [
        "total = 0\n    for letter in suffix:\n        total += ord(letter)\n    export(total % 50 != 3)",
        "number = hash(suffix) % 50\n    if number == 3:\n        export(1)",
        "name = suffix\n    export(1 if name.encode()[0] % 26 == 3 else 2)",
        "match hash(suffix) % 50:\n        case 3:\n            export(1)\n        case _:\n            export(2)",
    ],
)
def test_conditions_in_the_middle_of_what_has_effects_are_tried(code: str) -> None:
    assert sets_of(f"from pulumi import export\ndef program(suffix):\n    {code}\n")


@pytest.mark.parametrize(
    "code",
    [
        "export(f'10.{sum(map(ord, suffix)) % 256}.0.0/16')",
        "export(f'db-{suffix}'[:63], suffix.upper(), suffix + '-db')",
        "zones = ['a', 'b']\n    export(len(zones) > 1)",
        "export(open(suffix).read() == 'x')",
        "export(suffix.encode() * 3 ** 9999999)",
        "export(sum(range(10 ** 12)) == len(suffix))",
        "export(sum(1 for _ in suffix * 999 for _ in suffix * 999) == 3)",
        "export(len(suffix * 10 ** 9) == 3)",
        "export(sum(iter(len, suffix)) == 3)",
    ],
)
def test_what_tells_no_environments_apart_or_has_effects_is_not_tried(code: str) -> None:
    assert sets_of(f"from pulumi import export\ndef program(suffix):\n    {code}\n") == ()


@pytest.mark.parametrize(
    "code",
    [
        "[x for x in enumerate(suffix)]; enumerate(suffix)",
        "hashlib.sha256(suffix.encode())",
        "[reversed(suffix)]",
    ],
)
def test_values_are_not_told_apart_by_their_addresses(code: str) -> None:
    parts = parts_of(f"import hashlib\ndef program(suffix):\n    {code}\n")
    assert parts
    assert "0x" not in str([part("dev") for part in parts])


def test_nothing_that_has_effects_is_evaluated() -> None:
    calls = [
        "open('x', 'w')",
        "print(suffix)",
        "__import__('os')",
        "suffix.__class__",
        "random.random()",
        "exec('1')",
    ]
    source = (
        "import random\ndef program(suffix):\n    export("
        + ", ".join(f"{call} == 1" for call in calls)
        + ")\n"
    )
    assert parts_of(source) == []


@pytest.mark.parametrize(
    "call",
    [
        "json.codecs.open",
        "[json.codecs][0].open",
        "(inner := json.codecs).open",
        "operator.attrgetter('codecs.open')(json)",
        "operator.attrgetter('os.open')(uuid)",
        "(lambda *given: operator.methodcaller('open', *given)(json.codecs))",
        "attrgetter('builtins.open')(codecs)",
    ],
)
def test_no_module_gives_away_another_one(call: str, tmp_path: Path) -> None:
    made = tmp_path / "made"
    source = (
        "import codecs, json, operator, uuid\nfrom operator import attrgetter\n"
        f"def program(suffix):\n    export({call}({str(made)!r}, 'w') and suffix != 'qa')\n"
    )
    for part in parts_of(source):
        part("dev")
    assert not made.exists()


@pytest.mark.parametrize(
    "code",
    ["MADE['by'](suffix)", "ROWS['of'].append(suffix)", "[rows.append(suffix) for rows in ROWS.values()]"],
)
def test_what_the_programs_variables_hold_is_neither_called_nor_changed(code: str) -> None:
    rows: list[str] = []
    parts = parts_of(
        f"def program(suffix):\n    export({code} or suffix != 'qa')\n",
        {"MADE": {"by": rows.append}, "ROWS": {"of": rows}, "__builtins__": vars(builtins)},
    )
    assert parts
    assert [part("dev") for part in parts]
    assert rows == []


@pytest.mark.parametrize(
    ("value", "copy"),
    [
        ({"sizes": [print, (1, None)]}, {"sizes": [None, (1, None)]}),
        ({print: 1, "qa": 2}, {"qa": 2}),
        (Tier.QA, Tier.QA),
        ([Row("qa", [1])], [Row("qa", [1])]),
    ],
)
def test_data_is_copied_and_nothing_else(value: object, copy: object) -> None:
    assert plain_copy(value) == copy


def endless() -> list[object]:
    rows: list[object] = []
    rows.append(rows)
    return rows


@pytest.mark.parametrize("value", [print, Loud("x"), Step.ONE, endless(), [[0] * 100] * 200])
def test_what_is_no_data_or_too_much_is_not_copied(value: object) -> None:
    with pytest.raises(NotPlain):
        plain_copy(value)


def test_a_value_is_known_after_something_was_called_with_it() -> None:
    sets = sets_of(
        "from zlib import crc32\nfrom pulumi import export\ndef program(suffix):\n"
        "    bucket = crc32(suffix.encode()) % 41\n    export('bucket', bucket)\n    return bucket != 5\n"
    )
    assert any({zlib.crc32(name.encode()) % 41 for name in names} == {5} for names in sets)


def test_code_that_cannot_be_read_has_no_parts() -> None:
    assert parts_of("def program(:") == []


def test_values_that_differ_too_much_are_told_apart_by_being_true() -> None:
    parts = parts_of("def program(suffix):\n    export(hash(suffix) * (suffix != 'qa'))\n")
    names = ("qa", *ENVIRONMENTS, *(f"x{number}" for number in range(20)))
    assert all(may_decide(part, ENVIRONMENTS) for part in parts)
    assert ("qa",) in set_apart(parts, names)


class TestChosen:
    def test_words_beyond_four_are_tried_later(self) -> None:
        words = [f"word{number}" for number in range(40)]
        found = reached_by(program_in_a_cell(f"def program(suffix):\n    return suffix in {tuple(words)}\n"))
        chosen = choose(found, (), ENVIRONMENTS, 7)
        assert {*words[:4]} <= {*chosen.first}
        assert chosen.later[:8] == tuple(words[4:12])
        assert {*words} == {*words} & {*chosen.first, *chosen.later}

    def test_of_more_than_can_be_tried_the_seed_draws_some(self) -> None:
        words = tuple(f"word{number}" for number in range(200))
        found = reached_by(program_in_a_cell(f"def program(suffix):\n    return suffix in {words}\n"))
        later = [choose(found, (), ENVIRONMENTS, seed).later for seed in (1, 1, 2)]
        assert later[0] == later[1] != later[2]
        assert len(later[0]) == 38

    @pytest.mark.parametrize("word", ["2024-flood", "7seas", "24x7", "production-singapore-main"])
    def test_words_that_begin_with_a_digit_or_are_long_are_unusual(self, word: str) -> None:
        found = reached_by(program_in_a_cell(f"def program(suffix):\n    return suffix != {word!r}\n"))
        chosen = choose(found, (), ENVIRONMENTS, 7)
        assert chosen.unusual == (word,)
        assert word not in chosen.first

    def test_a_condition_that_a_known_environment_meets_costs_none(self) -> None:
        source = "def program(suffix):\n    return suffix.startswith('pr-') or suffix == 'prod'\n"
        found = reached_by(program_in_a_cell(source))
        usual = choose(found, (), ENVIRONMENTS, 7)
        assert choose(found, sets_in(source, found, 7), ENVIRONMENTS, 7) == usual

    @pytest.mark.parametrize("name", ["2024-flood", "production-singapore-main"])
    def test_a_twin_looks_like_the_environment(self, name: str) -> None:
        assert re.sub("[a-z]", "a", re.sub("[0-9]", "1", name)) == re.sub(
            "[a-z]", "a", re.sub("[0-9]", "1", twin(name, 7))
        )
        assert twin(name, 7) == twin(name, 7) != name
