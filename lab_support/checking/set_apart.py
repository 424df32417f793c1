"""Environments that a program's own conditions set apart from others, found by trying the conditions on many names.

`zlib.crc32(environment.encode()) % 50 != 3` names no environment, and few names that are drawn at random would meet it.
So the parts of a program that only compute (operators, and functions without effects) are evaluated for hundreds of
names, which takes no preview. Names for which such a part has another value than for the rest are environments to try.
"""

from __future__ import annotations

import ast
import builtins
import re
import time
import types
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from lab_support.checking.bounded import Bounds, TooMuch
from lab_support.checking.computing import ENVIRONMENT, HasEffects, Scope
from lab_support.checking.harmless import ERRORS, without_effects
from lab_support.checking.plain import NotPlain, plain_copy
from lab_support.course.cells import without_magics
from lab_support.program_code import NOT_CODE

_MOST_VALUES: Final = 16  # of one part; where there are more, what counts is whether a value is true
_PATIENCE: Final = 0.1  # seconds of processor time for one name: a thousand times what it should take
_MOST_PARTS: Final = 60  # of one function
_FAILED: Final = "failed"
_WRONG: Final = ("AttributeError", "TypeError", "NameError")
_NO_TEXT: Final = "needs something else than a text"
_NOTES: Final = "notes of parts"  # no names that a program can have
_TEXT: Final = "text of a value"
_ADDRESS: Final = re.compile(r"(?:at|@) 0x[0-9a-fA-F]+>")
_DECIDES: Final = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Subscript)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_COMPUTES: Final = (*_DECIDES, *_COMPREHENSIONS, ast.BinOp, ast.Call)
_DEFINES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

Part = Callable[[str], list[str]]  # the values, as text, of what is computed from a name
Sets = tuple[tuple[str, ...], ...]


def parts_of(source: str, variables: Mapping[str, Any] | None = None) -> list[Part]:
    """The parts of a program that only compute. `variables` are those that the program finds in its module."""
    try:
        return list(_Program(tree_of(source), variables or {}).parts())
    except NOT_CODE:
        return []


def tree_of(source: str) -> ast.Module:
    """The syntax tree of a program's cells, without their magics. Raises SyntaxError and the like."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse(without_magics(source))


def set_apart(parts: Sequence[Part], names: Sequence[str]) -> Sets:
    """The sets of those `names` for which a part of a program has one value: first where there are few values.

    What has one value for all names yields none.
    """
    found: list[list[tuple[str, ...]]] = []
    for part in parts:
        with suppress(TooMuch):
            found += [_sets(values, names) for values in zip(*map(part, names), strict=True)]
    return tuple(dict.fromkeys(names for sets in sorted(found, key=len) for names in sets))


def may_decide(part: Part, names: Sequence[str]) -> bool:
    """Whether something in a part may tell names apart: it does not just fail, or make a text of each of them."""
    try:
        columns = list(zip(*map(part, names), strict=True))
    except TooMuch:
        return False
    for values in columns:
        are_texts = all(value[0] in "'\"" for value in values) and len({*values}) == len(values)
        if not are_texts and {*values} != {_NO_TEXT}:
            return True
    return False


def _sets(values: Sequence[str], names: Sequence[str]) -> list[tuple[str, ...]]:
    """The names by value, or by whether it is true where there are too many."""
    for is_brief in (False, True):
        by_value: dict[str, list[str]] = defaultdict(list)
        for value, name in zip(values, names, strict=True):
            by_value[str(value in _FALSE) if is_brief else value].append(name)
        if len(by_value) <= _MOST_VALUES:
            break
    return [] if len(by_value) == 1 else [*map(tuple, by_value.values())]


_FALSE: Final = frozenset(map(repr, (False, None, 0, 0.0, "", b"", (), [], {}, set(), frozenset())))


class _Program:
    """The code of a module; its `parts` are functions of a name that return what is computed in one function of it."""

    def __init__(self, tree: ast.Module, variables: Mapping[str, Any]) -> None:
        self.tree = tree
        self.scope = Scope()
        self.bounds = Bounds()
        allowed = (*self.scope.functions, *_WRONG, *ERRORS, "range", "__import__")
        self.names: dict[str, Any] = {"__builtins__": {name: getattr(builtins, name) for name in allowed}}
        self.names.update(self.bounds.names, **{_TEXT: _text_of})
        for name, value in variables.items():
            if name in self.names:  # __builtins__
                continue
            if isinstance(value, types.ModuleType):
                if self.scope.imports(value.__name__, name):
                    self.names[name] = value
                continue
            with suppress(NotPlain):
                self.names[name] = plain_copy(value)
                self.scope.known.add(name)

    def parts(self) -> Iterator[Part]:
        nodes = list(ast.walk(self.tree))
        for node in nodes:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._run([*self.scope.imported(node)])
        for name, value in self.names.items():
            if name in self.scope.known:
                self.names[name] = without_effects(value)
        body = [node for node in self.tree.body if not isinstance(node, _DEFINES)]
        yield from self._part_of(body, self.scope)
        functions = [node for node in self.tree.body if isinstance(node, ast.FunctionDef)]
        for function in functions * 2:  # one may call another that comes later
            if function.name not in self.scope.known:
                self._define(function)
        for node in nodes:
            if isinstance(node, _DEFINES[:2]):
                yield from self._part_of(node.body, self.scope.within(node.args))

    def _define(self, function: ast.FunctionDef) -> None:
        """Makes a function of the program that only computes known to the others."""
        try:
            self._run([self.scope.defined(function)])
        except HasEffects:
            return
        self.scope.known.add(function.name)

    def _part_of(self, body: Sequence[ast.stmt], scope: Scope) -> Iterator[Part]:
        reader = _Reader(scope)
        reader.read(body)
        if scope is self.scope:
            self._run([node for node in reader.code if not reader.is_note(node)])  # the module's constants
        if reader.notes:
            function = ast.parse("def part(name): return []").body[0]
            assert isinstance(function, ast.FunctionDef)
            function.args.args[0].arg = ENVIRONMENT
            notes = ast.Assign([ast.Name(_NOTES, ast.Store())], ast.List([], ast.Load()))
            function.body = [notes, *reader.code, ast.Return(ast.Name(_NOTES, ast.Load()))]
            self._run([function])
            yield self._limited(self.names.pop("part"))

    def _limited(self, part: Part) -> Part:
        """The part, which at each call may take a number of steps, and may not be slow."""

        def limited(name: str) -> list[str]:
            self.bounds.steps = 0
            began = time.thread_time()
            values = part(name)
            if time.thread_time() - began > _PATIENCE:
                raise TooMuch
            return values

        return limited

    def _run(self, code: Sequence[ast.stmt]) -> None:
        module = ast.fix_missing_locations(ast.Module([*code], []))
        exec(compile(module, "<parts of a program>", "exec"), self.names)


class _Reader:
    """Reads statements in order: keeps those that only compute, and notes the value of each part that does."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.code: list[ast.stmt] = []
        self.notes: list[ast.stmt] = []

    def is_note(self, node: ast.stmt) -> bool:
        return any(node is note for note in self.notes)

    def read(self, body: Sequence[ast.stmt]) -> None:
        for node in body:
            if not isinstance(node, (*_DEFINES, ast.Import, ast.ImportFrom)):
                self._statement(node)

    def _statement(self, node: ast.stmt) -> None:
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, (ast.stmt, ast.match_case, ast.ExceptHandler)):
                self._expression(child)
        if isinstance(node, ast.Match):
            self._cases(node)
        try:
            kept = self.scope.kept(node)
        except HasEffects:
            pass
        else:
            if kept is not None:
                self.code.append(_attempt(kept, ast.Pass()))
            return
        for name in ("body", "orelse", "finalbody"):
            self.read(getattr(node, name, ()))
        for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self.read(inner.body)
        self.scope.forget(node)

    def _expression(self, node: ast.AST, in_text: bool = False) -> None:
        """Notes the largest parts of an expression that are computed from the environment only."""
        if isinstance(node, _DECIDES if in_text else _COMPUTES):
            try:
                computed, is_of_environment = self.scope.computed(node)
            except HasEffects:
                pass
            else:
                if is_of_environment:
                    self._note(_noted(computed))
                return
        if not isinstance(node, (ast.Lambda, *_COMPREHENSIONS)):
            for child in ast.iter_child_nodes(node):
                self._expression(child, in_text or isinstance(node, ast.JoinedStr))

    def _cases(self, node: ast.Match) -> None:
        """Notes which of the cases matches; those with a condition of their own are left out."""
        try:
            subject, is_of_environment = self.scope.computed(node.subject)
        except HasEffects:
            return
        cases = [
            ast.match_case(case.pattern, None, [_noted(ast.Constant(number))])
            for number, case in enumerate(node.cases)
            if case.guard is None and self.scope.is_literal(case.pattern)
        ]
        if is_of_environment and cases:
            other = ast.match_case(ast.MatchAs(), None, [_written(_FAILED)])
            self._note(ast.Match(subject, [*cases, other]))

    def _note(self, node: ast.stmt) -> None:
        if len(self.notes) < _MOST_PARTS:
            self.notes.append(_attempt(node, _written(_FAILED), _written(_NO_TEXT)))
            self.code.append(self.notes[-1])


def _noted(value: ast.expr) -> ast.stmt:
    return _append(ast.Call(ast.Name(_TEXT, ast.Load()), [value], []))


def _text_of(value: object) -> str:
    """A value as text; of one that shows only its address, which differs from call to call, none."""
    text = repr(value)
    return _NO_TEXT if _ADDRESS.search(text) else text


def _written(text: str) -> ast.stmt:
    return _append(ast.Constant(text))


def _append(value: ast.expr) -> ast.stmt:
    notes = ast.Attribute(ast.Name(_NOTES, ast.Load()), "append", ast.Load())
    return ast.Expr(ast.Call(notes, [value], []))


def _attempt(node: ast.stmt, otherwise: ast.stmt, without_text: ast.stmt | None = None) -> ast.stmt:
    wrong = ast.Tuple([ast.Name(name, ast.Load()) for name in _WRONG], ast.Load())
    handlers = [
        ast.ExceptHandler(wrong, None, [without_text or otherwise]),
        ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, [otherwise]),
    ]
    return ast.Try([node], handlers, [], [])
