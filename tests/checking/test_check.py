"""A check: which environments it tries, what becomes a finding, what does not, and when an exercise is passed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lab_support import check
from lab_support.checking.check import refuses_a_name
from lab_support.checking.environments import ENVIRONMENTS, drawn_environments
from lab_support.checking.verdict import CheckFailed, Verdict
from lab_support.course.exercises import UnknownExercise
from lab_support.engine import operations
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.mock_aws.data import read
from lab_support.mock_aws.data.name_limits import limit_in
from lab_support.mock_aws.services import specs
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan
from tests.checking.pretended import Outcome, Pretend, a_plan_of, a_refusal, judged, program, run_check
from tests.plans import a_plan, a_resource
from tests.programs import SLUG

pytestmark = pytest.mark.usefixtures("pretend")
NO_SUCH_NAME = a_refusal("2024-flood", text='first character of "identifier" must be a letter')


class TestPassing:
    def test_a_check_without_findings_is_passed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with check(SLUG, program) as verdict:
            for plan in verdict.plans:
                with verdict.finding("SINGLE-ZONE", "db", "hint"):
                    assert plan.resources
        assert verdict.passed
        assert verdict.points == 2
        tried = ", ".join(verdict.environments)
        assert f"{SLUG}: passed, 2 of 2 points. Tried in {tried}." in capsys.readouterr().out

    def test_a_cell_with_a_check_leaves_no_name_but_the_verdict(self) -> None:
        names = {"check": check, "program": program, "plan": "the learner's", "__name__": "__main__"}
        cell = (
            f"with check({SLUG!r}, program) as verdict:\n    for plan in verdict.plans:\n        found = plan"
        )
        exec(cell, names)
        assert names["plan"] == "the learner's"
        assert "found" not in names
        assert names["verdict"].passed

    def test_an_unfinished_check_has_no_verdict_and_no_points(self) -> None:
        verdict = check(SLUG, program)
        assert verdict.passed is None
        assert verdict.points == 0

    def test_the_plan_to_show_is_the_first_that_was_not_refused(self, pretend: Pretend) -> None:
        pretend(
            lambda environment: a_refusal(environment) if environment == "dev" else a_plan_of(environment)
        )
        verdict = check(SLUG, program)
        assert verdict.plan is not None
        assert verdict.plan.stack == "demo"


class TestRefusals:
    def test_a_refusal_becomes_a_finding_with_the_accounts_message(self, pretend: Pretend) -> None:
        pretend(
            lambda environment: a_refusal(environment) if environment == "prod" else a_plan_of(environment)
        )
        verdict = check(SLUG, program)
        with pytest.raises(CheckFailed), verdict:
            seen = [plan.stack for plan in verdict.plans]
        assert "prod" not in seen
        assert len(seen) == len(verdict.environments) - 1
        (finding,) = verdict.findings
        assert (finding.id, finding.resource, finding.what) == (
            "REFUSED",
            "db-prod",
            "InvalidParameterValue: no",
        )
        assert finding.environments == ("prod",)

    def test_a_refusal_in_every_environment_is_one_finding_and_no_plan(self, pretend: Pretend) -> None:
        pretend(a_refusal)
        verdict = check(SLUG, program)
        with pytest.raises(CheckFailed), verdict:
            assert list(verdict.plans) == []
        assert [finding.id for finding in verdict.findings] == ["REFUSED"]
        assert verdict.plan is None

    def test_a_refusal_without_a_resource_is_about_the_program(self, pretend: Pretend) -> None:
        pretend(
            lambda environment: PreviewFailed([Diagnostic("error", "Duplicate resource URN")], environment)
        )
        verdict = check(SLUG, program)
        with pytest.raises(CheckFailed), verdict:
            list(verdict.plans)
        assert verdict.findings[0].resource == "the program"


class TestWhatIsNoFinding:
    def test_an_error_in_the_program_stays_a_program_error(self, pretend: Pretend) -> None:
        error = ProgramError("NameError: x", environment="demo")
        pretend(lambda environment: error if environment == "demo" else a_refusal(environment))
        with pytest.raises(ProgramError) as caught, check(SLUG, program) as verdict:
            list(verdict.plans)
        assert caught.value is error

    def test_a_program_that_loops_is_blamed_and_not_the_engines_that_it_slows_down(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # A loop in one thread leaves the others so little time that their engines may not finish either.
        def preview(program: Any, environment: str, *options: Any) -> Plan:
            if environment == "dev":
                raise InternalError("the engine did not finish in time")
            raise ProgramError("The program did not finish within the time limit.")

        monkeypatch.undo()
        monkeypatch.setattr(operations, "_preview", preview)
        monkeypatch.setattr(operations, "can_batch", lambda *options: False)
        with pytest.raises(ProgramError), check(SLUG, program) as verdict:
            list(verdict.plans)

    def test_an_error_in_the_check_is_an_internal_error(self) -> None:
        with (
            pytest.raises(InternalError, match="the check itself failed: ZeroDivisionError"),
            check(SLUG, program),
        ):
            1 / 0  # noqa: B018

    def test_an_assertion_outside_a_finding_is_an_internal_error(self) -> None:
        with (
            pytest.raises(InternalError, match="the check itself failed: AssertionError"),
            check(SLUG, program),
        ):
            raise AssertionError("nobody's finding")

    def test_a_check_that_examined_no_plan_is_an_internal_error(self) -> None:
        with pytest.raises(InternalError, match="examined no plan"), check(SLUG, program):
            pass

    def test_an_error_inside_a_finding_that_is_no_assertion_is_an_internal_error(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            with verdict.finding("SINGLE-ZONE", "db", "hint"):
                {}["x"]

        verdict = check(SLUG, program)
        with pytest.raises(InternalError, match="KeyError"):
            run_check(verdict, look)
        assert verdict.findings == []

    def test_an_interrupt_ends_the_check_as_an_interrupt(self) -> None:
        with pytest.raises(KeyboardInterrupt), check(SLUG, program):
            raise KeyboardInterrupt

    def test_an_unknown_exercise_is_named_in_the_error(self) -> None:
        with pytest.raises(UnknownExercise, match="no exercise '99'; there are: "):
            check("99", program)


class TestEnvironments:
    def test_an_exercise_can_choose_its_environments(self) -> None:
        names: dict[str, Any] = {}
        exec(compile("def program(suffix): ...", "<a cell without source>", "exec"), names)
        alone = names["program"]
        verdict = check(SLUG, alone, environments=("dev", "prod"), seed=7)
        assert verdict.environments == ("dev", "prod", *drawn_environments(7))

    def test_environments_that_the_program_names_are_tried_even_so(self) -> None:
        def other(environment_suffix: str) -> bool:
            return environment_suffix == "staging"

        assert "staging" in check(SLUG, other, environments=("dev",)).environments

    def test_every_check_tries_the_announced_environments_and_two_drawn_ones(self) -> None:
        verdict = check(SLUG, program)
        announced, drawn = verdict.environments[:-2], verdict.environments[-2:]
        assert announced[: len(ENVIRONMENTS)] == ENVIRONMENTS
        assert {"dev", "demo", "prod"} < set(announced), "the contract names them"
        prefixes = [name[:-1] for name in announced]
        assert len(prefixes) > len(set(prefixes)), "two of them share a prefix"
        assert drawn == drawn_environments(verdict.seed, announced)

    @pytest.mark.parametrize("error", [NO_SUCH_NAME, ProgramError("ValueError: 2024-flood")])
    def test_an_unusual_environment_that_cannot_exist_is_not_held_against_the_program(
        self, pretend: Pretend, error: Outcome
    ) -> None:
        pretend(lambda environment: error if environment[0].isdigit() else a_plan_of(environment))
        with check(SLUG, not_in_the_flood) as verdict:
            assert "2024-flood" not in [plan.stack for plan in verdict.plans]
        assert "2024-flood" not in verdict.environments

    def test_a_refusal_in_an_unusual_environment_that_is_no_matter_of_names_is_held_against_the_program(
        self, pretend: Pretend
    ) -> None:
        error = a_refusal("2024-flood", text="encrypted must be set to true when kms_key_id is specified")
        pretend(lambda environment: error if environment[0].isdigit() else a_plan_of(environment))
        with pytest.raises(CheckFailed), check(SLUG, not_in_the_flood) as verdict:
            list(verdict.plans)

    def test_every_form_that_a_name_must_have_is_known_as_such(self) -> None:
        forms = [form.text for spec in specs().values() for form in spec.name_forms]
        limits = [limit_in(entry) for entry in read("name_limits")["types"].values()]
        forms += [limit.fault(name) for limit in limits for name in ("", "-", "-" * 2_000)]
        refusals = [a_refusal("dev", text=text) for text in forms if text]
        assert len(refusals) > 60
        assert [refusal for refusal in refusals if not refuses_a_name(refusal)] == []

    @pytest.mark.parametrize("error", [NO_SUCH_NAME, ProgramError("ValueError: 2024-flood")])
    def test_one_that_is_refused_where_others_like_it_are_not_is_held_against_the_program(
        self, pretend: Pretend, error: Outcome
    ) -> None:
        pretend(lambda environment: error if environment == "2024-flood" else a_plan_of(environment))
        with pytest.raises((CheckFailed, ProgramError)), check(SLUG, not_in_the_flood) as verdict:
            list(verdict.plans)

    def test_an_unusual_environment_under_another_name_is_not_judged(self, pretend: Pretend) -> None:
        shortened = a_plan(a_resource("rds.Instance", "db-fl"), stack="2024-flood")
        pretend(lambda environment: shortened if environment == "2024-flood" else a_plan_of(environment))
        with check(SLUG, not_in_the_flood) as verdict:
            assert "2024-flood" not in [plan.stack for plan in verdict.plans]

    def test_an_unusual_environment_that_can_exist_is_judged(self) -> None:
        with check(SLUG, not_in_the_flood) as verdict:
            assert "2024-flood" in [plan.stack for plan in verdict.plans]
        assert "2024-flood" in verdict.environments

    def test_words_that_are_too_many_for_one_run_are_tried_in_another(self) -> None:
        names: dict[str, Any] = {}
        words = tuple(f"word{number}" for number in range(40))
        exec(compile(f"def program(suffix): return suffix in {words}", "<cell 1>", "exec"), names)
        with check(SLUG, names["program"]) as verdict:
            assert {*words} <= {plan.stack for plan in verdict.plans}

    def test_two_checks_draw_different_environments(self) -> None:
        assert len({check(SLUG, program).environments[-2:] for _ in range(10)}) > 5

    def test_a_seed_from_lab_check_draws_the_same_environments(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PULUMI_REVIEW_LAB_SEED", "41")
        assert check(SLUG, program).seed == 41
        assert check(SLUG, program).environments == check(SLUG, program).environments


def not_in_the_flood(environment_suffix: str) -> bool:
    return environment_suffix != "2024-flood"


def test_a_check_counts_in_the_learners_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{SLUG}.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    judged("dev")
    with check(SLUG, program) as verdict:
        list(verdict.plans)
    entry = json.loads((tmp_path / ".progress.json").read_text(encoding="utf-8"))["exercises"][SLUG]
    assert (entry["checks"], entry["points"]) == (2, 2)
    assert entry["passed_at"]
    assert os.listdir(tmp_path).count(f"{SLUG}.ipynb") == 1
