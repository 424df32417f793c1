"""Names of environments on which a program's conditions are tried: usual ones, words of the program, and drawn ones."""

from __future__ import annotations

import ast
import random
import re
import string
from collections.abc import Iterator
from typing import Final

from lab_support.checking.set_apart import tree_of

# What teams call their environments. A condition that hides such a name in a number or a code is met by trying it.
_USUAL: Final = tuple(
    """
    qa uat test testing tst stage staging stg preprod pre-prod preproduction pre prd production live release rel
    rc int integration sit sandbox sbx sb lab labs poc pilot trial canary beta alpha gamma edge next nightly ci cd
    build smoke perf performance load stress soak chaos e2e acc acceptance accept verify validation val dr drill
    standby failover backup recovery hotfix fix bugfix feature feat main master trunk develop development local
    playground play scratch temp tmp ephemeral review pr train training edu workshop demo2 dev1 dev2 dev-2 qa1 qa2
    qa-2 uat2 uat-2 test1 test2 staging2 staging-2 prod1 prod2 prod-2 prod-b blue green red black white gold
    silver mock ops tools infra core shared common mgmt management security sec audit compliance gov internal
    external public private partner customer client tenant east west north south eu us ap apac emea sg sin sea jp
    uk de fr asia global regional central primary secondary nonprod non-prod prototype proto spike research
    experimental exp data ml bi analytics team1 team-a user1 legacy old new
    """.split()
)
_NAMES: Final = 1_500  # ordinary names, and as many unusual ones:
_UNUSUAL: Final = 40
_MOST_WORDS: Final = 200
_WORD: Final = re.compile(r"[a-z](?:-?[a-z0-9]){0,16}")


def names_to_try(source: str, chance: random.Random) -> Iterator[str]:
    """Some two thousand names, of all lengths and kinds: first those that are usual or words of the program."""
    yield from _USUAL
    yield from _words_of(source)
    forms = (letters_only, with_a_number, with_two_hyphens, _of_any_length, _letters_and_digits)
    for _ in range(_NAMES // len(forms)):
        yield from (form(chance) for form in forms)
    for _ in range(_UNUSUAL // 2):
        yield from (form(chance) for form in (_with_a_digit_first, _long))


def _words_of(source: str) -> list[str]:
    """The words in the texts of a program that may be environments, whatever the program does with them."""
    words: dict[str, None] = {}
    for node in ast.walk(tree_of(source)):
        text = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        if isinstance(text, bytes):
            text = text.decode("ascii", "replace")
        if isinstance(text, str) and len(text) <= 80:
            words.update(dict.fromkeys(filter(_WORD.fullmatch, re.split(r"[^\w-]+", text.lower()))))
    return list(words)[:_MOST_WORDS]


def letters_only(chance: random.Random) -> str:
    """Three to seven letters."""
    return _letters(chance, chance.randint(3, 7))


def with_a_number(chance: random.Random) -> str:
    """A number behind a hyphen."""
    return f"{_letters(chance, chance.randint(1, 3))}-{chance.randint(10, 99_999)}"


def with_two_hyphens(chance: random.Random) -> str:
    """Three words, the first and the last with digits."""
    middle = _letters(chance, chance.randint(2, 4))
    return f"{_letters(chance, 2)}{chance.randint(0, 9)}-{middle}-{chance.randint(10, 99)}"


def _of_any_length(chance: random.Random) -> str:
    return _letters(chance, chance.randint(1, 16))


def _letters_and_digits(chance: random.Random) -> str:
    digits = "".join(chance.choices(string.digits, k=chance.randint(1, 3)))
    return _letters(chance, chance.randint(1, 8)) + chance.choice(("", "-")) + digits


def _with_a_digit_first(chance: random.Random) -> str:
    return f"{chance.randint(1, 9_999)}{_letters(chance, chance.randint(1, 4))}"


def _long(chance: random.Random) -> str:
    return "-".join(_letters(chance, chance.randint(7, 10)) for _ in range(3))


def _letters(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=length))
