"""What a learner asks for on the way: hints in their order, the solution when it is due, a fresh start, the way on."""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path

import pytest

from lab_support.course import coach, exercises, progress
from lab_support.course.coach import NotPassed
from lab_support.course.exercises import find_exercise
from lab_support.course.notebooks import is_edited
from lab_support.course.overview import overview
from lab_support.display.coach import solution_text
from lab_support.display.show import show
from lab_support.errors import InternalError
from tests.programs import ROOT, SLUG, changed, shipped, solved


def a_program(source: str) -> object:
    """A program whose source can be read, as that of a notebook's cell can."""
    from lab_support.course.cells import program_of

    return program_of(find_exercise(SLUG), [source])


class TestHint:
    def test_the_next_one_on_demand_only(self, learner: Path) -> None:
        assert [coach.hint(SLUG).step for _ in range(4)] == [1, 2, 3, 3]
        assert progress.read(learner)[SLUG].hints == 3

    def test_it_is_what_the_author_wrote_without_the_folding(self, learner: Path) -> None:
        found = coach.hint(SLUG, 3)
        assert found.title == "Hint 3 of 3: which argument"
        assert "`multi_az=True`" in found.text
        assert "<" not in found.text
        assert str(show(found)).startswith(f"**{found.title}**")

    @pytest.mark.parametrize("step", [0, 4])
    def test_there_are_three(self, learner: Path, step: int) -> None:
        with pytest.raises(ValueError, match="hints 1 to 3"):
            coach.hint(SLUG, step)


class TestSolution:
    def test_before_a_pass_it_must_be_wanted(self, learner: Path) -> None:
        with pytest.raises(NotPassed, match="yes=True") as refused:
            coach.solution(SLUG)
        assert "multi_az" not in str(refused.value)
        assert coach.solution(SLUG, yes=True).after == solved()
        assert progress.read(learner)[SLUG].solution_seen

    def test_after_a_pass_nobody_asks(self, learner: Path) -> None:
        progress.record(SLUG, passed=True, points=2)
        assert coach.solution(SLUG).after == solved()
        assert not progress.read(learner)[SLUG].solution_seen

    def test_it_is_compared_with_their_program(self, learner: Path) -> None:
        mine = changed(shipped(), "allocated_storage=100", "allocated_storage=123")
        found = coach.solution(SLUG, a_program(mine), yes=True)
        assert found.whose == "your program"
        assert any(line.startswith("-") and "allocated_storage=123" in line for line in found.difference)
        assert any(line.startswith("+") and "multi_az=True" in line for line in found.difference)

    def test_without_their_source_it_is_compared_with_the_one_as_shipped(self, learner: Path) -> None:
        for unreadable in (None, print, 7):
            found = coach.solution(SLUG, unreadable, yes=True)
            assert (found.whose, found.before) == ("the program as shipped", shipped())

    def test_who_has_written_the_solution_sees_that(self, learner: Path) -> None:
        assert (
            "Your program is identical to the solution."
            in show(coach.solution(SLUG, solved(), yes=True)).text
        )

    def test_other_right_ways_stand_beside_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = coach.solution(SLUG, yes=True)
        assert len(found.ways) == len(find_exercise(SLUG).ways) >= 2
        for way in found.ways:
            assert way.path.is_relative_to(ROOT / "exercises" / SLUG)
            assert way.what.endswith(".")
            assert "def program" in way.source
            assert (way.before, found.before) == (shipped(), shipped())
            assert any(line.startswith("+") for line in way.difference)
            assert way.what in show(found).text
            assert way.what in show(found).html  # type: ignore[union-attr]

    def test_other_ways_are_compared_with_their_program_too(self) -> None:
        mine = changed(shipped(), "allocated_storage=100", "allocated_storage=123")
        for way in coach.solution(SLUG, mine, yes=True).ways:
            assert any(line.startswith("-") and "allocated_storage=123" in line for line in way.difference)

    def test_a_way_that_does_not_fit_is_left_out(self, learner: Path) -> None:
        folder = learner.parent / "exercises" / SLUG
        shutil.copy2(ROOT / "exercises" / SLUG / "right_aurora_two.diff", folder)
        (folder / "right_aurora_serverless.diff").write_text("# It is not.\n", encoding="utf-8")
        assert [way.path.stem for way in coach.solution(SLUG, yes=True).ways] == ["right_aurora_two"]

    def test_a_broken_solution_is_an_internal_error(self, learner: Path) -> None:
        (learner.parent / "exercises" / SLUG / "solution.diff").write_text("# It is not.\n", encoding="utf-8")
        exercises._read_all.cache_clear()
        with pytest.raises(InternalError, match=r"solution\.diff, line 1"):
            coach.solution(SLUG, yes=True)

    def test_both_forms_show_differences_and_offer_whole_programs(self) -> None:
        found = coach.solution(SLUG, yes=True)
        view = show(found)
        assert view.text == solution_text(found)
        assert "+        multi_az=True," in view.text
        assert f"lab solution {SLUG} --whole" in view.text
        assert "def program" not in view.text
        whole = solution_text(found, whole=True)
        for source in (found.after, *(way.source for way in found.ways)):
            assert source in whole
            assert escape(source) in view.html  # type: ignore[union-attr]
        assert view.html.count("<summary>The whole program</summary>") == 1 + len(found.ways)  # type: ignore[union-attr]

    def test_markup_in_a_program_stays_text(self, learner: Path) -> None:
        html = show(coach.solution(SLUG, "<script>alert(1)</script>", yes=True)).html  # type: ignore[union-attr]
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


class TestReset:
    def test_the_copy_is_theirs_and_the_notebook_as_shipped(self, learner: Path) -> None:
        path = learner / f"{SLUG}.ipynb"
        document = json.loads(path.read_text(encoding="utf-8"))
        document["cells"][0]["source"] = ["mine"]
        path.write_text(json.dumps(document), encoding="utf-8")
        mine = path.read_bytes()
        done = coach.reset(SLUG)
        assert not is_edited(path)
        assert done.copy is not None
        assert done.copy.read_bytes() == mine
        assert done.copy.name in show(done).text


class TestTheWayOn:
    @pytest.fixture
    def three(self, learner: Path) -> list[str]:
        """Three exercises, 02 to 04."""
        source = (learner.parent / "exercises" / f"{SLUG}.py").read_text(encoding="utf-8")
        for name in ("03_next", "04_last"):
            (learner.parent / "exercises" / f"{name}.py").write_text(source, encoding="utf-8")
            (learner / f"{name}.ipynb").touch()
        exercises._read_all.cache_clear()
        return [SLUG, "03_next", "04_last"]

    def names(self, *slugs: str) -> list[str | None]:
        found = [coach.next_exercise(slug) for slug in slugs]
        return [exercise.slug if exercise else None for exercise in found]

    def test_it_leads_to_the_next_that_is_open_and_round_to_the_first(self, three: list[str]) -> None:
        assert self.names("", *three) == [SLUG, "03_next", "04_last", SLUG]
        progress.record("03_next", passed=True, points=2)
        assert self.names("", *three) == [SLUG, "04_last", "04_last", SLUG]

    def test_it_ends_when_all_are_passed(self, three: list[str]) -> None:
        for slug in three:
            progress.record(slug, passed=True, points=2)
        assert self.names("", *three) == [None] * 4
        seen = overview()
        assert (seen.next, seen.passed, seen.points, seen.of) == (None, 3, 6, 6)
        assert "All exercises are passed" in show(seen).text
