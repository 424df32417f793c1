"""The fixes of an exercise: found by kind, read as programs, and stored as differences where they share enough."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lab_support.course.difference_format import PROGRAM
from lab_support.course.exercises import Exercise, catalogue, find_exercise
from lab_support.course.fixes import (
    KINDS,
    DifferenceError,
    FixError,
    check_stored,
    expected_findings,
    fix_file,
    fix_files,
    known_findings,
    read_fix,
    store,
)
from tests.programs import ROOT, SLUG, changed, shipped, solved

RIGHT = f"# A standby in another zone, later.\n{changed(shipped(), 'multi_az=False', 'multi_az=1 > 0')}\n"
ALL = [
    (exercise.slug, path) for exercise in catalogue() for kind in KINDS for path in fix_files(exercise, kind)
]


@pytest.fixture
def exercise(clone: Path) -> Exercise:
    return find_exercise(SLUG)


@pytest.fixture
def write(exercise: Exercise) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = exercise.fixes / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestFinding:
    def test_fixes_are_found_by_kind_in_order(
        self, exercise: Exercise, write: Callable[[str, str], Path]
    ) -> None:
        for name in ("right_b.py", "right_a.diff", "wrong_a.py", "error_a.py", "notes.md", "right_c.txt"):
            write(name, "")
        assert [path.name for path in fix_files(exercise, "right")] == ["right_a.diff", "right_b.py"]
        assert [path.name for path in fix_files(exercise, "error")] == ["error_a.py"]
        assert [path.name for path in fix_files(exercise, "solution")] == ["solution.diff"]

    @pytest.mark.parametrize("name", ["right_a", "right_a.diff", "right_a.py"])
    def test_a_fix_is_found_by_its_name(
        self, exercise: Exercise, write: Callable[[str, str], Path], name: str
    ) -> None:
        path = write("right_a.diff", "")
        assert fix_file(exercise, name) == path

    def test_without_it_similar_names_are_suggested(
        self, exercise: Exercise, write: Callable[[str, str], Path]
    ) -> None:
        write("wrong_aurora_public.py", "")
        with pytest.raises(FixError, match="wrong_aurora_public"):
            fix_file(exercise, "aurora")

    def test_two_files_of_one_name_are_an_error(
        self, exercise: Exercise, write: Callable[[str, str], Path]
    ) -> None:
        for suffix in ("py", "diff"):
            write(f"right_a.{suffix}", "")
        with pytest.raises(FixError, match="twice"):
            fix_file(exercise, "right_a")


class TestHeader:
    @pytest.mark.parametrize(
        ("line", "findings"),
        [
            ("# finding: SINGLE-ZONE", ("SINGLE-ZONE",)),
            ("# finding: SINGLE-ZONE, REGRESSION", ("SINGLE-ZONE", "REGRESSION")),
        ],
    )
    def test_its_first_line_names_the_findings(
        self, tmp_path: Path, line: str, findings: tuple[str, ...]
    ) -> None:
        path = tmp_path / "wrong_x.py"
        path.write_text(f"{line}\nx = 1\n", encoding="utf-8")
        assert expected_findings(path) == findings

    @pytest.mark.parametrize(
        "line", ["", "x = 1", "# finding:", "# finding: single-zone", "# findings: A", "#finding: A"]
    )
    def test_any_other_first_line_is_an_error_that_names_the_file(self, tmp_path: Path, line: str) -> None:
        path = tmp_path / "wrong_x.py"
        path.write_text(f"{line}\nx = 1\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"wrong_x\.py must begin with a line such as"):
            expected_findings(path)


class TestStoredHeader:
    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("# findings: SINGLE-ZONE", r"line 1: .*'# findings: SINGLE-ZONE'"),
            ("# finding: SINGEL-ZONE", "line 1: the check has no finding SINGEL-ZONE"),
            ("# finding: SINGLE-ZONE ", "line 1: .*has spaces at its end"),
        ],
    )
    def test_it_is_refused_with_file_and_line(
        self, exercise: Exercise, write: Callable[[str, str], Path], line: str, message: str
    ) -> None:
        path = write("wrong_x.py", f"{line}\n# It is.\nx = 1\n")
        with pytest.raises(DifferenceError, match=rf"wrong_x\.py, {message}"):
            check_stored(path, exercise)

    def test_the_findings_that_the_check_names_are_known(self, exercise: Exercise) -> None:
        assert set(known_findings(exercise)) == {"SINGLE-ZONE", "MISSING", "REGRESSION", "REFUSED"}


@pytest.mark.parametrize(("slug", "path"), ALL, ids=lambda value: getattr(value, "stem", value))
def test_every_fix_has_the_comments_that_its_name_asks_for(slug: str, path: Path) -> None:
    check_stored(path, find_exercise(slug))


class TestStoring:
    def test_a_fix_is_stored_as_a_difference_and_read_as_the_same_program(self, exercise: Exercise) -> None:
        path = store(exercise, "right_later", RIGHT)
        fix = read_fix(path, exercise)
        assert path.name == "right_later.diff"
        assert (fix.text, fix.kind, fix.base) == (RIGHT, "right", "program")
        assert fix.about == "A standby in another zone, later."
        assert len(fix.stored.splitlines()) == 8

    def test_it_starts_from_the_solution_where_that_is_shorter(self, exercise: Exercise) -> None:
        text = changed(solved(), "publicly_accessible=False", "publicly_accessible=True")
        path = store(exercise, "wrong_public", f"# finding: REGRESSION\n# It is public.\n{text}")
        fix = read_fix(path, exercise)
        assert (fix.base, fix.findings, fix.program) == ("solution", ("REGRESSION",), [text])

    def test_one_that_shares_less_than_half_is_stored_whole(self, exercise: Exercise) -> None:
        text = "# Nothing is left.\ndef program(environment_suffix: str) -> None:\n    pass\n"
        path = store(exercise, "right_nothing", text)
        assert (path.name, path.read_text(encoding="utf-8")) == ("right_nothing.py", text)
        assert read_fix(path, exercise).text == text

    def test_the_file_of_another_form_is_replaced(self, exercise: Exercise) -> None:
        store(exercise, "right_later", "# Nothing.\nx = 1\n")
        store(exercise, "right_later", RIGHT)
        assert [path.name for path in fix_files(exercise, "right")] == ["right_later.diff"]

    @pytest.mark.parametrize(
        ("name", "text", "message"),
        [
            ("better", RIGHT, "must be `solution` or begin with right_"),
            ("right_Later", RIGHT, "in lower case"),
            ("right_x", shipped(), "says in a sentence"),
            ("right_x", f"# finding: SINGLE-ZONE\n{solved()}", "says in a sentence"),
            ("wrong_x", RIGHT, "names its findings"),
            ("wrong_x", f"# findings: SINGLE-ZONE\n{RIGHT}", "Line 1: .*; this is '# findings: SINGLE-ZONE'"),
            ("wrong_x", f"# finding: SINGLE-ZONE  \n{RIGHT}", "has spaces at its end"),
            (
                "wrong_x",
                f"# finding: SINGEL-ZONE\n{RIGHT}",
                "no finding SINGEL-ZONE; did you mean SINGLE-ZONE",
            ),
            ("wrong_x", f"# finding: MISSING, MISSING\n{RIGHT}", "named twice"),
            (
                "right_x",
                f"# It is.\n# findings: MISSING\n{solved()}",
                "Line 2: .* only if it is called wrong_",
            ),
            ("right_x", '# It is.\n{"cells": []}', "a notebook"),
            ("right_x", f"# It is.\n{solved()}\n# %%\nx = 1\n", "has 1 cell, this text has 2"),
            ("right_x", f"# As it was.\n{shipped()}", "the program as shipped"),
            ("right_x", "# Nothing.\n", "There is no program"),
        ],
    )
    def test_what_is_no_fix_is_refused_and_leaves_no_file(
        self, exercise: Exercise, name: str, text: str, message: str
    ) -> None:
        with pytest.raises(FixError, match=message):
            store(exercise, name, text)
        assert [path.name for path in exercise.fixes.iterdir()] == ["solution.diff"]


def test_a_part_of_a_program_of_several_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = find_exercise("06_code_review")
    monkeypatch.setattr(type(exercise), "fixes", tmp_path)
    with pytest.raises(FixError, match="has 5 cells, this text has 1"):
        store(exercise, "right_half", "# Half of it.\ndef network(suffix): ...\n")
    assert list(tmp_path.iterdir()) == []


class TestSolution:
    def test_it_is_read_from_its_difference(self, exercise: Exercise) -> None:
        assert exercise.sources("solution") == [solved()]

    def test_it_may_be_a_whole_program(self, exercise: Exercise, write: Callable[[str, str], Path]) -> None:
        (exercise.fixes / "solution.diff").unlink()
        write("solution.py", "# The solution.\nx = 1\n")
        assert exercise.sources("solution") == ["x = 1"]

    def test_without_it_fixes_that_differ_from_it_do_not_fit(
        self, exercise: Exercise, write: Callable[[str, str], Path]
    ) -> None:
        path = write("right_x.diff", "# It is.\n--- solution\n+++ right_x\n@@ -1,1 +1,1 @@\n-a\n+b\n")
        (exercise.fixes / "solution.diff").unlink()
        with pytest.raises(DifferenceError, match="has no solution"):
            read_fix(path, exercise)

    @pytest.mark.parametrize("base", ["right_z", "right_whole", "right_second"])
    def test_what_no_fix_can_differ_from_is_named(
        self, exercise: Exercise, write: Callable[[str, str], Path], base: str
    ) -> None:
        write("right_whole.py", "# Another program.\nprogram = print\n")
        write("right_first.diff", difference(PROGRAM, "right_first", "multi_az=False", "multi_az=1 > 0"))
        write(
            "right_second.diff", difference("right_first", "right_second", "multi_az=1 > 0", "multi_az=True")
        )
        path = write("right_x.diff", difference(base, "right_x", "multi_az=True", "multi_az=2 > 1"))
        assert "multi_az=True" in read_fix(exercise.fixes / "right_second.diff", exercise).text
        with pytest.raises(DifferenceError, match=rf"line 2: .*{base}"):
            read_fix(path, exercise)

    def test_a_base_that_does_not_fit_is_named(
        self, exercise: Exercise, write: Callable[[str, str], Path]
    ) -> None:
        write("right_first.diff", difference(PROGRAM, "right_first", "multi_az=None", "multi_az=1 > 0"))
        path = write("right_x.diff", difference("right_first", "right_x", "multi_az=1 > 0", "multi_az=True"))
        with pytest.raises(
            DifferenceError, match=r"right_x.diff, line 2: right_first.* cannot be used \(line "
        ):
            read_fix(path, exercise)


def difference(base: str, name: str, old: str, new: str) -> str:
    """A fix of one line, where the shipped program has its `multi_az`."""
    line = shipped().splitlines().index("        multi_az=False,") + 1
    hunk = f"@@ -{line},1 +{line},1 @@\n-        {old},\n+        {new},\n"
    return f"# It differs.\n--- {base}\n+++ {name}\n{hunk}"


@pytest.mark.parametrize("slug", [exercise.slug for exercise in catalogue()])
def test_every_fix_fits_and_storing_it_again_gives_the_same_file(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = find_exercise(slug)
    copy = tmp_path / slug
    shutil.copytree(exercise.fixes, copy)  # with the fixes from which others differ
    for _, path in [entry for entry in ALL if entry[0] == slug]:
        fix = read_fix(path, exercise)
        assert fix.about or fix.kind == "solution"
        before = path.read_bytes()
        assert path.is_relative_to(ROOT)
        with monkeypatch.context() as patch:
            patch.setattr(type(exercise), "fixes", copy)
            again = store(exercise, fix.name, fix.text, (fix.base,) if fix.base else ())
        assert (again.name, again.read_bytes()) == (path.name, before)
