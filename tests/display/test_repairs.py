"""How repairs are compared: the differences first, then the check's own verdict on each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lab_support.checking.judge import Ruling
from lab_support.checking.repairs import JudgedRepairs, judge_repairs
from lab_support.course import progress
from lab_support.course.coach import NotPassed, entry_of
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import build
from lab_support.course.repairs import Repairs, repairs_of
from lab_support.display.repairs import judged_view, repairs
from lab_support.display.show import show
from tests.programs import ROOT


@pytest.fixture
def found() -> Repairs:
    return repairs_of(find_exercise("02"), yes=True)


def judged(found: Repairs, letter: str) -> JudgedRepairs:
    """Rulings as the fixes' names announce them."""
    rulings = [
        Ruling("02_database_zone", "passed")
        if repair.fix.kind == "right"
        else Ruling("02_database_zone", "failed", ({"id": "SINGLE-ZONE", "what": "<It stops.>"},))
        for repair in found.listed
    ]
    return JudgedRepairs(found.lettered(letter), tuple(zip(found.listed, rulings, strict=True)))


def test_before_the_choice_nothing_tells_which_repair_is_right(found: Repairs) -> None:
    view = show(found)
    for repair in found.listed:
        for text in (repair.fix.name, repair.fix.about, *repair.fix.findings):
            assert text not in str(view)
            assert text not in view.html  # type: ignore[union-attr]


def test_after_the_choice_each_repair_has_its_verdict_and_what_is_special_about_it(found: Repairs) -> None:
    right = next(repair.letter for repair in found.listed if repair.fix.kind == "right")
    wrong = next(repair.letter for repair in found.listed if repair.fix.kind == "wrong")
    assert f"{right} holds, as you said." in str(judged_view((judged(found, right),)))
    view = judged_view((judged(found, wrong),))
    assert f"You chose {wrong}; {right} holds." in str(view)
    assert str(view).count("SINGLE-ZONE") == 2
    assert "&lt;It stops.&gt;" in view.html
    assert all(repair.fix.about in str(view) for repair in found.listed)


def test_the_check_itself_rules_on_the_repairs_and_leaves_the_progress_alone(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    build()
    monkeypatch.chdir(clone / "notebooks")
    exercise = find_exercise("02")
    shutil.copytree(ROOT / "exercises" / exercise.slug, exercise.fixes, dirs_exist_ok=True)
    with pytest.raises(NotPassed):
        repairs("02")
    progress.record(exercise.slug, passed=True, points=2)
    before = entry_of(exercise)
    for repair, ruling in judge_repairs(repairs_of(exercise), "A").rulings:
        assert ruling.outcome == ("passed" if repair.fix.kind == "right" else "failed"), ruling.text
        assert tuple(ruling.finding_ids) == repair.fix.findings
    assert entry_of(exercise) == before
