"""Generates a review: the sound system with flaws and distractors, drawn by a seed, as an exercise like any other.

    exercise = review("review_42_5f_3d")      # the name says everything that it is made of
    exercise.findings                         # ("SINGLE-ZONE", ...)

A review is generated anew wherever it is needed, so its notebook holds no key. Its flaws are of different kinds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lab_support.course.exercises import (
    ANSWERS,
    CHECK,
    DEBRIEF,
    EXERCISE,
    HINT,
    NOTED,
    PANEL,
    POINTS,
    REVIEW,
    SETUP,
    Cell,
    Exercise,
    UnknownExercise,
)
from lab_support.course.notes import answers_of
from lab_support.course.places import course_folder
from lab_support.course.reviews import stock, texts
from lab_support.course.reviews.stock import Drawn
from lab_support.course.reviews.variation import ORIGINAL, SYSTEMS, Variation, in_order

FLAWS: Final = 5
DISTRACTORS: Final = 3
_MINUTES_PER_FLAW: Final = 9  # 06 has five, and takes 45
_SLUG: Final = re.compile(
    rf"{REVIEW}(?P<seed>\d{{1,12}})_"
    r"(?:w(?P<chosen>[a-z+-]+)|(?P<flaws>\d+)f_(?P<distractors>\d+)d(?:_k(?P<kinds>[a-z][a-z+-]*))?)"
    r"(?:_n(?P<name>[a-z][a-z-]*))?"
)
_NAME: Final = re.compile(r"[a-z](?:-?[a-z])+")


class ReviewError(ValueError):
    """A review that cannot be generated; the text says why."""


@dataclass(frozen=True)
class Spec:
    """What a review is made of: its seed, how many flaws and distractors, and the kinds of flaws to draw from (finding
    ids; all where there are none). `name` is the system's; without one, the seed chooses it. `chosen` names flaws and
    distractors instead of drawing them; the name of such a review gives them away."""

    seed: int
    flaws: int = FLAWS
    distractors: int = DISTRACTORS
    kinds: tuple[str, ...] = ()
    name: str = ""
    chosen: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name of the review, from which it can be generated again."""
        kinds = "_k" + "+".join(kind.lower() for kind in sorted(self.kinds)) if self.kinds else ""
        name = f"_n{self.name}" if self.name else ""
        drawn = f"{self.flaws}f_{self.distractors}d{kinds}"
        if self.chosen:
            drawn = f"w{'+'.join(self.chosen)}".replace("_", "-")
        return f"{REVIEW}{self.seed}_{drawn}{name}"

    @classmethod
    def of(cls, slug: str) -> Spec:
        """What the name of a review says. Raises UnknownExercise where it is no such name."""
        found = _SLUG.fullmatch(slug)
        if found is None:
            raise UnknownExercise(
                f"there is no review {slug!r}; a review is called like {cls(42).slug} and made by "
                "`lab review-exercise new --seed 42`"
            )
        if found["chosen"]:
            return cls(
                int(found["seed"]),
                name=found["name"] or "",
                chosen=tuple(found["chosen"].replace("-", "_").split("+")),
            )
        kinds = tuple(kind.upper() for kind in (found["kinds"] or "").split("+") if kind)
        return cls(
            int(found["seed"]), int(found["flaws"]), int(found["distractors"]), kinds, found["name"] or ""
        )


def draw(spec: Spec) -> Drawn:
    """What the review is made of. Raises ReviewError where the stock does not have as much, or not of these kinds."""
    if spec.name and not (_NAME.fullmatch(spec.name) and len(spec.name) <= len(ORIGINAL)):
        raise ReviewError(
            f"The system's name has lower-case letters with single hyphens between them, and at most {len(ORIGINAL)} "
            f"characters, because AWS limits the length of names: not {spec.name!r}."
        )
    if not stock.exists():
        raise ReviewError(
            "This is a generated review, and this course folder has nothing to check it with: write down what you "
            "find, repair the program, and hand the notebook in; your instructor grades both."
        )
    if spec.chosen:
        return _chosen(spec.chosen)
    available = stock.flaws()
    known = {flaw.finding for flaw in available}
    if unknown := sorted(set(spec.kinds) - known):
        raise ReviewError(
            f"There are no flaws of the kind {', '.join(unknown)}; there are: {', '.join(sorted(known))}."
        )
    wanted = set(spec.kinds) or known
    if not 1 <= spec.flaws <= len(wanted):
        raise ReviewError(f"A review has 1 to {len(wanted)} flaws here, one of each kind, not {spec.flaws}.")
    if not 0 <= spec.distractors <= len(stock.distractors()):
        raise ReviewError(
            f"A review has 0 to {len(stock.distractors())} distractors, not {spec.distractors}."
        )
    seed = f"{spec.seed}"
    chosen: list[Any] = []
    for kind in in_order(wanted, seed, "kinds"):
        of_kind = {flaw.name: flaw for flaw in available if flaw.finding == kind}
        _add_first(chosen, [of_kind[name] for name in in_order(of_kind, seed, "flaws")])
        if len(chosen) == spec.flaws:
            break
    count = spec.flaws + spec.distractors
    others = {change.name: change for change in stock.distractors()}
    for name in in_order(others, seed, "distractors"):
        if len(chosen) < count:
            _add_first(chosen, [others[name]])
    if len(chosen) < count:
        raise ReviewError(
            f"The stock does not have {spec.flaws} flaws and {spec.distractors} distractors that fit together."
        )
    return Drawn(tuple(chosen[: spec.flaws]), tuple(chosen[spec.flaws :]))


def _chosen(names: Sequence[str]) -> Drawn:
    """These flaws and distractors. Raises ReviewError for an unknown one."""
    flaws = {flaw.name: flaw for flaw in stock.flaws()}
    others = {change.name: change for change in stock.distractors()}
    if unknown := [name for name in names if name not in flaws | others]:
        raise ReviewError(
            f"The stock has no {', '.join(unknown)}; it has {', '.join(sorted(flaws | others))}."
        )
    drawn = Drawn(
        tuple(flaws[name] for name in names if name in flaws),
        tuple(others[name] for name in names if name in others),
    )
    if not drawn.flaws:
        raise ReviewError("A review needs at least one flaw.")
    return drawn


def _add_first(chosen: list[Any], candidates: Sequence[Any]) -> None:
    """Adds the first candidate that fits together with what is chosen already; none where there is none."""
    for candidate in candidates:
        if stock.combined([*chosen, candidate]) is not None:
            chosen.append(candidate)
            return


def review(slug: str) -> Exercise:
    """The review of this name. Raises UnknownExercise for any other name, and where the stock lacks what it says."""
    try:
        return _review(Spec.of(slug), course_folder())
    except ReviewError as error:
        raise UnknownExercise(str(error)) from None


@lru_cache(maxsize=8)
def _review(spec: Spec, folder: Path) -> Exercise:
    return exercise_of(draw(spec), spec)


def variation_of(spec: Spec) -> Variation:
    """The names, order and style of a review."""
    system = spec.name or in_order(SYSTEMS, str(spec.seed), "system")[0]
    return Variation(str(spec.seed), system)


def exercise_of(drawn: Drawn, spec: Spec) -> Exercise:
    """The exercise with these flaws and distractors. Raises ReviewError where two of them change the same lines."""
    variation = variation_of(spec)
    flawed = stock.combined((*drawn.flaws, *drawn.distractors))
    sound = stock.combined(drawn.distractors)
    if flawed is None or sound is None:
        names = ", ".join(change.name for change in (*drawn.flaws, *drawn.distractors))
        raise ReviewError(f"Two of these change the same lines, or one hides another: {names}.")
    base = stock.system()
    ordered = sorted(drawn.flaws, key=lambda flaw: (-POINTS[flaw.severity], flaw.finding))
    exercise = replace(
        base,
        slug=spec.slug,
        title=texts.title(variation.system),
        severity=ordered[0].severity,
        category="Code review",
        minutes=5 * round(_MINUTES_PER_FLAW * len(drawn.flaws) / 5),
        path=base.path.parent / "reviews" / f"{spec.slug}.py",
        ways=(),
        repairs=(),
        severities={flaw.finding: flaw.severity for flaw in ordered},
        record=tuple(flaw.record for flaw in ordered),
        system=variation.system,
        solved=tuple(variation.program(sound)),
        cells=(),
    )
    cells = _cells(base, exercise, drawn, variation, variation.program(flawed))
    return replace(exercise, cells=tuple(cells))


def _cells(
    base: Exercise, exercise: Exercise, drawn: Drawn, variation: Variation, program: Sequence[str]
) -> Iterator[Cell]:
    """The cells of 06 with another program, its own texts, check, hints, debrief and answers."""
    findings = tuple(exercise.severities)
    parts = list(_program_cells(base, variation, program))
    hints = texts.hints(drawn.flaws, variation)
    is_debriefed = False
    for number, cell in enumerate(base.cells):
        if number == 0:
            yield Cell("markdown", texts.introduction(exercise))
        elif cell.tag == EXERCISE:
            if parts:
                yield from parts
                parts = []
        elif _precedes_program(base, number) or cell.tag == NOTED:
            continue
        elif cell.tag == SETUP:
            yield replace(cell, source=texts.SETUP)
        elif number == 1:
            yield replace(cell, source=texts.requirement(variation.text(cell.source)))
        elif "| you ask |" in cell.source:
            yield replace(cell, source=texts.drills(cell.source))
        elif cell.tag == PANEL:
            yield replace(cell, source=cell.source.replace(base.slug, exercise.slug))
        elif cell.tag == HINT:
            yield replace(cell, source=hints.pop(0))
        elif cell.tag == CHECK:
            yield replace(cell, source=texts.check(exercise), expect=findings)
        elif cell.tag == DEBRIEF and cell.kind == "markdown":
            if not is_debriefed:
                yield replace(cell, source=texts.debrief(drawn, variation))
            is_debriefed = True
        elif cell.tag == ANSWERS:
            yield replace(cell, source=texts.answers(drawn, *answers_of(base)[1:]))
        else:
            yield replace(cell, source=variation.text(cell.source)) if cell.kind == "markdown" else cell


def _precedes_program(base: Exercise, number: int) -> bool:
    """Whether a cell is the heading of a part of the program."""
    following = base.cells[number + 1 : number + 2]
    return base.cells[number].kind == "markdown" and bool(following) and following[0].tag == EXERCISE


def _program_cells(base: Exercise, variation: Variation, program: Sequence[str]) -> Iterator[Cell]:
    """The cells of the program, each below its heading, in the order of the variation."""
    headings = [cell for number, cell in enumerate(base.cells) if _precedes_program(base, number)]
    for place, source in zip(variation.order(len(program)), program, strict=True):
        yield replace(headings[place], source=variation.text(headings[place].source))
        yield Cell("code", source, EXERCISE)
