"""Starts the sandbox: bubblewrap around a fork server, from which each run of a program gets a process of its own.

    with Sandbox.open(services) as sandbox:
        run = sandbox.start(Limits())     # a process that waits for a request on run.connection
        ...
        run.kill()                        # and all that it has started

The sandbox has Python and the SDK: no network, no home, no variables, no folder in which it can write.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import lab_support
from lab_support.checking.grading.confine import HOME, Limits
from lab_support.checking.grading.frames import Connection
from lab_support.errors import InternalError

_PATIENCE: Final = 60.0  # seconds within which a fork server is ready
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/localtime")
# For processes of another user, which root's fork server makes: to become that user, to mount, and to kill.
_CAPABILITIES: Final = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SYS_RESOURCE", "DAC_OVERRIDE")
MISSING: Final = (
    "Grading needs bubblewrap, because submitted programs are a stranger's code. Install it (Debian, Ubuntu: "
    "apt-get install bubblewrap; Fedora: dnf install bubblewrap), or give --no-sandbox where you trust every program."
)


@dataclass
class Ended:
    """How a run's process ended: its exit code, and `time` or `memory` where it was killed for that."""

    code: int
    why: str = ""


class Run:
    """A process in the sandbox, and the connection to it."""

    def __init__(self, sandbox: Sandbox, number: int, connection: Connection) -> None:
        self.sandbox, self.number, self.connection = sandbox, number, connection

    def kill(self) -> None:
        """Ends the process and all that it has started."""
        self.connection.close()
        self.sandbox.send({"kill": self.number})

    def ended(self, seconds: float = 5.0) -> Ended | None:
        """How it ended; None where it has not within so many seconds."""
        return self.sandbox.ended(self.number, seconds)


class Sandbox:
    """A fork server in the sandbox. It may be used after a fork, by one process at a time that called `attach`."""

    def __init__(self, services: Iterable[str], isolated: bool = True) -> None:
        self.isolated = isolated
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = {
            "socket": inside.fileno(),
            "services": sorted(services),
            "hidden": _hidden_folders(),
            "isolated": isolated,
        }
        command = [
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-m",
            "lab_support.checking.grading.template",
            json.dumps(settings),
        ]
        self._process = subprocess.Popen(
            [*(_bubblewrap() if isolated else ()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[inside.fileno()],
            env=_variables(),
            start_new_session=True,
        )
        inside.close()
        self._control.settimeout(_PATIENCE)
        try:
            ready = self._control.recv(1000)
        except TimeoutError:
            ready = b""
        if not ready:
            self._process.kill()
            told = self._process.communicate()[1].decode(errors="replace").strip()
            raise InternalError(f"the sandbox does not start: {told[-3000:] or 'no answer'}")
        self._control.settimeout(None)
        self._number = 0
        self._ended: dict[int, Ended] = {}
        self._changed = threading.Condition()

    @classmethod
    @contextmanager
    def open(cls, services: Iterable[str] = (), isolated: bool = True) -> Iterator[Sandbox]:
        """A sandbox for the length of a block. Raises InternalError where there is none."""
        sandbox = cls(services, isolated)
        try:
            yield sandbox.attach()
        finally:
            sandbox.close()

    def attach(self) -> Sandbox:
        """This process uses the sandbox from now on; runs of an earlier one are ended."""
        self.send({"kill": None})
        self._number = int(time.monotonic() * 1000) % 1_000_000_000 * 1000  # no number of an earlier process
        self._ended, self._changed = {}, threading.Condition()
        threading.Thread(target=self._listen, daemon=True, name="sandbox").start()
        return self

    def start(self, limits: Limits) -> Run:
        """A new process in the sandbox, which waits for its request. Raises InternalError where the sandbox is gone."""
        with self._changed:
            self._number += 1
            number = self._number
        ours, theirs = socket.socketpair()
        message = json.dumps({"start": number, "limits": asdict(limits)}).encode()
        try:
            socket.send_fds(self._control, [message], [theirs.fileno()])
        except OSError:
            raise InternalError("the sandbox has ended") from None
        finally:
            theirs.close()
        return Run(self, number, Connection(ours))

    def load(self, services: Iterable[str]) -> None:
        """Has these services of pulumi_aws loaded before the next start."""
        self.send({"load": list(services)[:200]})

    def send(self, message: dict[str, Any]) -> None:
        with suppress(OSError):
            self._control.send(json.dumps(message).encode())

    def ended(self, number: int, seconds: float) -> Ended | None:
        with self._changed:
            self._changed.wait_for(lambda: number in self._ended, seconds)
            return self._ended.get(number)

    def _listen(self) -> None:
        with suppress(OSError, ValueError):
            while message := self._control.recv(1000):
                told = json.loads(message)
                with self._changed:
                    self._ended[told["ended"]] = Ended(told["code"], told["why"])
                    self._changed.notify_all()

    def close(self) -> None:
        """Ends the sandbox with everything in it."""
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()


def bubblewrap_works() -> bool:
    """Whether bubblewrap is here and may make namespaces."""
    return not problem_of_bubblewrap()


@cache
def problem_of_bubblewrap() -> str:
    """Why there is no sandbox, as a sentence; empty where there is one."""
    if shutil.which("bwrap") is None:
        return MISSING
    tried = subprocess.run([*_bubblewrap(), "true"], capture_output=True, text=True)
    if tried.returncode == 0:
        return ""
    return f"bubblewrap does not work on this machine: {' '.join(tried.stderr.split())[:200]}. {MISSING}"


def _bubblewrap() -> list[str]:
    command = [
        str(shutil.which("bwrap")),
        "--die-with-parent",
        "--new-session",
        "--unshare-pid",
        "--unshare-net",
    ]
    command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "localhost"]
    command += ["--cap-drop", "ALL"]
    if os.geteuid() == 0:
        for capability in _CAPABILITIES:
            command += ["--cap-add", f"CAP_{capability}"]
    else:
        command.append("--unshare-user")
    for path in _SYSTEM:
        if Path(path).is_symlink():
            command += ["--symlink", os.readlink(path), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"]
    made: set[Path] = set()
    for folder in _python_folders():
        for parent in reversed(Path(folder).parents[:-1]):  # bubblewrap would make them for its own user only
            if parent not in made:
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", folder, folder]
    return [
        *command,
        "--perms",
        "0755",
        "--dir",
        "/home",
        "--tmpfs",
        HOME,
        "--chdir",
        HOME,
        "--remount-ro",
        "/",
        "--",
    ]


def _python_folders() -> list[str]:
    """The folders that Python, the SDK and this package are in; none that is inside another one."""
    own = Path(lab_support.__file__).resolve().parent
    wanted = {Path(sys.base_prefix), Path(sys.prefix), Path(sys.executable).resolve().parent.parent, own}
    wanted |= {Path(path) for name in ("purelib", "platlib", "stdlib") if (path := sysconfig.get_path(name))}
    wanted |= {Path(path) for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    given = {str(path) for path in wanted if path.is_dir() and len(path.parts) > 2}
    system = ("/usr/", "/lib/", "/lib64/")
    return [
        folder
        for folder in sorted(given, key=len)
        if not folder.startswith(system)
        and not any(folder.startswith(f"{other}/") for other in given if other != folder)
    ]


def _hidden_folders() -> list[str]:
    """What the fork server needs and no program may see: this package, wherever the same files can be reached."""
    own = Path(lab_support.__file__).resolve().parent
    installed = [
        Path(path) / "lab_support"
        for path in sys.path
        if Path(path).name in ("site-packages", "dist-packages")
    ]
    return sorted({str(own), *(str(path) for path in installed if path.is_dir())})


def _variables() -> dict[str, str]:
    home = str(Path(lab_support.__file__).resolve().parents[1])
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": HOME,
        "PYTHONPATH": home,
        "GRPC_VERBOSITY": "NONE",
    }


__all__ = ["MISSING", "Ended", "Run", "Sandbox", "problem_of_bubblewrap"]
