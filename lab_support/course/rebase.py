"""Carries the solution and the fixes of an exercise over a changed program.

Each fix is merged with what the author of the program has changed. A fix that changes the same lines is left as it is,
for a person to decide.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Final

from lab_support.course import differences
from lab_support.course.difference_format import (
    PROGRAM,
    SOLUTION,
    DifferenceError,
    header_of,
    label,
    read_sections,
    read_text,
)
from lab_support.course.differences import join_cells, split_cells
from lab_support.course.exercises import EXERCISE, Exercise, read_exercise
from lab_support.course.fixes import (
    KINDS,
    Fix,
    FixError,
    base_cells,
    check_stored,
    fix_files,
    read_fix,
    store,
)
from lab_support.course.merge import Conflict, Merge, merge
from lab_support.course.places import course_folder

FITS, CARRIED, CONFLICT, WHOLE = "fits", "carried", "conflict", "whole"


@dataclass(frozen=True)
class Rebased:
    """What became of one fix: it fits as it is, was carried over, is a whole program and so left alone, or needs
    a person (`conflict`).

    `why` says what is in the way, or which lines of a whole program are those of the earlier program; `waits_for` names
    the fix from which it differs, if that is all that does not fit.
    """

    path: Path
    state: str
    why: str = ""
    waits_for: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"name": self.path.stem, "file": self.path.name, "state": self.state, "why": self.why or None}


def earlier(exercise: Exercise, base: str, folder: Path) -> Exercise:
    """The exercise as it was: `base` is a file or a revision in git; `folder` is an empty one for its files.

    Raises FixError with a sentence where there is none.
    """
    path = folder / exercise.path.name
    fixes = folder / exercise.slug
    fixes.mkdir()
    names = ("solution.diff", "solution.py", *(f"{name}.diff" for name in _bases(exercise)))
    if Path(base).is_file():
        beside = Path(base).with_suffix("")
        shutil.copyfile(base, path)
        for name in names:
            found = beside / name if beside.is_dir() else exercise.fixes / name
            if found.is_file():
                shutil.copyfile(found, fixes / name)
    else:
        path.write_text(_from_git(base, exercise.path), encoding="utf-8", newline="")
        for name in names:
            with suppress(FixError):
                text = _from_git(base, exercise.fixes / name)
                (fixes / name).write_text(text, encoding="utf-8", newline="")
    try:
        return read_exercise(path)
    except ValueError as error:
        raise FixError(f"The earlier exercise ({base}) cannot be read: {error}") from None


def rebase(
    exercise: Exercise, before: Exercise | None, names: Collection[str] = (), *, keep: bool = False
) -> list[Rebased]:
    """Carries the fixes of these names over, or all; writes those that were carried over. The solution and the fixes
    from which others differ come first.

    `before` is the exercise with its earlier program, where known. With `keep`, a fix keeps its own lines where the
    program has changed the same ones, instead of waiting for a person.
    """
    done = []
    for kind in KINDS:
        for path in sorted(fix_files(exercise, kind), key=_differs_from_a_fix):
            if names and path.stem not in names:
                continue
            result = _rebased(exercise, before, path, keep)
            if path.stem == SOLUTION and result.state == CARRIED:
                exercise = replace(exercise)  # reads its solution anew
            done.append(result)
    return done


def merged(exercise: Exercise, before: Exercise, path: Path) -> str:
    """A fix for the earlier program as a whole one for the changed program, with git's markers around conflicts.

    Raises DifferenceError where it does not fit the earlier program, or the solution does not fit the changed one.
    """
    fix = read_fix(path, before)
    return "".join(f"{line}\n" for line in (*fix.header, *_merge(fix, before, exercise).lines))


def _rebased(exercise: Exercise, before: Exercise | None, path: Path, keep: bool) -> Rebased:
    try:
        check_stored(path, exercise)
    except DifferenceError as error:
        return Rebased(path, CONFLICT, error.problem)
    if path.suffix != ".diff":
        return Rebased(path, WHOLE, _earlier_lines(path, before, exercise))
    try:
        base = _base_of(path)
        if base != PROGRAM and not _is_readable(exercise, base):
            named = "the solution" if base == SOLUTION else base
            return Rebased(path, CONFLICT, f"it differs from {named}, which has to be repaired first", base)
        read_fix(path, exercise)
        return Rebased(path, FITS)
    except DifferenceError as error:
        why = error.problem
    try:
        fix = read_fix(path, before) if before is not None else None
    except DifferenceError:
        fix = None  # it did not fit the earlier program either
    try:
        if fix is None or before is None:
            return Rebased(_stored(exercise, _moved(exercise, path)), CARRIED)
        result = _merge(fix, before, exercise, keep)
        if result.conflicts:
            return Rebased(path, CONFLICT, "; ".join(map(_told, result.conflicts)))
        cells = split_cells("\n".join(result.lines))
        return Rebased(_stored(exercise, replace(fix, cells=tuple(cells))), CARRIED)
    except DifferenceError:
        return Rebased(path, CONFLICT, why)
    except FixError as error:
        return Rebased(path, CONFLICT, str(error))


def _earlier_lines(path: Path, before: Exercise | None, exercise: Exercise) -> str:
    """Where a whole program has lines that the exercise's program had before and has no more."""
    if before is None:
        return ""
    old, new = (
        {line.strip() for source in version.sources(EXERCISE) for line in source.splitlines()}
        for version in (before, exercise)
    )
    gone = {line for line in old - new if any(map(str.isalnum, line))}
    lines = read_text(path).splitlines()
    found = [(number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip() in gone]
    return "; ".join(f"line {number} is still `{line}`" for number, line in found)


def _base_of(path: Path) -> str:
    return read_sections(path)[0].base


def _differs_from_a_fix(path: Path) -> bool:
    try:
        return path.suffix == ".diff" and _base_of(path) not in (PROGRAM, SOLUTION)
    except DifferenceError:
        return False


def _bases(exercise: Exercise) -> set[str]:
    """The right fixes from which others differ."""
    return {
        _base_of(path) for kind in KINDS for path in fix_files(exercise, kind) if _differs_from_a_fix(path)
    }


def _is_readable(exercise: Exercise, base: str) -> bool:
    """Whether the solution or a fix can be read, and so fits the program."""
    try:
        return bool(base_cells(exercise, base))
    except (DifferenceError, FixError):
        return False


def _moved(exercise: Exercise, path: Path) -> Fix:
    """A fix whose hunks occur once, though at other lines than they say. Raises DifferenceError for any other."""
    stored, sections = read_text(path), read_sections(path)
    base = sections[0].base
    cells = differences.apply(sections, {base: base_cells(exercise, base)}, label(path), moved=True)
    return Fix(path, header_of(stored), tuple(cells), base, stored)


def _stored(exercise: Exercise, fix: Fix) -> Path:
    return store(exercise, fix.name, fix.text, (fix.base,))


def _merge(fix: Fix, before: Exercise, exercise: Exercise, keep: bool = False) -> Merge:
    base = fix.base or PROGRAM
    old, new = (join_cells(base_cells(version, base)).splitlines() for version in (before, exercise))
    return merge(old, join_cells(fix.cells).splitlines(), new, keep_own=keep)


def _told(conflict: Conflict) -> str:
    """A conflict in a sentence: what the program has changed, and that the fix changes it, too."""
    if not conflict.before:
        return f"the fix and the program insert at one place: {_brief(conflict.own)} and {_brief(conflict.other)}"
    matcher = SequenceMatcher(None, conflict.before, conflict.other, autojunk=False)
    codes = next(codes for codes in matcher.get_opcodes() if codes[0] != "equal")
    old, new = conflict.before[codes[1] : codes[2]], conflict.other[codes[3] : codes[4]]
    if not old:
        changed = f"{_brief(new)} is new"
    elif not new:
        changed = f"{_brief(old)} is gone"
    else:
        changed = f"{_brief(old)} is {_brief(new)} now"
    does = "removes" if not conflict.own else "changes"
    return f"{changed}, where the fix {does} {_brief(conflict.before)}"


def _brief(lines: Sequence[str]) -> str:
    texts = [line.strip() for line in lines if line.strip()] or ["an empty line"]
    return f"`{texts[0]}`" + (f" and {len(texts) - 1} more" if len(texts) > 1 else "")


def _from_git(revision: str, path: Path) -> str:
    name = path.relative_to(course_folder()).as_posix()
    done = _git("show", f"{revision}:./{name}")
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["git says nothing"])[0]
        raise FixError(
            f"The earlier program is not known: git has no {name} of {revision} ({reason}). "
            "Name a file with it: --base FILE, or another revision."
        )
    return done.stdout


def _git(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["git", "-C", str(course_folder()), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except FileNotFoundError:
        raise FixError("This needs git, which is not installed.") from None


__all__: Final = ["CARRIED", "CONFLICT", "FITS", "WHOLE", "Rebased", "earlier", "merged", "rebase"]
