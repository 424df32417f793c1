"""The environments that a check tries: the usual ones, those that the program names, and two drawn by chance."""

from __future__ import annotations

import random
import re
import secrets
import string
from collections.abc import Collection, Iterator
from typing import Final

from lab_support.checking.reached import Reached

# A check tries these suffixes, whatever environments the notebook mentions.
ENVIRONMENTS: Final = ("dev", "demo", "prod", "pr-1234", "pr-1235")
# A letter first, as AWS wants it of many names, and short, as names have limits and the suffix is only a part of them.
_SUFFIX: Final = re.compile(r"[a-z](?:-?[a-z0-9]){0,12}")
_MOST_NAMED: Final = 12
_MOST_OTHERS: Final = 2  # of words that are neither compared nor data
_PATTERN_MARKS: Final = frozenset("^$|*+?[](){}\\.")


def named_environments(found: Reached, tried: Collection[str] = ENVIRONMENTS) -> tuple[str, ...]:
    """The environments that a program may treat as special: every suffix in what it reaches.

    At most twelve beside those that are `tried` anyway, and two words that are neither compared nor
    data. A word that is no environment does no harm, as the program must be right in every environment.
    """
    whole = "split" not in found.names  # else a text may be a list of words
    compared = [
        suffix for text in found.compared for suffix in _suffixes(text, is_compared=True, is_whole=whole)
    ]
    others = [suffix for text in found.other for suffix in _suffixes(text, is_compared=False, is_whole=whole)]
    new = (suffix for suffix in dict.fromkeys((*compared, *_of_lengths(found))) if suffix not in tried)
    first = tuple(new)[:_MOST_NAMED]
    rest = tuple(suffix for suffix in dict.fromkeys(others) if suffix not in (*tried, *first))
    return (*first, *rest[:_MOST_OTHERS])


def new_seed() -> int:
    """A seed for the environments of one check: nobody can know it before."""
    return secrets.randbelow(10**6)


def drawn_environments(seed: int, tried: Collection[str] = ENVIRONMENTS) -> tuple[str, ...]:
    """Two environments drawn by chance, different in beginning, length and alphabet; the same for the same seed."""
    chance = random.Random(seed)
    drawn: list[str] = []
    for form in (_letters_only, chance.choice((_with_a_number, _with_two_hyphens))):
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


def _suffixes(text: str, is_compared: bool, is_whole: bool) -> Iterator[str]:
    """The suffixes that a text names or matches: `qa`, what begins with `qa-`, what `^(qa|uat)` matches."""
    if len(text) > 80:
        return
    parts = [] if is_whole and not is_compared else re.split(r"[\s,;|/:]+", text)
    for word in [text, *parts]:
        if word != word.lower() and not word.isupper():
            continue
        word = word.lower()
        for suffix in (word, f"{word}x7", f"x7{word}") if word.strip("-") != word else (word,):
            if _SUFFIX.fullmatch(suffix):
                yield suffix
        if is_compared and word.isdigit() and len(word) < 6:
            yield f"x{word}"
    if not _PATTERN_MARKS.isdisjoint(text):
        yield from _matching(text)


def _matching(pattern: str) -> Iterator[str]:
    """Suffixes that a regular expression matches: its literal parts, alone and with something around them."""
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return
    for word in re.findall(r"[a-z0-9-]+", re.sub(r"\\[A-Za-z]|\{[^}]*\}", " ", pattern.lower())):
        for suffix in (word, f"{word}x7", f"{word}77", f"x7{word}", f"x{word}"):
            if _SUFFIX.fullmatch(suffix) and compiled.search(suffix):
                yield suffix


def _of_lengths(found: Reached) -> Iterator[str]:
    """Suffixes of the lengths that a program compares with: of each of its numbers, and one more and one less."""
    if "len" not in found.names:
        return
    for number in found.numbers:
        if 1 < number <= 13:
            yield from ("lengthofname7"[:size] for size in (number, number - 1, number + 1))
