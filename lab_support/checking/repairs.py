"""The verdicts on the repairs that a learner compares, by the exercise's own check, as `lab validate` proves them."""

from __future__ import annotations

from dataclasses import dataclass

from lab_support.checking.judge import Ruling
from lab_support.checking.judge_pool import judge_all
from lab_support.course.repairs import Repair, Repairs


@dataclass(frozen=True)
class JudgedRepairs:
    """Repairs with the check's ruling on each, and the one that the learner chose."""

    chosen: Repair
    rulings: tuple[tuple[Repair, Ruling], ...]

    @property
    def is_right(self) -> bool:
        """Whether the chosen repair passes."""
        return any(repair is self.chosen and ruling.outcome == "passed" for repair, ruling in self.rulings)


def judge_repairs(repairs: Repairs, letter: str) -> JudgedRepairs:
    """Runs the check on each repair, in processes of their own; progress is not touched.

    Raises BriefError if no repair has this letter.
    """
    chosen = repairs.lettered(letter)
    rulings = judge_all([(repairs.exercise, repair.fix.cells) for repair in repairs.listed])
    return JudgedRepairs(chosen, tuple(zip(repairs.listed, rulings, strict=True)))
