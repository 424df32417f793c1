"""Which functions of Python only compute: they have no effects, depend on nothing else, and end soon."""

from __future__ import annotations

from typing import Final

FUNCTIONS: Final = frozenset(
    """
    abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float format frozenset hash hex
    int iter len list map max memoryview min next oct ord repr reversed round set slice sorted str sum tuple zip
    """.split()
)
ERRORS: Final = frozenset(
    """
    ArithmeticError AttributeError Exception IndexError KeyError LookupError OverflowError StopIteration TypeError
    UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError
    """.split()
)
MODULES: Final = frozenset(
    """
    array base64 binascii bisect calendar codecs collections colorsys copy datetime decimal difflib fnmatch fractions
    functools hashlib heapq hmac html ipaddress itertools json keyword math operator os quopri random shlex statistics
    string struct textwrap unicodedata urllib uuid zlib
    """.split()
)
# Methods that operators and functions call, which a program may call itself.
_SPECIAL: Final = frozenset(
    "__hash__ __eq__ __ne__ __lt__ __le__ __gt__ __ge__ __contains__ __len__ __getitem__ __add__".split()
)
# Functions of modules that are endless, slow, or depend on luck, files or what was done before; these are not used.
_REFUSED: Final = {
    "calendar": {"main", "setfirstweekday", "prcal", "prmonth", "prweek"},
    "hashlib": {"scrypt", "file_digest"},
    "itertools": {"count", "cycle", "repeat", "product", "permutations", "combinations_with_replacement"},
    "math": {"factorial", "comb", "perm"},
    "uuid": {"uuid1", "uuid4", "getnode"},
}
_ALLOWED: Final = {
    "codecs": {"encode", "decode"},
    "os": {"path"},
    "random": {"Random"},  # whose numbers follow from its seed
    "urllib": {"parse"},
}
_NEVER: Final = frozenset("now today utcnow os sys pow pbkdf2_hmac combinations repeat".split())


def is_harmless(module: str | None, name: str) -> bool:
    """Whether what a module calls by this name has no effects, and ends soon."""
    return (
        name not in _NEVER
        and name not in _REFUSED.get(module or "", ())
        and name in _ALLOWED.get(module or "", {name})
    )


def is_harmless_attribute(name: str) -> bool:
    """Whether an attribute of this name, of any value, may be asked for."""
    return name in _SPECIAL if name.startswith("_") else name not in _NEVER
