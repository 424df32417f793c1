"""The throw-away workspace: what its folder holds, what the CLI sees, and what is deleted later."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import psutil
import pytest
from pulumi import automation as auto

from lab_support.engine.workspace import Cli, Runs, Workspace
from lab_support.toolchain import PULUMI_VERSION


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def a_cli(folder: Path, script: str, time_limit: float = 60) -> tuple[Cli, list[str]]:
    """A fake CLI that runs this shell script, and a list that says whether it was late."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    late: list[str] = []
    return Cli(program, Runs(time_limit), lambda: late.append("late")), late


class TestCli:
    def test_a_run_returns_what_the_cli_printed(self, tmp_path: Path) -> None:
        cli, _ = a_cli(tmp_path, 'echo "out $*"; echo err >&2')
        heard: list[str] = []
        result = cli.run(["preview", "--json"], str(tmp_path), {}, on_output=heard.append)
        assert result.stdout == "out --non-interactive preview --json"
        assert result.stderr == "err"
        assert result.code == 0
        assert heard == ["out --non-interactive preview --json"]

    def test_a_failed_run_raises_an_error_with_what_the_cli_printed(self, tmp_path: Path) -> None:
        cli, late = a_cli(tmp_path, "echo why >&2; exit 3")
        with pytest.raises(auto.errors.CommandError, match="why"):
            cli.run([], str(tmp_path), {})
        assert late == []

    def test_a_run_past_its_limit_is_killed_with_its_children(self, tmp_path: Path) -> None:
        cli, late = a_cli(tmp_path, "sleep 300 & echo $! > child; wait", time_limit=0.5)
        with pytest.raises(auto.errors.CommandError):
            cli.run([], str(tmp_path), {})
        assert late == ["late"]
        child = int((tmp_path / "child").read_text())
        assert not _is_running(child)

    def test_a_run_may_print_much_on_both_streams(self, tmp_path: Path) -> None:
        cli, _ = a_cli(tmp_path, "yes out | head -c 500000; yes err | head -c 500000 >&2")
        result = cli.run([], str(tmp_path), {})
        assert len(result.stdout) == len(result.stderr) == 500000 - 1

    def test_the_cli_sees_no_settings_of_the_users_accounts(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("AWS_SECRET_ACCESS_KEY", "PULUMI_ACCESS_TOKEN", "HTTPS_PROXY", "HOME", "ANYTHING"):
            monkeypatch.setenv(name, "leak")
        cli, _ = a_cli(tmp_path, "env")
        seen = cli.run([], str(tmp_path), {"GIVEN": "yes"}).stdout
        assert "leak" not in seen
        assert "GIVEN=yes" in seen
        assert "PATH=" in seen

    def test_the_cli_sees_the_settings_of_gos_runtime(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GOGC", "off")
        cli, _ = a_cli(tmp_path, "env")
        assert "GOGC=off" in cli.run([], str(tmp_path), {}).stdout

    def test_the_cli_gets_no_input(self, tmp_path: Path) -> None:
        cli, _ = a_cli(tmp_path, "cat; echo done")
        assert cli.run([], str(tmp_path), {}).stdout == "done"

    def test_the_cli_has_the_pinned_version(self, tmp_path: Path) -> None:
        cli, _ = a_cli(tmp_path, "")
        assert str(cli.version) == PULUMI_VERSION


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class TestWorkspace:
    @pytest.fixture
    def workspace(self, tmp_path: Path) -> Workspace:
        cli, _ = a_cli(tmp_path, "")
        folder = tmp_path / "folder"
        folder.mkdir()
        return Workspace(
            folder,
            project="shop",
            stack="dev",
            config={"aws:region": "x"},
            cli=cli,
            env={"EXTRA": "1"},
            program_folder=tmp_path,
        )

    def test_all_paths_of_a_workspace_are_in_its_folder(self, workspace: Workspace) -> None:
        folder = str(workspace.folder)
        assert workspace.env_vars["HOME"] == workspace.env_vars["USERPROFILE"] == folder
        assert workspace.env_vars["PULUMI_BACKEND_URL"] == Path(folder).as_uri()
        assert workspace.pulumi_home is not None
        assert workspace.pulumi_home.startswith(folder)
        assert workspace.env_vars["EXTRA"] == "1"

    def test_a_workspace_has_its_stack_without_a_call_of_the_cli(self, workspace: Workspace) -> None:
        state = json.loads(workspace.checkpoint.read_text(encoding="utf-8"))
        assert state["checkpoint"]["stack"] == "organization/shop/dev"
        assert workspace.project_settings().name == "shop"
        assert workspace.project_settings().main == str(workspace.folder.parent)
        assert workspace.stack_settings("dev").config == {"aws:region": "x"}

    def test_an_earlier_state_becomes_the_checkpoint(self, tmp_path: Path) -> None:
        cli, _ = a_cli(tmp_path, "")
        folder = tmp_path / "folder"
        folder.mkdir()
        made = Workspace(
            folder,
            project="p",
            stack="s",
            config={},
            cli=cli,
            env={},
            program_folder=folder,
            state=b'{"version": 3}',
        )
        assert made.checkpoint.read_bytes() == b'{"version": 3}'
