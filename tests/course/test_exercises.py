"""The catalogue, and the reader of the percent format, held against jupytext itself."""

from __future__ import annotations

import os
from pathlib import Path

import jupytext
import pytest

from lab_support.course.exercises import (
    CHECK,
    EXERCISE,
    HINT,
    SETUP,
    SOLUTION,
    Exercise,
    UnknownExercise,
    catalogue,
    find_exercise,
    read_exercise,
    read_percent,
    root,
    same_program,
)
from tests.programs import ROOT, SLUG, changed, shipped, solved

FILES = sorted((ROOT / "exercises").glob("[0-9][0-9]_*.py"))

HEADER = """\
# ---
# jupyter:
#   lab:
#     title: A title
#     severity: High
#     category: Availability
#     minutes: 10
# ---
"""

# Corners of the format that an author may come to.
CORNERS = """\
# %% [markdown]
# # A heading
#
# A paragraph, *emphasised*.
#     indented by four
#no space after the sign

# %% [markdown] tags=["hint"]
# <details>
#
# </details>

# %% tags=["exercise"]
# A comment at the start
def program(suffix: str) -> None:
    text = "# %% not a marker, it is indented"

    pass


# %% tags=["check"] expect=["ONE", "TWO"]
assert True  # %% not a marker either

# %%
value = {
    "a": 1,
}
value
"""


def a_file(folder: Path, text: str, name: str = "07_corners.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def by_jupytext(path: Path) -> list[tuple[str, str, str, tuple[str, ...]]]:
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")["cells"]
    return [
        (
            cell["cell_type"],
            cell["source"],
            (cell["metadata"].get("tags") or [""])[0],
            tuple(cell["metadata"].get("expect", [])),
        )
        for cell in cells
    ]


def by_us(path: Path) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(cell.kind, cell.source, cell.tag, cell.expect) for cell in read_percent(path)[1]]


class TestPercentFormat:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_exercises_are_read_as_jupytext_reads_them(self, path: Path) -> None:
        assert by_us(path) == by_jupytext(path)

    def test_so_are_the_corners(self, tmp_path: Path) -> None:
        path = a_file(tmp_path, HEADER + "\n" + CORNERS)
        assert by_us(path) == by_jupytext(path)
        assert [tag for _, _, tag, _ in by_us(path)] == ["", "hint", "exercise", "check", ""]

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_the_header_is_the_one_that_jupytext_reads(self, path: Path) -> None:
        header, _ = read_percent(path)
        assert header["lab"] == jupytext.read(path, fmt="py:percent")["metadata"]["lab"]

    def test_a_file_without_a_header_has_cells_only(self, tmp_path: Path) -> None:
        header, cells = read_percent(a_file(tmp_path, "# %%\n1 + 1\n"))
        assert header == {}
        assert [cell.source for cell in cells] == ["1 + 1"]

    def test_an_empty_file_has_no_header_and_no_cells(self, tmp_path: Path) -> None:
        assert read_percent(a_file(tmp_path, "")) == ({}, ())


class TestReading:
    def test_the_facts_of_an_exercise(self, exercise: Exercise) -> None:
        assert (exercise.slug, exercise.severity, exercise.category) == (SLUG, "High", "Availability")
        assert exercise.points == 2
        assert exercise.findings == ("SINGLE-ZONE",)
        assert exercise.path == ROOT / "exercises" / f"{SLUG}.py"
        assert exercise.fixes == ROOT / "exercises" / SLUG

    def test_its_cells_by_what_they_are_for(self, exercise: Exercise) -> None:
        assert "import pulumi_aws as aws" in exercise.sources(SETUP)[0]
        assert "multi_az=False" in exercise.sources(EXERCISE)[0]
        assert "multi_az=True" in exercise.sources(SOLUTION)[0]
        assert [cell.expect for cell in exercise.of_tag(CHECK)] == [("SINGLE-ZONE",)]
        assert len(exercise.sources(HINT)) == 3

    @pytest.mark.parametrize(("severity", "points"), [("Critical", 3), ("High", 2), ("Medium", 1)])
    def test_points_follow_the_severity(self, tmp_path: Path, severity: str, points: int) -> None:
        path = a_file(tmp_path, HEADER.replace("High", severity) + CORNERS)
        assert read_exercise(path).points == points

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("High", "Terrible"),
            ("#     severity: High\n", ""),
            ("#     title: A title\n", ""),
            ("minutes: 10", "minutes: soon"),
            ("#   lab:", "#   laboratory:"),
        ],
    )
    def test_a_header_that_lacks_something_is_an_error_that_names_the_file(
        self, tmp_path: Path, old: str, new: str
    ) -> None:
        path = a_file(tmp_path, HEADER.replace(old, new) + CORNERS)
        with pytest.raises(ValueError, match=r"07_corners\.py: the header needs lab: title, severity"):
            read_exercise(path)

    @pytest.mark.xfail(strict=True, reason="only what is missing in a well-formed header names the file")
    @pytest.mark.parametrize(
        "text",
        [
            HEADER.removesuffix("# ---\n") + CORNERS,
            HEADER.replace("title: A title", "title: [A title") + CORNERS,
            HEADER.replace("# jupyter:", "# - jupyter:") + CORNERS,
            HEADER + CORNERS.replace('tags=["hint"]', "tags=[hint]"),
        ],
        ids=["header without end", "header that is no YAML", "header that is a list", "tags without quotes"],
    )
    def test_so_is_one_that_is_not_well_formed(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ValueError, match=r"07_corners\.py"):
            read_exercise(a_file(tmp_path, text))

    def test_a_solution_in_a_cell_is_refused_with_the_way_to_convert_it(self, tmp_path: Path) -> None:
        text = HEADER + CORNERS.replace('tags=["hint"]', 'tags=["solution"]')
        with pytest.raises(
            ValueError, match=r"07_corners\.py: .*lab fix edit 07_corners solution --from FILE"
        ):
            read_exercise(a_file(tmp_path, text))


class TestPoints:
    @pytest.fixture
    def review(self, tmp_path: Path) -> Exercise:
        severities = "#     severities: {A-FLAW: Critical, ANOTHER: Medium}\n"
        header = HEADER.replace("#     minutes: 10\n", f"#     minutes: 10\n{severities}")
        return read_exercise(a_file(tmp_path, header + CORNERS))

    def test_one_flaw_counts_whole(self, exercise: Exercise) -> None:
        assert (exercise.worth, exercise.points) == ({}, 2)
        assert exercise.points_for(()) == 2
        assert exercise.points_for({"SINGLE-ZONE"}) == exercise.points_for({"REGRESSION"}) == 0

    def test_several_count_one_by_one(self, review: Exercise) -> None:
        assert (review.worth, review.points) == ({"A-FLAW": 3, "ANOTHER": 1}, 4)
        left = [(), ("ANOTHER",), ("A-FLAW",), ("A-FLAW", "ANOTHER")]
        assert [review.points_for(findings) for findings in left] == [4, 3, 1, 0]

    @pytest.mark.parametrize("other", ["REGRESSION", "MISSING", "REFUSED", "MISSING-ACCESS"])
    def test_nothing_counts_while_something_else_is_worse(self, review: Exercise, other: str) -> None:
        assert review.points_for({other}) == review.points_for({other, "ANOTHER"}) == 0

    def test_a_severity_must_be_one(self, tmp_path: Path) -> None:
        header = HEADER.replace(
            "#     minutes: 10\n", "#     minutes: 10\n#     severities: {A-FLAW: Huge}\n"
        )
        with pytest.raises(ValueError, match="Huge"):
            read_exercise(a_file(tmp_path, header + CORNERS))


class TestCatalogue:
    def test_exercises_come_in_the_order_of_their_numbers(self) -> None:
        slugs = [exercise.slug for exercise in catalogue()]
        assert slugs == sorted(slugs)
        assert slugs == [path.stem for path in FILES]

    @pytest.mark.parametrize("name", [SLUG, "02", "2", "02_data"])
    def test_a_number_or_a_beginning_that_only_one_has_will_do(self, name: str) -> None:
        assert find_exercise(name).slug == SLUG

    @pytest.mark.parametrize("name", ["", "0", "99", "database", "02_database_zone_"])
    def test_others_are_unknown_and_the_known_ones_are_listed(self, name: str, clone: Path) -> None:
        path = clone / "exercises" / "03_another.py"
        a_file(path.parent, HEADER + CORNERS, path.name)
        with pytest.raises(UnknownExercise, match=f"{SLUG}, 03_another"):
            find_exercise(name)

    def test_without_any_exercise_that_is_said(self, clone: Path) -> None:
        (clone / "exercises" / f"{SLUG}.py").unlink()
        with pytest.raises(UnknownExercise, match="there are: none"):
            find_exercise(SLUG)

    def test_files_that_are_no_exercise_do_not_count(self, clone: Path) -> None:
        for name in ("notes.py", "2_short.py", "02_readme.md"):
            a_file(clone / "exercises", "", name)
        assert [exercise.slug for exercise in catalogue()] == [SLUG]

    def test_the_clone_is_where_the_package_lies_unless_the_environment_says_otherwise(
        self, clone: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert root() == clone
        monkeypatch.delenv("PULUMI_REVIEW_LAB_ROOT")
        assert root() == ROOT
        assert not os.environ.get("PULUMI_REVIEW_LAB_ROOT")


class TestSameProgram:
    @pytest.mark.parametrize(
        "other",
        [
            shipped(),
            shipped().replace("    ", "        "),
            shipped().replace("\n", "\n# a comment\n", 1),
            changed(shipped(), 'engine="postgres"', "engine='postgres'"),
            '"""A note."""\n\nimport pulumi\nfrom lab_support import preview\n\n\n' + shipped(),
            shipped() + "\n\n\n",
            changed(shipped(), "multi_az=False,\n", "multi_az=(\n            False\n        ),\n"),
        ],
        ids=["the same", "indentation", "comment", "quotes", "imports", "empty lines", "parentheses"],
    )
    def test_layout_comments_and_imports_do_not_count(self, other: str) -> None:
        assert same_program([other], [shipped()])

    def test_nor_does_the_division_into_cells(self) -> None:
        assert same_program(["a = 1", "b = 2"], ["a = 1\nb = 2"])

    @pytest.mark.parametrize(
        "other",
        [
            solved(),
            shipped() + "\n\nprint(1)\n",
            changed(shipped(), "        multi_az=False,\n", ""),
            changed(shipped(), "allocated_storage=100", "allocated_storage=101"),
            "",
            "def program(:",
        ],
        ids=["solved", "one more statement", "argument left out", "a number", "empty", "no Python"],
    )
    def test_everything_else_does(self, other: str) -> None:
        assert not same_program([other], [shipped()])
