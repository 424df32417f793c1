"""What differs between two programs, as excerpts of the statements that differ: their first line and what changes.

for excerpt in excerpts(program, solution):
    print(excerpt.before, excerpt.after)

database = aws.rds.Instance(
    f"emergency-alert-db-{environment_suffix}",
    ...
    multi_az=False,
    ...
)
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_GAP: Final = "..."
_MISSING: Final = "# missing here"  # in the program before the change
_LEFT_OUT: Final = "# nothing here"  # in the program after it
_COMPOUND: Final = (
    ast.AsyncFor, ast.AsyncFunctionDef, ast.AsyncWith, ast.ClassDef, ast.For, ast.FunctionDef, ast.If, ast.Match,
    ast.Try, ast.While, ast.With,
)  # fmt: skip

Span = tuple[int, int]  # the first line and the one after the last, from 0


@dataclass(frozen=True)
class Excerpt:
    """One statement before and after a change; empty where there is none. `line` is its place in the old program."""

    line: int
    before: str
    after: str


def excerpts(old: str, new: str) -> tuple[Excerpt, ...]:
    """An excerpt for each statement that differs, in order. Raises SyntaxError where a program is not Python."""
    left, right = _Source(old), _Source(new)
    groups: list[list[tuple[Span, Span]]] = []
    for change in _changes(left, right):
        if groups and _statements(left, right, groups[-1][-1]) == _statements(left, right, change):
            groups[-1].append(change)
        else:
            groups.append([change])
    return tuple(_excerpt(left, right, group) for group in groups)


class _Source:
    """The lines of a program and its simple statements."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.statements: list[Span] = [
            (node.lineno - 1, node.end_lineno or node.lineno)
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.stmt) and not isinstance(node, _COMPOUND)
        ]

    def around(self, span: Span) -> Span | None:
        """The statement that has these lines, or the place between these two; None where it is between statements."""
        start, end = span
        inside = [
            (first, last)
            for first, last in self.statements
            if (first <= start and end <= last and (end > start or first < start < last))
        ]
        return min(inside, key=lambda found: found[1] - found[0], default=None)

    def is_whole(self, span: Span) -> bool:
        """Whether these lines begin with a statement and end with one."""
        starts, ends = {first for first, _ in self.statements}, {last for _, last in self.statements}
        return span[0] in starts and span[1] in ends

    def is_element(self, span: Span) -> bool:
        """Whether these lines are elements of a list, a dictionary or a call, with all of their brackets."""
        outer = self.indent(span[0])
        is_inside = all(self.indent(n) >= outer for n in range(*span) if self.lines[n].strip())
        is_closing = self.lines[span[0]].lstrip()[:1] in tuple(")]}")
        return is_inside and not is_closing and self.indent(span[1] - 1) == outer

    def indent(self, line: int) -> int:
        return len(self.lines[line]) - len(self.lines[line].lstrip())


def _changes(left: _Source, right: _Source) -> Iterator[tuple[Span, Span]]:
    matcher = SequenceMatcher(None, left.lines, right.lines, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "insert":
            yield _aligned(right, (start, end), (new_start, new_end))
        elif kind == "delete":
            yield _aligned(left, (new_start, new_end), (start, end))[::-1]
        elif kind != "equal":
            yield (start, end), (new_start, new_end)


def _aligned(longer: _Source, place: Span, added: Span) -> tuple[Span, Span]:
    """The same insertion, moved up or down to where it is whole statements, or else whole elements, if it can be."""
    lines, (start, end) = longer.lines, added
    size = end - start

    def is_same(by: int) -> bool:
        first, last = min(start, start + by), max(start, start + by)
        return first >= 0 and lines[first:last] == lines[first + size : last + size]

    shifts = [by for by in sorted(range(-size, size + 1), key=abs) if is_same(by)]
    for is_whole in (longer.is_whole, longer.is_element):
        for by in shifts:
            if is_whole((start + by, end + by)):
                return (place[0] + by, place[1] + by), (start + by, end + by)
    return place, added


def _statements(left: _Source, right: _Source, change: tuple[Span, Span]) -> tuple[Span | None, Span | None]:
    return left.around(change[0]), right.around(change[1])


def _excerpt(left: _Source, right: _Source, group: list[tuple[Span, Span]]) -> Excerpt:
    before, after = _statements(left, right, group[0])
    first, last = group[0], group[-1]
    is_new, is_gone = right.is_whole((first[1][0], last[1][1])), left.is_whole((first[0][0], last[0][1]))
    replaces, is_replaced = (
        any(start < end for start, end in (change[side] for change in group)) for side in (0, 1)
    )
    old = None if before is None and is_new and not replaces else before or (first[0][0], last[0][1])
    new = None if after is None and is_gone and not is_replaced else after or (first[1][0], last[1][1])
    return Excerpt(
        first[0][0] + 1,
        _cut(left, old, [change[0] for change in group], _MISSING),
        _cut(right, new, [change[1] for change in group], _LEFT_OUT),
    )


def _cut(source: _Source, span: Span | None, changed: list[Span], marker: str) -> str:
    """The lines of a statement that matter, with a gap for those between, and a marker where the other one has more."""
    if span is None or span[0] == span[1]:
        return ""
    kept = {span[0], span[1] - 1, *(n for start, end in changed for n in range(start, end))}
    if span[0] + 1 < span[1] and source.lines[span[0] + 1].strip().startswith(('"', 'f"')):
        kept.add(span[0] + 1)  # the name of the resource
    places = [start for start, end in changed if start == end]
    kept |= {line for n in kept for line in _brackets(source, span, n, source.indent(n))}
    kept |= {line for n in places for line in _brackets(source, span, n, _depth(source, n))}
    kept |= {n for n in range(*span) if {n - 1, n + 1} <= kept}  # a gap is longer than a line
    shown: list[str] = []
    for number in range(*span):
        if number in places:
            shown.append(" " * _depth(source, number) + marker)
        if number in kept:
            shown.append(source.lines[number])
        elif not shown or shown[-1].strip() != _GAP:
            shown.append(" " * source.indent(number) + _GAP)
    return textwrap.dedent("\n".join(shown))


def _depth(source: _Source, line: int) -> int:
    """The indentation of what would be inserted before a line, which may close a bracket."""
    return max(source.indent(line), source.indent(line - 1))


def _brackets(source: _Source, span: Span, line: int, indent: int) -> Iterable[int]:
    """The lines that open and close the brackets around something of this indentation in a line of a statement."""
    for number in range(line - 1, span[0] - 1, -1):
        if source.lines[number].strip() and source.indent(number) < indent:
            indent = source.indent(number)
            yield number
            ends = (n for n in range(line, span[1]) if source.lines[n].strip() and source.indent(n) <= indent)
            yield from list(ends)[:1]
