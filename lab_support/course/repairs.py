"""Which of these repairs holds? After a pass, a learner compares three of the exercise's fixes, one of which is right.

The header names them (`repairs`). What a repair does comes from the exercise's check (checking/repairs.py).
"""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass

from lab_support.course.coach import NotPassed, entry_of
from lab_support.course.exercises import EXERCISE, SOLUTION, Exercise
from lab_support.course.fixes import Fix, fix_file, read_fix
from lab_support.errors import BriefError


@dataclass(frozen=True)
class Repair:
    """One of the repairs to compare: its letter, the fix, and the lines in which it differs from `before`."""

    letter: str
    fix: Fix
    difference: tuple[str, ...]


@dataclass(frozen=True)
class Repairs:
    """The repairs to compare, in an order that does not tell which one is right."""

    exercise: Exercise
    listed: tuple[Repair, ...]

    def lettered(self, letter: str) -> Repair:
        """The repair with this letter, upper or lower case. Raises BriefError if there is none."""
        for repair in self.listed:
            if repair.letter == letter.upper():
                return repair
        letters = ", ".join(repair.letter for repair in self.listed)
        raise BriefError(f"Choose one of {letters}, not {letter!r}.")


def has_repairs(exercise: Exercise) -> bool:
    """Whether there are repairs to compare; an exercise that was copied without its fixes has none."""
    return bool(exercise.repairs) and not problem_of(exercise)


def repairs_of(exercise: Exercise, *, yes: bool = False) -> Repairs:
    """The repairs to compare.

    Raises NotPassed before a pass unless `yes`, BriefError if the exercise has none, and FixError or DifferenceError
    where a fix is missing or does not fit.
    """
    if not exercise.repairs:
        raise BriefError(f"{exercise.slug} has no repairs to compare.")
    if not (yes or entry_of(exercise).passed):
        raise NotPassed(f"You have not passed {exercise.slug} yet, and one of these repairs is right.")
    fixes = [read_fix(fix_file(exercise, name), exercise) for name in exercise.repairs]
    # In a review of a whole system, a difference from the shipped program would repair all flaws at once.
    before = exercise.sources(SOLUTION if exercise.worth else EXERCISE)
    ordered = sorted(fixes, key=lambda fix: hashlib.sha256(f"{exercise.slug} {fix.name}".encode()).digest())
    return Repairs(
        exercise,
        tuple(
            Repair(letter, fix, _difference(before, fix.program))
            for letter, fix in zip("ABC", ordered, strict=True)
        ),
    )


def problem_of(exercise: Exercise) -> str:
    """What is wrong with the repairs that the header names, in a phrase; empty if nothing is."""
    kinds = sorted(name.partition("_")[0] for name in exercise.repairs)
    if exercise.repairs and kinds != ["right", "wrong", "wrong"]:
        return f"it names {', '.join(exercise.repairs)}"
    known = {path.stem for path in exercise.fixes.glob("*.*")}
    lost = [name for name in exercise.repairs if name not in known]
    return f"there is no fix {', '.join(lost)}" if lost else ""


def _difference(before: list[str], after: list[str]) -> tuple[str, ...]:
    """The lines of a unified diff, without its two heading lines, which would name the fix."""
    old, new = ("\n\n".join(cells).splitlines() for cells in (before, after))
    return tuple(difflib.unified_diff(old, new, lineterm="", n=2))[2:]
