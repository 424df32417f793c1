"""A throw-away Pulumi workspace: a private folder, one stack, and the CLI as a child that never outlives us.

The Automation API would create a stack with three calls of the CLI, a quarter of a second each. All they do is write
three small files, so these are written here.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from pulumi import automation as auto
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from lab_support.engine import vault
from lab_support.plan.diagnostic import Location
from lab_support.safeguards.starvation import is_starved, seconds_waited
from lab_support.toolchain import PULUMI_VERSION

# The environment variables that the CLI sees. No AWS_*, no PULUMI_*, no proxy: it never leaves this machine. Those of
# Go's runtime are set where many programs are judged at once (checking/judge_pool.py).
_KEPT: Final = (
    *("PATH", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "COMSPEC", "PATHEXT", "USER"),
    *("GOMAXPROCS", "GOGC", "GOMEMLIMIT"),
)


class Runs:
    """Runs of the CLI that are stopped together and share a time limit, which begins now.

    `last_seen` is where the program was when an earlier one of them was ended.
    """

    last_seen: Location | None = None

    def __init__(self, time_limit: float) -> None:
        self.until = time.monotonic() + time_limit
        self._time_limit, self._waited = time_limit, seconds_waited()
        self._processes: set[subprocess.Popen[str]] = set()
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def seconds_left(self) -> float:
        return max(0.0, self.until - time.monotonic())

    def are_starved(self) -> bool:
        """Whether this process has waited for a processor for most of the time limit."""
        return is_starved(seconds_waited() - self._waited, self._time_limit)

    @contextmanager
    def holding(self, process: subprocess.Popen[str]) -> Iterator[None]:
        """Counts the process among these runs until the block ends."""
        with self._lock:
            self._processes.add(process)
            too_late = self._stopped
        try:
            if too_late:
                _kill(process)
            yield
        finally:
            with self._lock:
                self._processes.discard(process)

    def stop(self) -> None:
        """Kills the runs there are, and from now on every run that starts."""
        with self._lock:
            self._stopped = True
            running = list(self._processes)
        for process in running:
            _kill(process)


class Cli(auto.PulumiCommand):
    """The pinned CLI. A run past the time limit of `runs`, or interrupted, is killed with all that it started.

    `when_late` is called before a run is killed for its time limit.
    """

    def __init__(self, path: Path, runs: Runs, when_late: Callable[[], None]) -> None:
        # The toolchain has verified the version; asking again costs a quarter of a second.
        self.command = str(path)
        self.version = VersionInfo.parse(PULUMI_VERSION)
        self.when_late = when_late
        self.runs = runs

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> auto.CommandResult:
        """Runs the CLI and returns what it printed. Raises CommandError unless it exits with 0."""
        process = subprocess.Popen(
            [*_ends_with_us(), self.command, "--non-interactive", *args],
            cwd=cwd,
            env={**_environment(), **additional_env, "PULUMI_AUTOMATION_API": "true"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        out, err = _Reader(process.stdout, on_output), _Reader(process.stderr, on_error)
        try:
            with self.runs.holding(process):
                # End of output is the end of the process, and joining a thread, unlike waiting, does not poll.
                out.join(self.runs.seconds_left)
                if out.is_alive():
                    self.when_late()
                    _kill(process)
                err.join()
                process.wait()
        finally:
            _kill(process)
            out.join()
        result = auto.CommandResult(stdout=out.text, stderr=err.text, code=process.returncode)
        if process.returncode != 0:
            raise create_command_error(result)
        return result


class _Reader(threading.Thread):
    """Collects the lines of a stream, so that neither pipe fills up."""

    def __init__(self, stream: IO[str] | None, callback: Callable[[str], Any] | None) -> None:
        super().__init__(daemon=True)
        assert stream is not None
        self.stream, self.callback, self.lines = stream, callback, list[str]()
        self.start()

    def run(self) -> None:
        with self.stream:
            for line in self.stream:
                self.lines.append(line.rstrip())
                if self.callback:
                    self.callback(self.lines[-1])

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@cache
def _ends_with_us() -> tuple[str, ...]:
    """A program before the CLI's command that has the kernel kill the CLI when the thread that started it ends.

    It is a part of util-linux. Without it, the CLI notices after about two seconds that this process is gone.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    works = (
        setpriv
        and subprocess.run([setpriv, "--pdeathsig", "KILL", "true"], capture_output=True).returncode == 0
    )
    return (str(setpriv), "--pdeathsig", "KILL", "--") if works else ()


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


class Workspace(auto.LocalWorkspace):
    """One project with one stack in a private folder. `state` is an earlier checkpoint of the stack, if there is one.

    The engine resolves relative paths of the program's assets in `program_folder`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        project: str,
        stack: str,
        config: Mapping[str, Any],
        cli: Cli,
        env: Mapping[str, str],
        program_folder: Path,
        state: bytes | None = None,
    ) -> None:
        self.folder = folder
        self.checkpoint = folder / ".pulumi" / "stacks" / project / f"{stack}.json"
        self.checkpoint.parent.mkdir(parents=True)
        self.checkpoint.write_bytes(state or _empty_checkpoint(project, stack))
        (folder / ".pulumi" / "meta.yaml").write_text("version: 1\n", encoding="utf-8")
        super().__init__(
            work_dir=str(folder),
            pulumi_home=str(folder / "home"),
            project_settings=auto.ProjectSettings(name=project, runtime="python", main=str(program_folder)),
            stack_settings={
                stack: auto.StackSettings(
                    secrets_provider=vault.URL, encrypted_key=vault.WRAPPED_KEY, config=dict(config)
                )
            },
            pulumi_command=cli,
            env_vars={
                "HOME": str(folder),
                "USERPROFILE": str(folder),
                "PULUMI_BACKEND_URL": folder.as_uri(),
                **vault.vault().environment,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
                "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
                "PULUMI_OPTION_COLOR": "never",
                **env,
            },
        )

    def select_stack(self, stack_name: str) -> None:
        """Does nothing: the stack is the one whose files are here, so the CLI need not be asked."""


def _empty_checkpoint(project: str, stack: str) -> bytes:
    latest = {
        "manifest": {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""},
        "secrets_providers": vault.secrets_provider(),
    }
    checkpoint = {"stack": f"organization/{project}/{stack}", "latest": latest}
    return json.dumps({"version": 3, "checkpoint": checkpoint}).encode()
