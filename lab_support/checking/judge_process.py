"""Starts, asks and ends the process in which a program is judged (judge_child.py).

It takes a quarter of a second to import Pulumi. So `lab check` starts it before reading its own command line
(__main__.py), and this file imports next to nothing.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from lab_support.engine.user_environment import without_private


class JudgeProcess:
    """A child that gets ready to judge a program; `slug` is the exercise that it probably will be for.

    To be used in a `with` statement, which ends the child and all that it has started.
    """

    def __init__(self, slug: str = "") -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "lab_support.checking.judge_child", slug],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            start_new_session=True,
        )

    def ask(self, request: bytes, time_limit: float) -> int:
        """Sends the request, waits for the child to exit, and returns its exit code. Raises TimeoutExpired."""
        with suppress(BrokenPipeError):
            self._child.communicate(request, timeout=time_limit)
        return self._child.wait()

    def __enter__(self) -> JudgeProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kills the child's process group, and with it everything that the child has started."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._child.pid, signal.SIGKILL)
            else:
                self._child.kill()
        self._child.wait()


def child_environment(keep_progress: bool = True) -> dict[str, str]:
    """This process's variables, without credentials for real accounts, and with .pyc files allowed."""
    kept = without_private()
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    home = str(Path(__file__).parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH")]))
    if not keep_progress:
        kept["PULUMI_REVIEW_LAB_PROGRESS"] = "off"
    return kept
