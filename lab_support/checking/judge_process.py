"""The process in which a program is judged, seen from outside: started early, asked once, ended whatever it does.

It needs a quarter of a second to import Pulumi. So `lab check` starts it before it has even read its own command line
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


class JudgeProcess:
    """A child that gets ready to judge a program, for the exercise of this slug if it turns out to be that one.

    To be used in a `with` statement: at its end the child is gone, with all that it has started.
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
        """Hands over the request, waits until the child has ended, and returns its exit code. Raises TimeoutExpired."""
        with suppress(BrokenPipeError):
            self._child.communicate(request, timeout=time_limit)
        return self._child.wait()

    def __enter__(self) -> JudgeProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the child and whatever it has started; it leads a process group of its own."""
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._child.pid, signal.SIGKILL)
            else:
                self._child.kill()
        self._child.wait()


def child_environment(keep_progress: bool = True) -> dict[str, str]:
    """Our environment without what belongs to somebody's real accounts, and with compiled Python files allowed."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PULUMI_")) or name.startswith("PULUMI_REVIEW_LAB_")
    }
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    home = str(Path(__file__).parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH")]))
    if not keep_progress:
        kept["PULUMI_REVIEW_LAB_PROGRESS"] = "off"
    return kept
