"""Operations that may take long, or much memory, with a limit: what a program computes must be over in milliseconds."""

from __future__ import annotations

import ast
from collections.abc import Sized
from typing import Any, Final

_MOST_STEPS: Final = 20_000  # of loops and calls
_MOST_BITS: Final = 10_000
_MOST_ITEMS: Final = 10_000

STEP: Final = "step of a loop"  # no names that a program can have
_OPERATIONS: Final[dict[type[ast.operator], str]] = {
    ast.Mult: "product of two",
    ast.Pow: "power of one",
    ast.LShift: "shifted bits",
}


class TooMuch(BaseException):
    """An operation would take too long. No Exception, so that the attempts around code do not catch it."""


class Bounds:
    """Counts the steps of one evaluation; `names` are what code must find under the names used here."""

    def __init__(self) -> None:
        self.steps = 0
        limited = dict(zip(_OPERATIONS.values(), (product, power, shifted), strict=True))
        self.names: dict[str, Any] = {STEP: self.step, **limited}

    def step(self) -> bool:
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise TooMuch
        return True


def bounded(node: ast.BinOp) -> ast.expr:
    """The same operation, as a call of the function with a limit where there is one."""
    name = _OPERATIONS.get(type(node.op))
    return ast.Call(ast.Name(name, ast.Load()), [node.left, node.right], []) if name else node


def counted_step() -> ast.Call:
    """Code that counts a step."""
    return ast.Call(ast.Name(STEP, ast.Load()), [], [])


def is_step(node: ast.expr) -> bool:
    """Whether code counts a step."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == STEP


def product(left: Any, right: Any) -> Any:
    for value, factor in ((left, right), (right, left)):
        if isinstance(value, Sized) and isinstance(factor, int) and len(value) * factor > _MOST_ITEMS:
            raise TooMuch
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + _bits(right) > _MOST_BITS:
        raise TooMuch
    return left * right


def power(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and _bits(left) * right > _MOST_BITS:
        raise TooMuch
    return left**right


def shifted(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int) and _bits(left) + right > _MOST_BITS:
        raise TooMuch
    return left << right


def _bits(number: int) -> int:
    return max(1, int(number).bit_length())
