"""The throw-away workspace: what its folder holds, what the CLI sees, and what is deleted later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
from pulumi import automation as auto

from lab_support.engine.workspace import Cli, Workspace, private_folder, sweep
from lab_support.toolchain import PULUMI_VERSION


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def a_cli(folder: Path, script: str, time_limit: float = 60) -> tuple[Cli, list[str]]:
    """A fake CLI that runs this shell script, and a list that says whether it was late."""
    program = folder / "pulumi"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    late: list[str] = []
    return Cli(program, time_limit, lambda: late.append("late")), late


class TestPrivateFolder:
    def test_a_private_folder_is_readable_by_its_user_only_and_deleted(self, scratch: Path) -> None:
        with private_folder() as folder:
            assert folder.parent == scratch
            assert str(os.getpid()) in folder.name
            assert folder.stat().st_mode & 0o077 == 0
            (folder / "sub").mkdir()
            (folder / "sub" / "file").write_text("x")
        assert list(scratch.iterdir()) == []

    def test_a_private_folder_is_deleted_after_an_interrupt(self, scratch: Path) -> None:
        def breaks() -> None:
            with private_folder():
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            breaks()
        assert list(scratch.iterdir()) == []

    def test_two_private_folders_differ(self) -> None:
        with private_folder() as one, private_folder() as other:
            assert one != other
            assert one.is_dir()


class TestSweep:
    def test_the_folder_of_a_process_that_has_ended_is_deleted(self, scratch: Path, gone: int) -> None:
        folder = scratch / f"pulumi-review-lab-{gone}-abcd_123"
        (folder / "deep").mkdir(parents=True)
        assert sweep() == [folder]
        assert not folder.exists()

    def test_the_folder_of_a_running_process_is_kept(self, scratch: Path) -> None:
        parent = os.getppid()
        for pid in (os.getpid(), parent):
            (scratch / f"pulumi-review-lab-{pid}-abcd_123").mkdir()
        assert sweep() == []
        assert len(list(scratch.iterdir())) == 2

    def test_a_process_younger_than_the_folder_does_not_protect_it(
        self, scratch: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = scratch / f"pulumi-review-lab-{os.getppid()}-abcd_123"
        folder.mkdir()
        # The process of this number is younger than the folder, so another one has made it.
        later = folder.stat().st_ctime + 60
        monkeypatch.setattr(psutil.Process, "create_time", lambda self: later)
        assert sweep() == [folder]

    @pytest.mark.parametrize("name", ["another-thing", "pulumi-review-lab", "pulumi-review-lab-notes"])
    def test_a_folder_of_another_name_is_kept(self, scratch: Path, name: str) -> None:
        (scratch / name).mkdir()
        assert sweep() == []
        assert (scratch / name).is_dir()

    def test_a_folder_with_the_same_prefix_is_kept(self, scratch: Path, gone: int) -> None:
        mine = scratch / f"pulumi-review-lab-{gone}-my-clone-of-last-year"
        mine.mkdir()
        assert sweep() == []
        assert mine.is_dir()

    def test_a_folder_without_a_process_number_is_ignored(self, scratch: Path) -> None:
        (scratch / "pulumi-review-lab-0.1.0-sdist").mkdir()
        with private_folder() as folder:
            assert folder.is_dir()


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
