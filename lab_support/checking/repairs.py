"""The verdicts on the repairs that a learner compares, by the exercise's own check, as `lab validate` proves them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from queue import SimpleQueue

from lab_support.checking.judge import Ruling
from lab_support.checking.judge_pool import judge_all
from lab_support.course.repairs import Repair, Repairs
from lab_support.reporting import progress


@dataclass(frozen=True)
class JudgedRepairs:
    """Repairs with the check's ruling on each, and the one that the learner chose."""

    chosen: Repair
    rulings: tuple[tuple[Repair, Ruling], ...]

    @property
    def is_right(self) -> bool:
        """Whether the chosen repair passes."""
        return any(repair is self.chosen and ruling.outcome == "passed" for repair, ruling in self.rulings)


class RepairsCheck:
    """The check of repairs, in the background: it runs while the learner reads how they differ."""

    def __init__(self, repairs: Repairs) -> None:
        self.repairs = repairs
        self._coming: SimpleQueue[Ruling | Exception] = SimpleQueue()
        self._rulings: list[Ruling] = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        programs = [(self.repairs.exercise, repair.fix.cells) for repair in self.repairs.listed]
        try:
            # One warm process: starting another takes as long as the two checks that it would save.
            for ruling in judge_all(programs, workers=1):
                self._coming.put(ruling)
        except Exception as error:  # raised where the rulings are waited for
            self._coming.put(error)

    def rulings(self) -> tuple[Ruling, ...]:
        """Waits for the ruling on each repair, and reports how many there are. Raises what judge_all() raises."""
        of = len(self.repairs.listed)
        with progress("Checking the repairs") as report:
            while len(self._rulings) < of:
                report(f"{len(self._rulings)} of {of} are checked")
                ruling = self._coming.get()
                if isinstance(ruling, Exception):
                    raise ruling
                self._rulings.append(ruling)
        return tuple(self._rulings)


def judge_repairs(repairs: Repairs, letter: str, check: RepairsCheck | None = None) -> JudgedRepairs:
    """Runs the check on each repair, or waits for a `check` of them that was started earlier; progress is not touched.

    Raises BriefError if no repair has this letter.
    """
    chosen = repairs.lettered(letter)
    rulings = (check or RepairsCheck(repairs)).rulings()
    return JudgedRepairs(chosen, tuple(zip(repairs.listed, rulings, strict=True)))
