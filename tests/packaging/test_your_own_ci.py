"""What other repositories use of this one: the action, the hook and the templates. Their own shell steps run here."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from lab_support.course.notebooks import build
from tests.cli.lab import repaired
from tests.packaging.stage import ROOT
from tests.programs import SLUG

FLAWED = "import pulumi, pulumi_aws as aws\n\naws.efs.FileSystem('files', opts=pulumi.ResourceOptions(protect=True))\n"
FINE = FLAWED.replace("'files', ", "'files', encrypted=True, kms_key_id=aws.kms.Key('files').arn, ")
BROKEN = "raise RuntimeError('::error::no')\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a project in infra/, whose review has one finding."""
    folder = tmp_path / "repository"
    (folder / "infra").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "infra" / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "infra" / "__main__.py").write_text(FLAWED)
    return folder


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder for PATH with a `lab` that runs this clone."""
    folder = tmp_path / "programs"
    folder.mkdir()
    script = folder / "lab"
    script.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lab_support "$@"\n')
    script.chmod(0o755)
    (folder / "python").symlink_to(sys.executable)
    return folder


def run(script: str, folder: Path, programs: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a step as GitHub and GitLab do: in bash, until the first command that fails."""
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TestAction:
    @pytest.fixture
    def action(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
        return found

    def test_every_expression_names_something_that_exists(self, action: dict[str, Any]) -> None:
        steps = action["runs"]["steps"]
        text = (ROOT / "action.yml").read_text()
        assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(action["inputs"])
        assert set(re.findall(r"steps\.([\w-]+)\.outputs", text)) <= {step.get("id") for step in steps}
        for step in steps:  # an input that stood in a script could add commands to it
            assert "${{" not in step.get("run", "")

    def review(
        self, action: dict[str, Any], repository: Path, programs: Path, **inputs: str
    ) -> tuple[subprocess.CompletedProcess[str], int, dict[str, str]]:
        """Runs the steps Review and Result; returns the first, the exit code of the second, and the outputs."""
        given = {name: str(value["default"]) for name, value in action["inputs"].items()} | inputs
        output = repository.parent / "output"
        output.touch()
        steps = {step["name"]: step for step in action["runs"]["steps"] if "name" in step}
        variables = {
            name: given[found[1]]
            if (found := re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value))
            else value
            for name, value in steps["Review"]["env"].items()
        }
        variables |= {
            "LAB": str(programs / "lab"),
            "SARIF": str(repository.parent / "review.sarif"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(repository.parent / "summary.md"),
        }
        variables.pop("PULUMI_REVIEW_LAB_CACHE")
        done = run(steps["Review"]["run"], repository, programs, **variables)
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        result = run(
            steps["Result"]["run"],
            repository,
            programs,
            CODE=outputs["exit-code"],
            FAIL_ON_FINDINGS=given["fail-on-findings"],
        )
        return done, result.returncode, outputs

    def test_findings_are_annotated_summarised_and_fail_the_job(
        self, action: dict[str, Any], repository: Path, programs: Path
    ) -> None:
        done, code, outputs = self.review(action, repository, programs, path="infra")
        assert (done.returncode, code, outputs["exit-code"]) == (0, 1, "1"), done.stderr
        assert "::error title=UNENCRYPTED-AT-REST%3A files,file=infra/__main__.py,line=3::" in done.stderr
        results = json.loads(Path(outputs["sarif"]).read_text())["runs"][0]["results"]
        assert [result["ruleId"] for result in results] == ["UNENCRYPTED-AT-REST"]
        assert "| UNENCRYPTED-AT-REST | files |" in (repository.parent / "summary.md").read_text()

    def test_without_findings_the_job_passes(
        self, action: dict[str, Any], repository: Path, programs: Path
    ) -> None:
        (repository / "infra" / "__main__.py").write_text(FINE)
        done, code, outputs = self.review(action, repository, programs, path="infra")
        assert (code, outputs["exit-code"]) == (0, "0"), done.stdout + done.stderr

    def test_a_job_that_only_reports_passes_with_findings(
        self, action: dict[str, Any], repository: Path, programs: Path
    ) -> None:
        inputs = {"path": "infra", "fail-on-findings": "false"}
        assert self.review(action, repository, programs, **inputs)[1] == 0

    def test_a_program_that_cannot_be_previewed_fails_the_job_and_uploads_nothing(
        self, action: dict[str, Any], repository: Path, programs: Path
    ) -> None:
        (repository / "infra" / "__main__.py").write_text(BROKEN)
        inputs = {"path": "infra", "fail-on-findings": "false"}
        done, code, outputs = self.review(action, repository, programs, **inputs)
        assert (code, outputs) == (3, {"exit-code": "3"})
        assert not any(line.startswith("::") for line in (done.stdout + done.stderr).splitlines())

    def test_configuration_and_stack_reach_the_program(
        self, action: dict[str, Any], repository: Path, programs: Path
    ) -> None:
        program = (
            "import pulumi\nimport pulumi_aws as aws\nsettings = pulumi.Config()\n"
            "assert (settings.require('a'), settings.require('b')) == ('1', '2 3')\n"
            "assert pulumi.get_stack() == 'prod'\n"
        )
        (repository / "infra" / "__main__.py").write_text(program)
        inputs = {"path": "infra", "stack": "prod", "config": "a=1\nb=2 3\n", "strict": "true"}
        done, _, outputs = self.review(action, repository, programs, **inputs)
        assert outputs["exit-code"] == "0", done.stdout + done.stderr

    def test_the_versions_are_those_of_the_lock_file(self, action: dict[str, Any], tmp_path: Path) -> None:
        (install,) = [step for step in action["runs"]["steps"] if step.get("name") == "Install the lab"]
        log, python = tmp_path / "log", tmp_path / "python"
        python.write_text(
            f'#!/bin/sh\necho "$@" >> "{log}"\n[ "$2" != venv ] || {{ mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; }}\n'
        )
        python.chmod(0o755)
        done = run(
            install["run"],
            tmp_path,
            tmp_path,
            SOURCE=str(ROOT),
            FOLDER=str(tmp_path / "folder"),
            PYTHON=str(python),
            GITHUB_OUTPUT=str(tmp_path / "output"),
        )
        assert done.returncode == 0, done.stderr
        constraints = (tmp_path / "folder/constraints.txt").read_text().splitlines()
        pinned = [Requirement(line) for line in constraints if line and not line.startswith("#")]
        assert all(str(requirement.specifier).startswith("==") for requirement in pinned)
        (pulumi,) = [str(requirement.specifier) for requirement in pinned if requirement.name == "pulumi"]
        assert (tmp_path / "output").read_text() == f"cli={pulumi.removeprefix('==')}\n"
        assert f"--constraint {tmp_path}/folder/constraints.txt {ROOT}" in log.read_text()


class TestDocumentation:
    @pytest.fixture
    def examples(self) -> list[Any]:
        text = (ROOT / "docs/your_own_ci.md").read_text()
        return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]

    def test_the_examples_use_what_exists(self, examples: list[Any]) -> None:
        workflow, hooks = examples
        (step,) = (step for step in workflow["jobs"]["review"]["steps"] if "OWNER/" in step["uses"])
        action = yaml.safe_load((ROOT / "action.yml").read_text())
        assert step["with"].keys() <= action["inputs"].keys()
        (hook,) = hooks["repos"][0]["hooks"]
        assert hook["id"] in [
            known["id"] for known in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        ]

    def test_each_input_is_documented(self) -> None:
        text = (ROOT / "docs/your_own_ci.md").read_text()
        inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
        assert [name for name in inputs if f"`{name}`" not in text] == []

    def test_the_templates_it_links_exist(self) -> None:
        text = (ROOT / "docs/your_own_ci.md").read_text()
        links = re.findall(r"\]\(\.\./(templates/[^)]+)\)", text)
        assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").iterdir()} == set(links)


class TestHook:
    @pytest.fixture
    def hook(self) -> dict[str, Any]:
        (found,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        assert found["language"] == "python"
        return dict(found)

    @pytest.mark.parametrize(("program", "code"), [(FLAWED, 1), (FINE, 0), (BROKEN, 3)])
    def test_findings_stop_the_commit(
        self, hook: dict[str, Any], repository: Path, programs: Path, program: str, code: int
    ) -> None:
        (repository / "infra" / "__main__.py").write_text(program)
        command = shlex.join([*shlex.split(hook["entry"]), *hook["args"]])
        assert run(command, repository / "infra", programs).returncode == code

    @pytest.mark.parametrize(
        ("file", "runs"),
        [
            ("infra/__main__.py", True),
            ("Pulumi.yaml", True),
            ("infra/Pulumi.prod.yaml", True),
            ("infra/.lab-review.yaml", True),
            ("README.md", False),
            ("infra/NotPulumi.yaml", False),
        ],
    )
    def test_it_runs_when_something_of_the_program_changes(
        self, hook: dict[str, Any], file: str, runs: bool
    ) -> None:
        assert bool(re.search(hook["files"], file)) == runs


class TestGitLab:
    def test_the_job_leaves_a_code_quality_report(self, repository: Path, programs: Path) -> None:
        (job,) = yaml.safe_load((ROOT / "templates/gitlab-ci.yml").read_text()).values()
        (script,) = job["script"]
        done = run(script, repository, programs, REVIEW_PATH=job["variables"]["REVIEW_PATH"])
        assert done.returncode == 1, done.stderr
        report = repository / job["artifacts"]["reports"]["codequality"]
        (entry,) = json.loads(report.read_text())
        assert (entry["check_name"], entry["location"]["path"]) == (
            "UNENCRYPTED-AT-REST",
            "infra/__main__.py",
        )
        assert job["artifacts"]["when"] == "always"


class TestClassroom:
    @pytest.fixture
    def steps(self) -> dict[str, Any]:
        (job,) = yaml.safe_load((ROOT / "templates/classroom.yml").read_text())["jobs"].values()
        return {step.get("name", ""): step for step in job["steps"]}

    def graded(self, script: str, folder: Path, programs: Path, exercises: str) -> Any:
        """The result that the reporter decodes."""
        output = folder / "output"
        output.touch()
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_OUTPUT": str(output),
                "EXERCISES": exercises,
            },
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(base64.b64decode(output.read_text().removeprefix("result=")))

    @pytest.mark.parametrize(("repair", "status", "points"), [(False, "fail", 0), (True, "pass", 2)])
    def test_a_notebook_earns_the_points_of_its_exercise(
        self, clone: Path, programs: Path, steps: dict[str, Any], repair: bool, status: str, points: int
    ) -> None:
        build()
        if repair:
            repaired(clone / "notebooks")
        result = self.graded(steps["Check the notebooks"]["run"], clone, programs, "")
        assert (result["status"], result["max_score"]) == (status, 2)
        (test,) = result["tests"]
        assert (test["name"], test["status"], test["score"]) == (SLUG, status, points)
        assert ("SINGLE-ZONE" in test["message"]) != repair

    def test_a_notebook_that_is_missing_earns_nothing(
        self, clone: Path, programs: Path, steps: dict[str, Any]
    ) -> None:
        result = self.graded(steps["Check the notebooks"]["run"], clone, programs, "02")
        assert (result["status"], result["max_score"], result["tests"][0]["score"]) == ("fail", 2, 0)

    def test_the_reporter_is_given_the_result(self, steps: dict[str, Any]) -> None:
        report = steps["Report the points"]
        # It reads the variable that is called after the runner, in capitals.
        assert report["with"]["runners"] == "notebooks"
        assert report["env"] == {"NOTEBOOKS_RESULTS": "${{ steps.notebooks.outputs.result }}"}
        assert steps["Check the notebooks"]["id"] == "notebooks"


class TestNotebooks:
    @pytest.fixture
    def steps(self) -> dict[str, str]:
        (job,) = yaml.safe_load((ROOT / "templates/nbval.yml").read_text())["jobs"].values()
        return {step["name"]: step["run"] for step in job["steps"] if "name" in step}

    @pytest.fixture
    def course(self, tmp_path: Path) -> Path:
        """A fork with one exercise and one guide."""
        folder = tmp_path / "fork"
        for kind, name in (("solutions", SLUG), ("notebooks", SLUG), ("notebooks", "00_start_here")):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / kind / f"{name}.ipynb", folder / kind)
        return folder

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Runs a step with the Python of these tests as `python`."""
        return run(
            script, folder, Path(sys.executable).parent, PYTHONPATH=str(ROOT), PYTHONDONTWRITEBYTECODE=""
        )

    def test_notebooks_as_shipped_and_solved_are_accepted(self, course: Path, steps: dict[str, str]) -> None:
        for name in ("Solved notebooks pass", "Notebooks are as they should be"):
            done = self.run(steps[name], course)
            assert done.returncode == 0, done.stdout + done.stderr

    def test_a_check_that_accepts_the_flaw_and_a_guide_that_fails_are_refused(
        self, course: Path, steps: dict[str, str]
    ) -> None:
        shutil.copy(course / f"solutions/{SLUG}.ipynb", course / f"notebooks/{SLUG}.ipynb")
        guide = course / "notebooks/00_start_here.ipynb"
        guide.write_text(guide.read_text().replace("from lab_support import", "from lab_support_2 import"))
        done = self.run(steps["Notebooks are as they should be"], course)
        assert done.returncode == 1
        assert f"::error file=notebooks/{SLUG}.ipynb::1 failed expected" in done.stdout
        assert "::error file=notebooks/00_start_here.ipynb::0 failed expected" in done.stdout

    def test_the_action_gets_the_cli_with_a_command_that_exists(self, steps: dict[str, str]) -> None:
        assert "python -m lab_support.toolchain" in steps["Install the lab"]
        assert (ROOT / "lab_support/toolchain/__main__.py").is_file()
