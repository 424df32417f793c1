"""A running JupyterHub with the real proxy, its learners, and what their servers take of the machine."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import websocket

from tests.programs import ROOT

CONFIG = Path(__file__).with_name("hub_config.py")


def free_ports(number: int) -> int:
    """The first of several ports in a row on which nothing listens."""
    used = {connection.laddr.port for connection in psutil.net_connections("tcp")}
    return next(port for port in range(18000, 19000, number) if used.isdisjoint(range(port, port + number)))


@contextmanager
def running(environment: Path, folder: Path) -> Iterator[Hub]:
    """A hub from this Python environment, which keeps everything in `folder`, until the block ends."""
    (folder / "homes").mkdir()
    token = secrets.token_hex(16)
    port = free_ports(3)
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))
    }
    variables |= {
        "PATH": f"{environment}/bin:{os.environ['PATH']}",
        "NODE_PATH": "/usr/share/nodejs",  # for a Node.js that is not Debian's
        "HUB_CONFIG": str(ROOT / "hub" / "jupyterhub_config.py"),
        "HUB_FOLDER": str(folder),
        "HUB_PORT": str(port),
        "HUB_TOKEN": token,
        "LAB_HUB_SHARE": str(folder / "class"),
    }
    for name in ("PULUMI_REVIEW_LAB_ROOT", "PULUMI_REVIEW_LAB_PROGRESS"):
        variables.pop(name, None)
    with (folder / "hub.log").open("w") as log:
        process = subprocess.Popen(
            [environment / "bin/jupyterhub", "-f", CONFIG],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            hub = Hub(port, token, folder)
            hub.wait()
            yield hub
        finally:
            ours = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(30)
            for left in ours:
                with suppress(psutil.NoSuchProcess):
                    left.kill()


@dataclass(frozen=True)
class Hub:
    """Asks the hub and its learners' servers, through the proxy."""

    port: int
    token: str
    folder: Path

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that is answered. Raises urllib.error.URLError."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def wait(self) -> None:
        for _ in range(240):
            with suppress(urllib.error.URLError, ConnectionError):
                self.ask("GET", "hub/api/users")
                return
            time.sleep(0.5)
        raise AssertionError((self.folder / "hub.log").read_text()[-3000:])

    def start(self, name: str) -> Learner:
        """A new learner, whose server runs."""
        self.ask("POST", f"hub/api/users/{name}")
        self.ask("POST", f"hub/api/users/{name}/server")
        for _ in range(300):
            server = self.ask("GET", f"hub/api/users/{name}")["servers"].get("", {})
            if server.get("ready"):
                return Learner(self, name, server["state"]["pid"])
            time.sleep(0.5)
        raise AssertionError((self.folder / "hub.log").read_text()[-3000:])


@dataclass
class Learner:
    """One learner's server; `peak` is the most memory that it and its kernels have taken, in bytes."""

    hub: Hub
    name: str
    pid: int
    peak: int = 0
    processor: float = 0.0
    _seen: dict[tuple[int, float], float] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.hub.folder / "homes" / self.name

    def memory(self) -> int:
        """What its processes take now; what they share is divided between them."""
        total = 0
        for process in self._processes():
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self._seen[process.pid, process.create_time()] = times.user + times.system
        self.peak = max(self.peak, total)
        self.processor = sum(self._seen.values())
        return total

    def _processes(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            server = psutil.Process(self.pid)
            return [server, *server.children(recursive=True)]
        return []

    def run(self, slug: str, code: str) -> str:
        """What code prints in a new kernel of a notebook."""
        path = f"notebooks/{slug}.ipynb"
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        made = self.hub.ask("POST", f"user/{self.name}/api/sessions", session)
        stop = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(stop,))
        watcher.start()
        try:
            return self._execute(made["kernel"]["id"], code)
        finally:
            stop.set()
            watcher.join()

    def _watch(self, stop: threading.Event) -> None:
        while not stop.wait(0.2):
            self.memory()

    def _execute(self, kernel: str, code: str) -> str:
        channel = websocket.create_connection(
            f"ws://127.0.0.1:{self.hub.port}/user/{self.name}/api/kernels/{kernel}/channels",
            header={"Authorization": f"token {self.hub.token}"},
            timeout=240,
        )
        header = {
            "msg_id": "1",
            "msg_type": "execute_request",
            "username": "",
            "session": "",
            "version": "5.3",
        }
        content = {"code": code, "silent": False}
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "content": content,
            "channel": "shell",
        }
        channel.send(json.dumps(message))
        printed = ""
        while True:
            answer = json.loads(channel.recv())
            if answer["parent_header"].get("msg_id") != "1":
                continue
            kind, content = answer["msg_type"], answer["content"]
            if kind == "stream":
                printed += content["text"]
            elif kind == "error":
                printed += "\n".join(content["traceback"])
            elif kind == "status" and content["execution_state"] == "idle":
                channel.close()
                return printed
