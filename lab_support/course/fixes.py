"""The fixes of an exercise: its solution, and the right, wrong and broken programs that prove its check.

A fix is a file in the exercise's folder. Its name says what the check must make of it: `right_*` passes, `wrong_*`
fails with exactly the findings in its first line (`# finding: SINGLE-ZONE`), `error_*` is a program error; `solution`
passes, too. The comments at its top say what it is about. Below them is a difference (`.diff`, see differences.py) from
the program as shipped, from the solution or from a right fix, or a whole program (`.py`) if less than half of its lines
are theirs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from lab_support.course import differences
from lab_support.course.difference_format import (
    CELL_MARKER,
    PROGRAM,
    DifferenceError,
    header_of,
    label,
    read_sections,
    read_text,
)
from lab_support.course.differences import join_cells, split_cells
from lab_support.course.exercises import CHECK, EXERCISE, SOLUTION, Exercise
from lab_support.errors import BriefError

KINDS: Final = ("solution", "right", "wrong", "error")
SUFFIXES: Final = (".diff", ".py")
_NAME: Final = re.compile(r"solution|(right|wrong|error)_[a-z0-9_]+")
_FINDING: Final = re.compile(r"# finding: ([A-Z][A-Z-]*(?:, [A-Z][A-Z-]*)*)")
# A line that was meant to name findings.
_LIKE_FINDING: Final = re.compile(r"#\s*findings?\b\s*:.*", re.IGNORECASE)
# How a check names a finding. The lab itself adds REFUSED, for a program that cannot be deployed.
_NAMED: Final = re.compile(r"""["']([A-Z][A-Z-]+)["']""")
REFUSED: Final = "REFUSED"


class FixError(BriefError):
    """A fix that cannot be found or stored; the text says why."""


@dataclass(frozen=True)
class Fix:
    """A fix: the comments at its top, the cells of its program, and its text as stored.

    `base` is what a difference starts from: `program`, `solution` or the name of a right fix. It is empty for a whole
    program.
    """

    path: Path
    header: tuple[str, ...]
    cells: tuple[str, ...]
    base: str
    stored: str

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def kind(self) -> str:
        """solution, right, wrong or error."""
        return self.name.partition("_")[0]

    @property
    def findings(self) -> tuple[str, ...]:
        """The findings that its first line announces; none where it announces none."""
        return _findings(self.header)

    @property
    def about(self) -> str:
        """What is special about it, in its author's words."""
        return " ".join(line.lstrip("# ").strip() for line in self.header if not _FINDING.fullmatch(line))

    @property
    def program(self) -> list[str]:
        """The cells of the program, without the comments at its top."""
        return list(self.cells) if self.base else split_text(self.stored)[1]

    @property
    def text(self) -> str:
        """The whole program, with the comments at its top."""
        if not self.base:
            return self.stored
        return "".join(f"{line}\n" for line in self.header) + join_cells(self.cells)


def fix_files(exercise: Exercise, kind: str) -> list[Path]:
    """The files of one kind (solution, right, wrong, error), by name."""
    pattern = "solution.*" if kind == "solution" else f"{kind}_*.*"
    return sorted(path for path in exercise.fixes.glob(pattern) if path.suffix in SUFFIXES)


def fix_file(exercise: Exercise, name: str) -> Path:
    """The file of a fix, by its name with or without the ending. Raises FixError where there is none, or two."""
    stem = name.removesuffix(".py").removesuffix(".diff")
    found = [path for suffix in SUFFIXES if (path := exercise.fixes / f"{stem}{suffix}").is_file()]
    if not found:
        similar = [path.stem for kind in KINDS for path in fix_files(exercise, kind) if stem in path.stem]
        others = f" Similar names: {', '.join(similar[:5])}." if stem and similar else ""
        raise FixError(
            f"{exercise.slug} has no fix {stem!r}.{others} `lab fix list {exercise.slug}` lists them all."
        )
    if len(found) > 1:
        raise FixError(f"{stem} is there twice, as {found[0].name} and as {found[1].name}; remove one")
    return found[0]


def read_fix(path: Path, exercise: Exercise) -> Fix:
    """The fix in a file. Raises DifferenceError where it cannot be read or does not fit, naming file and line."""
    stored = read_text(path)
    header = header_of(stored)
    if path.suffix != ".diff":
        return Fix(path, header, (stored,), "", stored)
    sections = read_sections(path)
    base = sections[0].base
    try:
        bases = {base: base_cells(exercise, base)}
    except FixError as error:
        raise DifferenceError(label(path), sections[0].line, str(error)) from None
    except DifferenceError as error:
        if base in (PROGRAM, SOLUTION):
            raise
        what = f"{base}, from which it differs, cannot be used ({error.problem})"
        raise DifferenceError(label(path), sections[0].line, what) from None
    cells = differences.apply(sections, bases, label(path))
    return Fix(path, header, tuple(cells), base, stored)


def base_cells(exercise: Exercise, base: str) -> list[str]:
    """The cells that a difference starts from, by its base: `program`, `solution` or the name of a right fix.

    Raises FixError where no fix can differ from that one, and DifferenceError where it does not fit itself.
    """
    if base in (PROGRAM, SOLUTION):
        return exercise.sources(EXERCISE if base == PROGRAM else SOLUTION)
    path = fix_file(exercise, base)
    if path.suffix != ".diff" or read_sections(path)[0].base not in (PROGRAM, SOLUTION):
        raise FixError(
            f"a fix differs from the program, the solution, or a right fix that differs from these; {base} is none"
        )
    return list(read_fix(path, exercise).cells)


def expected_findings(path: Path) -> tuple[str, ...]:
    """The findings that a wrong fix announces in its first line. Raises ValueError, naming the file."""
    findings = _findings(header_of(path.read_text(encoding="utf-8")))
    if not findings:
        raise ValueError(f"{path.name} must begin with a line such as `# finding: SINGLE-ZONE`")
    return findings


def known_findings(exercise: Exercise) -> tuple[str, ...]:
    """The findings that a fix of the exercise can leave: those that its check names, and REFUSED."""
    named = [name for source in exercise.sources(CHECK) for name in _NAMED.findall(source)]
    return tuple(dict.fromkeys([*exercise.findings, *named, REFUSED]))


def check_stored(path: Path, exercise: Exercise) -> None:
    """Raises DifferenceError, naming file and line, where the comments at the top of a fix are not what its name
    asks for, or name findings that the exercise's check does not know."""
    problem = _header_problem(path.stem, header_of(read_text(path)), known_findings(exercise))
    if problem:
        raise DifferenceError(label(path), *problem)


def difference_of(
    exercise: Exercise, name: str, cells: Sequence[str], bases: Sequence[str] = ()
) -> list[str]:
    """The lines of the shortest difference that gives these cells; none where a whole program says it better.

    `bases` are the ones to try, by default the program and the solution. Raises FixError where the cells are those of
    the program or of a named base.
    """
    found: list[list[str]] = []
    tried = bases or bases_for(name)
    for base in tried:
        try:
            old = base_cells(exercise, base)
        except DifferenceError:
            if len(tried) == 1:
                raise
            continue  # a solution that does not fit the program at the moment
        if len(old) != len(cells):
            continue
        lines = differences.write(old, cells, base, name)
        if not lines and base == PROGRAM:
            raise FixError("This is the program as shipped; a fix differs from it.")
        if not lines and base not in (PROGRAM, SOLUTION):
            raise FixError(f"This is {base}; a fix differs from it.")
        size = sum(cell.count("\n") + 1 for cell in cells)
        if lines and differences.shared(old, cells) >= 0.5 and len(lines) < size:
            found.append(lines)
    return min(found, key=len, default=[])


def bases_for(name: str, base: str = "") -> tuple[str, ...]:
    """From what a fix of this name may differ: the program, the solution, and `base` if that is another fix."""
    return (PROGRAM,) if name == SOLUTION else tuple(dict.fromkeys((PROGRAM, SOLUTION, base or PROGRAM)))


def store(exercise: Exercise, name: str, text: str, bases: Sequence[str] = ()) -> Path:
    """Writes a fix, given as a whole program with its comments at the top; returns its file.

    It becomes a difference from one of `bases` (by default from the program or the solution, whichever is shorter)
    or, where less than half of its lines are theirs, a whole program. Raises FixError for a name or a text that
    is not one of a fix.
    """
    check_name(name)
    header, cells = split_text(text)
    check_header(name, header, known_findings(exercise))
    _check_cells(exercise, name, cells)
    lines = difference_of(exercise, name, cells, bases)
    top = "".join(f"{line}\n" for line in header)
    path = exercise.fixes / f"{name}{'.diff' if lines else '.py'}"
    path.parent.mkdir(exist_ok=True)
    path.write_text(top + ("\n".join(lines) + "\n" if lines else join_cells(cells)), encoding="utf-8")
    for suffix in SUFFIXES:
        if suffix != path.suffix:
            path.with_suffix(suffix).unlink(missing_ok=True)
    return path


def split_text(text: str) -> tuple[tuple[str, ...], list[str]]:
    """The comments at the top of a whole program, and its cells."""
    header = header_of(text)
    return header, split_cells("\n".join(text.splitlines()[len(header) :]))


def names_findings(line: str) -> bool:
    """Whether a comment at the top of a fix names findings, or was meant to."""
    return bool(_LIKE_FINDING.fullmatch(line))


def check_name(name: str) -> None:
    """Raises FixError where this is not the name of a fix."""
    if not _NAME.fullmatch(name):
        raise FixError(f"{name!r} must be `solution` or begin with right_, wrong_ or error_, in lower case")


def check_header(name: str, header: Sequence[str], known: Collection[str]) -> None:
    """Raises FixError where the comments of a fix do not say what its name asks for.

    `known` are the findings that it may name.
    """
    problem = _header_problem(name, header, known)
    if problem:
        line, what = problem
        raise FixError(f"Line {line}: {what}.")


def _header_problem(name: str, header: Sequence[str], known: Collection[str]) -> tuple[int, str] | None:
    """The line of the comments of a fix that is wrong, and why; None where all is as its name asks for."""
    is_wrong = name.startswith("wrong_")
    if is_wrong:
        first = header[0] if header else ""
        found = _FINDING.fullmatch(first)
        if found is None:
            end = ", which has spaces at its end" if _FINDING.fullmatch(first.rstrip()) else ""
            seen = f"; this is {first!r}{end}" if first else ""
            return (
                1,
                f"the first line of a wrong fix names its findings, such as `# finding: SINGLE-ZONE`{seen}",
            )
        names = found.group(1).split(", ")
        for finding in names:
            if finding not in known:
                close = get_close_matches(finding, known, 1)
                meant = f"did you mean {close[0]}?" if close else f"it names {', '.join(known)}"
                return 1, f"the check has no finding {finding}; {meant}"
        if len(set(names)) < len(names):
            return 1, "a finding is named twice"
    about = list(enumerate(header, start=1))[is_wrong:]
    if name != SOLUTION and not any(
        line.strip("# ") for _, line in about if not _LIKE_FINDING.fullmatch(line)
    ):
        return len(header) or 1, "a comment at the top of a fix says in a sentence what it is about"
    for number, line in about:
        if _LIKE_FINDING.fullmatch(line):
            where = "in its first line only" if is_wrong else "only if it is called wrong_*"
            return number, f"a fix names findings {where}; this is {line!r}"
    return None


def _check_cells(exercise: Exercise, name: str, cells: Sequence[str]) -> None:
    """Raises FixError where a text is not a program of the exercise."""
    check_is_no_notebook("\n".join(cells))
    if not any(cells):
        raise FixError("There is no program below the comments.")
    count = len(exercise.of_tag(EXERCISE))
    if len(cells) != count and not name.startswith("error_"):
        raise FixError(
            f"The program has {count} {'cell' if count == 1 else 'cells'}, this text has {len(cells)}; "
            f"a line `{CELL_MARKER}` stands between two cells."
        )


def check_is_no_notebook(text: str) -> None:
    """Raises FixError where a text is a notebook."""
    try:
        is_notebook = text.lstrip().startswith("{") and "cells" in json.loads(text)
    except ValueError:
        return
    if is_notebook:
        raise FixError("This is a notebook; give the program as Python code.")


def _findings(header: Sequence[str]) -> tuple[str, ...]:
    found = _FINDING.fullmatch(header[0]) if header else None
    return tuple(found.group(1).split(", ")) if found else ()


__all__ = [
    "KINDS",
    "SUFFIXES",
    "DifferenceError",
    "Fix",
    "FixError",
    "base_cells",
    "bases_for",
    "check_header",
    "check_is_no_notebook",
    "check_name",
    "check_stored",
    "difference_of",
    "expected_findings",
    "fix_file",
    "fix_files",
    "known_findings",
    "names_findings",
    "read_fix",
    "split_text",
    "store",
]
