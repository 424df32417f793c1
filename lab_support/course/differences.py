"""A program written as its difference from another one: a unified diff that fits in exactly one place.

    # finding: SINGLE-ZONE
    # Only prod gets a standby; the requirement holds in every environment.
    --- program
    +++ wrong_only_in_prod
    @@ -42,3 +42,3 @@
             db_subnet_group_name=database_subnets.name,
    -        multi_az=False,
    +        multi_az=environment_suffix == "prod",
             publicly_accessible=False,

`--- program` is the program as shipped, `--- solution` the repaired one, `--- right_NAME` a right fix of the exercise,
which differs from one of these two. Where a program has several cells, the line also says which one:
`--- solution, cell 3`. The lines of a hunk must occur once, and where its header says: nothing is
guessed. `write` makes such a diff with as few lines around a change as that takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final, NoReturn

from lab_support.errors import BriefError

PROGRAM, SOLUTION = "program", "solution"
# Between the cells of a program that is written in one piece.
CELL_MARKER: Final = "# %%"

_BASE: Final = re.compile(
    rf"--- (?P<base>{PROGRAM}|{SOLUTION}|right_[a-z0-9_]+)(?:, cell (?P<cell>[1-9]\d*))?"
)
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*")
# How a difference that git has written begins.
_GIT: Final = ("diff --git ", "index ", "--- a/")
_GIT_ADVICE: Final = (
    f". This is git's header: replace it by `--- {PROGRAM}` and `+++` with the fix's name, "
    "or give the whole program to `lab fix edit`"
)
_SHOWN: Final = 70  # columns of a line that an error quotes


class DifferenceError(BriefError):
    """A difference that cannot be read or does not fit.

    The text names the file and says what is wrong at which line (`problem`) and what to do about it.
    """

    def __init__(self, name: str, line: int, what: str, advice: str = "") -> None:
        self.line = line
        self.problem = f"line {line}: {what}" if line else what
        where = f"{name}, {self.problem}" if line else f"{name}: {self.problem}"
        super().__init__(f"{where}; {advice}" if advice else where)


@dataclass(frozen=True)
class Hunk:
    """One change with the lines around it: signs (space, - or +) and texts, and the line numbers of its header.

    `line` is the place of its header in the file, for messages.
    """

    line: int
    start: int
    new_start: int
    lines: tuple[tuple[str, str], ...]

    @property
    def before(self) -> list[str]:
        return [text for sign, text in self.lines if sign != "+"]

    @property
    def after(self) -> list[str]:
        return [text for sign, text in self.lines if sign != "-"]


@dataclass(frozen=True)
class Section:
    """The hunks for one cell of the program or of the solution; `line` is its place in the file.

    `name` is what its `+++` line says.
    """

    line: int
    base: str
    cell: int
    name: str
    hunks: tuple[Hunk, ...]


def read_text(path: Path) -> str:
    """The text of a file, with its line endings as they are.

    Raises DifferenceError where it is not UTF-8, or begins with a byte order mark.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DifferenceError(label(path), line, "this is not UTF-8; save the file as UTF-8") from None
    if text.startswith("\ufeff"):
        raise DifferenceError(label(path), 1, "begins with a byte order mark; save it as UTF-8 without BOM")
    return text


def header_of(text: str) -> tuple[str, ...]:
    """The comment lines at the top of a fix: the findings that it leaves and what it is about."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#") or line == CELL_MARKER:
            break
        lines.append(line)
    return tuple(lines)


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


def label(path: Path) -> str:
    """What messages call a file: its name and its folder's."""
    return f"{path.parent.name}/{path.name}"


def read_sections(path: Path) -> tuple[Section, ...]:
    """The sections of the difference in a file, which its `+++` lines name as the file is named.

    Raises DifferenceError.
    """
    sections = parse(read_text(path), label(path))
    for section in sections:
        if section.name.partition(", cell ")[0] != path.stem:
            raise DifferenceError(
                label(path),
                section.line + 1,
                f"expected `+++ {path.stem}`, the name of this file, found {_quoted(f'+++ {section.name}')}",
            )
    return sections


def parse(text: str, name: str) -> tuple[Section, ...]:
    """The sections of a difference. Raises DifferenceError; `name` is what it calls the file."""
    return tuple(_Reader(text, name).sections())


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


class _Reader:
    """Reads a difference line by line."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.at = 0
        self.lines = text.split("\n")
        if "\r" in text:
            line = text[: text.index("\r")].count("\n") + 1
            self._fail(line, "this line ends as on Windows (CRLF); save the file with LF line endings")
        if not text.strip():
            self._fail(0, "the file is empty; a fix says what it is about and what it changes")
        if not text.endswith("\n"):
            self._fail(
                len(self.lines), "the last line does not end with a newline; it may be cut off, else add one"
            )
        self.lines.pop()

    def sections(self) -> Iterator[Section]:
        self.at = len(header_of("\n".join(self.lines)))
        if not any(line.startswith("--- ") for line in self.lines):
            self._fail(
                min(self.at + 1, len(self.lines)),
                f"this is not a difference: there is no line `--- {PROGRAM}` or `--- {SOLUTION}`. "
                "A whole program belongs in a .py file; `lab fix edit` writes either",
            )
        while self.at < len(self.lines):
            yield self._section()

    def _section(self) -> Section:
        line = self.at + 1
        found = _BASE.fullmatch(self._line)
        if found is None:
            self._fail(
                line,
                f"expected `--- {PROGRAM}`, `--- {SOLUTION}` or a right fix (with `, cell 2` where there are several "
                f"cells), found {_quoted(self._line)}{_GIT_ADVICE if self._line.startswith(_GIT) else ''}",
            )
        self.at += 1
        if not self._line.startswith("+++ "):
            self._fail(self.at + 1, f"expected `+++` and the fix's name, found {_quoted(self._line)}")
        name = self._line.removeprefix("+++ ")
        self.at += 1
        hunks: list[Hunk] = []
        while self.at < len(self.lines) and not _BASE.fullmatch(self._line):
            hunks.append(self._hunk())
        if not hunks:
            self._fail(line, "the difference is empty; a fix changes something")
        return Section(line, found["base"], int(found["cell"] or 1), name, tuple(hunks))

    def _hunk(self) -> Hunk:
        line = self.at + 1
        found = _HUNK.fullmatch(self._line)
        if found is None:
            self._fail(line, f"expected a line such as `@@ -42,3 +42,3 @@`, found {_quoted(self._line)}")
        self.at += 1
        start, count, new_start, new_count = (1 if part is None else int(part) for part in found.groups())
        body = list(self._body())
        if self.at == len(self.lines):
            surplus = sum(sign != "+" for sign, _ in body) - count
            while surplus > 0 and body[-1] == (" ", ""):  # empty lines at the end of the file
                body.pop()
                surplus -= 1
        hunk = Hunk(line, start, new_start, tuple(body))
        before, after = hunk.before, hunk.after
        if (count, new_count) != (len(before), len(after)):
            self._fail(
                line,
                f"the header counts {count} lines before and {new_count} after the change, below it are {len(before)} "
                f"and {len(after)}. A line is missing or one too many, else write "
                f"`@@ -{start},{len(before)} +{new_start},{len(after)} @@`",
            )
        if all(sign == " " for sign, _ in hunk.lines):
            self._fail(line, "this hunk changes nothing: none of its lines begins with - or +")
        if not before:
            self._fail(
                line, "this hunk has no line of the program, so its place is unknown; add one around it"
            )
        return hunk

    def _body(self) -> Iterator[tuple[str, str]]:
        while self.at < len(self.lines):
            text = self._line
            if text.startswith("@@ ") or _BASE.fullmatch(text):
                return
            if text.startswith("\\"):
                self._fail(self.at + 1, "remove this line: every program ends with a newline")
            if text[:1] not in ("", " ", "+", "-"):
                found = "a tab" if text[0] == "\t" else _quoted(text)
                self._fail(self.at + 1, f"a line of a hunk begins with a space, - or +, not with {found}")
            yield text[:1] or " ", text[1:]  # editors remove the space of an empty line
            self.at += 1

    @property
    def _line(self) -> str:
        return self.lines[self.at] if self.at < len(self.lines) else "the end of the file"

    def _fail(self, line: int, what: str) -> NoReturn:
        raise DifferenceError(self.name, line, what)


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
    advice = "`lab fix rebase` carries fixes over a changed program"
    if not fits:
        return hunk.line, f"none of its lines is in {where}", advice
    numbers = [n for n, (sign, _) in enumerate(hunk.lines, start=hunk.line + 1) if sign != "+"]
    number = next(n for n, old in enumerate(before) if lines[at + n : at + n + 1] != [old])
    old, line, there = before[number], numbers[number], at + number
    if there >= len(lines):
        return line, f"{where} ends before {_quoted(old)}", advice
    expected = f"line {there + 1} of {where}"
    if old.rstrip() == lines[there].rstrip():
        longer, shorter = ("this line", expected) if len(old) > len(lines[there]) else (expected, "this line")
        return line, f"{longer} has spaces at its end, {shorter} has not", "remove them"
    if old.split() == lines[there].split():
        return line, f"{_quoted(old)} is indented or spaced differently in {expected}", advice
    return line, f"this is {_quoted(old)}, but {expected} is {_quoted(lines[there])}", advice


def _quoted(line: str) -> str:
    """A line in backticks, without its indentation; with what cannot be seen in it, as Python writes it."""
    if not line.strip(" "):
        return "an empty line"
    text = line.lstrip(" ")
    if text != text.rstrip() or not text.isprintable():
        return repr(text[:_SHOWN]) + ("…" if len(text) > _SHOWN else "")
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"


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
