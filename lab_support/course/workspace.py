"""The learner's folder outside a clone: creating it, and bringing it up to date with the installed course."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lab_support.course import exercises, notebooks
from lab_support.course.notebooks import Built
from lab_support.course.places import course_folder, is_clone, mark, root


def create(folder: Path) -> None:
    """Makes `folder` the learner's and the current one; build() then writes the notebooks there. Raises OSError."""
    mark(folder)
    os.chdir(folder)


def build() -> list[Built]:
    """Writes the notebooks and what they use to the learner's folder. Edited files are kept. Raises OSError."""
    if not is_clone():
        _copy_examples()
    return notebooks.build()


def update() -> list[Built]:
    """As build(); where a newer version of an edited notebook exists, it is written beside, as NAME.new.ipynb."""
    return [_beside(built) if built.newer is not None else built for built in build()]


def _beside(kept: Built) -> Built:
    assert kept.newer is not None
    new = kept.path.with_suffix(f".new{kept.path.suffix}")
    if new.is_file() and notebooks.is_edited(new):
        notebooks.keep_copy(new)
    new.write_text(kept.newer, encoding="utf-8")
    return Built(kept.path, f"kept: you have edited it; the new version is {new.name}", kept.newer)


def _copy_examples() -> None:
    """Copies the projects that guides review, where they are missing."""
    for source in sorted((course_folder() / "guides").iterdir()):
        target = root() / "guides" / source.name
        if source.is_dir() and not source.name.startswith("_") and not target.exists():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))


def is_notebook_name(name: str) -> bool:
    """Whether a name is that of a notebook of the course, or the beginning of exactly one."""
    stem = exercises.numbered(name.removesuffix(".ipynb"))
    slugs = [guide.slug for guide in exercises.guides()]
    slugs += [exercise.slug for exercise in exercises.catalogue()]
    return bool(stem) and (stem in slugs or sum(slug.startswith(stem) for slug in slugs) == 1)
