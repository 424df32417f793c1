"""Whether this machine is ready for the lab: `examine()` lists the prerequisites."""

from __future__ import annotations

from pathlib import Path

from lab_support.course import exercises, notebooks, places
from lab_support.toolchain.doctor import Fact, machine_facts


def examine() -> list[Fact]:
    """The prerequisites of the lab and whether they are met, the most basic first. Nothing is changed."""
    if places.is_clone():
        return [*machine_facts(), *_notebooks()]
    facts = machine_facts(
        "Run `pip install --upgrade pulumi-review-lab`.", "Run `python -m lab_support.toolchain`."
    )
    if not places.is_ready():
        return [*facts, Fact("notebooks", False, f"none in {places.root()}", "Run `lab start FOLDER`.")]
    return [*facts, *_notebooks()]


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
