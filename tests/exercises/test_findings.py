"""What the checks say: each finding reads expected, found, question."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from lab_support.course.exercises import CHECK, Exercise, catalogue


def findings_of(exercise: Exercise) -> Iterator[tuple[ast.Call, ast.With]]:
    """Each `with verdict.finding(...)` of a check."""
    for source in exercise.sources(CHECK):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.With):
                call = node.items[0].context_expr
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "verdict.finding":
                    yield call, node


def texts(node: ast.AST, source: ast.AST) -> list[str]:
    """The texts that an expression may have: of a name, those of its assignment; of a condition, those of both ways."""
    if isinstance(node, ast.Name):
        assigned = [
            n.value
            for n in ast.walk(source)
            if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == node.id
        ]
        return texts(assigned[-1], source)
    if isinstance(node, ast.IfExp):
        return texts(node.body, source) + texts(node.orelse, source)
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        return texts(first.value if isinstance(first, ast.FormattedValue) else first, source)
    return [str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)]


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_a_finding_says_what_was_expected_and_asks_a_question(exercise: Exercise) -> None:
    tree = ast.parse("\n".join(exercise.sources(CHECK)))
    found = list(findings_of(exercise))
    assert found
    for call, block in found:
        assert all(text.endswith("?") for text in texts(call.args[2], tree)), ast.unparse(call)
        messages = [node.msg for node in ast.walk(block) if isinstance(node, ast.Assert)]
        for message in messages:
            assert message is not None
            assert all(text.startswith("Expected ") for text in texts(message, tree)), ast.unparse(message)
            assert "found" in ast.unparse(message) or "who" in ast.unparse(message)
