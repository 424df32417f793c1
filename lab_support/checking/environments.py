"""The environments that a check tries: the usual ones, those that the program sets apart, and two drawn at random."""

from __future__ import annotations

import random
import secrets
import string
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lab_support.checking.candidates import (
    computed,
    computes_with_texts,
    cut,
    is_ordinary,
    of_lengths,
    unusual,
    written,
)
from lab_support.checking.reached import Reached
from lab_support.checking.set_apart import Sets, may_decide, parts_of, set_apart
from lab_support.checking.trial_names import letters_only, names_to_try, with_a_number, with_two_hyphens

# A check tries these suffixes, whatever environments the notebook mentions.
ENVIRONMENTS: Final = ("dev", "demo", "prod", "pr-1234", "pr-1235")
_MOST_NAMED: Final = 12
_MOST_CUT: Final = 6  # among these, those that are only guessed
_MOST_OTHERS: Final = 2  # of words that are neither compared nor data
_FURTHER: Final = 20  # drawn for a program that computes with the texts
_FEW: Final = 6  # where its conditions have been tried on many names
_MOST_AT_FIRST: Final = 4  # of those that are named, and of those that are set apart
_MOST_APART: Final = 12  # that the program's conditions set apart
_MOST_LATER: Final = 30  # of those that are named and not among the first
_MOST_UNUSUAL: Final = 12


@dataclass(frozen=True)
class Chosen:
    """The environments to try: `first`, then as many of the `later` ones and the `unusual` ones as there is time for.

    Few systems can have an environment that is `unusual`, so what is refused there is not held against the program.
    """

    first: tuple[str, ...]
    later: tuple[str, ...] = ()
    unusual: tuple[str, ...] = ()


def choose(found: Reached, sets: Sets, usual: Sequence[str], seed: int) -> Chosen:
    """The environments that a check of a program tries, given what it reaches and the `sets` that it sets apart.

    Of more than can be tried, some are drawn at random, the same for the same seed.
    """
    chance = random.Random(seed)
    named = named_environments(found, usual)
    apart = _one_of_each(sets, {*usual, *named})
    ordinary = [name for name in apart if is_ordinary(name)]
    drawn = drawn_environments(seed, (*usual, *named, *ordinary), found, _FEW if sets else _FURTHER)
    now = (*usual, *named[:_MOST_AT_FIRST], *ordinary[:_MOST_AT_FIRST], *drawn[:2])
    others = [name for name in _compared(found) if is_ordinary(name) and name not in (*named, *ordinary)]
    strange = [name for name in dict.fromkeys((*apart, *unusual(found))) if not is_ordinary(name)]
    then = (*ordinary, *named, *drawn[2:], *_some(others, _MOST_LATER, chance))
    first = tuple(dict.fromkeys(now))
    later = tuple(name for name in dict.fromkeys(then) if name not in first)
    return Chosen(first, later, _some(strange, _MOST_UNUSUAL, chance))


def twin(name: str, seed: int) -> str:
    """Another name that looks like this one: with other letters and digits."""
    chance = random.Random(f"{seed} {name}")
    digits = str.maketrans({digit: chance.choice("123456789") for digit in string.digits})
    return "".join(
        chance.choice(string.ascii_lowercase) if c.isalpha() else c for c in name.translate(digits)
    )


def sets_in(
    source: str,
    found: Reached,
    seed: int | str,
    variables: Mapping[str, Any] | None = None,
    tried: Iterable[str] = ENVIRONMENTS,
) -> Sets:
    """The sets of names that the conditions in a program's text set apart, among those `tried`, named and drawn."""
    tried = tuple(tried)
    parts = [part for part in parts_of(source, variables) if may_decide(part, tried)]
    if not parts:
        return ()
    chance = random.Random(seed)
    named, others = _named(found, ENVIRONMENTS)
    pool = names_to_try(source, chance)
    return set_apart(parts, tuple(dict.fromkeys((*tried, *named, *others, *unusual(found), *pool))))


def _one_of_each(sets: Sets, known: Collection[str]) -> list[str]:
    """A name of each set of which none is known, the first sets first; an unusual one only where there is no other."""
    found: list[str] = []
    for names in sets:
        ordinary = [name for name in names if is_ordinary(name)]
        if len(found) < _MOST_APART and not any(name in known or name in found for name in ordinary or names):
            found.append((ordinary or names)[0])
    return found


def _some(names: Sequence[str], most: int, chance: random.Random) -> tuple[str, ...]:
    """All of these, or as many as can be tried, drawn at random."""
    return tuple(names) if len(names) <= most else tuple(chance.sample(names, most))


def named_environments(found: Reached, tried: Collection[str] = ENVIRONMENTS) -> tuple[str, ...]:
    """The environments that a program may treat as special: every suffix in what it reaches.

    At most twelve beside those that are `tried` anyway, and two words that are neither compared nor
    data. A word that is no environment does no harm, as the program must be right in every environment.
    """
    likely, others = _named(found, tried)
    first = likely[:_MOST_NAMED]
    rest = [suffix for suffix in others if suffix not in first]
    return (*first, *rest[:_MOST_OTHERS])


def _named(found: Reached, tried: Collection[str]) -> tuple[list[str], list[str]]:
    """All suffixes in what is compared, those that are only guessed last, and those in other texts."""
    others = [suffix for text in found.other for suffix in written(text, found, is_compared=False)]
    likely = dict.fromkeys((*_compared(found), *of_lengths(found), *computed(found)))
    guessed = [suffix for suffix in dict.fromkeys(cut(found)) if suffix not in (*tried, *likely)][:_MOST_CUT]
    named = [suffix for suffix in (*likely, *guessed) if suffix not in tried]
    return named, [suffix for suffix in dict.fromkeys(others) if suffix not in tried]


def _compared(found: Reached) -> dict[str, None]:
    return dict.fromkeys(
        suffix for text in found.compared for suffix in written(text, found, is_compared=True)
    )


def new_seed() -> int:
    """A seed for the environments of one check: nobody can know it before."""
    return secrets.randbelow(10**6)


def drawn_environments(
    seed: int, tried: Collection[str] = ENVIRONMENTS, found: Reached | None = None, further: int = _FURTHER
) -> tuple[str, ...]:
    """Two environments drawn at random, different in beginning, length and alphabet; the same for the same seed.

    For a program that computes with texts (`found` is what it reaches) there are `further` ones. Twenty meet one
    environment in five that its numbers leave out, in 99 checks of 100, and one in fifty in 33 checks of 100.
    """
    chance = random.Random(seed)
    forms = [letters_only, chance.choice((with_a_number, with_two_hyphens))]
    if found is not None and computes_with_texts(found):
        forms += [letters_only, with_a_number] * (further // 2)
    drawn: list[str] = []
    for form in forms:
        suffix = form(chance)
        while suffix in tried or suffix[0] in {other[0] for other in drawn}:
            suffix = form(chance)
        drawn.append(suffix)
    return tuple(drawn)
