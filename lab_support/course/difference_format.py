"""The form in which a fix is stored: a unified diff that fits in exactly one place. This module reads it.

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
`--- solution, cell 3`. The lines of a hunk must occur once, and where its header says: nothing is guessed.
differences.py applies such a diff and writes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
                f"expected `+++ {path.stem}`, the name of this file, found {quoted(f'+++ {section.name}')}",
            )
    return sections


def parse(text: str, name: str) -> tuple[Section, ...]:
    """The sections of a difference. Raises DifferenceError; `name` is what it calls the file."""
    return tuple(_Reader(text, name).sections())


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
                f"cells), found {quoted(self._line)}{_GIT_ADVICE if self._line.startswith(_GIT) else ''}",
            )
        self.at += 1
        if not self._line.startswith("+++ "):
            self._fail(self.at + 1, f"expected `+++` and the fix's name, found {quoted(self._line)}")
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
            self._fail(line, f"expected a line such as `@@ -42,3 +42,3 @@`, found {quoted(self._line)}")
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
                found = "a tab" if text[0] == "\t" else quoted(text)
                self._fail(self.at + 1, f"a line of a hunk begins with a space, - or +, not with {found}")
            yield text[:1] or " ", text[1:]  # editors remove the space of an empty line
            self.at += 1

    @property
    def _line(self) -> str:
        return self.lines[self.at] if self.at < len(self.lines) else "the end of the file"

    def _fail(self, line: int, what: str) -> NoReturn:
        raise DifferenceError(self.name, line, what)


def quoted(line: str) -> str:
    """A line in backticks, without its indentation; with what cannot be seen in it, as Python writes it."""
    if not line.strip(" "):
        return "an empty line"
    text = line.lstrip(" ")
    if text != text.rstrip() or not text.isprintable():
        return repr(text[:_SHOWN]) + ("…" if len(text) > _SHOWN else "")
    return f"`{text[:_SHOWN]}…`" if len(text) > _SHOWN else f"`{text}`"
