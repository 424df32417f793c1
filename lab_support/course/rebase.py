"""Carries the solution and the fixes of an exercise over a changed program.

Each fix is merged three ways, by `git merge-file`: what the author of the program changed, and what the fix changes.
A fix for which both changed the same lines is left as it is, for a person to decide.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from lab_support.course import differences
from lab_support.course.differences import PROGRAM, SOLUTION, DifferenceError, join_cells
from lab_support.course.exercises import Exercise, read_exercise, root
from lab_support.course.fixes import KINDS, Fix, FixError, base_cells, fix_files, read_fix, split_text, store

FITS, CARRIED, CONFLICT, WHOLE = "fits", "carried", "conflict", "whole"
_CONFLICT: Final = re.compile(
    r"^<<<<<<< .*?\n(?P<fix>.*?)^=======\n(?P<program>.*?)^>>>>>>> ", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Rebased:
    """What became of one fix: it fits as it is, was carried over, is a whole program and so left alone, or needs
    a person (`conflict`); `why` says what is in the way."""

    path: Path
    state: str
    why: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"name": self.path.stem, "file": self.path.name, "state": self.state, "why": self.why or None}


@dataclass(frozen=True)
class Merge:
    """A fix on the changed program as one text, with conflict markers where both changed the same lines."""

    text: str
    conflicts: tuple[str, ...]


def earlier(exercise: Exercise, base: str, folder: Path) -> Exercise:
    """The exercise as it was: `base` is a file or a revision in git; `folder` is an empty one for its files.

    Raises FixError with a sentence where there is none.
    """
    path = folder / exercise.path.name
    fixes = folder / exercise.slug
    fixes.mkdir()
    if Path(base).is_file():
        beside = Path(base).with_suffix("")
        shutil.copyfile(base, path)
        for name in ("solution.diff", "solution.py"):
            found = beside / name if beside.is_dir() else exercise.fixes / name
            if found.is_file():
                shutil.copyfile(found, fixes / name)
    else:
        path.write_text(_from_git(base, exercise.path), encoding="utf-8", newline="")
        for name in ("solution.diff", "solution.py"):
            with suppress(FixError):
                text = _from_git(base, exercise.fixes / name)
                (fixes / name).write_text(text, encoding="utf-8", newline="")
    try:
        return read_exercise(path)
    except ValueError as error:
        raise FixError(f"The earlier exercise ({base}) cannot be read: {error}") from None


def rebase(exercise: Exercise, before: Exercise | None) -> list[Rebased]:
    """Carries each fix over, the solution first; `before` is the exercise with its earlier program, where known.

    Writes the fixes that it carries over and nothing else. Raises FixError where git is missing.
    """
    done = []
    for kind in KINDS:
        for path in fix_files(exercise, kind):
            result = _rebased(exercise, before, path)
            if path.stem == SOLUTION and result.state == CARRIED:
                exercise = replace(exercise)  # reads its solution anew
            done.append(result)
    return done


def merged(exercise: Exercise, before: Exercise, path: Path) -> Merge:
    """A fix of the earlier program, merged with what has changed since. Raises DifferenceError, FixError."""
    fix = read_fix(path, before)
    return _merged(fix, before, exercise)


def _rebased(exercise: Exercise, before: Exercise | None, path: Path) -> Rebased:
    if path.suffix != ".diff":
        return Rebased(path, WHOLE)
    try:
        if _base_of(path) == SOLUTION and not _is_readable(exercise):
            return Rebased(path, CONFLICT, "it differs from the solution, which has to be repaired first")
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
        merge = _merged(fix, before, exercise)
        if merge.conflicts:
            return Rebased(path, CONFLICT, "; ".join(merge.conflicts))
        header, cells = split_text(merge.text)
        return Rebased(_stored(exercise, replace(fix, header=header, cells=tuple(cells))), CARRIED)
    except DifferenceError:
        return Rebased(path, CONFLICT, why)
    except FixError as error:
        return Rebased(path, CONFLICT, str(error))


def _base_of(path: Path) -> str:
    return differences.parse(differences.read_text(path), differences.label(path))[0].base


def _is_readable(exercise: Exercise) -> bool:
    """Whether the solution fits the program."""
    try:
        return bool(exercise.sources(SOLUTION))
    except DifferenceError:
        return False


def _moved(exercise: Exercise, path: Path) -> Fix:
    """A fix whose hunks occur once, though at other lines than they say. Raises DifferenceError for any other."""
    stored, name = differences.read_text(path), differences.label(path)
    sections = differences.parse(stored, name)
    base = sections[0].base
    cells = differences.apply(sections, {base: base_cells(exercise, base)}, name, moved=True)
    return Fix(path, differences.header_of(stored), tuple(cells), base, stored)


def _stored(exercise: Exercise, fix: Fix) -> Path:
    return store(exercise, fix.name, fix.text, (fix.base,))


def _merged(fix: Fix, before: Exercise, exercise: Exercise) -> Merge:
    base = fix.base or PROGRAM
    header = "".join(f"{line}\n" for line in fix.header)
    texts = {
        "the fix": join_cells(fix.cells),
        "before": join_cells(base_cells(before, base)),
        "the program" if base == PROGRAM else "the solution": join_cells(base_cells(exercise, base)),
    }
    with tempfile.TemporaryDirectory(prefix="pulumi-review-rebase-") as scratch:
        files = [Path(scratch) / str(number) for number in range(len(texts))]
        for file, text in zip(files, texts.values(), strict=True):
            file.write_text(text, encoding="utf-8", newline="")
        labels = [part for label in texts for part in ("-L", label)]
        done = _git("merge-file", "-p", "--quiet", *labels, *map(str, files))
    if not 0 <= done.returncode < 128:
        raise FixError(f"`git merge-file` failed: {done.stderr.strip()}")
    found = _CONFLICT.finditer(done.stdout)
    _, _, whose = texts
    conflicts = [f"the fix has {_brief(match['fix'])}, {whose} {_brief(match['program'])}" for match in found]
    return Merge(header + done.stdout, tuple(conflicts))


def _brief(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return "nothing"
    return f"`{lines[0]}`" + (f" and {len(lines) - 1} more lines" if len(lines) > 1 else "")


def _from_git(revision: str, path: Path) -> str:
    name = path.relative_to(root()).as_posix()
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
            ["git", "-C", str(root()), *arguments], capture_output=True, encoding="utf-8", check=False
        )
    except FileNotFoundError:
        raise FixError("This needs git, which is not installed.") from None


__all__: Final = ["CARRIED", "CONFLICT", "FITS", "WHOLE", "Merge", "Rebased", "earlier", "merged", "rebase"]
