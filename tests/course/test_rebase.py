"""A changed program: its fixes are carried over, and those that change the same lines are named and left alone."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from lab_support.course.exercises import Exercise, read_exercise
from lab_support.course.fixes import FixError, read_fix, store
from lab_support.course.rebase import CARRIED, CONFLICT, FITS, WHOLE, Rebased, earlier, merged, rebase
from tests.programs import SLUG, changed, shipped, solved


@pytest.fixture
def before(clone: Path, tmp_path: Path) -> Exercise:
    """The exercise with five fixes, as it was."""
    exercise = read_exercise(clone / "exercises" / f"{SLUG}.py")
    for name, old, new in (
        ("right_zone", "multi_az=False", "multi_az=True  # always"),
        ("wrong_size", "allocated_storage=100", "allocated_storage=10"),
        ("wrong_rotation", "enable_key_rotation=True", "enable_key_rotation=False"),
    ):
        header = "# It differs.\n" if name.startswith("right") else "# finding: REGRESSION\n# It differs.\n"
        store(exercise, name, header + changed(shipped(), old, new))
    text = changed(solved(), "publicly_accessible=False", "publicly_accessible=True")
    store(exercise, "wrong_public", f"# finding: REGRESSION\n# It is public.\n{text}")
    store(exercise, "error_name", "# A name that is unknown.\nprogram = something\n")
    shutil.copytree(clone / "exercises", tmp_path / "before" / "exercises")
    return read_exercise(tmp_path / "before" / "exercises" / f"{SLUG}.py")


def change(clone: Path, *changes: tuple[str, str]) -> Exercise:
    path = clone / "exercises" / f"{SLUG}.py"
    for old, new in changes:
        path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")
    return read_exercise(path)


def states(done: list[Rebased]) -> dict[str, str]:
    return {result.path.stem: result.state for result in done}


ALL_FIT = {
    "solution": FITS,
    "right_zone": FITS,
    "wrong_size": FITS,
    "wrong_rotation": FITS,
    "wrong_public": FITS,
    "error_name": WHOLE,
}
# Lines of the program in each of which a fix has its change, and a line above and below them all.
ABOVE = ('cidr_block="10.0.0.0/16",\n', 'cidr_block="10.0.0.0/16",\n        enable_dns_hostnames=True,\n')
BESIDE = ('storage_type="gp3"', 'storage_type="gp2"')
INSIDE = ("        allocated_storage=100,", "        allocated_storage=200,")


def test_without_a_change_all_fit_and_nothing_is_written(before: Exercise, clone: Path) -> None:
    files = {path: path.stat().st_mtime_ns for path in (clone / "exercises" / SLUG).iterdir()}
    assert states(rebase(change(clone), before)) == ALL_FIT
    assert files == {path: path.stat().st_mtime_ns for path in files}


def test_a_line_more_above_renews_the_numbers_of_all(before: Exercise, clone: Path) -> None:
    exercise = change(clone, ABOVE)
    assert set(states(rebase(exercise, before)).values()) == {CARRIED, WHOLE}
    exercise = replace(exercise)
    assert states(rebase(exercise, None)) == ALL_FIT
    for path in exercise.fixes.glob("*.diff"):
        (old,), (new,) = read_fix(before.fixes / path.name, before).cells, read_fix(path, exercise).cells
        assert new == changed(old, *ABOVE)


def test_so_it_does_without_the_earlier_program(before: Exercise, clone: Path) -> None:
    assert set(states(rebase(change(clone, ABOVE), None)).values()) == {CARRIED, WHOLE}


def test_a_changed_line_beside_a_fix_is_carried_over(before: Exercise, clone: Path) -> None:
    exercise = change(clone, BESIDE)
    assert states(rebase(exercise, before)) == {**ALL_FIT, "wrong_size": CARRIED}
    (cell,) = read_fix(exercise.fixes / "wrong_size.diff", exercise).cells
    assert cell == changed(changed(shipped(), *BESIDE), "allocated_storage=100", "allocated_storage=10")


def test_a_fix_that_changes_the_same_line_is_named_and_left_alone(before: Exercise, clone: Path) -> None:
    exercise = change(clone, INSIDE)
    path = exercise.fixes / "wrong_size.diff"
    stored = path.read_bytes()
    done = rebase(exercise, before)
    assert states(done) == {**ALL_FIT, "wrong_size": CONFLICT}
    (why,) = [result.why for result in done if result.state == CONFLICT]
    assert "`allocated_storage=100,` is `allocated_storage=200,` now" in why
    assert path.read_bytes() == stored
    text = merged(exercise, before, path)
    assert (
        "<<<<<<< the fix\n        allocated_storage=10,\n=======\n        allocated_storage=200,\n>>>>>>>"
        in text
    )


def test_on_demand_it_keeps_its_own_line(before: Exercise, clone: Path) -> None:
    exercise = change(clone, INSIDE)
    assert states(rebase(exercise, before, ["wrong_size"], keep=True)) == {"wrong_size": CARRIED}
    assert states(rebase(exercise, before)) == ALL_FIT


def test_without_the_earlier_program_what_has_changed_needs_a_person(before: Exercise, clone: Path) -> None:
    done = rebase(change(clone, BESIDE), None)
    assert states(done) == {**ALL_FIT, "wrong_size": CONFLICT}
    assert [result.why[:8] for result in done if result.why] == ["line 9: "]


def test_fixes_that_differ_from_a_solution_in_conflict_wait_for_it(before: Exercise, clone: Path) -> None:
    done = rebase(change(clone, ("multi_az=False", "multi_az=None")), before)
    assert states(done) == {**ALL_FIT, "solution": CONFLICT, "right_zone": CONFLICT, "wrong_public": CONFLICT}
    assert [result.why for result in done if result.path.stem == "wrong_public"] == [
        "it differs from the solution, which has to be repaired first"
    ]


def test_a_fix_of_a_fix_is_carried_over_after_it(before: Exercise, clone: Path) -> None:
    exercise, old = add_fix_of_fix(clone), add_fix_of_fix(before.path.parents[1])
    assert states(rebase(exercise, old))["wrong_zone"] == FITS
    exercise = change(clone, ABOVE, INSIDE)
    names = ["right_zone", "wrong_zone"]
    assert states(rebase(exercise, old, names)) == {"right_zone": CARRIED, "wrong_zone": CARRIED}
    path = exercise.fixes / "wrong_zone.diff"
    assert "--- right_zone\n" in path.read_text(encoding="utf-8")
    (cell,) = read_fix(path, exercise).cells
    assert all(text in cell for text in ("multi_az=True  # always", "gp2", "allocated_storage=200"))


def test_a_fix_of_a_fix_in_conflict_waits_for_it(before: Exercise, clone: Path) -> None:
    exercise, old = add_fix_of_fix(clone), add_fix_of_fix(before.path.parents[1])
    exercise = change(clone, ("multi_az=False", "multi_az=None"))
    (waiting,) = [result for result in rebase(exercise, old) if result.path.stem == "wrong_zone"]
    assert (waiting.state, waiting.waits_for) == (CONFLICT, "right_zone")


def add_fix_of_fix(folder: Path) -> Exercise:
    """The exercise in a folder, with a fix `wrong_zone` that differs from its `right_zone`."""
    exercise = read_exercise(folder / "exercises" / f"{SLUG}.py")
    (cell,) = read_fix(exercise.fixes / "right_zone.diff", exercise).cells
    text = f"# finding: REGRESSION\n# Slower, too.\n{changed(cell, *BESIDE)}"
    store(exercise, "wrong_zone", text, ["right_zone"])
    return exercise


def test_lines_of_the_earlier_program_in_a_whole_program_are_named(before: Exercise, clone: Path) -> None:
    text = "# Only its size.\ndef program(environment_suffix: str) -> None:\n    allocated_storage=100,\n"
    (before.fixes / "error_name.py").write_text(text, encoding="utf-8")
    exercise = change(clone, INSIDE)
    (exercise.fixes / "error_name.py").write_text(text, encoding="utf-8")
    (whole,) = rebase(exercise, before, ["error_name"])
    assert (whole.state, whole.why) == (WHOLE, "line 3 is still `allocated_storage=100,`")


def test_a_file_that_is_no_difference_needs_a_person(before: Exercise, clone: Path) -> None:
    exercise = change(clone, ABOVE)
    (exercise.fixes / "wrong_size.diff").write_text("# finding: A\n", encoding="utf-8")
    assert states(rebase(exercise, before))["wrong_size"] == CONFLICT


class TestEarlier:
    def git(self, folder: Path, *arguments: str) -> None:
        author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", str(folder), *author, *arguments], check=True, capture_output=True)

    def test_it_is_the_one_that_git_has(self, before: Exercise, clone: Path, tmp_path: Path) -> None:
        self.git(clone, "init", "--quiet")
        self.git(clone, "add", ".")
        self.git(clone, "commit", "--quiet", "-m", "x")
        exercise = change(clone, ABOVE)
        (exercise.fixes / "solution.diff").unlink()
        (tmp_path / "scratch").mkdir()
        found = earlier(exercise, "HEAD", tmp_path / "scratch")
        assert (found.sources("exercise"), found.sources("solution")) == ([shipped()], [solved()])

    def test_or_a_copy_of_its_file(self, before: Exercise, clone: Path, tmp_path: Path) -> None:
        (tmp_path / "scratch").mkdir()
        found = earlier(change(clone, ABOVE), str(before.path), tmp_path / "scratch")
        assert found.sources("solution") == [solved()]

    def test_where_git_has_none_that_is_said(self, before: Exercise, clone: Path, tmp_path: Path) -> None:
        (tmp_path / "scratch").mkdir()
        with pytest.raises(FixError, match="--base FILE"):
            earlier(change(clone), "HEAD", tmp_path / "scratch")
