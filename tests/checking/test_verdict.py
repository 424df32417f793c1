"""Assertions become findings, findings a verdict; what is no finding never becomes one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_support import check
from lab_support.checking.environments import ENVIRONMENTS, unforeseen_environment
from lab_support.checking.verdict import CheckFailed, Verdict
from lab_support.course import progress
from lab_support.course.exercises import UnknownExercise
from lab_support.engine import operations
from lab_support.errors import InternalError, PreviewFailed, ProgramError
from lab_support.plan.diagnostic import Diagnostic
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource
from tests.processes import python
from tests.programs import SLUG

Outcome = Plan | ProgramError | PreviewFailed


def program(environment_suffix: str) -> None:
    """Never run here: the previews are pretended."""


def a_plan_of(environment: str) -> Plan:
    return a_plan(a_resource("rds.Instance", f"db-{environment}"), stack=environment)


def a_refusal(environment: str, name: str = "db", text: str = "InvalidParameterValue: no") -> PreviewFailed:
    urn = f"urn:pulumi:{environment}::p::aws:rds/instance:Instance::{name}-{environment}"
    return PreviewFailed([Diagnostic("error", text, urn)], environment)


@pytest.fixture(autouse=True)
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], Outcome]], None]:
    """Sets what the preview of each environment comes to; a plan of one database unless a test says otherwise."""

    def previews(outcome: Callable[[str], Outcome]) -> None:
        def preview_all(program: Any, environments: Any, **options: Any) -> dict[str, Outcome]:
            return {each: outcome(each) for each in environments}

        monkeypatch.setattr(operations, "preview_all", preview_all)

    previews(a_plan_of)
    return previews


def played(look: Callable[[Verdict, Plan], None]) -> Verdict:
    """The verdict of a check that looks at every plan in this way, and finds something."""
    verdict = check(SLUG, program)
    with pytest.raises(CheckFailed) as caught:
        _check(verdict, look)
    assert caught.value.verdict is verdict
    assert str(caught.value) == str(verdict)
    return verdict


def _check(verdict: Verdict, look: Callable[[Verdict, Plan], None]) -> None:
    with verdict:
        for plan in verdict.plans:
            look(verdict, plan)


def judged(*bad: str, what: str = "It stops.") -> Verdict:
    """The verdict of a check that finds the databases of these environments bad."""

    def look(verdict: Verdict, plan: Plan) -> None:
        (database,) = plan.of_type("rds.Instance")
        with verdict.finding("SINGLE-ZONE", database.name, "Look."):
            if plan.stack in bad:  # not `assert`, to which pytest would add what it saw
                raise AssertionError(what)

    return played(look)


class TestFindings:
    def test_one_that_is_everywhere_is_one_finding(self) -> None:
        verdict = judged(*check(SLUG, program).environments)
        (finding,) = verdict.findings
        assert (finding.id, finding.resource, finding.what, finding.hint) == (
            "SINGLE-ZONE",
            "db-dev",
            "It stops.",
            "Look.",
        )
        assert finding.environments == verdict.environments

    def test_one_that_is_only_somewhere_says_where(self) -> None:
        (finding,) = judged("demo", "pr-1234").findings
        assert finding.resource == "db-demo"
        assert finding.environments == ("demo", "pr-1234")

    def test_all_failures_are_reported_not_only_the_first(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for id, hint in (("ONE", "a"), ("TWO", "a"), ("TWO", "b")):
                with verdict.finding(id, "the database", hint):
                    raise AssertionError(id)

        assert [(each.id, each.hint) for each in played(look).findings] == [
            ("ONE", "a"),
            ("TWO", "a"),
            ("TWO", "b"),
        ]

    def test_two_resources_are_two_findings(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for name in ("first", "second"):
                with verdict.finding("SINGLE-ZONE", f"{name}-{plan.stack}", "hint"):
                    raise AssertionError("what")

        assert [each.resource for each in played(look).findings] == ["first-dev", "second-dev"]

    def test_an_assertion_without_a_message_still_says_something(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            with verdict.finding("SINGLE-ZONE", "db", "hint"):
                raise AssertionError

        assert played(look).findings[0].what == "the assertion failed without a message"


class TestPoints:
    def left(self, *ids: str) -> Verdict:
        """The verdict of the code review when these findings are left."""
        verdict = check("06_code_review", program)

        def look() -> None:
            with verdict:
                for plan in verdict.plans:
                    for each in ids:
                        with verdict.finding(each, f"thing-{plan.stack}", "Look."):
                            raise AssertionError("It is so.")

        if not ids:
            look()
            return verdict
        with pytest.raises(CheckFailed):
            look()
        return verdict

    def test_what_is_repaired_counts(self) -> None:
        assert self.left("SINGLE-ZONE", "NOBODY-PAGED").points == 6
        assert self.left("UNENCRYPTED-AT-REST").points == 6
        assert self.left().points == 9

    def test_not_while_something_else_is_worse(self) -> None:
        assert self.left("NOBODY-PAGED", "REGRESSION").points == 0

    def test_progress_keeps_the_best(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
        monkeypatch.chdir(tmp_path)
        (tmp_path / "06_code_review.ipynb").touch()
        points = []
        for ids in (("SINGLE-ZONE",), ("SINGLE-ZONE", "NOBODY-PAGED"), ("REGRESSION",), ()):
            self.left(*ids)
            points.append(progress.read(tmp_path)["06_code_review"].points)
        assert points == [7, 7, 7, 9]


class TestPassing:
    def test_without_findings_it_is_passed(self, capsys: pytest.CaptureFixture[str]) -> None:
        with check(SLUG, program) as verdict:
            for plan in verdict.plans:
                with verdict.finding("SINGLE-ZONE", "db", "hint"):
                    assert plan.resources
        assert verdict.passed
        assert verdict.points == 2
        tried = ", ".join(verdict.environments)
        assert f"{SLUG}: passed, 2 of 2 points. Tried in {tried}." in capsys.readouterr().out

    def test_before_the_end_nothing_is_decided(self) -> None:
        verdict = check(SLUG, program)
        assert verdict.passed is None
        assert verdict.points == 0

    def test_the_plan_to_show_is_the_first_that_was_not_refused(
        self, pretend: Callable[[Callable[[str], Outcome]], None]
    ) -> None:
        pretend(lambda each: a_refusal(each) if each == "dev" else a_plan_of(each))
        verdict = check(SLUG, program)
        assert verdict.plan is not None
        assert verdict.plan.stack == "demo"


class TestRefusals:
    def test_a_refusal_is_a_finding_in_the_accounts_words(
        self, pretend: Callable[[Callable[[str], Outcome]], None]
    ) -> None:
        pretend(lambda each: a_refusal(each) if each == "prod" else a_plan_of(each))
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

    def test_where_all_are_refused_there_is_one_finding_and_no_plan(
        self, pretend: Callable[[Callable[[str], Outcome]], None]
    ) -> None:
        pretend(a_refusal)
        verdict = check(SLUG, program)
        with pytest.raises(CheckFailed), verdict:
            assert list(verdict.plans) == []
        assert [each.id for each in verdict.findings] == ["REFUSED"]
        assert verdict.plan is None

    def test_a_refusal_of_the_whole_is_about_the_program(
        self, pretend: Callable[[Callable[[str], Outcome]], None]
    ) -> None:
        pretend(lambda each: PreviewFailed([Diagnostic("error", "Duplicate resource URN")], each))
        verdict = check(SLUG, program)
        with pytest.raises(CheckFailed), verdict:
            list(verdict.plans)
        assert verdict.findings[0].resource == "the program"


class TestWhatIsNoFinding:
    def test_an_error_of_the_program_stays_one(
        self, pretend: Callable[[Callable[[str], Outcome]], None]
    ) -> None:
        error = ProgramError("NameError: x", environment="demo")
        pretend(lambda each: error if each == "demo" else a_refusal(each))
        with pytest.raises(ProgramError) as caught, check(SLUG, program) as verdict:
            list(verdict.plans)
        assert caught.value is error

    def test_where_one_program_loops_the_engines_that_it_slows_down_are_not_to_blame(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # A loop in one thread leaves the others so little time that their engines may not finish either.
        def preview(program: Any, environment: str, *options: Any) -> Plan:
            if environment == "dev":
                raise InternalError("the engine did not finish in time")
            raise ProgramError("The program did not come to its end within the time limit.")

        monkeypatch.undo()
        monkeypatch.setattr(operations, "_preview", preview)
        monkeypatch.setattr(operations, "can_batch", lambda *options: False)
        with pytest.raises(ProgramError), check(SLUG, program) as verdict:
            list(verdict.plans)

    def test_an_error_of_the_check_is_the_labs_fault(self) -> None:
        with (
            pytest.raises(InternalError, match="the check itself failed: ZeroDivisionError"),
            check(SLUG, program),
        ):
            1 / 0  # noqa: B018

    def test_so_is_an_assertion_outside_of_a_finding(self) -> None:
        with (
            pytest.raises(InternalError, match="the check itself failed: AssertionError"),
            check(SLUG, program),
        ):
            raise AssertionError("nobody's finding")

    def test_so_is_a_check_that_looked_at_nothing(self) -> None:
        with pytest.raises(InternalError, match="looked at no plan"), check(SLUG, program):
            pass

    def test_other_errors_inside_a_finding_are_no_finding(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            with verdict.finding("SINGLE-ZONE", "db", "hint"):
                {}["x"]

        verdict = check(SLUG, program)
        with pytest.raises(InternalError, match="KeyError"):
            _check(verdict, look)
        assert verdict.findings == []

    def test_an_interrupt_goes_through(self) -> None:
        with pytest.raises(KeyboardInterrupt), check(SLUG, program):
            raise KeyboardInterrupt

    def test_an_exercise_that_does_not_exist(self) -> None:
        with pytest.raises(UnknownExercise, match="no exercise '99'; there are: "):
            check("99", program)


class TestText:
    def test_it_names_finding_resource_and_environments(self) -> None:
        text = str(judged("demo", what="It stops. " * 30))
        assert text.startswith(f"{SLUG}: not yet. 1 finding.\n")
        assert "SINGLE-ZONE  db-demo  (in demo)" in text
        assert "  Hint: Look." in text
        assert all(len(line) <= 100 for line in text.splitlines())

    def test_a_finding_of_all_environments_says_so(self) -> None:
        verdict = judged(*check(SLUG, program).environments)
        assert "(in every environment)" in str(verdict)

    def test_the_error_renders_as_the_verdict_alone(self) -> None:
        error = CheckFailed(judged("dev"))
        assert isinstance(error, AssertionError)
        assert error._render_traceback_() == str(error).splitlines()
        assert "Traceback" not in str(error)

    def test_a_verdict_is_a_screenful_at_most(self) -> None:
        def look(verdict: Verdict, plan: Plan) -> None:
            for n in range(40):
                with verdict.finding("SINGLE-ZONE", f"db-{n}-{plan.stack}", "hint"):
                    raise AssertionError("what")

        assert len(str(played(look)).splitlines()) <= 50


class TestEnvironments:
    def test_an_exercise_can_choose_those_that_are_tried(self) -> None:
        names: dict[str, Any] = {}
        exec(compile("def program(suffix): ...", "<cell 1>", "exec"), names)
        alone = names["program"]
        verdict = check(SLUG, alone, environments=("dev", "prod"))
        assert verdict.environments == ("dev", "prod", unforeseen_environment(alone))

    def test_those_that_the_program_names_are_tried_all_the_same(self) -> None:
        def other(environment_suffix: str) -> bool:
            return environment_suffix == "staging"

        assert "staging" in check(SLUG, other, environments=("dev",)).environments

    def test_every_check_tries_the_announced_ones_and_one_that_nobody_foresaw(self) -> None:
        *announced, unforeseen = check(SLUG, program).environments
        assert tuple(announced[: len(ENVIRONMENTS)]) == ENVIRONMENTS
        assert {"dev", "demo", "prod"} < set(announced), "the contract names them"
        prefixes = [each[:-1] for each in announced]
        assert len(prefixes) > len(set(prefixes)), "two of them share a prefix"
        assert unforeseen not in ENVIRONMENTS
        assert re.fullmatch(r"[a-z][a-z0-9-]*[a-z0-9]", unforeseen), "it will do in any name"

    def test_another_program_is_tried_in_another_one(self) -> None:
        assert unforeseen_environment(lambda suffix: 1) != unforeseen_environment(lambda suffix: 2)

    @pytest.mark.parametrize("thing", [None, 5, "text"])
    def test_what_is_no_function_has_one_too(self, thing: Any) -> None:
        assert unforeseen_environment(thing) not in ENVIRONMENTS

    SOURCE = "def program(suffix):\n    return suffix in {'dev', 'prod', 'demo'}, lambda: suffix\n"

    def _compiled(self, filename: str) -> Any:
        names: dict[str, Any] = {}
        exec(compile(self.SOURCE, filename, "exec"), names)
        return names["program"]

    def test_the_same_program_is_always_tried_in_the_same_one(self) -> None:
        first, second = (unforeseen_environment(self._compiled("<cell 1>")) for _ in range(2))
        assert first == second

    @pytest.mark.xfail(
        strict=True, reason="the names of nested code tell the file, which has the kernel's number"
    )
    def test_whichever_kernel_it_runs_in(self) -> None:
        one, other = ("/tmp/ipykernel_17/1.py", "/tmp/ipykernel_18/1.py")
        assert unforeseen_environment(self._compiled(one)) == unforeseen_environment(self._compiled(other))

    @pytest.mark.xfail(
        strict=True, reason="sets among the constants are written in the order of their hashes"
    )
    def test_whatever_seed_python_has(self) -> None:
        code = f"""
            from lab_support.checking.environments import unforeseen_environment
            names = {{}}
            exec(compile({self.SOURCE!r}, "<cell 1>", "exec"), names)
            print(unforeseen_environment(names["program"]))
        """
        found = set()
        for seed in ("1", "2", "3"):
            with python(code, PYTHONHASHSEED=seed) as process:
                out, errors = process.communicate(timeout=60)
            assert out, errors
            found.add(out)
        assert len(found) == 1


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
