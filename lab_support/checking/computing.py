"""Which parts of a program's code only compute: evaluating them has no effects, and needs no engine and no account."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from lab_support.checking.bounded import bounded, counted_step, is_step
from lab_support.checking.harmless import ERRORS, FUNCTIONS, MODULES, is_harmless, is_harmless_attribute

ENVIRONMENT: Final = "name of the environment"  # replaces it in code; no program can use it as a name
_ENVIRONMENTS: Final = re.compile(r"env|stack|suffix|stage|tier", re.IGNORECASE)
_GREATEST_RANGE: Final = 1_000
_EXPRESSIONS: Final = (
    ast.BinOp, ast.BoolOp, ast.Compare, ast.Constant, ast.Dict, ast.FormattedValue, ast.IfExp, ast.JoinedStr, ast.List,
    ast.NamedExpr, ast.Set, ast.Slice, ast.Starred, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.keyword,
    ast.boolop, ast.cmpop, ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip
_STATEMENTS: Final = (
    ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Break, ast.Continue, ast.ExceptHandler, ast.Expr, ast.For, ast.If,
    ast.Pass, ast.Try, ast.While,
)  # fmt: skip
_IN_FUNCTIONS: Final = (*_STATEMENTS, ast.Return)
_KEPT: Final = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.If, ast.Try, ast.While)
_LITERALS: Final = (
    ast.MatchValue, ast.MatchSingleton, ast.MatchOr, ast.MatchSequence, ast.Constant, ast.UnaryOp, ast.USub,
)  # fmt: skip
# Functions that change what they are given; of others it is not known, and they seldom do.
_CHANGE_ARGUMENTS: Final = frozenset(
    "heapify heappush heappop insort insort_left insort_right shuffle".split()
)


class HasEffects(Exception):
    """Code that may do more than compute."""


class Scope:
    """What names mean at a place in a program.

    `known` are those that can be computed, among them `derived` from the environment. `given` may be the environment.
    `modules` are those that are imported, by the name that they have here.
    """

    functions = FUNCTIONS

    def __init__(
        self,
        known: Iterable[str] = (),
        given: Iterable[str] = (),
        foreign: Iterable[str] = (),
        modules: Mapping[str, str] | None = None,
    ) -> None:
        self.known, self.given, self.foreign = set(known), set(given), set(foreign)
        self.modules = dict(modules or {})
        self.derived: set[str] = set()
        self.local: set[str] = set()  # variables of this place, which it may also change

    def within(self, arguments: ast.arguments) -> Scope:
        """The scope of a function: any of its arguments may be the environment."""
        given = _arguments(arguments)
        return Scope(self.known - given, self.given | given, self.foreign - given, self.modules)

    def imports(self, module: str, name: str) -> bool:
        """Notes that `name` is an imported module; whether that has no effects."""
        self.modules[name] = module
        is_known = module in MODULES and name not in self.foreign
        (self.known if is_known else self.foreign).add(name)
        return is_known

    def imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[ast.stmt]:
        """The same for all that a statement imports: what of it has no effects, as statements."""
        for alias in node.names:
            package = alias.name.partition(".")[0]
            if isinstance(node, ast.Import):
                is_whole = alias.asname is None or alias.name == package  # not `import os.path as paths`
                if self.imports(package if is_whole else alias.name, alias.asname or package):
                    yield ast.Import([alias])
                continue
            name = alias.asname or alias.name
            package, _, inner = (node.module or "").partition(".")
            is_allowed = not node.level and is_harmless(package, inner or alias.name)
            if self.imports(package if is_allowed else "", name):
                self.modules.pop(name)
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
        changed = _changed_in(node)
        if not isinstance(node, _KEPT) or not changed <= self.local | _stored_in(node):
            raise HasEffects
        code, is_of_environment = self.computed(node)
        stored = _stored_in(node) | changed
        if isinstance(code, ast.Assign) and isinstance(code.value, ast.Name) and code.value.id == ENVIRONMENT:
            self.given |= stored
            self.known -= stored
            return None
        self.known |= stored
        self.local |= stored
        if is_of_environment:
            self.derived |= stored
        return code  # type: ignore[no-any-return]

    def forget(self, node: ast.stmt) -> None:
        """Notes that a statement that is not kept gives values to variables, or changes them."""
        lost = _stored_in(node) | (_changed_in(node, _CHANGE_ARGUMENTS) & self.local)
        self.known -= lost
        self.local -= lost

    def defined(self, function: ast.FunctionDef) -> ast.FunctionDef:
        """A function that only computes, without what is around its code. Raises HasEffects."""
        arguments = _arguments(function.args)
        purified = _Purified(
            Scope(self.known | arguments | {function.name}, (), self.foreign, self.modules), in_function=True
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
        self.loops = 0

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
            if node.id not in FUNCTIONS | ERRORS or node.id in self.scope.foreign:
                raise HasEffects
        elif node.id in self.scope.derived:
            self.is_of_environment = True
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or not is_harmless_attribute(node.attr):
            raise HasEffects
        root = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and not self._is_known(root.id) and root.id not in FUNCTIONS:
            if root.id in self.scope.given or _ENVIRONMENTS.search(node.attr):
                return self._environment()  # self.environment, settings.environment
            raise HasEffects
        if isinstance(node.value, ast.Name) and not is_harmless(
            self.scope.modules.get(node.value.id), node.attr
        ):
            raise HasEffects
        node.value = self.visit(node.value)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _name_of(node.func) == "get_stack":
            return self._environment()
        if isinstance(node.func, ast.Name) and node.func.id == "iter" and len(node.args) != 1:
            raise HasEffects  # it may have no end
        if isinstance(node.func, ast.Name) and node.func.id == "range" and all(map(_is_small, node.args)):
            return self._with_arguments(node)
        if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, (ast.Attribute, ast.Name)):
            name = node.func.value
            is_known = isinstance(name, ast.Name) and (self._is_known(name.id) or name.id in FUNCTIONS)
            if not is_known:  # a method of the environment
                if not is_harmless_attribute(node.func.attr) or not hasattr(str, node.func.attr):
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
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        node.test = self.visit(node.test)
        return self._loop(node)

    def _loop(self, node: ast.For | ast.While) -> ast.AST:
        self.loops += 1
        node.body = [ast.Expr(counted_step()), *(self.visit(part) for part in node.body)]
        self.loops -= 1
        node.orelse = [self.visit(part) for part in node.orelse]
        return node

    def visit_Break(self, node: ast.AST) -> ast.AST:
        if not self.loops:
            raise HasEffects  # what it leaves is not evaluated
        return node

    visit_Continue = visit_Break

    def _target(self, node: Any) -> Any:
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            node.slice = self.visit(node.slice)
            return node
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
    return isinstance(node, ast.Call) and _name_of(node.func) == "len"


def _name_of(node: ast.expr) -> str:
    """The last part of a name: `pulumi.get_stack` is named as `get_stack` is."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _arguments(arguments: ast.arguments) -> set[str]:
    return {part.arg for part in ast.walk(arguments) if isinstance(part, ast.arg)}


def _stored_in(node: ast.AST) -> set[str]:
    return {
        part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
    }


def _changed_in(node: ast.AST, functions: Container[str] | None = None) -> set[str]:
    """The variables whose values a statement may change: `names.sort()`, `sizes["qa"] = 1`, `heapify(names)`.

    Of functions that are given a variable, only these `functions` count, if they are listed.
    """
    parts = list(ast.walk(node))
    roots = [
        part.value for part in parts if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)
    ]
    for part in parts:
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            function = part.value.func
            roots += [function.value] if isinstance(function, ast.Attribute) else []
            if functions is None or _name_of(function) in functions:
                roots += part.value.args
    return {root.id for root in roots if isinstance(root, ast.Name) and isinstance(root.ctx, ast.Load)}
