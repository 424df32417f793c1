"""Whether this machine is ready for the lab: `examine()` lists the prerequisites."""

from __future__ import annotations

from pathlib import Path

from lab_support.course import exercises, notebooks
from lab_support.toolchain.doctor import Fact, machine_facts


def examine() -> list[Fact]:
    """The prerequisites of the lab and whether they are met, the most basic first. Nothing is changed."""
    return [*machine_facts(), *_notebooks()]


def _notebooks() -> list[Fact]:
    facts = []
    slugs = [guide.slug for guide in exercises.guides()]
    slugs += [exercise.slug for exercise in exercises.catalogue()]
    for slug in slugs:
        path: Path = exercises.root() / "notebooks" / f"{slug}.ipynb"
        state = "missing"
        if path.is_file():
            state = "edited by you" if notebooks.is_edited(path) else "as shipped"
        facts.append(Fact(f"notebooks/{path.name}", path.is_file(), state, "Run `lab build`."))
    return facts
