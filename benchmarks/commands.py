"""Runs commands as from a fresh shell, and checks what they print."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def run(
    command: Sequence[str | Path],
    *,
    code: int,
    says: str = "",
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> str:
    """What a command prints. Raises AssertionError unless it exits with `code` and prints `says`.

    Python may write .pyc files, as it would for a learner.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    assert says in done.stdout, done.stdout
    return done.stdout
