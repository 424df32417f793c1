"""docs/teaching.md against the course: its agendas add up, and what it says of exercises is true of them."""

from __future__ import annotations

import re

import pytest

from lab_support.course.exercises import catalogue, find_exercise
from lab_support.course.fixes import fix_file
from tests.programs import ROOT

GUIDE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    """The text below a heading, up to the next one of any level."""
    return re.split(r"^#+ ", GUIDE.split(f"# {heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of a section's table, without its head."""
    lines = [line for line in section(heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize(("agenda", "minutes"), [("90 minutes", 90), ("Three hours", 180), ("A day", 420)])
def test_an_agenda_adds_up(agenda: str, minutes: int) -> None:
    assert sum(int(row[0]) for row in rows(agenda)) == minutes


def test_the_debriefs_name_the_repairs_that_learners_compare() -> None:
    named = {row[0]: re.findall(r"`(\w+)`", row[2]) for row in rows("Debriefs")}
    wrong = {
        exercise.slug[:2]: [name for name in exercise.repairs if name.startswith("wrong_")]
        for exercise in catalogue()
        if exercise.slug[:2] in named
    }
    assert named == wrong
    assert len(named) >= 10


def test_the_severities_are_those_of_the_exercises() -> None:
    stated = {row[0]: row[2] for row in rows("The severity debate")}
    assert stated == {number: find_exercise(number).severity for number in stated}


def test_the_key_of_06_has_its_findings_and_severities() -> None:
    assert {row[0].strip("`"): row[2] for row in rows("The key of 06")} == find_exercise("06").severities


def test_the_wrong_repair_to_play_exists() -> None:
    (path,) = re.findall(r"--with (\S+)", GUIDE)
    assert (ROOT / path).is_file()
    assert fix_file(find_exercise("02"), "wrong_backup_plan") == ROOT / path
