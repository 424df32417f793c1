"""The `lab` command: its answers for people and for scripts, its exit codes, and what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import click
import pytest
from click.testing import CliRunner, Result

from lab_support.checking import validation
from lab_support.checking.validation import Claim
from lab_support.cli.main import _Lazy, main
from lab_support.course import progress
from lab_support.course.exercises import Exercise
from lab_support.course.notebooks import build, is_edited
from tests.programs import SLUG, solved

COMMANDS = sorted(main.list_commands(click.Context(main)))


def lab(*arguments: str, code: int = 0, input: str | None = None) -> Result:
    """Calls the command; fails unless it ends with this exit code."""
    done = CliRunner().invoke(main, arguments, input=input)
    told = f"{done.stdout}{done.stderr}"
    assert done.exit_code == code, f"{done.exit_code}: {told}\n{done.exception!r}"
    assert "Traceback" not in told
    return done


def as_json(*arguments: str, code: int = 0) -> Any:
    """The one object that a command prints for scripts."""
    done = lab(*arguments, "--json", code=code)
    assert done.stderr == ""
    return json.loads(done.stdout)


@pytest.fixture
def learner(clone: Path) -> Path:
    """A clone with everything built; returns the folder of the notebooks."""
    build()
    return clone / "notebooks"


def repaired(folder: Path) -> Path:
    """The notebook after the learner has worked on it."""
    path = folder / f"{SLUG}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if cell["id"] == "02-exercise-1":
            cell["source"] = solved().splitlines(keepends=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def passed(folder: Path) -> None:
    text = json.dumps(
        {"version": 1, "exercises": {SLUG: {"checks": 3, "points": 2, "passed_at": "2026-01-01"}}}
    )
    (folder / progress.FILE_NAME).write_text(text, encoding="utf-8")


class TestHelp:
    def test_the_commands_of_the_contract_are_there(self) -> None:
        contract = [
            "build",
            "check",
            "doctor",
            "hint",
            "list",
            "preview",
            "reset",
            "solution",
            "start",
            "validate",
        ]
        assert set(contract) <= set(COMMANDS)
        assert sorted(_Lazy.COMMANDS) == COMMANDS

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_each_command_explains_itself(self, command: str, option: str) -> None:
        text = lab(command, option).stdout
        assert text.startswith("Usage: ")
        assert len(text.splitlines()) > 5

    def test_the_whole_explains_itself(self) -> None:
        text = lab("--help").stdout
        assert all(f"\n  {command} " in text for command in COMMANDS)

    def test_it_has_a_version(self) -> None:
        assert "0.1.0" in lab("--version").stdout

    @pytest.mark.parametrize("arguments", [["no-such-command"], ["list", "--no-such-option"], ["hint"]])
    def test_a_wrong_call_is_exit_code_2(self, arguments: list[str]) -> None:
        lab(*arguments, code=2)

    @pytest.mark.parametrize("command", ["check", "hint", "reset", "solution", "validate"])
    def test_an_unknown_exercise_is_exit_code_2(self, command: str, clone: Path) -> None:
        done = lab(command, "99", code=2)
        assert f"there is no exercise '99'; there are: {SLUG}" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize("command", ["check", "hint", "validate"])
    def test_for_scripts_too(self, command: str, clone: Path) -> None:
        assert list(as_json(command, "99", code=2)) == ["error"]


class TestList:
    KEYS: ClassVar = [
        "slug",
        "title",
        "severity",
        "category",
        "minutes",
        "passed",
        "passed_at",
        "checks",
        "hints",
        "edited",
        "points",
        "of",
        "state",
        "passed_checks",
        "passed_hints",
        "solution_seen",
        "outdated",
    ]

    def test_a_new_learner(self, learner: Path) -> None:
        data = as_json("list")
        (row,) = data["exercises"]
        assert list(row) == self.KEYS
        assert (row["slug"], row["severity"], row["of"]) == (SLUG, "High", 2)
        assert (row["passed"], row["edited"], row["checks"], row["points"]) == (False, False, 0, 0)
        assert (data["points"], data["of"]) == (0, 2)
        assert lab("list").stdout.startswith(f"new       {SLUG}")

    def test_one_who_has_begun(self, learner: Path) -> None:
        repaired(learner)
        assert as_json("list")["exercises"][0]["edited"] is True
        assert "begun" in lab("list").stdout

    def test_one_who_has_passed(self, learner: Path) -> None:
        passed(learner)
        data = as_json("list")
        assert data["points"] == 2
        assert data["exercises"][0]["passed_at"] == "2026-01-01"
        text = lab("list").stdout
        assert "✓ passed" in text
        assert "1 of 1 exercises passed, 2 of 2 points" in text

    def test_without_notebooks(self, clone: Path) -> None:
        assert as_json("list")["exercises"][0]["edited"] is False

    def test_with_a_broken_progress_file(self, learner: Path) -> None:
        (learner / progress.FILE_NAME).write_text("{", encoding="utf-8")
        assert as_json("list")["exercises"][0]["checks"] == 0


class TestHint:
    def test_one_after_the_other_then_the_last_again(self, learner: Path) -> None:
        steps = [as_json("hint", SLUG) for _ in range(4)]
        assert [each["step"] for each in steps] == [1, 2, 3, 3]
        assert steps[0].keys() == {"exercise", "step", "of", "text"}
        assert steps[0]["of"] == 3
        assert len({each["text"] for each in steps}) == 3
        assert as_json("list")["exercises"][0]["hints"] == 3

    def test_a_certain_one(self, learner: Path) -> None:
        assert "multi_az=True" in lab("hint", "02", "3").stdout
        assert "multi_az" not in lab("hint", "02", "1").stdout
        assert as_json("hint", SLUG)["step"] == 3

    def test_it_is_plain_text(self, learner: Path) -> None:
        for step in ("1", "2", "3"):
            text = lab("hint", SLUG, step).stdout
            assert text.startswith(f"Hint {step} of 3: ")
            assert "<" not in text.replace("<SUFFIX>", "")

    @pytest.mark.parametrize("step", ["0", "4", "first"])
    def test_there_are_three(self, learner: Path, step: str) -> None:
        lab("hint", SLUG, step, code=2)


class TestSolution:
    def test_it_is_shown_when_confirmed(self, learner: Path) -> None:
        text = lab("solution", SLUG, "--yes").stdout
        assert "-        multi_az=False," in text
        assert "+        multi_az=True," in text
        assert f"solutions/{SLUG}.ipynb" in text

    def test_after_a_pass_nobody_asks(self, learner: Path) -> None:
        passed(learner)
        assert "multi_az=True" in lab("solution", SLUG).stdout

    def test_without_a_terminal_there_is_nobody_to_ask(self, learner: Path) -> None:
        done = lab("solution", SLUG, code=2)
        assert "--yes" in done.stderr
        assert "multi_az" not in done.stdout

    @pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1)])
    def test_at_a_terminal_it_asks(self, learner: Path, at_a_terminal: None, answer: str, code: int) -> None:
        done = lab("solution", SLUG, code=code, input=answer)
        assert "You have not passed" in done.stdout
        assert ("multi_az=True" in done.stdout) is (code == 0)


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the input of CliRunner look like a terminal."""
    from click import testing

    monkeypatch.setattr(testing._NamedTextIOWrapper, "isatty", lambda self: True, raising=False)


class TestChanges:
    def test_as_shipped_nothing_has_changed(self, learner: Path) -> None:
        assert "Nothing changed" in lab("changes", SLUG).stdout

    def test_a_repair_is_shown_property_by_property(self, learner: Path) -> None:
        repaired(learner)
        text = lab("changes", "02", "--stack", "prod").stdout
        assert "rds.Instance  emergency-alert-db-prod" in text
        assert "-   multi_az: False" in text
        assert "+   multi_az: True" in text

    def test_without_a_notebook(self, clone: Path) -> None:
        assert "there is no file" in lab("changes", SLUG, code=2).stderr


class TestReset:
    def test_the_notebook_is_as_shipped_and_the_learners_kept(self, learner: Path) -> None:
        path = repaired(learner)
        mine = path.read_bytes()
        done = lab("reset", SLUG, "--yes")
        assert not is_edited(path)
        (copy,) = (learner / ".backup").iterdir()
        assert copy.read_bytes() == mine
        assert copy.name in done.stdout

    def test_what_was_passed_is_kept(self, learner: Path) -> None:
        passed(learner)
        lab("reset", SLUG, "--yes")
        assert as_json("list")["exercises"][0]["passed"] is True

    def test_one_that_is_missing_is_made(self, clone: Path) -> None:
        lab("reset", SLUG, "--yes")
        assert (clone / "notebooks" / f"{SLUG}.ipynb").is_file()

    def test_without_a_terminal_nothing_is_done(self, learner: Path) -> None:
        path = repaired(learner)
        before = path.read_bytes()
        assert "--yes" in lab("reset", SLUG, code=2).stderr
        assert path.read_bytes() == before

    def test_a_no_changes_nothing(self, learner: Path, at_a_terminal: None) -> None:
        path = repaired(learner)
        before = path.read_bytes()
        assert "Nothing was changed." in lab("reset", SLUG, code=1, input="n\n").stdout
        assert path.read_bytes() == before


class TestBuild:
    NAMES: ClassVar = [f"notebooks/{SLUG}.ipynb", f"solutions/{SLUG}.ipynb"]

    def test_it_says_what_it_did(self, clone: Path) -> None:
        assert as_json("build") == {"files": [{"path": name, "state": "written"} for name in self.NAMES]}
        assert lab("build").stdout.splitlines() == [f"{name}: unchanged" for name in self.NAMES]

    def test_check_tells_what_is_stale_and_writes_nothing(self, clone: Path) -> None:
        assert as_json("build", "--check", code=1) == {"stale": self.NAMES}
        assert not (clone / "notebooks").exists()
        assert f"  {self.NAMES[0]}" in lab("build", "--check", code=1).stdout
        lab("build")
        assert as_json("build", "--check") == {"stale": []}
        assert "are what exercises/ says" in lab("build", "--check").stdout

    def test_an_edited_notebook_needs_force(self, learner: Path) -> None:
        path = repaired(learner)
        mine = path.read_bytes()
        assert "kept" in lab("build").stdout
        assert path.read_bytes() == mine
        lab("build", "--check", code=1)
        lab("build", "--force")
        lab("build", "--check")
        assert [copy.read_bytes() for copy in (learner / ".backup").iterdir()] == [mine]


class TestValidate:
    @pytest.fixture
    def claimed(self, clone: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        def claims(*holds: bool) -> None:
            def made(*exercise: Exercise) -> Iterator[Claim]:
                return (
                    Claim(exercise.slug, f"claim {n}", each, "another")
                    for exercise in exercise
                    for n, each in enumerate(holds)
                )

            monkeypatch.setattr(validation, "claims", made)

        return claims

    def test_all_claims_hold(self, claimed: Callable[..., None]) -> None:
        claimed(True, True)
        data = as_json("validate", SLUG)
        assert data["broken"] == 0
        assert list(data["claims"][0]) == ["exercise", "what", "holds", "saw"]
        assert "2 claims looked at" in lab("validate").stdout

    def test_a_broken_claim_is_told(self, claimed: Callable[..., None]) -> None:
        claimed(True, False)
        assert as_json("validate", code=1)["broken"] == 1
        text = lab("validate", code=1).stdout
        assert f"BROKEN  {SLUG}: claim 1\n          but: another" in text
        assert "1 claim did not hold" in text
        assert "claim 0" not in text

    def test_nothing_to_validate_is_not_well(self, clone: Path) -> None:
        (clone / "exercises" / f"{SLUG}.py").unlink()
        lab("validate", code=1)


class TestDoctor:
    def test_this_machine_has_what_it_takes(self, learner: Path) -> None:
        data = as_json("doctor")
        assert data["ok"] is True
        facts = {fact["what"]: fact for fact in data["facts"]}
        assert {
            "Python",
            "pulumi",
            "Pulumi CLI",
            "temporary folder",
            f"notebooks/{SLUG}.ipynb",
        } <= facts.keys()
        assert facts["pulumi"]["actual"] == "3.259.0"
        assert facts[f"notebooks/{SLUG}.ipynb"]["actual"] == "as shipped"
        assert "Everything is there." in lab("doctor").stdout

    def test_an_edited_notebook_is_well(self, learner: Path) -> None:
        repaired(learner)
        facts = {fact["what"]: fact["actual"] for fact in as_json("doctor")["facts"]}
        assert facts[f"notebooks/{SLUG}.ipynb"] == "edited by you"

    def test_what_is_missing_is_told_with_its_remedy(self, clone: Path) -> None:
        data = as_json("doctor", code=1)
        assert data["ok"] is False
        assert [fact["what"] for fact in data["facts"] if not fact["ok"]] == [f"notebooks/{SLUG}.ipynb"]
        text = lab("doctor", code=1).stdout
        assert f"✗ notebooks/{SLUG}.ipynb: missing\n    Run `lab build`." in text
        assert "Something is missing" in text

    def test_a_machine_without_the_engine(self, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from lab_support.toolchain import doctor

        monkeypatch.setattr(doctor, "find_pulumi", lambda: None)
        (bad,) = [fact for fact in as_json("doctor", code=1)["facts"] if not fact["ok"]]
        assert bad["what"] == "Pulumi CLI"
        assert "make set-up" in bad["fix"]


class TestStart:
    def test_a_notebook_that_does_not_exist_is_exit_code_2(self, learner: Path) -> None:
        assert "there is no notebook 'nothing'" in lab("start", "nothing", code=2).stderr

    @pytest.mark.parametrize("name", [SLUG, f"{SLUG}.ipynb", "02"])
    def test_a_notebook_is_found_by_its_name(self, learner: Path, name: str) -> None:
        from lab_support.cli.machine import _opened

        assert _opened(name) == learner / f"{SLUG}.ipynb"

    def test_without_a_name_it_is_the_start_page(self, learner: Path) -> None:
        from lab_support.cli.machine import _opened

        assert _opened(None) == learner / f"{SLUG}.ipynb", "where there is no start page"
        (learner / "00_start_here.ipynb").touch()
        assert _opened(None) == learner / "00_start_here.ipynb"


def test_the_names_that_notebooks_import_are_all_there() -> None:
    import lab_support

    assert {name for name in lab_support.__all__ if getattr(lab_support, name, None) is None} == set()
    assert set(lab_support.__all__) <= set(dir(lab_support))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = lab_support.nothing
