"""`lab doctor` and `lab start`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from lab_support.cli import machine
from lab_support.cli.machine import find_notebook
from lab_support.cli.main import main
from lab_support.toolchain import ToolchainError, doctor
from tests.cli.lab import as_json, lab, repaired
from tests.programs import SLUG


class TestDoctor:
    def test_doctor_finds_this_machine_ready(self, learner: Path) -> None:
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
        assert "This machine is ready." in lab("doctor").stdout

    def test_doctor_accepts_an_edited_notebook(self, learner: Path) -> None:
        repaired(learner)
        facts = {fact["what"]: fact["actual"] for fact in as_json("doctor")["facts"]}
        assert facts[f"notebooks/{SLUG}.ipynb"] == "edited by you"

    def test_doctor_names_what_is_missing_with_its_remedy(self, clone: Path) -> None:
        data = as_json("doctor", code=1)
        assert data["ok"] is False
        assert [fact["what"] for fact in data["facts"] if not fact["ok"]] == [f"notebooks/{SLUG}.ipynb"]
        text = lab("doctor", code=1).stdout
        assert f"✗ notebooks/{SLUG}.ipynb: missing\n    Run `lab build`." in text
        assert "Something is missing" in text

    def test_doctor_misses_the_pulumi_cli(self, learner: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(doctor, "find_pulumi", lambda: None)
        (bad,) = [fact for fact in as_json("doctor", code=1)["facts"] if not fact["ok"]]
        assert bad["what"] == "Pulumi CLI"
        assert "make set-up" in bad["fix"]


class TestStart:
    def test_starting_an_unknown_notebook_is_a_usage_error(self, learner: Path) -> None:
        assert "there is no notebook 'nothing'" in lab("start", "nothing", code=2).stderr

    def test_starting_an_unknown_notebook_writes_nothing(self, clone: Path) -> None:
        before = sorted(clone.rglob("*"))
        lab("start", "nothing", code=2)
        assert sorted(clone.rglob("*")) == before

    def test_a_notebook_is_found_by_its_number(self, learner: Path) -> None:
        assert (
            machine.find_notebook("2") == machine.find_notebook("02") == (learner / f"{SLUG}.ipynb").resolve()
        )

    def test_start_gets_the_pulumi_cli_where_it_is_missing(
        self, learner: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def obtain(progress: Callable[[str], None]) -> None:
            progress("downloading: 10 of 60 MB")
            raise ToolchainError("could not get it; put pulumi on PATH")

        served: list[list[str]] = []
        monkeypatch.setattr(machine, "find_pulumi", lambda: None)
        monkeypatch.setattr(machine, "obtain_pulumi", obtain)
        monkeypatch.setattr("os.execve", lambda program, arguments, environment: served.append(arguments))
        monkeypatch.setattr("subprocess.call", lambda arguments, env: served.append(arguments))
        monkeypatch.chdir(learner)
        done = CliRunner().invoke(main, ["start", "--no-browser"])
        assert "Getting the Pulumi CLI" in done.stdout
        assert "downloading: 10 of 60 MB" in done.stderr
        assert "put pulumi on PATH" in done.stderr
        assert len(served) == 1, "the notebooks can be read without it"

    @pytest.mark.parametrize("name", [SLUG, f"{SLUG}.ipynb", "02"])
    def test_a_notebook_is_found_by_its_name(self, learner: Path, name: str) -> None:
        assert find_notebook(name) == learner / f"{SLUG}.ipynb"

    def test_start_without_a_name_opens_the_start_page(self, learner: Path) -> None:
        assert find_notebook(None) == learner / f"{SLUG}.ipynb", "where there is no start page"
        (learner / "00_start_here.ipynb").touch()
        assert find_notebook(None) == learner / "00_start_here.ipynb"
