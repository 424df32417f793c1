"""A hundred notes as people write them: no right one is called wrong, and no wrong one counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab_support.course.exercises import Exercise, find_exercise
from lab_support.course.notes import Comparison, compare, read_notes
from lab_support.course.reviews import stock
from lab_support.course.reviews.generate import Spec

FINE, BEYOND, OPEN, WRONG = "fine", "beyond", "open", "wrong"
REVIEWS = yaml.safe_load((Path(__file__).parent / "notes.yaml").read_text(encoding="utf-8"))


def review_of(made_of: str) -> Exercise:
    return find_exercise(Spec(7, name="emergency-alert", chosen=tuple(made_of.split())).slug)


def notes() -> Iterator[Any]:
    for review in REVIEWS:
        for resource, consequence, verdict in review["notes"]:
            yield pytest.param(
                review["review"], resource, consequence, verdict, id=f"{resource}: {consequence}"
            )


def verdict_of(seen: Comparison) -> str:
    """How the only note of a comparison is judged."""
    if seen.hits:
        return seen.hits[0][1].what
    if seen.near:
        return "almost"
    if seen.beyond:
        return BEYOND
    return FINE if seen.wrong[0][1] else "unknown"


@pytest.mark.parametrize(("made_of", "resource", "consequence", "verdict"), notes())
def test_a_note_is_judged_fairly(made_of: str, resource: str, consequence: str, verdict: str) -> None:
    seen = verdict_of(compare(review_of(made_of), read_notes([(resource, consequence)])))
    if verdict == WRONG:
        assert seen in ("almost", FINE, "unknown")
    elif verdict == OPEN:
        assert seen in ("almost", BEYOND, "unknown")
    else:
        what = {flaw.name: flaw.texts["what"] for flaw in stock.flaws()}
        assert seen == what.get(verdict, verdict)


def test_there_are_a_hundred_notes_and_thirty_of_them_on_one_review() -> None:
    counts = [len(review["notes"]) for review in REVIEWS]
    assert sum(counts) >= 100
    assert max(counts) >= 30
