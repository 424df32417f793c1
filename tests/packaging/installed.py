"""A wheel of the lab in an environment of its own, which finds the dependencies in the environment of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.packaging.stage import ROOT


def build(target: str, into: Path, source: Path = ROOT) -> Path:
    """Builds a wheel or an sdist and returns it."""
    into.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(into)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel, and an empty folder in which its commands run."""

    environment: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def lab(self) -> Path:
        return self.python.with_name("lab.exe" if os.name == "nt" else "lab")

    @property
    def variables(self) -> dict[str, str]:
        """This process's variables, without those that point to the clone or keep progress from being recorded."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(
                ("PULUMI_REVIEW_LAB_ROOT", "PULUMI_REVIEW_LAB_PROGRESS", "PYTHON", "JUPYTER")
            )
        }
        # JupyterLab looks for its pages in the environment, which has none of its own.
        pages = Path(sysconfig.get_path("data")) / "share" / "jupyter" / "lab"
        return {
            **kept,
            "JUPYTERLAB_DIR": str(pages),
            "JUPYTER_RUNTIME_DIR": str(self.environment / "runtime"),
        }

    def run(self, *arguments: str, code: int = 0, folder: str = "") -> str:
        """Runs the `lab` command and returns its standard output; fails unless it exits with this code."""
        done = subprocess.run(
            [self.lab, *arguments],
            cwd=self.folder / folder,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == code, f"{done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout or done.stderr

    @contextmanager
    def started(self, *arguments: str, folder: str = "") -> Iterator[Server]:
        """`lab start` with these arguments, until the block ends."""
        process = subprocess.Popen(
            [self.lab, "start", "--no-browser", *arguments],
            cwd=self.folder / folder,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield self._server(process)
        finally:
            process.terminate()
            process.communicate(timeout=30)

    def _server(self, process: subprocess.Popen[str]) -> Server:
        deadline = time.monotonic() + 90
        record = self.environment / "runtime" / f"jpserver-{process.pid}.json"
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise AssertionError(f"lab start ended: {process.communicate()[0]}")
            if record.is_file() and (text := record.read_text()):
                facts = json.loads(text)
                return Server(facts["url"], facts["token"], Path(facts["root_dir"]))
            time.sleep(0.1)
        raise AssertionError("lab start did not serve JupyterLab in 90 s")


@dataclass(frozen=True)
class Server:
    """A JupyterLab that is running."""

    url: str
    token: str
    root: Path

    def get(self, path: str) -> Any:
        """The JSON that its API answers."""
        request = urllib.request.Request(f"{self.url}api/{path}")
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


def install(wheel: Path, into: Path) -> Installed:
    """Installs a wheel into a new environment, which finds all other packages in the one of this process."""
    environment, folder = into / "environment", into / "elsewhere"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True, timeout=60)
    made = Installed(environment, folder)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([made.python, "-c", ask], text=True).strip())
    # A path in a .pth file only: the .pth files in there, such as that of this clone, are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    command = [sys.executable, "-m", "pip", "--python", str(made.python), "install", "--quiet"]
    subprocess.run(
        [*command, "--no-deps", "--no-index", "--no-compile", "--ignore-installed", str(wheel)],
        check=True,
        timeout=120,
    )
    return made
