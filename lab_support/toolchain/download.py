"""Lets the Pulumi SDK download the Pulumi CLI, with a time limit and without touching ~/.pulumi."""

import os
import site
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from lab_support.toolchain.process import run_command
from lab_support.toolchain.pulumi_cli import PROGRAM, PULUMI_VERSION, MethodFailed

LIMIT_SECONDS = 120

# Runs in a child process, because the SDK's installer has no time limit. A connection without a response times out
# after 10 s, so that a network that drops all packets costs little time.
INSTALLER = """
import socket, subprocess, sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo

socket.setdefaulttimeout(10)
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except subprocess.CalledProcessError as error:
    sys.exit((error.output or b"").decode(errors="replace").strip() or str(error))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def download_pulumi(cache: Path, work: Path, report: Callable[[str], None]) -> Path:
    """Downloads the Pulumi CLI into `work` and returns its path. Raises MethodFailed."""
    report(f"downloading the Pulumi CLI {PULUMI_VERSION}")
    home, root = work / "home", work / "downloaded"
    home.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PULUMI_HOME": str(home / ".pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # With another HOME, Python would not find an SDK that is installed for this user only.
        "PYTHONUSERBASE": site.getuserbase(),
    }
    command = [sys.executable, "-c", INSTALLER, str(root), PULUMI_VERSION]
    try:
        finished = run_command(command, folder=work, environment=environment, limit=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise MethodFailed(f"not done after {LIMIT_SECONDS} s") from None
    if finished.code != 0:
        lines = finished.errors.strip().splitlines()
        raise MethodFailed(lines[-1] if lines else f"the installer ended with code {finished.code}")
    return root / "bin" / PROGRAM


def command_to_download(root: Path) -> list[str]:
    """The command to do the same by hand, into `root`."""
    code = (
        "import sys, semver, pulumi.automation as a; "
        "a.PulumiCommand.install(sys.argv[1], semver.VersionInfo.parse(sys.argv[2]))"
    )
    return [sys.executable, "-c", code, str(root), PULUMI_VERSION]
