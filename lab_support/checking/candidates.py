"""Suffixes that a program may mean by its texts and numbers, however it holds them against its environment."""

from __future__ import annotations

import base64
import codecs
import fnmatch
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Final
from urllib.parse import unquote

from lab_support.checking.instructions import CONTAINS, ORDERS, SLICES
from lab_support.checking.patterns import samples
from lab_support.checking.reached import Reached

# A letter first, as AWS wants it of many names, and short, as names have limits and the suffix is only a part of them.
_SUFFIX: Final = re.compile(r"[a-z](?:-?[a-z0-9]){0,12}")
LONGEST: Final = 17  # characters of a suffix that a program compares with as it is: `quality-assurance`
_SHORT: Final = 3  # characters of a text that may stand for the beginnings or parts of others
_BETWEEN_WORDS: Final = re.compile(r"""[\s,;|/:"'(){}\[\]=!<>]+""")
_PATTERN_MARKS: Final = frozenset("^$|*+?[](){}\\")
_MATCHES: Final = frozenset({"match", "fullmatch", "search", "sub", "split", "findall"})
_CASES: Final = frozenset({"title", "capitalize", "swapcase", "casefold"})
_GLOBS: Final = frozenset({"fnmatch", "fnmatchcase", "filter", "match", "translate"})
_CHARACTERS: Final = frozenset(
    "ord chr bytes bytearray encode from_bytes hex fromhex unhexlify translate index find int".split()
)
_LENGTHS: Final = frozenset({"len", "__len__", "sum", "ljust", "rjust", "zfill", "center"})
_ORDERS: Final = frozenset("min max sorted sort bisect bisect_left bisect_right".split()) | {ORDERS}
_BEGINNINGS: Final = frozenset({"startswith", CONTAINS})
_KINDS: Final = frozenset("isdigit isdecimal isnumeric isalpha isalnum isidentifier".split())
_PARTS: Final = frozenset({"split", "rsplit", "partition", "rpartition"})
_SPLITS: Final = frozenset(
    "split splitlines loads load safe_load reader DictReader read_string literal_eval findall finditer parse_qs".split()
)
# Functions that make a text of another one, and how to know what they make, or of what.
_DECODERS: Final[dict[str, Callable[[str], str]]] = {
    **dict.fromkeys(("b64decode", "b64encode"), lambda text: base64.b64decode(text, validate=True).decode()),
    **dict.fromkeys(("decode", "encode"), lambda text: codecs.decode(text, "rot13")),
    "normalize": partial(unicodedata.normalize, "NFKC"),
    "unquote": unquote,
}
# Functions that make a number of any text, so that no text of the program says which environments it means.
_DIGESTS: Final = frozenset(
    """
    hash __hash__ sum ord crc32 adler32 md5 sha1 sha224 sha256 sha384 sha512 blake2b blake2s sha3_256 from_bytes
    Random seed uuid3 uuid5
    """.split()
)


# What a program compares with its environment, though few environments look so: beginning with a digit, or long.
_UNUSUAL: Final = re.compile(r"[a-z0-9](?:-?[a-z0-9]){1,39}")


def is_ordinary(name: str) -> bool:
    """Whether an environment's name begins with a letter and is short enough for the names of AWS."""
    return len(name) <= LONGEST and name[0].isalpha()


def computes_with_texts(found: Reached) -> bool:
    """Whether a program makes numbers of texts, and may decide by these."""
    return not _DIGESTS.isdisjoint(found.names)


def written(text: str, found: Reached, *, is_compared: bool) -> Iterator[str]:
    """The suffixes that a text names or matches: `qa`, what begins with `qa-`, what `^(qa|uat)` matches."""
    if len(text) > 80:
        if is_compared and not _SPLITS.isdisjoint(found.names):  # a table, or JSON
            yield from filter(_is_suffix, _BETWEEN_WORDS.split(text))
        return
    is_whole = "split" not in found.names  # else a text may be a list of words
    parts = [] if is_whole and not is_compared else _BETWEEN_WORDS.split(text)
    for word in [text, *parts]:
        if word == word.lower() or word.isupper() or (word.istitle() and not _CASES.isdisjoint(found.names)):
            yield from _with_word(word.lower(), is_compared)
    if not _PATTERN_MARKS.isdisjoint(text) or ("." in text and not _MATCHES.isdisjoint(found.names)):
        for sample in samples(text):
            yield from _with_word(sample.lower(), is_compared=False)
        if not _GLOBS.isdisjoint(found.names):
            yield from filter(_is_suffix, samples(fnmatch.translate(text)))


def _with_word(word: str, is_compared: bool) -> Iterator[str]:
    if is_compared and len(word) <= LONGEST and re.fullmatch(r"[a-z](?:-?[a-z0-9])*", word):
        yield word
    for suffix in (word, f"{word}x7", f"x7{word}") if word.strip("-") != word else (word,):
        if _is_suffix(suffix):
            yield suffix
    if is_compared and word.isdigit() and len(word) < 6:
        yield f"x{word}"


def unusual(found: Reached) -> Iterator[str]:
    """Texts that a program compares and that may be environments, though they begin with a digit or are long."""
    is_split = not _SPLITS.isdisjoint(found.names)
    edges = _edges(found, least=2)
    for number, text in enumerate(found.compared):
        parts = _BETWEEN_WORDS.split(text) if is_split else ()
        for word in (text, *parts, *(_without_edges(text, edges) if number < 100 else ())):
            if _UNUSUAL.fullmatch(word) and not is_ordinary(word) and not (word.isdigit() and len(word) < 3):
                yield word


def of_lengths(found: Reached) -> Iterator[str]:
    """Suffixes of the lengths that a program compares with: of each of its numbers, and one more and one less."""
    if not _LENGTHS.isdisjoint(found.names):
        for number in _small(found):
            yield from ("lengthofname7"[:size] for size in (number, number - 1, number + 1))


def cut(found: Reached) -> Iterator[str]:
    """Suffixes that a program may mean by cutting texts: of the lengths at which it cuts, and parts of its own texts.

    Most slices are of lists, so these are guesses.
    """
    return filter(_is_suffix, _cut(found)) if SLICES in found.names else iter(())


def _cut(found: Reached) -> Iterator[str]:
    for number in _small(found):
        yield from ("lengthofname7"[:size] for size in (number, number + 1))
    places = [number for number in found.numbers if 0 < abs(number) <= LONGEST]
    texts = [text for text in list(found.compared)[:100] if len(text) <= LONGEST]
    yield from (text[place:] for text in texts for place in places if len(text[place:]) > 1)
    yield from (text[:place] for text in texts for place in places if len(text[:place]) > 1)
    yield from (text[start::place] for text in texts for place in places for start in (1, 0))


def computed(found: Reached) -> Iterator[str]:
    """Suffixes that a program means by a text that it has computed: with a prefix, in parts, backwards, as numbers."""
    return filter(_is_suffix, _computed(found))


def _computed(found: Reached) -> Iterator[str]:
    texts = tuple(found.compared)[:100]
    edges = _edges(found, least=1)
    for text in texts:
        yield from _without_edges(text, edges)
    for text in texts:
        if "get_project" in found.names:
            yield text.rpartition("-")[2]
        yield text.strip(" 0_*.#")
        if text[: len(text) // 2] * 2 == text:
            yield text[: len(text) // 2]
        if len(text) == 1:
            yield from (f"{text}x7", f"x7{text}", f"{text}x{text}")
        if not _ORDERS.isdisjoint(found.names) and 0 < len(text) <= _SHORT:  # what comes before and after it
            yield from (f"{text}7", *(f"{chr(ord(text[0]) + step)}x7" for step in (-1, 1)))
        if "-" in texts and text.isdigit() and len(text) < 6:
            yield f"x-{text}"
    if not _LENGTHS.isdisjoint(found.names):
        beginnings = [text for text in texts if len(text) <= 3]
        yield from ((text + "engthofname77")[:size] for text in beginnings for size in _small(found))
    if not _BEGINNINGS.isdisjoint(found.names):
        yield from (f"{text}-x7" for text in texts if len(text) > 1)
    if "endswith" in found.names:
        yield from (f"x7-{text}" for text in texts if len(text) > 1)
    if not _KINDS.isdisjoint(found.names):
        yield from ("x7", "x7y")
    if not found.names.isdisjoint(("set", "Counter")):
        yield "noon"
    if -1 in found.numbers or "reversed" in found.names:
        yield from (text[::-1] for text in texts)
    if "-" in texts:
        yield from ("ab-cd-7", "ab-cd-ef-7")
    if not _CHARACTERS.isdisjoint(found.names):
        yield from _of_characters(found, texts)
    yield from _made_of(texts, found)
    if "-" in texts and not _PARTS.isdisjoint(found.names):
        yield from (part for text in texts if text.isalnum() for part in (f"x-{text}", f"{text}-x7"))


def _edges(found: Reached, least: int) -> list[str]:
    """Texts of `least` characters or more that others may begin or end with."""
    return sorted({text for text in found.texts[:200] if len(text) >= least})


def _without_edges(text: str, edges: Sequence[str]) -> Iterator[str]:
    """What is left of a text without the beginning or the end that another one is."""
    for other in edges:
        if other == text:
            continue
        if text.startswith(other) and _is_edge(other[-1], other):
            yield text.removeprefix(other).lower()
        if text.endswith(other) and _is_edge(other[0], other):
            yield text.removesuffix(other).lower()


def _made_of(texts: tuple[str, ...], found: Reached) -> Iterator[str]:
    """Texts that a program may make of its own ones: decoded, with one part replaced."""
    for name, decode in _DECODERS.items():
        if name in found.names:
            for text in found.texts[:200]:
                with suppress(ValueError, AttributeError):
                    yield decode(text)
    if "replace" in found.names:
        short = ["", *(text for text in texts if len(text) <= _SHORT)][:10]
        for text in texts:
            yield from (text.replace(old, new) for old in short if old and old in text for new in short)


def _of_characters(found: Reached, texts: tuple[str, ...]) -> Iterator[str]:
    """Suffixes of which a program names the codes of characters, their sum, or their bytes."""
    numbers = [number for number in found.numbers if number >= 0]
    letters = [chr(number) for number in numbers if 97 <= number <= 122]
    yield "".join(letters)
    for number in (number for number in numbers if number < 26):
        yield from (f"{chr(97 + place)}x7" for place in (number, number + 1, number - 1) if 0 <= place < 26)
        yield chr(97 + number)
    for letter in letters:
        yield from (letter, f"{letter}x7", f"{chr(ord(letter) - 1)}x7")
    for number in numbers:
        if 194 <= number <= 1464:  # the sum of two to twelve letters
            count = -(-number // 122)
            yield "".join(chr(number // count + (place < number % count)) for place in range(count))
        if "int" in found.names and 36 <= number < 36**LONGEST:
            yield _to_base_36(number)
        if number < 2**104:
            yield number.to_bytes(13, "big").lstrip(b"\0").decode("ascii", "replace")
    yield from (f"{chr(ord(text) + step)}x7" for text in texts if len(text) == 1 for step in (-1, 1))
    for text in found.texts[:200]:
        yield text.replace("\0", "")  # in UTF-16
        with suppress(ValueError):
            yield bytes.fromhex(text).decode()


def _to_base_36(number: int) -> str:
    return (_to_base_36(number // 36) if number >= 36 else "") + (string.digits + string.ascii_lowercase)[
        number % 36
    ]


def _is_edge(character: str, text: str) -> bool:
    """Whether a text may be put before or after an environment: words of a sentence are not."""
    return len(text) == 1 or not character.isalnum()


def _small(found: Reached) -> list[int]:
    return [number for number in found.numbers if 1 < number <= 13]


def _is_suffix(text: str) -> bool:
    return _SUFFIX.fullmatch(text) is not None
