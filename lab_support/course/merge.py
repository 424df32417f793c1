"""Merges two changes to one text, line by line, as `git merge-file` does.

Unlike there, changes to neighbouring lines are no conflict: the arguments of a call are often changed one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Conflict:
    """Lines of `before` that were changed in two ways: into `own`, and into `other`."""

    before: tuple[str, ...]
    own: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def marked(self) -> list[str]:
        """Both versions, between the markers that git uses."""
        return ["<<<<<<< the fix", *self.own, "=======", *self.other, ">>>>>>> the changed program"]


@dataclass(frozen=True)
class Merge:
    """The merged lines, with conflict markers where both changed the same ones, and these conflicts."""

    lines: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class _Change:
    """Lines `start` to `end` of the text before become `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]
    is_own: bool

    def overlaps(self, start: int, end: int) -> bool:
        """Whether this changes one of these lines, or inserts between them, or where they are inserted."""
        if self.start == self.end or start == end:
            return (
                start < self.start < end
                or self.start < start < self.end
                or (self.start == self.end == start == end)
            )
        return self.start < end and start < self.end


def merge(
    before: Sequence[str], own: Sequence[str], other: Sequence[str], *, keep_own: bool = False
) -> Merge:
    """The lines `before` with the changes that lead to `own` and those that lead to `other`.

    With `keep_own` there are no conflicts: where both changed the same lines, those of `own` count.
    """
    changes = sorted(
        [*_changes(before, own, True), *_changes(before, other, False)],
        key=lambda change: (change.start, change.end, change.is_own),
    )
    lines: list[str] = []
    conflicts = []
    at = 0
    while changes:
        group = [changes.pop(0)]
        start, end = group[0].start, group[0].end
        while (
            found := next((change for change in changes if change.overlaps(start, end)), None)
        ) is not None:
            changes.remove(found)
            group.append(found)
            start, end = min(start, found.start), max(end, found.end)
        lines += before[at:start]
        at = end
        versions = [
            _applied(before, start, end, [c for c in group if c.is_own is side]) for side in (True, False)
        ]
        if len({change.is_own for change in group}) == 1:
            lines += versions[0 if group[0].is_own else 1]
        elif keep_own or versions[0] == versions[1]:
            lines += versions[0]
        else:
            conflict = Conflict(tuple(before[start:end]), tuple(versions[0]), tuple(versions[1]))
            conflicts.append(conflict)
            lines += conflict.marked
    return Merge((*lines, *before[at:]), tuple(conflicts))


def _changes(before: Sequence[str], after: Sequence[str], is_own: bool) -> list[_Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [
        _Change(start, end, tuple(after[new_start:new_end]), is_own)
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    ]


def _applied(before: Sequence[str], start: int, end: int, changes: Sequence[_Change]) -> list[str]:
    lines: list[str] = []
    at = start
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        lines += [*before[at : change.start], *change.lines]
        at = change.end
    return [*lines, *before[at:end]]
