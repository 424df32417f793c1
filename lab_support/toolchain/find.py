"""Looks for a Pulumi CLI of the right version that is already on this machine."""

import shutil
from pathlib import Path

from lab_support.toolchain.cache import cache_folders, pulumi_in, readable_caches
from lab_support.toolchain.environment import pulumi_in_environment
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION, Source, Toolchain
from lab_support.toolchain.verify import version_of


def find_pulumi() -> Toolchain | None:
    """The Pulumi CLI on PATH, else in this Python environment, else in the cache; None where none is right.

    Looks only: nothing is downloaded or built, and nothing is raised.
    """
    for path, source in _places():
        if version_of(path) == PULUMI_VERSION:
            return Toolchain(path, PULUMI_VERSION, source)
    return None


def why_not_on_path() -> str:
    """One line on why the `pulumi` that PATH leads to does not serve."""
    program = pulumi_on_path()
    return "there is no pulumi on PATH" if program is None else _why_not(program)


def why_not_in_cache() -> str:
    """One line on why the `pulumi` in the cache does not serve."""
    kept = [pulumi_in(cache) for cache in readable_caches() if pulumi_in(cache).exists()]
    return _why_not(kept[0]) if kept else f"there is none in {cache_folders()[0]}"


def pulumi_on_path() -> Path | None:
    """The program that typing `pulumi` runs, whatever its version."""
    program = shutil.which("pulumi")
    return None if program is None else Path(program).absolute()


def _places() -> list[tuple[Path, Source]]:
    places: list[tuple[Path, Source]] = []
    on_path = pulumi_on_path()
    if on_path is not None:
        places.append((on_path, "PATH"))
    places.append((pulumi_in_environment(), "environment"))
    places.extend((pulumi_in(cache), "cache") for cache in readable_caches())
    return places


def _why_not(program: Path) -> str:
    version = version_of(program)
    return f"{program} does not run" if version is None else f"{program} is version {version}"
