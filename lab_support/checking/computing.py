"""Which parts of a program's code only compute: evaluating them has no effects, and needs no engine and no account."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from lab_support.checking.bounded import bounded, counted_step, is_harmless, is_step

ENVIRONMENT: Final = "name of the environment"  # replaces it in code; no program can use it as a name
_FUNCTIONS: Final = frozenset(
    """
    abs all any ascii bin bool bytes chr dict divmod enumerate filter float format frozenset hash hex int iter len list
    map max min next oct ord repr reversed round set sorted str sum tuple zip
    """.split()
)
_MODULES: Final = frozenset(
    """
    base64 binascii bisect collections difflib fnmatch functools hashlib hmac ipaddress itertools math operator random
    string struct unicodedata uuid zlib
    """.split()
)
_ENVIRONMENTS: Final = re.compile(r"env|stack|suffix|stage|tier", re.IGNORECASE)
_GREATEST_RANGE: Final = 1_000
_EXPRESSIONS: Final = (
    ast.BinOp, ast.BoolOp, ast.Compare, ast.Constant, ast.Dict, ast.FormattedValue, ast.IfExp, ast.JoinedStr, ast.List,
    ast.Set, ast.Slice, ast.Starred, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.keyword,
    ast.boolop, ast.cmpop, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip
_STATEMENTS: Final = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.For, ast.If)
_IN_FUNCTIONS: Final = (*_STATEMENTS, ast.Return, ast.Pass, ast.Break, ast.Continue, ast.Expr)
_LITERALS: Final = (
    ast.MatchValue, ast.MatchSingleton, ast.MatchOr, ast.MatchSequence, ast.Constant, ast.UnaryOp, ast.USub,
)  # fmt: skip


class HasEffects(Exception):
    """Code that may do more than compute."""


class Scope:
    """What names mean at a place in a program.

    `known` are those that can be computed, among them `derived` from the environment. `given` may be the environment.
    """

    functions = _FUNCTIONS

    def __init__(
        self, known: Iterable[str] = (), given: Iterable[str] = (), foreign: Iterable[str] = ()
    ) -> None:
        self.known, self.given, self.foreign = set(known), set(given), set(foreign)
        self.derived: set[str] = set()

    def within(self, arguments: ast.arguments) -> Scope:
        """The scope of a function: any of its arguments may be the environment."""
        given = _arguments(arguments)
        return Scope(self.known - given, self.given | given, self.foreign - given)

    def imports(self, module: str, name: str) -> bool:
        """Notes that `name` is an imported module; whether that has no effects."""
        (self.known if module in _MODULES else self.foreign).add(name)
        return module in _MODULES

    def imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[ast.stmt]:
        """The same for all that a statement imports: what of it has no effects, as statements."""
        for alias in node.names:
            name = alias.asname or alias.name
            if isinstance(node, ast.Import):
                if self.imports(alias.name, name):
                    yield ast.Import([alias])
                continue
            module = "" if node.level or not is_harmless(node.module, alias.name) else node.module or ""
            if self.imports(module, name):
                yield ast.ImportFrom(node.module, [alias], 0)

    def computed(self, node: Any) -> tuple[Any, bool]:
        """Code with ENVIRONMENT where that may be meant, and whether it is in it. Raises HasEffects.

        The nodes are changed, in part also where code has effects.
        """
        purified = _Purified(self)
        return purified.visit(node), purified.is_of_environment

    def kept(self, node: ast.stmt) -> ast.stmt | None:
        """A statement that only computes, whose variables are known from now on. Raises HasEffects.

        None where it gives the environment another name.
        """
        if not isinstance(node, _STATEMENTS):
            raise HasEffects
        code, is_of_environment = self.computed(node)
        stored = _stored_in(node)
        if isinstance(code, ast.Assign) and isinstance(code.value, ast.Name) and code.value.id == ENVIRONMENT:
            self.given |= stored
            self.known -= stored
            return None
        self.known |= stored
        if is_of_environment:
            self.derived |= stored
        return code  # type: ignore[no-any-return]

    def forget(self, node: ast.stmt) -> None:
        """Notes that a statement that is not kept gives values to variables."""
        self.known -= _stored_in(node)

    def defined(self, function: ast.FunctionDef) -> ast.FunctionDef:
        """A function that only computes, without what is around its code. Raises HasEffects."""
        arguments = _arguments(function.args)
        purified = _Purified(
            Scope(self.known | arguments | {function.name}, (), self.foreign), in_function=True
        )
        given = function.args
        given.defaults = [purified.visit(default) for default in given.defaults]
        given.kw_defaults = [default and purified.visit(default) for default in given.kw_defaults]
        body = [purified.visit(node) for node in function.body]
        if purified.is_of_environment:
            raise HasEffects
        for argument in ast.walk(given):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        return ast.FunctionDef(function.name, given, [ast.Expr(counted_step()), *body], [])

    @staticmethod
    def is_literal(pattern: ast.pattern) -> bool:
        """Whether a pattern of `match` is made of literals."""
        return all(isinstance(part, (*_LITERALS, ast.expr_context)) for part in ast.walk(pattern))


class _Purified(ast.NodeTransformer):
    """Puts ENVIRONMENT into code that only computes, where that may be meant; raises HasEffects for any other code."""

    def __init__(self, scope: Scope, in_function: bool = False) -> None:
        self.scope = scope
        self.inner: set[str] = set()
        self.statements = _IN_FUNCTIONS if in_function else _STATEMENTS
        self.is_of_environment = False

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, (*_EXPRESSIONS, *self.statements)):
            raise HasEffects
        return super().generic_visit(node)

    def _environment(self) -> ast.Name:
        self.is_of_environment = True
        return ast.Name(ENVIRONMENT, ast.Load())

    def _is_known(self, name: str) -> bool:
        return name in self.inner or name in self.scope.known or name in self.scope.foreign

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Store):
            self.inner.add(node.id)
        elif node.id == ENVIRONMENT:
            self.is_of_environment = True
        elif " " in node.id:  # from a part of this that was changed before
            pass
        elif node.id not in self.inner and node.id not in self.scope.known:
            if node.id in self.scope.given or (
                _ENVIRONMENTS.search(node.id) and node.id not in self.scope.foreign
            ):
                return self._environment()
            if node.id not in _FUNCTIONS or node.id in self.scope.foreign:
                raise HasEffects
        elif node.id in self.scope.derived:
            self.is_of_environment = True
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or node.attr.startswith("_"):
            raise HasEffects
        root = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and root.id not in (
            *self.inner,
            *self.scope.known,
            *self.scope.foreign,
        ):
            if root.id in self.scope.given or _ENVIRONMENTS.search(node.attr):
                return self._environment()  # self.environment, settings.environment
            raise HasEffects
        if isinstance(root, ast.Name) and not is_harmless(root.id, node.attr):
            raise HasEffects
        node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _ends_with(node.func, "get_stack"):
            return self._environment()
        if isinstance(node.func, ast.Name) and node.func.id == "iter" and len(node.args) != 1:
            raise HasEffects  # it may have no end
        if isinstance(node.func, ast.Name) and node.func.id == "range" and all(map(_is_small, node.args)):
            return self._with_arguments(node)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, (ast.Attribute, ast.Name)):
            name = node.func.value
            is_known = isinstance(name, ast.Name) and (self._is_known(name.id) or name.id in _FUNCTIONS)
            if not is_known:  # a method of the environment
                if node.func.attr.startswith("_") or not hasattr(str, node.func.attr):
                    raise HasEffects
                node.func.value = self.visit(name)
                return self._with_arguments(node)
        node.func = self.visit(node.func)
        return self._with_arguments(node)

    def _with_arguments(self, node: ast.Call) -> ast.AST:
        node.args = [self.visit(argument) for argument in node.args]
        node.keywords = [self.visit(argument) for argument in node.keywords]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return bounded(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None or not isinstance(node.target, ast.Name):
            raise HasEffects
        return self.visit_Assign(ast.Assign([node.target], node.value))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.value = self.visit(node.value)
        node.targets = [self._target(target) for target in node.targets]
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not isinstance(node.target, ast.Name):
            raise HasEffects
        before = ast.Name(node.target.id, ast.Load())
        return self.visit_Assign(ast.Assign([node.target], ast.BinOp(before, node.op, node.value)))

    def visit_For(self, node: ast.For) -> ast.AST:
        node.iter = self.visit(node.iter)
        node.target = self._target(node.target)
        node.body = [ast.Expr(counted_step()), *(self.visit(part) for part in node.body)]
        node.orelse = [self.visit(part) for part in node.orelse]
        return node

    def _target(self, node: Any) -> Any:
        if any(isinstance(part, (ast.Attribute, ast.Subscript)) for part in ast.walk(node)):
            raise HasEffects
        return self.visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if is_step(node.value) else self.generic_visit(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        self.inner |= _arguments(node.args)
        node.body = self.visit(node.body)
        return node

    def _comprehension(self, node: Any) -> ast.AST:
        for part in node.generators:
            part.iter = self.visit(part.iter)
            part.target = self._target(part.target)
            part.ifs = [counted_step(), *(self.visit(condition) for condition in part.ifs)]
        for name in ("elt", "key", "value"):
            if hasattr(node, name):
                setattr(node, name, self.visit(getattr(node, name)))
        return node  # type: ignore[no-any-return]

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def _is_small(node: ast.expr) -> bool:
    """Whether a number is small for sure: it is written so, or a length."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int) and abs(node.value) <= _GREATEST_RANGE
    return isinstance(node, ast.Call) and _ends_with(node.func, "len")


def _ends_with(node: ast.expr, name: str) -> bool:
    return getattr(node, "attr", getattr(node, "id", "")) == name


def _arguments(arguments: ast.arguments) -> set[str]:
    return {part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg)}


def _stored_in(node: ast.AST) -> set[str]:
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }
