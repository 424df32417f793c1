"""Texts and numbers that a program can hold its environment against, however it is written.

A repair that leaves out one environment has to name it somewhere: in a comparison, a set, the key of a dictionary, an
Enum, a default argument, a pattern. All of these are found here, in the program's code and in the data that it reaches.
"""

from __future__ import annotations

import dis
import enum
import functools
import re
import sys
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from lab_support.errors import is_user_code
from lab_support.program_code import ProgramElsewhere

_DEPTH: Final = 6  # how deep containers and objects are searched
_MOST: Final = 5_000  # objects that are looked at; a program's data has no end
# Operations and methods by which code decides something about a text.
_COMPARES: Final = frozenset({"COMPARE_OP", "CONTAINS_OP"})
_VARIABLES: Final = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_RUNS_TEXT: Final = frozenset({"eval", "exec", "compile"})
_NEAR: Final = 6  # instructions between a constant and the decision that it belongs to
_SET_OPERATORS: Final = frozenset({"&", "-", "^", "|", "%"})
_METHODS: Final = frozenset(
    """
    startswith endswith removeprefix removesuffix find rfind index count partition rpartition split replace
    strip lstrip rstrip match fullmatch search compile findall fnmatch fnmatchcase get pop setdefault
    isdisjoint issubset __eq__ __ne__ __contains__ __getitem__ eq ne contains zfill ljust rjust center
    """.split()
)


@dataclass
class Reached:
    """What a program reaches: `compared` texts first, `other` texts of code that decides something, numbers.

    `names` are all that its code uses, attributes included; `variables` are those that are no attributes.
    """

    compared: dict[str, None] = field(default_factory=dict)
    other: dict[str, None] = field(default_factory=dict)
    numbers: dict[int, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, those that are compared or kept as data first."""
        return tuple(dict.fromkeys((*self.compared, *self.other)))


def reached_by(program: Any) -> Reached:
    """The texts and numbers in the code of a program, in what it calls, and in the data that either reads."""
    if isinstance(program, ProgramElsewhere):
        found: Reached = program.reached
        return found
    search = _Search()
    search.visit(program)
    return search.with_returned()


def reached_by_code(codes: Iterable[types.CodeType]) -> Reached:
    """The same of a program of which there is only the code: the texts in its functions, then those beside them."""
    modules, search = list(codes), _Search()
    for module in modules:
        inner = [code for constant in module.co_consts for code in _codes_in(constant)]
        search.codes(inner)
    for module in modules:
        for constant in module.co_consts:
            search.visit(constant)
        search.codes([module])
    return search.with_returned()


def _codes_in(constant: Any) -> Iterator[types.CodeType]:
    if isinstance(constant, types.CodeType):
        yield from _nested(constant)


class _Search:
    def __init__(self) -> None:
        self.found = Reached()
        self.decides = False
        self.returned: dict[
            str, None
        ] = {}  # texts that a function returns, so that its caller may compare them
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # so that no id is used again while the search lasts

    def with_returned(self) -> Reached:
        """What was found; where code decides, a returned text may be compared by its caller."""
        if self.decides:
            self.found.compared.update(self.returned)
        return self.found

    def visit(self, value: Any, depth: int = 0) -> None:
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, str):
            self.found.compared.setdefault(str(value))
            if not isinstance(value, enum.Enum):
                return
        if id(value) in self._seen or depth > _DEPTH or len(self._seen) > _MOST:
            return
        self._seen.add(id(value))
        self._kept.append(value)
        if isinstance(value, enum.Enum):
            self.visit(value.value, depth + 1)
            self.visit(value.name, depth + 1)
            self.visit(type(value), depth + 1)
        elif isinstance(value, int):
            self.found.numbers.setdefault(value)
        elif isinstance(value, (bytes, bytearray)):
            self.visit(value.decode("ascii", "replace"), depth)
        elif isinstance(value, re.Pattern):
            self.visit(value.pattern, depth)
        elif isinstance(value, Mapping):
            for key, part in list(value.items()):
                self.visit(key, depth + 1)
                self.visit(part, depth + 1)
        elif isinstance(value, (list, tuple, set, frozenset)):
            if word := _joined(value):
                self.found.compared.setdefault(word)
            for part in list(value):
                self.visit(part, depth + 1)
        elif isinstance(value, type):
            self._class(value, depth)
        else:
            self._object(value, depth)

    def _class(self, owner: type, depth: int) -> None:
        if not _is_user_class(owner):
            return
        for base in (*owner.__bases__, type(owner)):
            self.visit(base, depth + 1)
        for name, value in list(vars(owner).items()):
            if not name.startswith("__") or callable(value):
                self.visit(value, depth + 1)

    def _object(self, value: Any, depth: int) -> None:
        if isinstance(value, types.FunctionType):
            self._function(value, depth)
        elif isinstance(value, types.MethodType):
            self.visit(value.__func__, depth)
            self.visit(value.__self__, depth + 1)
        elif isinstance(value, (staticmethod, classmethod)):
            self.visit(value.__func__, depth)
        elif isinstance(value, property):
            self.visit(value.fget, depth)
        elif isinstance(value, functools.cached_property):
            self.visit(value.func, depth)
        elif isinstance(value, functools.partial):
            self.visit(value.func, depth)
            self.visit((value.args, value.keywords), depth)
        elif hasattr(type(value), "__wrapped__") or "__wrapped__" in getattr(value, "__dict__", {}):
            self.visit(value.__wrapped__, depth)  # functools.cache and the like
        elif isinstance(value, types.SimpleNamespace):
            self.visit(vars(value), depth)
        elif isinstance(value, types.GeneratorType):
            self.visit(value.gi_frame.f_locals if value.gi_frame else {}, depth)
        elif type(value).__module__ in ("typing", "types"):
            self.visit(getattr(value, "__args__", ()), depth)  # Literal["qa"]
        elif isinstance(value, Iterator) and type(value).__module__ in ("builtins", "itertools"):
            with suppress(TypeError):  # such as a file
                self.visit(value.__reduce__()[1], depth)  # what is left in it, which it keeps
        elif _is_user_class(type(value)):
            self.visit(type(value), depth)
            self.visit(getattr(value, "__dict__", {}), depth)
            for name in getattr(type(value), "__slots__", ()):
                self.visit(getattr(value, name, None), depth)

    def _function(self, function: types.FunctionType, depth: int) -> None:
        self.visit(dict(vars(function)), depth)  # what it wraps, the functions that it dispatches to
        if not is_user_code(function.__code__.co_filename):
            return
        self.visit((function.__defaults__ or (), function.__kwdefaults__ or {}), depth)
        for cell in function.__closure__ or ():
            try:
                self.visit(cell.cell_contents, depth + 1)
            except ValueError:  # an empty cell
                continue
        codes = list(_nested(function.__code__))
        names = self.codes(codes)
        variables = function.__globals__
        for name in sorted(name for name in names & variables.keys() if not name.startswith("__")):
            value = variables[name]
            if isinstance(value, types.ModuleType):
                self._module(value, names, depth)
            else:
                self.visit(value, depth + 1)

    def codes(self, codes: Sequence[types.CodeType]) -> set[str]:
        """Notes what is in pieces of code; returns the names that they use."""
        names = {name for code in codes for name in code.co_names}
        if not names.isdisjoint(_RUNS_TEXT):
            codes = [
                *codes,
                *(inner for code in codes for text in code.co_consts for inner in _in_text(text)),
            ]
            names = {name for code in codes for name in code.co_names}
        read = [list(dis.get_instructions(code)) for code in codes]
        decisions = [[n for n in range(len(part)) if _is_decision(part, n)] for part in read]
        self.decides |= any(decisions)
        for instructions, deciding in zip(read, decisions, strict=True):
            self._constants_of(instructions, deciding, any(decisions))
        self.found.names |= names
        self.found.variables |= {
            instruction.argval for part in read for instruction in part if instruction.opname in _VARIABLES
        }
        return names

    def _module(self, module: types.ModuleType, names: set[str], depth: int) -> None:
        if (file := getattr(module, "__file__", None)) and is_user_code(file):
            for name in sorted(names & vars(module).keys()):
                self.visit(vars(module)[name], depth + 1)

    def _constants_of(self, instructions: list[dis.Instruction], deciding: list[int], decides: bool) -> None:
        """The constants of code whose instructions at `deciding` decide something: those near one come first."""
        letters = ""
        for n, instruction in enumerate(instructions):
            following = instructions[n + 1].opname if n + 1 < len(instructions) else ""
            if following == "RETURN_VALUE" and instruction.opname == "LOAD_CONST":
                self._constant(instruction.argval, self.returned)
            if instruction.opname == "LOAD_CONST" and decides:
                near = any(abs(n - other) <= _NEAR for other in deciding)
                is_set = (
                    isinstance(instruction.argval, (tuple, frozenset)) and following != "BUILD_CONST_KEY_MAP"
                )
                texts = self.found.compared if near or is_set else self.found.other
                self._constant(instruction.argval, texts)
                is_letter = isinstance(instruction.argval, str) and len(instruction.argval) == 1
                letters = letters + instruction.argval if is_letter else ""
                if len(letters) > 1:
                    self._constant(letters, texts)

    def _constant(self, constant: Any, texts: dict[str, None]) -> None:
        if isinstance(constant, str):
            texts.setdefault(constant)
        elif isinstance(constant, bytes):
            texts.setdefault(constant.decode("ascii", "replace"))
        elif isinstance(constant, int) and not isinstance(constant, bool):
            self.found.numbers.setdefault(constant)
        elif isinstance(constant, (tuple, frozenset)):
            if word := _joined(constant):
                texts.setdefault(word)
            for part in constant:
                self._constant(part, texts)


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _nested(constant)


def _in_text(text: Any) -> Iterator[types.CodeType]:
    """The code in a text, where it is the text of a program."""
    if isinstance(text, str):
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            yield from _nested(compile(text, "<text>", "exec", dont_inherit=True))


def _joined(parts: Collection[Any]) -> str:
    """The word of which these are the letters; empty if they are no letters."""
    is_word = len(parts) > 1 and all(isinstance(part, str) and len(part) == 1 for part in parts)
    return "".join(sorted(parts) if isinstance(parts, (set, frozenset)) else parts) if is_word else ""


def _is_decision(instructions: list[dis.Instruction], n: int) -> bool:
    """A comparison, a look-up by a value that is no literal, a set operation, or a method that looks into a text.

    A slice is none: it takes a part, and what is done with the part decides.
    """
    instruction = instructions[n]
    if instruction.opname in _COMPARES:
        return True
    if instruction.opname == "BINARY_SUBSCR":
        return instructions[n - 1].opname not in ("LOAD_CONST", "BUILD_SLICE")
    if instruction.opname == "BINARY_OP":
        return instruction.argrepr in _SET_OPERATORS
    return instruction.opname in ("LOAD_METHOD", "LOAD_ATTR") and instruction.argval in _METHODS


def _is_user_class(owner: type) -> bool:
    """Whether a class is defined in the program: in a cell, or in a file that is the user's."""
    if owner.__module__ in sys.stdlib_module_names or owner.__module__.startswith(("lab_support.", "pulumi")):
        return False
    file = getattr(sys.modules.get(owner.__module__), "__file__", None)
    return file is None or is_user_code(file)
