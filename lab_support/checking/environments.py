"""The environments that a check tries: the usual ones, those that the program names, and two drawn by chance."""

from __future__ import annotations

import random
import secrets
import string
from collections.abc import Collection
from typing import Final

from lab_support.checking.candidates import computed, computes_with_texts, cut, of_lengths, written
from lab_support.checking.reached import Reached

# A check tries these suffixes, whatever environments the notebook mentions.
ENVIRONMENTS: Final = ("dev", "demo", "prod", "pr-1234", "pr-1235")
_MOST_NAMED: Final = 12
_MOST_CUT: Final = 6  # among these, those that are only guessed
_MOST_OTHERS: Final = 2  # of words that are neither compared nor data
_FURTHER: Final = 20  # drawn for a program that computes with the texts


def named_environments(found: Reached, tried: Collection[str] = ENVIRONMENTS) -> tuple[str, ...]:
    """The environments that a program may treat as special: every suffix in what it reaches.

    At most twelve beside those that are `tried` anyway, and two words that are neither compared nor
    data. A word that is no environment does no harm, as the program must be right in every environment.
    """
    compared = [suffix for text in found.compared for suffix in written(text, found, is_compared=True)]
    others = [suffix for text in found.other for suffix in written(text, found, is_compared=False)]
    likely = dict.fromkeys((*compared, *of_lengths(found), *computed(found)))
    guessed = [suffix for suffix in dict.fromkeys(cut(found)) if suffix not in (*tried, *likely)][:_MOST_CUT]
    first = tuple(suffix for suffix in (*likely, *guessed) if suffix not in tried)[:_MOST_NAMED]
    rest = tuple(suffix for suffix in dict.fromkeys(others) if suffix not in (*tried, *first))
    return (*first, *rest[:_MOST_OTHERS])


def new_seed() -> int:
    """A seed for the environments of one check: nobody can know it before."""
    return secrets.randbelow(10**6)


def drawn_environments(
    seed: int, tried: Collection[str] = ENVIRONMENTS, found: Reached | None = None
) -> tuple[str, ...]:
    """Two environments drawn by chance, different in beginning, length and alphabet; the same for the same seed.

    For a program that computes with texts (`found` is what it reaches) there are twenty more, as many as it takes to
    meet the few that its numbers leave out.
    """
    chance = random.Random(seed)
    forms = [_letters_only, chance.choice((_with_a_number, _with_two_hyphens))]
    if found is not None and computes_with_texts(found):
        forms += [_letters_only, _with_a_number] * (_FURTHER // 2)
    drawn: list[str] = []
    for form in forms:
        suffix = form(chance)
        while suffix in tried or suffix[0] in {other[0] for other in drawn}:
            suffix = form(chance)
        drawn.append(suffix)
    return tuple(drawn)


def _letters_only(chance: random.Random) -> str:
    return _letters(chance, chance.randint(3, 7))


def _with_a_number(chance: random.Random) -> str:
    return f"{_letters(chance, chance.randint(1, 3))}-{chance.randint(10, 99_999)}"


def _with_two_hyphens(chance: random.Random) -> str:
    middle = _letters(chance, chance.randint(2, 4))
    return f"{_letters(chance, 2)}{chance.randint(0, 9)}-{middle}-{chance.randint(10, 99)}"


def _letters(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=length))
