"""A machine without network, with junk credentials, and with a home folder of a chosen kind."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.programs import ROOT

BIN = Path(sys.executable).parent

# What somebody's environment may hold. Anything that believed it would fail or go astray.
JUNK = {
    "AWS_ACCESS_KEY_ID": "AKIAJUNKJUNKJUNKJUNK",
    "AWS_SECRET_ACCESS_KEY": "junk",
    "AWS_SESSION_TOKEN": "junk",
    "AWS_PROFILE": "nobody",
    "AWS_REGION": "mars-north-1",
    "AWS_DEFAULT_REGION": "mars-north-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "PULUMI_ACCESS_TOKEN": "pul-junk",
    "PULUMI_BACKEND_URL": "s3://nobody-has-this-bucket",
    "PULUMI_CONFIG_PASSPHRASE": "junk",
    "PULUMI_HOME": "/proc/nowhere/pulumi",
    "PULUMI_STACK": "junk",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
}

# Runs in the new namespaces: loopback on, the home folder read-only where there is one to be, then the command.
ENTER = """
ip link set lo up
if [ -n "$READ_ONLY" ]; then
    mount --bind "$READ_ONLY" "$READ_ONLY" && mount -o remount,ro,bind "$READ_ONLY" || exit 97
    if touch "$READ_ONLY/x" 2>/dev/null; then exit 98; fi
    unset READ_ONLY
fi
exec "$@"
"""
HOMES = ("missing", "read-only", "empty")


@dataclass(frozen=True)
class Machine:
    """Runs commands in new network and mount namespaces; `home` is one of HOMES."""

    folder: Path
    home: str

    @property
    def home_folder(self) -> Path:
        return Path("/proc/nowhere") if self.home == "missing" else self.folder / "home"

    @property
    def clone(self) -> Path:
        """The clone for `lab`: exercises, and the notebooks built from them."""
        return self.folder / "clone"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: os.environ[name] for name in ("LANG", "PULUMI_REVIEW_LAB_PROGRESS") if name in os.environ
        }
        return {
            **kept,
            **JUNK,
            "PATH": f"{BIN}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.home_folder),
            "TMPDIR": str(self.folder / "tmp"),
            "PULUMI_REVIEW_LAB_ROOT": str(self.clone),
            "READ_ONLY": str(self.home_folder) if self.home == "read-only" else "",
        }

    def run(
        self, *command: str | Path, timeout: float = 240, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        done = subprocess.run(
            [*_unshare(), "sh", "-c", ENTER, "sh", *command],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode not in (97, 98), f"the home folder could not be made read-only: {done.stderr}"
        return done

    def traces(self) -> list[str]:
        """The paths in the home folder."""
        home = self.home_folder
        return sorted(str(path.relative_to(home)) for path in home.rglob("*")) if home.is_dir() else []


def make(folder: Path, home: str) -> Machine:
    """A machine of its own; its clone holds the exercises, with notebooks and solutions built."""
    machine = Machine(folder, home)
    (folder / "tmp").mkdir()
    if home != "missing":
        machine.home_folder.mkdir()
    for name in ("exercises", "guides"):
        shutil.copytree(ROOT / name, machine.clone / name)
    built = machine.run("lab", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    return machine


def _unshare() -> list[str]:
    spaces = ["unshare", "--net", "--mount"]
    return spaces if os.getuid() == 0 else [*spaces, "--user", "--map-root-user"]
