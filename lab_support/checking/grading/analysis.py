"""Reads a program's code before any of it runs: what it compares its environment with, and what it may not need.

This happens in the sandbox as well, because Python's own compiler is no match for every text; but nothing of the
program has run by then, so the result can be trusted.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from lab_support.checking.environments import sets_in
from lab_support.checking.grading.suspicions import suspicious
from lab_support.checking.reached import reached_by_code
from lab_support.course.cells import compiled, without_magics
from lab_support.errors import explain
from lab_support.program_code import NOT_CODE, names_in


def analyse(cells: Sequence[str]) -> dict[str, Any]:
    """What the code of these cells names and compares, and what is suspicious in it; or why it is no code."""
    codes, trees = [], []
    for number, source in enumerate(cells, start=1):
        try:
            compiled(source, f"<cell {number}>")
            trees.append(ast.parse(without_magics(source)))
            codes.append(compile(_Unannotated().visit(ast.parse(without_magics(source))), "<cell>", "exec"))
        except NOT_CODE as error:
            message, place = explain(error)
            return {"error": message, "line": place.line if place else 0, "code": place.code if place else ""}
    reached = reached_by_code(codes)
    source = "\n\n".join(cells)
    sets = sets_in(source, reached, source)
    suspicions: dict[str, int] = {}
    for tree in trees:
        for what, line in suspicious(tree):
            suspicions.setdefault(what, line)
    return {
        "compared": list(reached.compared)[:500],
        "other": list(reached.other)[:500],
        "numbers": [number for number in reached.numbers if abs(number) < 1 << 31][:500],
        "names": sorted(reached.names)[:5000],
        "variables": sorted(reached.variables)[:5000],
        "sets": [names[:60] for names in sets][:40],
        "around": sorted({name for code in codes for name in names_in(code) if len(name) < 200})[:5000],
        "suspicions": [[what, line] for what, line in suspicions.items()][:20],
    }


class _Unannotated(ast.NodeTransformer):
    """Code without annotations, whose words are no environments."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)
