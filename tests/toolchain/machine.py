"""A fake machine for tests: a home folder, a cache, a Python environment, and fake programs."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from lab_support.toolchain import PULUMI_VERSION

ROOT = Path(__file__).parents[2]

NO_NETWORK = "import sys; sys.exit('no network here')"

# Writes to ~/.pulumi as the real one does, unless it is told another place.
PULUMI = """\
#!/bin/sh
PATH=/usr/bin:/bin
echo "$0 $*" >> '{runs}'
mkdir -p "${{PULUMI_HOME:-$HOME/.pulumi}}"
echo v{version}
"""

# Answers what the toolchain asks Go, and "builds" by copying a pretended pulumi to where `-o` says.
GO = """\
#!/bin/sh
PATH=/usr/bin:/bin
echo "$*" >> '{runs}'
case "$1 $2" in
"env GOVERSION") echo go{version}; exit ;;
"env GOCACHE") echo "$HOME/go-build"; echo "$HOME/go-modules"; exit ;;
"list -mod=readonly") printf 'errors\\nio\\nexample.org/pulumi\\n'; exit ;;
esac
env > '{environment}'
{build}
while [ "$1" != -o ]; do shift; done
cp '{result}' "$2"
"""

# What `python -m lab_support.toolchain` does, on the make-believe machine.
COMMAND = """\
import signal, sys
from lab_support.toolchain import __main__, download
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background would ignore it
sys.prefix, sys.argv = sys.argv[1], ["toolchain"]
download.INSTALLER = {installer!r}
sys.exit(__main__.main())
"""


@dataclass(frozen=True)
class Machine:
    """The folders of the machine. PATH has only `programs`."""

    root: Path
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def prefix(self) -> Path:
        return self.root / "environment"

    @property
    def programs(self) -> Path:
        return self.root / "programs"

    @property
    def cached_pulumi(self) -> Path:
        return self.cache / f"pulumi-{PULUMI_VERSION}" / "bin" / "pulumi"

    @property
    def environment_pulumi(self) -> Path:
        return self.prefix / "bin" / "pulumi"

    @property
    def pulumi_runs(self) -> list[str]:
        """The commands with which a fake pulumi was run."""
        return _lines(self.root / "pulumi-runs")

    @property
    def builds(self) -> list[str]:
        """The commands with which a fake Go was run to build."""
        return [line for line in _lines(self.root / "go-runs") if line.startswith("build ")]

    @property
    def build_environment(self) -> dict[str, str]:
        """The environment variables of the fake Go when it built."""
        return dict(line.split("=", 1) for line in _lines(self.root / "go-environment") if "=" in line)

    @property
    def work_folders(self) -> list[Path]:
        return list(self.cache.glob("work-*"))

    def put_pulumi(self, path: Path, version: str = PULUMI_VERSION) -> Path:
        """Puts a fake pulumi at `path` that reports `version`."""
        return _script(path, PULUMI.format(runs=self.root / "pulumi-runs", version=version))

    def put_go(
        self, build: str = "", version: str = "1.26.0", result: str = PULUMI_VERSION, path: Path | None = None
    ) -> Path:
        """Puts a fake Go on PATH, or at `path`, that runs the shell commands `build` and writes `result`."""
        text = GO.format(
            runs=self.root / "go-runs",
            environment=self.root / "go-environment",
            version=version,
            build=build,
            result=self.put_pulumi(self.root / "built" / result, result),
        )
        return _script(path or self.programs / "go", text)

    def start_command(self) -> "subprocess.Popen[str]":
        """Starts `python -m lab_support.toolchain` on this machine, as a child process."""
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND.format(installer=NO_NETWORK), str(self.prefix)],
            env={
                "PATH": str(self.programs),
                "HOME": str(self.home),
                "PULUMI_REVIEW_LAB_CACHE": str(self.cache),
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def stop_commands(self) -> None:
        """Stops commands that a failed test left running; a command stops its own build."""
        for process in self.started:
            if process.poll() is None:
                process.terminate()
            process.communicate()


def _script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []
