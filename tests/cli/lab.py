"""Calls the `lab` command in this process, and sets up notebooks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from lab_support.cli.main import main
from lab_support.course import progress
from tests.programs import SLUG, solved


def lab(*arguments: str, code: int = 0, input: str | None = None) -> Result:
    """Calls the command; fails unless it exits with this code."""
    done = CliRunner().invoke(main, arguments, input=input)
    output = f"{done.stdout}{done.stderr}"
    assert done.exit_code == code, f"{done.exit_code}: {output}\n{done.exception!r}"
    assert "Traceback" not in output
    return done


def as_json(*arguments: str, code: int = 0) -> Any:
    """The object that a command prints with --json."""
    done = lab(*arguments, "--json", code=code)
    assert done.stderr == ""
    return json.loads(done.stdout)


def repaired(folder: Path) -> Path:
    """The notebook after the learner's repair."""
    path = folder / f"{SLUG}.ipynb"
    document = json.loads(path.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if cell["id"] == "02-exercise-1":
            cell["source"] = solved().splitlines(keepends=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def passed(folder: Path) -> None:
    """Makes the progress file that of a learner who has passed."""
    text = json.dumps(
        {"version": 1, "exercises": {SLUG: {"checks": 3, "points": 2, "passed_at": "2026-01-01"}}}
    )
    (folder / progress.FILE_NAME).write_text(text, encoding="utf-8")
