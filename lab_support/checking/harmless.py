"""Which functions of Python only compute: they have no effects, depend on nothing else, and end soon."""

from __future__ import annotations

import operator
import types
from typing import Any, Final

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
    "calendar": {"setfirstweekday", "prcal", "prmonth", "prweek"},
    "decimal": {"getcontext", "localcontext", "setcontext"},
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
# The modules inside others, by their own names.
_INNER: Final = frozenset({"posixpath", "ntpath", "urllib.parse"})
_NEVER: Final = frozenset("now today utcnow os sys pow pbkdf2_hmac combinations repeat main".split())


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


def without_effects(value: Any) -> Any:
    """What an import binds, without what does more than compute; None for a module that is not to be used at all.

    A module gives away those that it imports itself: `json.codecs.open` writes files.
    """
    if isinstance(value, types.ModuleType):
        return _reduced(value, value.__name__) if value.__name__ in (*MODULES, *_INNER) else None
    if value is operator.attrgetter:
        return _attrgetter
    return _methodcaller if value is operator.methodcaller else value


def _reduced(module: types.ModuleType, path: str) -> types.ModuleType:
    """The module as one that has only what is harmless: no other modules but those listed."""
    reduced = types.ModuleType(path)
    for name, value in vars(module).items():
        if not name.startswith("_") and is_harmless(path, name):
            is_listed = not isinstance(value, types.ModuleType) or name in _ALLOWED.get(path, ())
            setattr(reduced, name, without_effects(value) if is_listed else None)
    return reduced


def _attrgetter(*names: str) -> Any:
    """As operator.attrgetter, for attributes that may be asked for."""
    if not all(is_harmless_attribute(part) for name in names for part in name.split(".")):
        raise TypeError
    return operator.attrgetter(*names)


def _methodcaller(name: str, *args: Any, **kwargs: Any) -> Any:
    """As operator.methodcaller, for methods that may be called."""
    return _attrgetter(name) and operator.methodcaller(name, *args, **kwargs)
