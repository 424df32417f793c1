"""What the instructions of a program do with texts: decide something by them, cut them, put them in order."""

from __future__ import annotations

import dis
import types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final

from lab_support.errors import is_user_code
from lab_support.program_code import NOT_CODE
from lab_support.safeguards.files import read_text

# What `operations` finds; no names, but kept among them.
SLICES: Final = "[:]"
ORDERS: Final = "<"
CONTAINS: Final = "in"
# Operations and methods by which code decides something about a text.
_COMPARES: Final = frozenset({"COMPARE_OP", "CONTAINS_OP"})
_SLICES: Final = frozenset({"BUILD_SLICE", "BINARY_SLICE"})  # from Python 3.12 on, the second
_SET_OPERATORS: Final = frozenset({"&", "-", "^", "|", "%"})
_FUNCTIONS: Final = frozenset({"getattr", "hasattr"})
_MAPPINGS: Final = frozenset("dict OrderedDict defaultdict Counter ChainMap SimpleNamespace UserDict".split())
_METHODS: Final = frozenset(
    """
    startswith endswith removeprefix removesuffix find rfind index count partition rpartition split replace
    strip lstrip rstrip match fullmatch search compile findall fnmatch fnmatchcase get pop setdefault
    isdisjoint issubset issuperset difference intersection symmetric_difference
    __eq__ __ne__ __contains__ __getitem__ eq ne contains zfill ljust rjust center
    """.split()
)


def nested(code: types.CodeType) -> Iterator[types.CodeType]:
    """A piece of code and those of the functions and classes in it."""
    yield code
    for constant in code.co_consts:
        yield from codes_in(constant)


def codes_in(constant: Any) -> Iterator[types.CodeType]:
    """The code that a constant is, with what is in it; nothing for any other constant."""
    if isinstance(constant, types.CodeType):
        yield from nested(constant)


def codes_in_text(text: Any) -> Iterator[types.CodeType]:
    """The code in a text, where it is the text of a program."""
    if isinstance(text, str):
        with suppress(*NOT_CODE):
            yield from nested(compile(text, "<text>", "exec", dont_inherit=True))


def imported_in(code: types.CodeType) -> Iterator[str]:
    """The names of the modules that a piece of code imports, without those of packages in packages."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "IMPORT_NAME":
            yield instruction.argval.partition(".")[0]


def keys_in(code: types.CodeType) -> Iterator[str]:
    """The keys of the mappings that a piece of code makes of names: dict(qa=False)."""
    instructions = list(dis.get_instructions(code))
    for n, instruction in enumerate(instructions):
        names: Any = ()
        if instruction.opname == "KW_NAMES":
            names = code.co_consts[instruction.arg or 0]
        elif instruction.opname == "CALL_KW":
            names = instructions[n - 1].argval
        before = instructions[max(0, n - 3 * len(names) - 3) : n]
        if any(other.argval in _MAPPINGS for other in before if other.opname.startswith("LOAD_")):
            yield from names


def left_by_compiler(parts: Iterable[Sequence[dis.Instruction]]) -> set[str]:
    """`__doc__` and `__annotations__`, unless one of these pieces of code itself reads them.

    The body of a class stores its docstring and each annotation under these names, which asks for nothing.
    """
    read = set()
    for instructions in parts:
        for n, instruction in enumerate(instructions):
            after = instructions[n + 2].opname if n + 2 < len(instructions) else ""
            notes = instruction.opname == "LOAD_NAME" and after == "STORE_SUBSCR"
            if instruction.opname != "STORE_NAME" and not notes:
                read.add(instruction.argval)
    return {name for name in ("__doc__", "__annotations__") if name not in read}


def code_of_module(name: str) -> types.CodeType | None:
    """The code of a module of the user's that has not been loaded; None where there is none that can be read."""
    spec = PathFinder.find_spec(name)
    if spec is None or not spec.origin or not spec.origin.endswith(".py") or not is_user_code(spec.origin):
        return None
    with suppress(*NOT_CODE):  # a file that cannot be read is a ValueError, too
        return compile(read_text(Path(spec.origin)), spec.origin, "exec", dont_inherit=True)
    return None


def operations(instructions: Sequence[dis.Instruction]) -> set[str]:
    """SLICES where these instructions cut texts or lists, ORDERS where they ask which of two values is smaller.

    CONTAINS where they look for a constant in what is none: `"feature" in suffix`.
    """
    found = {SLICES for instruction in instructions if instruction.opname in _SLICES}
    for n, instruction in enumerate(instructions[2:]):
        if instruction.opname == "CONTAINS_OP" and is_constant(instructions[n]):
            found.add(CONTAINS)
    return found | {
        ORDERS
        for instruction in instructions
        if instruction.opname == "COMPARE_OP" and instruction.argrepr[0] in "<>"
    }


def is_constant(instruction: dis.Instruction) -> bool:
    """Whether an instruction loads or returns a constant."""
    return instruction.opname in ("LOAD_CONST", "RETURN_CONST")


def is_returned(instructions: Sequence[dis.Instruction], n: int) -> bool:
    """Whether a function returns this constant, for which Python 3.12 and 3.13 have one instruction."""
    return instructions[n].opname == "RETURN_CONST" or _following(instructions, n) == "RETURN_VALUE"


def is_keys(instructions: Sequence[dis.Instruction], n: int) -> bool:
    """Whether a constant holds the keys of a dictionary that is made next."""
    return _following(instructions, n) == "BUILD_CONST_KEY_MAP"


def _following(instructions: Sequence[dis.Instruction], n: int) -> str:
    return instructions[n + 1].opname if n + 1 < len(instructions) else ""


def is_decision(instructions: Sequence[dis.Instruction], n: int) -> bool:
    """A comparison, a look-up by a value that is no literal, a set operation, or a method that looks into a text."""
    instruction = instructions[n]
    if instruction.opname in _COMPARES or instruction.opname == "BINARY_SLICE":
        return True
    if instruction.opname == "IS_OP":  # `is None` decides nothing by a text
        return isinstance(instructions[n - 1].argval, str)
    if instruction.opname == "BINARY_SUBSCR":
        return instructions[n - 1].opname != "LOAD_CONST"
    if instruction.opname == "BINARY_OP":
        return instruction.argrepr in _SET_OPERATORS
    if instruction.opname == "LOAD_GLOBAL":
        return instruction.argval in _FUNCTIONS
    return instruction.opname in ("LOAD_METHOD", "LOAD_ATTR") and instruction.argval in _METHODS
