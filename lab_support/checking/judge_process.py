"""Starts, asks and ends the process in which a program is judged (judge_child.py).

It takes a quarter of a second to import Pulumi. So `lab check` starts it before reading its own command line
(__main__.py), and this file imports next to nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from lab_support.engine.user_environment import without_private
from lab_support.safeguards.guard import Fate
from lab_support.safeguards.supervised import SupervisedProcess


class JudgeProcess(SupervisedProcess):
    """A child that gets ready to judge a program; `slug` is the exercise that it probably will be for.

    To be used in a `with` statement, which ends the child and all that it has started.
    """

    def __init__(self, slug: str = "") -> None:
        super().__init__("lab_support.checking.judge_child", [slug], env=child_environment())

    def ask(self, request: bytes, time_limit: float) -> Fate:
        """Sends the request, waits for the child to end, and returns how it did. Raises NoAnswer."""
        self.send(request)
        return self.wait(time_limit)


def child_environment(keep_progress: bool = True) -> dict[str, str]:
    """This process's variables, without credentials for real accounts, and with .pyc files allowed."""
    kept = without_private()
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    home = str(Path(__file__).parents[2])
    kept["PYTHONPATH"] = os.pathsep.join(filter(None, [home, kept.get("PYTHONPATH")]))
    if not keep_progress:
        kept["PULUMI_REVIEW_LAB_PROGRESS"] = "off"
    return kept
