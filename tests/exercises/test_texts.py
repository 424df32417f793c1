"""What learners read: nothing before the pass names the flaw, and README says what the headers say."""

from __future__ import annotations

import re

import pytest

from lab_support.course.exercises import DEBRIEF, EXERCISE, Exercise, catalogue
from tests.programs import ROOT


def test_the_readme_names_each_exercise_with_the_title_and_time_of_its_header() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \| (\d+) min \|$", (ROOT / "README.md").read_text(), re.M)
    assert rows == [(e.slug, e.title, str(e.minutes)) for e in catalogue()]


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_nothing_that_is_read_before_the_pass_names_the_flaw(exercise: Exercise) -> None:
    """Neither the title nor the cells above the program have the category or a finding's id, and nothing is emphasized
    in the quotation of the brief, except the labels of the whole brief in the review of the system."""
    before = exercise.cells[: exercise.cells.index(exercise.of_tag(EXERCISE)[0])]
    texts = [exercise.title, *(cell.source for cell in before if cell.kind == "markdown")]
    told = "\n".join(texts)
    if not exercise.worth:
        assert exercise.category not in told
        assert not re.search(r"^> .*\*\*", told, re.M)
    for finding in exercise.findings:
        assert finding not in told
    assert f"# {exercise.title}\n" in texts[1]


@pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)
def test_the_debrief_says_what_scanners_report_and_answers_its_question(exercise: Exercise) -> None:
    debrief = exercise.sources(DEBRIEF)[-1]
    assert "### What scanners would have said" in debrief
    assert re.search(
        r"### One question to take away\n.*<details><summary><b>An answer</b></summary>", debrief, re.S
    )
