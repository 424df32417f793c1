"""A JupyterLab that `lab start` serves, in a folder like a fresh clone."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.programs import ROOT, SLUG

LAB = Path(sys.executable).with_name("lab")


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: the address with its token, the folder that it serves, and where its kernels put
    temporary files."""

    url: str
    root: Path
    temporary: Path
    process: psutil.Process
    environment: dict[str, str]
    as_built: Path  # a copy of notebooks/ in which nobody works

    @property
    def notebook(self) -> Path:
        return self.root / "notebooks" / f"{SLUG}.ipynb"

    @property
    def progress(self) -> dict[str, Any]:
        """The recorded progress of each exercise."""
        try:
            noted = json.loads((self.root / "notebooks" / ".progress.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        exercises: dict[str, Any] = noted["exercises"]
        return exercises

    def url_of(self, slug: str) -> str:
        """The address of another notebook."""
        return self.url.replace(SLUG, slug)

    def cells(self, slug: str = SLUG) -> list[dict[str, Any]]:
        """A notebook's cells as they are on disk."""
        text = (self.root / "notebooks" / f"{slug}.ipynb").read_text(encoding="utf-8")
        cells: list[dict[str, Any]] = json.loads(text)["cells"]
        return cells

    def reset(self) -> None:
        """Shuts down the kernels and restores the files of a fresh clone."""
        self.end_kernels()
        self.set_theme("JupyterLab Light")
        shutil.rmtree(self.notebook.parent)
        shutil.copytree(self.as_built, self.notebook.parent)

    def end_kernels(self) -> None:
        """Shuts down all kernels, as the end of a day does."""
        for session in self.ask("GET", "sessions"):
            self.ask("DELETE", f"sessions/{session['id']}")

    def set_theme(self, theme: str) -> None:
        """Stores the theme, as the menu Settings does."""
        self.ask(
            "PUT", "settings/@jupyterlab/apputils-extension:themes", {"raw": json.dumps({"theme": theme})}
        )

    def lab(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs the `lab` command in this folder."""
        return subprocess.run(
            [LAB, *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Asks the server's REST interface; settings are JupyterLab's, the rest is Jupyter's."""
        address, token = re.fullmatch(r"(http://[^/]+)/.*token=(\w+)", self.url).groups()  # type: ignore[union-attr]
        folder = "lab/api" if path.startswith("settings/") else "api"
        request = urllib.request.Request(
            f"{address}/{folder}/{path}",
            method=method,
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"token {token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def engines(self) -> list[psutil.Process]:
        """The Pulumi CLI, wherever below the server it runs."""
        return [child for child in self.process.children(recursive=True) if is_engine(child)]


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Starts `lab start` on the first notebook of a copy of exercises/ in `folder`; stops it afterwards."""
    root, temporary = folder / "root", folder / "tmp"
    clone_like(root)
    temporary.mkdir()
    port = free_port()
    environment = {
        **os.environ,
        "PULUMI_REVIEW_LAB_ROOT": str(root),
        "TMPDIR": str(temporary),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    environment.pop("PULUMI_REVIEW_LAB_PROGRESS", None)  # here a check is a learner's
    process = subprocess.Popen(
        [LAB, "start", SLUG, "--no-browser", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line)
            found = re.search(rf"http://127\.0\.0\.1:{port}/\S+token=\w+", line)
            if found:
                break
        else:
            raise AssertionError(f"`lab start` ended without an address:\n{''.join(said)}")
        # Nobody reads on; a full pipe would stop the server.
        threading.Thread(target=said.extend, args=(process.stdout,), daemon=True).start()
        as_built = shutil.copytree(root / "notebooks", folder / "as-built")
        yield Server(found[0], root, temporary, psutil.Process(process.pid), environment, as_built)
    finally:
        process.terminate()  # the server ends its kernels
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def clone_like(root: Path) -> None:
    """Copies what `lab` reads of a clone, and builds notebooks/ and solutions/ if they are missing."""
    for name in ("exercises", "guides"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))


def is_engine(process: psutil.Process) -> bool:
    """Whether a process is the Pulumi CLI and still running."""
    try:
        return process.name() == "pulumi" and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(holds: Callable[[], Any], what: str, seconds: float = 30) -> None:
    """Returns as soon as `holds()`; the AssertionError says `what` did not happen."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"within {seconds:g} s: {what}"
        time.sleep(0.02)
