"""The environments that a check tries: each one that a program names, however it does, and two drawn at random."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from lab_support.checking.environments import (
    ENVIRONMENTS,
    Chosen,
    choose,
    drawn_environments,
    named_environments,
    sets_in,
)
from lab_support.checking.reached import reached_by
from lab_support.checking.repeatability import may_vary
from lab_support.course.cells import shipped_program
from lab_support.course.exercises import catalogue
from lab_support.course.reviews import stock
from lab_support.course.reviews.generate import Spec, review
from lab_support.program_code import source_of

SURROUNDINGS = """
import fnmatch, functools, hashlib, json, re, typing, zlib
from dataclasses import dataclass
from enum import Enum, StrEnum
from functools import cache, partial

QA = "qa"
NON_PROD = {"dev", "qa"}
HAS_STANDBY = {"qa": False}
PATTERN = re.compile("^(qa|uat)$")

class Environment(Enum):
    QA = "qa"

class Stage(StrEnum):
    QA = "qa"

@dataclass
class Settings:
    small: str = "qa"

class System:
    def __init__(self, suffix):
        self.suffix = suffix

    @property
    def has_standby(self):
        return self.suffix != "qa"

def without(suffix, left_out="qa"):
    return suffix != left_out

def closed_over(left_out):
    def has_standby(suffix):
        return suffix != left_out
    return has_standby

in_closure = closed_over("qa")
partly = partial(without, left_out="qa")

@cache
def remembered(suffix):
    return suffix != "qa"

def matched(suffix):
    match suffix:
        case "qa": return False
        case _: return True

def matched_in_parts(suffix):
    match (suffix[0], len(suffix)):
        case ("q", 2): return False
    return True

def not_found(suffix):
    try:
        return {"qa": 1}[suffix] and False
    except KeyError:
        return True

def from_iterator(left_out):
    names, found = iter(left_out), []
    def has_standby(suffix):
        found.extend(names)
        return suffix not in found
    return has_standby

in_iterator = from_iterator(["qa"])

@functools.singledispatch
def dispatched(suffix):
    return True

@dispatched.register
def _(suffix: str):
    return suffix != "qa"

class WithProperty(type):
    @property
    def left_out(cls):
        return "qa"

class OfClass(metaclass=WithProperty):
    pass

class Slots:
    __slots__ = ("left_out",)
    def __init__(self):
        self.left_out = "qa"

slots = Slots()

class Descriptor:
    def __get__(self, owner, kind):
        return "qa"

class Described:
    left_out = Descriptor()

LITERAL = typing.Literal["qa"]
JSON = '{"left_out": ["qa"]}'
"""
# Each is true in every environment but qa, or but those that begin, end or match like it.
CONDITIONS = r"""
suffix != "qa"
not "qa" == suffix
suffix not in ("dev2", "qa")
not any(suffix == other for other in ("qa", "uat"))
suffix != QA
suffix not in NON_PROD - {"dev"}
HAS_STANDBY.get(suffix, True)
{"qa": False}.get(suffix, True)
suffix != Environment.QA.value
suffix != Stage.QA
System(suffix).has_standby
without(suffix)
in_closure(suffix)
partly(suffix)
remembered(suffix)
Settings().small != suffix
not suffix.startswith("qa")
not suffix.startswith("qa-")
not suffix.endswith("qa")
not suffix.endswith("-test")
not re.match("qa", suffix)
not re.fullmatch(r"qa-[0-9]+", suffix)
not PATTERN.match(suffix)
suffix.upper() != "QA"
suffix[:2] != "qa"
suffix[0] != "q"
"qa" not in suffix
suffix not in "qa uat".split()
len(suffix) != 2
len(suffix) > 2
not {"qa"} & {suffix}
(lambda other: other != "qa")(suffix)
["qa"].count(suffix) == 0
matched(suffix)
matched_in_parts(suffix)
not_found(suffix)
in_iterator(suffix)
dispatched(suffix)
OfClass.left_out != suffix
slots.left_out != suffix
Described.left_out != suffix
suffix not in typing.get_args(LITERAL)
suffix not in json.loads(JSON)["left_out"]
suffix.encode() != b"qa"
hashlib.md5(suffix.encode()).digest() != hashlib.md5(b"qa").digest()
zlib.crc32(suffix.encode()) % 5 != 1
list(suffix) != ["q", "a"]
set(suffix) != {"q", "a"}
suffix[::-1] != "aq"
suffix != "".join(["q", "a"])
suffix != "%s%s" % ("q", "a")
suffix != chr(113) + chr(97)
sum(map(ord, suffix)) != 210
ord(suffix[0]) - 97 != 16
int.from_bytes(suffix.encode(), "big") != 29025
suffix.encode().hex() != "7161"
suffix.title() != "Qa"
suffix.zfill(4) != "00qa"
suffix * 2 != "qaqa"
suffix != "quality-assurance"
f"db-{suffix}" != "db-qa"
f"emergency_{suffix}" not in {"emergency_qa"}
f"{suffix}-db" != "qa-db"
suffix + "x" != "qax"
suffix.count("-") < 2
suffix.partition("-")[0] != "qa"
re.match(r"^(?!.*qa).*$", suffix) is not None
re.match(r"^(?:(?!qa$).)*$", suffix) is not None
re.fullmatch(r"(dev|demo|prod|pr-\d+|[^q].*)", suffix) is not None
re.search(r"[q]a", suffix) is None
not re.search("(?<![a-z])qa(?![a-z])", suffix)
not fnmatch.fnmatch(suffix, "[q]?")
suffix.__ne__("qa")
suffix.__len__() != 2
eval("suffix != 'qa'", {"suffix": suffix})
""".strip().splitlines()


def program_in_a_cell(source: str) -> Callable[..., Any]:
    """A program in a namespace of its own, as a notebook's cell defines it."""
    module = types.ModuleType("learner")
    with mock.patch.dict(sys.modules, learner=module):  # a dataclass looks for its module
        exec(compile(source, "<cell 1>", "exec"), module.__dict__)
    names = module.__dict__
    program: Callable[..., Any] = names["program"]
    return program


def named_in(source: str, tried: tuple[str, ...] = ENVIRONMENTS) -> tuple[str, ...]:
    return named_environments(reached_by(program_in_a_cell(source)), tried)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_an_environment_that_is_left_out_is_tried(condition: str) -> None:
    program = program_in_a_cell(f"{SURROUNDINGS}\ndef program(suffix):\n    return bool({condition})\n")
    found = reached_by(program)
    named = named_environments(found)
    drawn = drawn_environments(1, (*ENVIRONMENTS, *named), found) if "zlib" in condition else ()
    assert not all(map(program, (*named, *drawn))), named
    assert all(map(program, ENVIRONMENTS))


def test_a_program_that_decides_nothing_names_no_environment() -> None:
    assert named_in('def program(suffix):\n    return "postgres", suffix + "-db"\n') == ()


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_a_shipped_program_costs_no_further_environment(exercise: Any) -> None:
    assert costs_no_further_environment(shipped_program(exercise))


@pytest.mark.parametrize("change", [*stock.flaws(), *stock.distractors()], ids=lambda change: change.name)
def test_a_generated_review_costs_no_further_environment(change: stock.Change) -> None:
    flaw = next(flaw for flaw in stock.flaws() if flaw == change or not flaw.conflicts_with(change))
    exercise = review(Spec(1, chosen=(*{flaw.name, change.name},)).slug)
    assert costs_no_further_environment(shipped_program(exercise))


def costs_no_further_environment(program: Any) -> bool:
    found = reached_by(program)
    sets = sets_in(source_of(program) or "", found, 7)
    return choose(found, sets, ENVIRONMENTS, 7) == Chosen(
        (*ENVIRONMENTS, *drawn_environments(7, found=found))
    )


def test_what_is_tried_anyway_is_not_named_again() -> None:
    source = 'def program(suffix):\n    return suffix == "prod"\n'
    assert named_in(source) == ()
    assert named_in(source, ("dev",)) == ("prod",)


def test_what_dataclass_writes_decides_nothing() -> None:
    source = """
from dataclasses import dataclass, field

@dataclass(frozen=True, order=True)
class Sizes:
    large: int = 7
    small: tuple = field(default=("qa",))

def program(suffix):
    return Sizes()
"""
    program = program_in_a_cell(source)
    found = reached_by(program)
    assert named_environments(found) == ("qa",)
    assert not may_vary(found)
    assert len(drawn_environments(7, found=found)) == 2


def test_twelve_are_named_at_most() -> None:
    words = ", ".join(f'"word{n}"' for n in range(40))
    assert len(named_in(f"def program(suffix):\n    return suffix in ({words})\n")) == 12


@pytest.mark.parametrize(
    ("condition", "further"),
    [
        ('suffix.startswith("feature")', "feature-x7"),
        ('"feature" in suffix', "feature-x7"),
        ('suffix.endswith("feature")', "x7-feature"),
    ],
)
def test_a_part_of_a_suffix_is_tried_with_more_of_it(condition: str, further: str) -> None:
    assert named_in(f"def program(suffix):\n    return {condition}\n") == ("feature", further)


def test_data_that_refers_to_itself_is_searched_once() -> None:
    source = 'ring = ["qa"]\nring.append(ring)\ndef program(suffix):\n    return suffix in ring\n'
    assert named_in(source) == ("qa",)


def test_a_class_of_the_sdk_is_not_searched() -> None:
    source = "from pulumi_aws import rds\ndef program(suffix):\n    return rds.Instance == suffix\n"
    assert named_in(source) == ()


class TestDrawn:
    def test_a_program_that_makes_numbers_of_texts_is_tried_in_more(self) -> None:
        source = "import zlib\ndef program(suffix):\n    return zlib.crc32(suffix.encode()) % 7 > 0\n"
        found = reached_by(program_in_a_cell(source))
        drawn = drawn_environments(7, found=found)
        assert len(set(drawn)) == 22
        assert drawn[:2] == drawn_environments(7)

    def test_one_seed_draws_the_same_environments_again(self) -> None:
        assert drawn_environments(7) == drawn_environments(7)

    def test_two_seeds_draw_different_ones(self) -> None:
        assert len({drawn_environments(seed) for seed in range(50)}) == 50

    @pytest.mark.parametrize("seed", range(20))
    def test_two_differ_in_beginning_length_and_alphabet(self, seed: int) -> None:
        letters, mixed = drawn_environments(seed)
        assert letters.isalpha()
        assert mixed.count("-") in (1, 2)
        assert mixed[-1].isdigit()
        assert letters[0] != mixed[0]
        assert max(map(len, (letters, mixed))) <= 12

    def test_both_mixed_forms_are_drawn(self) -> None:
        assert {drawn_environments(seed)[1].count("-") for seed in range(20)} == {1, 2}

    def test_none_is_tried_already(self) -> None:
        assert not {*drawn_environments(3)} & {*drawn_environments(3, drawn_environments(3))}
