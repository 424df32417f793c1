"""Texts and numbers that a program can hold its environment against, however it is written.

A repair that leaves out one environment has to name it somewhere: in a comparison, a set, the key of a dictionary, an
Enum, a default argument, a pattern. All of these are found here, in the program's code and in the data that it reaches.
"""

from __future__ import annotations

import dis
import enum
import functools
import inspect
import itertools
import os
import re
import sys
import types
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Final

from lab_support.checking.held import held_by, is_collection, is_of_python, joined
from lab_support.checking.instructions import (
    code_of_module,
    codes_in,
    codes_in_text,
    imported_in,
    is_constant,
    is_decision,
    is_keys,
    is_returned,
    keys_in,
    left_by_compiler,
    nested,
    operations,
)
from lab_support.errors import is_user_code
from lab_support.program_code import ProgramElsewhere
from lab_support.safeguards.files import UnreadableFile, read_bytes

_DEPTH: Final = 6  # how deep containers and objects are searched
_MOST: Final = 5_000  # objects that are looked at; a program's data has no end
_VARIABLES: Final = frozenset({"LOAD_GLOBAL", "LOAD_NAME"})
_RUNS_TEXT: Final = frozenset({"eval", "exec", "compile"})
_NEAR: Final = 6  # instructions between a constant and the decision that it belongs to
# Functions and attributes by which a program asks for the names of variables, attributes, parameters and classes.
_ASKS_FOR_NAMES: Final = frozenset(
    "getattr hasattr vars dir globals locals fields asdict signature dataclasses inspect".split()
)
_HOLDS_NAMES: Final = frozenset(
    """
    __dict__ __members__ __subclasses__ __annotations__ __dataclass_fields__ __doc__ _fields
    _asdict signature get_type_hints methodcaller attrgetter
    """.split()
)
_LONGEST_FILE: Final = 100_000  # bytes of a file of data


@dataclass
class Reached:
    """What a program reaches: `compared` texts first, `other` texts of code that decides something, numbers.

    `names` are all that its code uses, attributes included, and SLICES and ORDERS where it cuts texts and asks which
    comes first; `variables` are those that are no attributes.
    """

    compared: dict[str, None] = field(default_factory=dict)
    other: dict[str, None] = field(default_factory=dict)
    numbers: dict[int, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    sets: tuple[
        tuple[str, ...], ...
    ] = ()  # names that the program's conditions set apart, where that is known

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts, those that are compared or kept as data first."""
        return tuple(dict.fromkeys((*self.compared, *self.other)))


def reached_by(program: Any) -> Reached:
    """The texts and numbers in the code of a program, in what it calls, and in the data that either reads."""
    if isinstance(program, ProgramElsewhere):
        found: Reached = program.reached
        return found
    search = _Search(may_look_up=True)
    search.visit(program)
    return search.with_returned()


def reached_by_code(codes: Iterable[types.CodeType]) -> Reached:
    """The same of a program of which there is only the code: the texts in its functions, then those beside them.

    Unlike the program itself, this process may know secrets, so here no file and no variable is read for it.
    """
    modules, search = list(codes), _Search()
    for module in modules:
        inner = [code for constant in module.co_consts for code in codes_in(constant)]
        search.codes(inner)
    for module in modules:
        for constant in module.co_consts:
            search.visit(constant)
        search.codes([module])
    return search.with_returned()


class _Search:
    def __init__(self, may_look_up: bool = False) -> None:
        self.found = Reached()
        self.may_look_up = may_look_up  # what is in files and variables that the program names
        self.decides = False
        self.returned: dict[
            str, None
        ] = {}  # texts that a function returns, so that its caller may compare them
        self.names: dict[str, None] = {}  # of attributes, variables, classes, which a program may ask for
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # so that no id is used again while the search lasts

    def with_returned(self) -> Reached:
        """What was found; where code decides, a returned text may be compared by its caller."""
        if self.decides:
            self.found.compared.update(self.returned)
        if not (
            _ASKS_FOR_NAMES.isdisjoint(self.found.variables) and _HOLDS_NAMES.isdisjoint(self.found.names)
        ):
            self.found.compared.update(self.names)
        return self.found

    def visit(self, value: Any, depth: int = 0) -> None:
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, str):
            self._text(str(value), self.found.compared)
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
        elif isinstance(value, type):
            self._class(value, depth)
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
        elif is_collection(value):
            parts = list(itertools.islice(value, _MOST))
            if word := joined(parts, in_order=not isinstance(value, (set, frozenset))):
                self.found.compared.setdefault(word)
            for part in parts:
                self.visit(part, depth + 1)
        else:
            self._object(value, depth)

    def _class(self, owner: type, depth: int) -> None:
        if not _is_user_class(owner):
            return
        self.names.update(dict.fromkeys((owner.__name__.lower(), *vars(owner).get("__annotations__", ()))))
        for related in (*owner.__bases__, type(owner), *type.__subclasses__(owner)):
            self.visit(related, depth + 1)
        for name, value in list(vars(owner).items()):
            if _is_written_by_dataclass(owner, name, value):
                continue
            if not name.startswith("__"):
                self.names.setdefault(name)
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
        elif isinstance(value, BaseException):
            self.visit((value.args, vars(value)), depth)
        elif isinstance(value, types.GeneratorType):
            self.visit(value.gi_frame.f_locals if value.gi_frame else {}, depth)
        elif is_of_python(type(value)):
            for part in held_by(value):
                self.visit(part, depth)
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
        codes = list(nested(function.__code__))
        names = self.codes(codes)
        variables = function.__globals__
        if "__annotations__" in self.found.names:
            self.visit(function.__annotations__, depth)
        if "__doc__" in self.found.names:
            self._text(function.__doc__ or "", self.found.compared)
        if "globals" in names:
            self.names.update(dict.fromkeys(variables))
        for module in {name for code in codes for name in imported_in(code)} - variables.keys():
            self._imported(module, names, depth)
        for name in sorted(name for name in names & variables.keys() if not name.startswith("__")):
            value = variables[name]
            if isinstance(called := getattr(value, "__name__", None), str):
                self.found.names.add(called)  # `from time import time as now`
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
                *(inner for code in codes for text in code.co_consts for inner in codes_in_text(text)),
            ]
            names = {name for code in codes for name in code.co_names}
        read = [list(dis.get_instructions(code)) for code in codes]
        decisions = [[n for n in range(len(part)) if is_decision(part, n)] for part in read]
        self.decides |= any(decisions)
        for instructions, deciding in zip(read, decisions, strict=True):
            self._constants_of(instructions, deciding, any(decisions))
        for code, part in zip(codes, read, strict=True):
            stored = (instruction.argval for instruction in part if instruction.opname == "STORE_NAME")
            self.names.update(dict.fromkeys((code.co_name, *code.co_varnames, *stored)))
            self.found.compared.update(dict.fromkeys(keys_in(code)))
        self.found.names |= names.union(*map(operations, read)) - left_by_compiler(read)
        self.found.variables |= {
            instruction.argval for part in read for instruction in part if instruction.opname in _VARIABLES
        }
        return names

    def _module(self, module: types.ModuleType, names: set[str], depth: int) -> None:
        if (file := getattr(module, "__file__", None)) and is_user_code(file):
            for name in sorted(names & vars(module).keys()):
                self.visit(vars(module)[name], depth + 1)

    def _imported(self, name: str, names: set[str], depth: int) -> None:
        """What a function imports by itself: the user's own module, which need not have been loaded yet."""
        if (module := sys.modules.get(name)) is not None:
            self._module(module, names, depth)
        elif self.may_look_up and (code := code_of_module(name)):
            for constant in code.co_consts:
                self.visit(constant, depth + 1)
            self.codes([code, *codes_in(code)])

    def _text(self, text: str, texts: dict[str, None]) -> None:
        """Notes a text, and what is in the environment variable or the file of which it is the name."""
        is_new = text not in texts
        texts.setdefault(text)
        if not (is_new and self.may_look_up):
            return
        if text in os.environ:
            self._words(os.environ[text])
        elif "." in text[1:] and len(text) < 200 and is_user_code(text):
            with suppress(UnreadableFile):
                self._words(read_bytes(Path(text), _LONGEST_FILE).decode("utf-8", "replace"))

    def _words(self, text: str) -> None:
        self.decides = True
        self.found.compared.update(dict.fromkeys(re.findall(r"[\w-]+", text)[:_MOST]))

    def _constants_of(self, instructions: list[dis.Instruction], deciding: list[int], decides: bool) -> None:
        """The constants of code whose instructions at `deciding` decide something: those near one come first."""
        letters = ""
        for n, instruction in enumerate(instructions):
            if not is_constant(instruction):
                continue
            if is_returned(instructions, n):
                self._constant(instruction.argval, self.returned)
            if decides:
                near = any(abs(n - other) <= _NEAR for other in deciding)
                is_set = isinstance(instruction.argval, (tuple, frozenset)) and not is_keys(instructions, n)
                texts = self.found.compared if near or is_set else self.found.other
                self._constant(instruction.argval, texts)
                is_letter = isinstance(instruction.argval, str) and len(instruction.argval) == 1
                letters = letters + instruction.argval if is_letter else ""
                if len(letters) > 1:
                    self._constant(letters, texts)

    def _constant(self, constant: Any, texts: dict[str, None]) -> None:
        if isinstance(constant, str):
            self._text(constant, texts)
        elif isinstance(constant, bytes):
            self._constant(constant.decode("ascii", "replace"), texts)
        elif isinstance(constant, int) and not isinstance(constant, bool):
            self.found.numbers.setdefault(constant)
        elif isinstance(constant, (tuple, frozenset)):
            if word := joined(constant, in_order=isinstance(constant, tuple)):
                texts.setdefault(word)
            for part in constant:
                self._constant(part, texts)


def _is_written_by_dataclass(owner: type, name: str, value: Any) -> bool:
    """Whether a method is one that `dataclass` has made to compare, hash or print. (Its `__init__` holds defaults.)"""
    is_method = isinstance(value, types.FunctionType) and name.startswith("__") and name != "__init__"
    return is_method and is_dataclass(owner) and inspect.unwrap(value).__code__.co_filename == "<string>"


def _is_user_class(owner: type) -> bool:
    """Whether a class is defined in the program: in a cell, or in a file that is the user's."""
    if is_of_python(owner) or owner.__module__.startswith(("lab_support.", "pulumi")):
        return False
    file = getattr(sys.modules.get(owner.__module__), "__file__", None)
    return file is None or is_user_code(file)
