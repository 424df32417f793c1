"""The slides find in the instructor's guide what they show of it."""

import re

from lab_support.course.exercises import catalogue
from tools.slides import parts


def test_the_guide_has_a_debrief_for_every_exercise() -> None:
    assert list(parts.debriefs()) == [exercise.slug[:2] for exercise in catalogue()]


def test_every_wrong_repair_of_the_debriefs_can_be_played() -> None:
    for exercise in catalogue():
        _, _, wrong, _ = parts.debriefs()[exercise.slug[:2]]
        for name in re.findall(r"\w+", wrong):
            assert (exercise.fixes / f"{name}.diff").is_file(), name


def test_the_questionnaire_is_numbered_through() -> None:
    assert [number for number, _ in parts.statements()] == list(range(1, 9))
