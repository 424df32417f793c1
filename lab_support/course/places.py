"""Where the course is read from, and the folder of the learner's notebooks.

In a clone both are the clone. An installed package carries the course inside; the learner's folder is then the one that
`lab start` has marked, found from the current folder upwards.
"""

from __future__ import annotations

import json
import os
from importlib import metadata
from pathlib import Path
from typing import Final

MARKER: Final = ".pulumi-review-lab.json"
# In exercises/ of a course folder that `lab build --learner` has written.
LEARNER_MARK: Final = "NO_SOLUTIONS.md"
NO_SOLUTIONS: Final = "this course folder has no solutions and answers; your instructor has them"
ROOT_VARIABLE: Final = "PULUMI_REVIEW_LAB_ROOT"
# The wheel has it (see pyproject.toml); a clone does not.
_PACKAGED: Final = Path(__file__).parents[1] / "_course"


def is_clone() -> bool:
    """Whether exercises/ can be written: there is a clone, not only an installed package."""
    return course_folder() != _PACKAGED


def course_folder() -> Path:
    """The folder that holds exercises/ and guides/."""
    named = os.environ.get(ROOT_VARIABLE)
    if named and (not _PACKAGED.is_dir() or Path(named, "exercises").is_dir()):
        return Path(named)
    return _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[2]


def is_learner_course() -> bool:
    """Whether the course comes from `lab build --learner`, without solutions, fixes and answers."""
    return (course_folder() / "exercises" / LEARNER_MARK).is_file()


def root() -> Path:
    """The folder that holds notebooks/ and solutions/; outside of any, the current one, where none are then found."""
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return Path(named)
    if is_clone():
        return course_folder()
    return marked_folder() or Path.cwd()


def marked_folder() -> Path | None:
    """The nearest folder that `lab start` has marked, from the current one upwards."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / MARKER).is_file()), None)


def is_ready() -> bool:
    """Whether there is a folder for notebooks: a clone, or one that `lab start` has marked."""
    return is_clone() or bool(os.environ.get(ROOT_VARIABLE)) or marked_folder() is not None


def mark(folder: Path) -> None:
    """Makes a folder the learner's, creating it if necessary; other files in it are left alone. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MARKER
    if not path.exists():
        path.write_text(
            json.dumps({"made_by": metadata.version("pulumi-review-lab")}) + "\n", encoding="utf-8"
        )
