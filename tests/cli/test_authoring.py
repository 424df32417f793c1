"""`lab build` and `lab validate`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from lab_support.checking import validation
from lab_support.checking.validation import Claim
from lab_support.course.exercises import Exercise, find_exercise
from lab_support.course.places import LEARNER_MARK, ROOT_VARIABLE
from tests.cli.lab import as_json, lab, repaired
from tests.programs import ROOT, SLUG


class TestBuild:
    NAMES: ClassVar = [f"notebooks/{SLUG}.ipynb", f"solutions/{SLUG}.ipynb"]

    def test_build_lists_what_it_wrote(self, clone: Path) -> None:
        assert as_json("build") == {"files": [{"path": name, "state": "written"} for name in self.NAMES]}
        assert lab("build").stdout.splitlines() == [f"{name}: unchanged" for name in self.NAMES]

    def test_build_check_lists_stale_files_and_writes_nothing(self, clone: Path) -> None:
        assert as_json("build", "--check", code=1) == {"stale": self.NAMES}
        assert not (clone / "notebooks").exists()
        assert f"  {self.NAMES[0]}" in lab("build", "--check", code=1).stdout
        lab("build")
        assert as_json("build", "--check") == {"stale": []}
        assert as_json("build", "--check") == {"stale": []}

    def test_build_replaces_an_edited_notebook_only_with_force(self, learner: Path) -> None:
        path = repaired(learner)
        mine = path.read_bytes()
        assert "kept" in lab("build").stdout
        assert path.read_bytes() == mine
        lab("build", "--check", code=1)
        lab("build", "--force")
        lab("build", "--check")
        assert [copy.read_bytes() for copy in (learner / ".backup").iterdir()] == [mine]


class TestLearnersCourse:
    @pytest.fixture
    def course(self, clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A learner's course, which the commands then work in."""
        folder = tmp_path / "course"
        shutil.copytree(ROOT / "exercises", folder / "exercises")
        (folder / "exercises" / LEARNER_MARK).write_text("", encoding="utf-8")
        monkeypatch.setenv(ROOT_VARIABLE, str(folder))
        return folder

    @pytest.mark.parametrize(
        "command",
        [
            ("solution", SLUG, "--yes"),
            ("repairs", SLUG),
            ("validate",),
            ("fix", "list", SLUG),
            ("review-exercise", "new"),
            ("review-exercise", "stock"),
            ("key", "42"),
            ("dataset", "elsewhere"),
        ],
        ids=" ".join,
    )
    def test_what_needs_a_solution_is_a_usage_error_that_says_who_has_it(
        self, course: Path, command: tuple[str, ...]
    ) -> None:
        assert "your instructor has them" in lab(*command, code=2).stderr

    def test_it_cannot_be_built_from_another_learners_course(self, course: Path, tmp_path: Path) -> None:
        lab("build", "--learner", str(tmp_path / "again"), code=2)
        assert not (tmp_path / "again").exists()

    def test_check_and_force_have_no_meaning_for_it(self, tmp_path: Path) -> None:
        lab("build", "--learner", str(tmp_path / "new"), "--force", code=2)
        assert not (tmp_path / "new").exists()

    def test_the_command_says_where_the_notebooks_are(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(ROOT_VARIABLE, str(ROOT))
        folder = tmp_path / "new"
        written = as_json("build", "--learner", str(folder))
        assert written["folder"] == str(folder)
        assert sorted(written["notebooks"]) == sorted(path.name for path in (folder / "notebooks").iterdir())


class TestValidate:
    @pytest.fixture
    def claimed(self, clone: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        def claims(*holds: bool) -> None:
            def made(*exercise: Exercise) -> Iterator[Claim]:
                return (
                    Claim(exercise.slug, f"claim {n}", is_true, "another")
                    for exercise in exercise
                    for n, is_true in enumerate(holds)
                )

            monkeypatch.setattr(validation, "claims", made)

        return claims

    def test_validate_succeeds_when_all_claims_hold(self, claimed: Callable[..., None]) -> None:
        claimed(True, True)
        data = as_json("validate", SLUG)
        assert data["broken"] == 0
        assert list(data["claims"][0]) == ["exercise", "what", "holds", "saw"]
        assert "2 claims checked" in lab("validate").stdout

    def test_validate_prints_a_broken_claim_and_fails(self, claimed: Callable[..., None]) -> None:
        claimed(True, False)
        assert as_json("validate", code=1)["broken"] == 1
        text = lab("validate", code=1).stdout
        assert f"BROKEN  {SLUG}: claim 1\n          but: another" in text
        assert "1 claim did not hold" in text
        assert "claim 0" not in text

    def test_validate_without_exercises_fails(self, clone: Path) -> None:
        (clone / "exercises" / f"{SLUG}.py").unlink()
        lab("validate", code=1)


class TestKey:
    @pytest.mark.parametrize("name", ["06", "06_code_review"])
    def test_an_exercise_has_a_key_with_its_findings_and_repairs(self, name: str) -> None:
        printed = lab("key", name).stdout
        assert printed.startswith("Key of 06_code_review: 5 flaws\n")
        assert all(finding in printed for finding in find_exercise("06").severities)
        assert "multi_az=True," in printed
        assert [flaw["finding"] for flaw in as_json("key", name)["flaws"]] == list(
            find_exercise("06").severities
        )

    def test_a_number_without_a_leading_zero_is_the_seed_of_a_review(self) -> None:
        assert lab("key", "6").stdout.startswith("Key of review_6_")
