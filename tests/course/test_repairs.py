"""The repairs that a learner compares: one right, two wrong, in an order that tells nothing, after a pass."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lab_support.course import progress
from lab_support.course.coach import NotPassed
from lab_support.course.exercises import catalogue, find_exercise
from lab_support.course.repairs import has_repairs, problem_of, repairs_of
from lab_support.errors import BriefError
from tests.programs import ROOT

SLUGS = [exercise.slug for exercise in catalogue()]


@pytest.mark.parametrize("slug", SLUGS)
def test_every_exercise_compares_one_right_repair_with_two_wrong_ones(slug: str) -> None:
    found = repairs_of(find_exercise(slug), yes=True)
    assert [repair.letter for repair in found.listed] == ["A", "B", "C"]
    assert sorted(repair.fix.kind for repair in found.listed) == ["right", "wrong", "wrong"]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_difference_fits_on_a_screen_and_does_not_name_its_fix(slug: str) -> None:
    for repair in repairs_of(find_exercise(slug), yes=True).listed:
        assert 0 < len(repair.difference) <= 40
        assert repair.fix.name not in "\n".join(repair.difference)


def test_the_right_repair_has_not_the_same_letter_everywhere() -> None:
    listed = [repairs_of(exercise, yes=True).listed for exercise in catalogue()]
    assert len({repair.letter for repairs in listed for repair in repairs if repair.fix.kind == "right"}) > 1


def test_an_exercise_without_its_fixes_has_no_repairs(learner: Path) -> None:
    assert not has_repairs(find_exercise("02"))


def test_repairs_are_shown_only_after_a_pass(learner: Path) -> None:
    exercise = find_exercise("02")
    shutil.copytree(ROOT / "exercises" / exercise.slug, exercise.fixes, dirs_exist_ok=True)
    assert has_repairs(exercise)
    with pytest.raises(NotPassed):
        repairs_of(exercise)
    progress.record(exercise.slug, passed=True, points=2)
    assert len(repairs_of(exercise).listed) == 3


def test_a_letter_that_no_repair_has_is_refused() -> None:
    found = repairs_of(find_exercise("02"), yes=True)
    assert found.lettered("b").letter == "B"
    with pytest.raises(BriefError, match="A, B, C"):
        found.lettered("D")


def test_an_exercise_may_have_no_repairs() -> None:
    none = replace(find_exercise("02"), repairs=())
    assert not has_repairs(none)
    assert problem_of(none) == ""
    with pytest.raises(BriefError, match="no repairs"):
        repairs_of(none, yes=True)


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        (("right_two_zones", "wrong_backup_plan"), "it names right_two_zones, wrong_backup_plan"),
        (
            ("right_two_zones", "right_loop", "wrong_proxy"),
            "it names right_two_zones, right_loop, wrong_proxy",
        ),
        (("right_two_zones", "wrong_proxy", "wrong_gone"), "there is no fix wrong_gone"),
    ],
)
def test_a_header_that_names_others_is_a_problem(named: tuple[str, ...], problem: str) -> None:
    assert problem_of(replace(find_exercise("02"), repairs=named)) == problem
