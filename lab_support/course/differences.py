"""Applies and writes differences between programs, in the form that difference_format.py reads.

`apply` guesses nothing: a hunk fits in exactly one place, or the error says why it does not. `write` puts as few lines
around a change as its place takes to be clear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from lab_support.course.difference_format import (
    CELL_MARKER,
    PROGRAM,
    SOLUTION,
    DifferenceError,
    Hunk,
    Section,
    header_of,
    label,
    quoted,
    read_sections,
    read_text,
)


def join_cells(cells: Sequence[str]) -> str:
    """A program in one piece, with a marker between its cells."""
    return f"\n\n\n{CELL_MARKER}\n".join(cells) + "\n"


def split_cells(text: str) -> list[str]:
    """The cells of a program that `join_cells` has written."""
    cells: list[list[str]] = [[]]
    for line in text.splitlines():
        if line == CELL_MARKER:
            cells.append([])
        else:
            cells[-1].append(line)
    return ["\n".join(lines).strip("\n") for lines in cells]


def read_cells(path: Path, bases: Mapping[str, Sequence[str]]) -> list[str]:
    """The cells of the program in a file, without the comments at its top: a whole program, or a difference
    from the cells in `bases`. Raises DifferenceError."""
    if path.suffix == ".diff":
        return apply(read_sections(path), bases, label(path))
    text = read_text(path)
    return split_cells("\n".join(text.splitlines()[len(header_of(text)) :]))


def apply(
    sections: Sequence[Section], bases: Mapping[str, Sequence[str]], name: str, *, moved: bool = False
) -> list[str]:
    """The cells that result; `bases` has the cells of the program that the difference is from, by its name.

    With `moved`, a hunk may stand at another line than its header says; it still has to occur once.
    Raises DifferenceError where a hunk does not fit.
    """
    base = sections[0].base
    cells = [cell.split("\n") for cell in bases[base]]
    if not cells:
        raise DifferenceError(name, sections[0].line, f"the exercise has no {base} to differ from")
    whole = f"the {base}" if base in (PROGRAM, SOLUTION) else base
    seen: set[int] = set()
    for section in sections:
        if section.base != base:
            raise DifferenceError(
                name, section.line, f"a fix differs from one program; above, this one says `--- {base}`"
            )
        if section.cell > len(cells):
            raise DifferenceError(
                name,
                section.line,
                f"{whole} has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, not {section.cell}",
            )
        if section.cell in seen:
            raise DifferenceError(
                name, section.line, f"cell {section.cell} occurs twice; put its hunks together"
            )
        seen.add(section.cell)
        where = whole if len(cells) == 1 else f"cell {section.cell} of {whole}"
        cells[section.cell - 1] = _applied(section.hunks, cells[section.cell - 1], name, where, moved)
    return ["\n".join(lines) for lines in cells]


def write(bases: Sequence[str], cells: Sequence[str], base: str, name: str) -> list[str]:
    """The lines of the difference from the cells in `bases` to `cells`, as many; none where nothing differs.

    `base` is what the cells in `bases` are, `name` what the result is called.
    """
    lines = []
    for number, (old, new) in enumerate(zip(bases, cells, strict=True), start=1):
        hunks = list(_hunks(old.split("\n"), new.split("\n")))
        if hunks:
            of_cell = f", cell {number}" if len(bases) > 1 else ""
            lines += [f"--- {base}{of_cell}", f"+++ {name}{of_cell}"]
            lines += [line for hunk in hunks for line in hunk]
    return lines


def shared(bases: Sequence[str], cells: Sequence[str]) -> float:
    """The part of the lines of `cells` that the cells in `bases` have, too: from 0 to 1."""
    same = total = 0
    for old, new in zip(bases, cells, strict=True):
        left, right = old.split("\n"), new.split("\n")
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        same += sum(block.size for block in matcher.get_matching_blocks())
        total += len(right)
    return same / total


def _applied(hunks: Sequence[Hunk], lines: list[str], name: str, where: str, moved: bool) -> list[str]:
    result: list[str] = []
    done = 0  # lines of the base that the result has
    for hunk in hunks:
        at = _place(hunk, lines, name, where)
        if at < done:
            raise DifferenceError(name, hunk.line, "this hunk begins before the end of the one above it")
        result += lines[done:at]
        header = (at + 1, len(result) + 1)
        if not moved and header != (hunk.start, hunk.new_start):
            raise DifferenceError(
                name,
                hunk.line,
                f"its lines are at line {at + 1} of {where}, not at {hunk.start} as the header says",
                "if they belong there, `lab fix rebase` corrects the header to "
                f"`@@ -{header[0]},{len(hunk.before)} +{header[1]},{len(hunk.after)} @@`",
            )
        result += hunk.after
        done = at + len(hunk.before)
    return result + lines[done:]


def _place(hunk: Hunk, lines: list[str], name: str, where: str) -> int:
    """The index of the line at which a hunk fits."""
    places = _places(hunk.before, lines)
    if len(places) > 1:
        numbers = ", ".join(str(place + 1) for place in places)
        raise DifferenceError(
            name,
            hunk.line,
            f"its lines occur {len(places)} times in {where}, at lines {numbers}",
            "more lines around the change show which place is meant; `lab fix edit` writes as many as that takes",
        )
    if not places:
        raise DifferenceError(name, *_why_nowhere(hunk, lines, where))
    return places[0]


def _places(block: Sequence[str], lines: Sequence[str]) -> list[int]:
    size = len(block)
    return [n for n in range(len(lines) - size + 1) if all(lines[n + k] == block[k] for k in range(size))]


def _why_nowhere(hunk: Hunk, lines: list[str], where: str) -> tuple[int, str, str]:
    """The line of the file that does not fit, why, and what to do, seen from the place that fits best."""
    before = hunk.before

    def matching(at: int) -> int:
        pairs = zip(before, lines[at : at + len(before)], strict=False)
        return sum(len(old.strip()) for old, there in pairs if old.split() == there.split())

    fits, _, at = max((matching(n), -abs(n + 1 - hunk.start), n) for n in range(len(lines)))
    advice = "`lab fix rebase` carries fixes over to a changed program"
    if not fits:
        return hunk.line, f"none of its lines is in {where}", advice
    numbers = [n for n, (sign, _) in enumerate(hunk.lines, start=hunk.line + 1) if sign != "+"]
    number = next(n for n, old in enumerate(before) if lines[at + n : at + n + 1] != [old])
    old, line, there = before[number], numbers[number], at + number
    if there >= len(lines):
        return line, f"{where} ends before {quoted(old)}", advice
    expected = f"line {there + 1} of {where}"
    if old.rstrip() == lines[there].rstrip():
        longer, shorter = ("this line", expected) if len(old) > len(lines[there]) else (expected, "this line")
        return line, f"{longer} ends with spaces, {shorter} does not", "remove them"
    if old.split() == lines[there].split():
        return line, f"{quoted(old)} is indented or spaced differently in {expected}", advice
    return line, f"this is {quoted(old)}, but {expected} is {quoted(lines[there])}", advice


def _hunks(old: list[str], new: list[str]) -> Iterator[list[str]]:
    """The hunks from one list of lines to another, with as few lines around a change as make its place clear."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changes = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    around = [1] * len(changes)
    while True:
        groups = _grouped(changes, around, len(old))
        vague = [group for group in groups if len(_places(old[group.start : group.end], old)) > 1]
        if not vague:
            break
        for group in vague:
            for number in group.changes:
                around[number] += 1
    for group in groups:
        yield _hunk(old, new, [changes[number] for number in group.changes], group.start, group.end)


@dataclass(frozen=True)
class _Group:
    """Changes that make one hunk, and the lines of the old text that it has."""

    changes: tuple[int, ...]
    start: int
    end: int


def _grouped(changes: list[tuple[int, int, int, int]], around: list[int], size: int) -> list[_Group]:
    groups: list[_Group] = []
    for number, (start, end, _, _) in enumerate(changes):
        begin, stop = max(0, start - around[number]), min(size, end + around[number])
        if groups and begin <= groups[-1].end:
            last = groups.pop()
            groups.append(_Group((*last.changes, number), last.start, max(stop, last.end)))
        else:
            groups.append(_Group((number,), begin, stop))
    return groups


def _hunk(
    old: list[str], new: list[str], changes: list[tuple[int, int, int, int]], start: int, end: int
) -> list[str]:
    body: list[str] = []
    at = start
    for old_start, old_end, new_start, new_end in changes:
        body += [f" {line}" if line else "" for line in old[at:old_start]]
        body += [f"-{line}" for line in old[old_start:old_end]]
        body += [f"+{line}" for line in new[new_start:new_end]]
        at = old_end
    body += [f" {line}" if line else "" for line in old[at:end]]
    shift = changes[0][2] - changes[0][0]
    count = end - start
    new_count = count + sum(d - c - (b - a) for a, b, c, d in changes)
    return [f"@@ -{start + 1},{count} +{start + 1 + shift},{new_count} @@", *body]
