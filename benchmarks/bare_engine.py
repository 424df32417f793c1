"""The least time that a `pulumi preview` can take: an empty program, previewed by the CLI alone.

It is the same CLI that the lab uses, with a file backend and the passphrase provider, on an existing stack. The
program is inline, like the lab's, because this CLI comes without language plugins; its server starts before the clock.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

from lab_support.toolchain import obtain_pulumi


def empty() -> None:
    """A program without any resource."""


class BareEngine:
    """One stack; `preview()` runs the CLI once and returns the seconds it took."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.command = [str(obtain_pulumi().path), "--non-interactive"]
        self.client = [f"--client=127.0.0.1:{port}", "--exec-kind", "auto.inline", "--color", "never"]
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": folder.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "bare",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        (folder / "Pulumi.yaml").write_text("name: bare\nruntime: python\n", encoding="utf-8")
        self._run("stack", "init", "dev", "--secrets-provider", "passphrase")

    def preview(self) -> float:
        began = time.perf_counter()
        self._run("preview", "--stack", "dev", *self.client)
        return time.perf_counter() - began

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(done.stdout)


@contextmanager
def bare_engine() -> Iterator[BareEngine]:
    """A bare engine in a temporary folder, with the empty program ready to be called."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(empty), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with TemporaryDirectory(prefix="bare-engine-") as folder:
            yield BareEngine(Path(folder), port)
    finally:
        server.stop(0)
