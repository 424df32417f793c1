"""A fresh clone of the committed files, on a machine that does not have the lab yet."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.programs import ROOT

# Ours, which would let the clone find what it is to make for itself or slow its build of the CLI; and make's own, which
# we run below.
_LEFT_BEHIND = re.compile(
    r"(JUPYTER|IPYTHON|PULUMI|VIRTUAL_ENV|XDG_|MAKE|MFLAGS|PYTEST|PYTHON.).*|ARGS|COLUMNS|GOGC|GOMAXPROCS|GOMEMLIMIT"
)


@dataclass(frozen=True)
class Fresh:
    """The folder of the clone, and the environment in which its commands run."""

    folder: Path
    environment: dict[str, str]

    @property
    def cache(self) -> Path:
        """The lab's cache, where it keeps the Pulumi CLI."""
        return Path(self.environment["PULUMI_REVIEW_LAB_CACHE"])

    def run(self, *command: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
        """Runs a command in the clone; `stdout` has all of its output."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )


def clone(into: Path) -> Fresh:
    """Clones this checkout's HEAD. HOME and the lab's cache are empty.

    What pip and Go have downloaded or compiled before is used again, so that this takes a minute and not ten: both
    verify what they take from there.
    """
    home = into / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not _LEFT_BEHIND.fullmatch(name)}
    ours = str(Path(sys.executable).parent)
    environment = {
        **kept,
        **_downloads(),
        "HOME": str(home),
        "PATH": os.pathsep.join(folder for folder in os.get_exec_path() if folder != ours),
        "PULUMI_REVIEW_LAB_CACHE": str(into / "cache"),
        "PIP_NO_COMPILE": "1",  # what the tests need of 8,000 files is compiled when it is imported
        "BROWSER": "true",  # `make lab` opens a browser; this one does nothing
    }
    folder = into / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True, timeout=120)
    return Fresh(folder, environment)


def _downloads() -> dict[str, str]:
    """Variables with the caches of pip and Go, which a new HOME would hide."""
    exercise = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "dir"], stdout=subprocess.PIPE, text=True, check=False
    )
    pip = {"PIP_CACHE_DIR": exercise.stdout.strip()} if exercise.returncode == 0 else {}
    if shutil.which("go"):
        command = ["go", "env", "GOCACHE", "GOMODCACHE"]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split("\n")
        return {**pip, "GOCACHE": said[0], "GOMODCACHE": said[1]}
    # A Go that the lab has got for itself uses Go's usual places (on Linux).
    home = Path.home()
    return {**pip, "GOCACHE": str(home / ".cache/go-build"), "GOMODCACHE": str(home / "go/pkg/mod")}
