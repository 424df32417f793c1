"""Finds a Pulumi CLI of the right version that is already on this machine."""

import shutil
from pathlib import Path

from lab_support.toolchain.cache import cache_folders, pulumi_in, readable_caches
from lab_support.toolchain.environment import pulumi_in_environment
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION, Source, Toolchain
from lab_support.toolchain.verify import version_of


def find_pulumi() -> Toolchain | None:
    """The Pulumi CLI on PATH, else in this Python environment, else in the cache; None if none has the right version.

    Downloads and builds nothing, and raises nothing.
    """
    for path, source in _candidates():
        if version_of(path) == PULUMI_VERSION:
            return Toolchain(path, PULUMI_VERSION, source)
    return None


def why_not_on_path() -> str:
    """Why the `pulumi` on PATH cannot be used, in one line."""
    program = pulumi_on_path()
    return "there is no pulumi on PATH" if program is None else _why_not(program)


def why_not_in_cache() -> str:
    """Why the `pulumi` in the cache cannot be used, in one line."""
    cached = [pulumi_in(cache) for cache in readable_caches() if pulumi_in(cache).exists()]
    return _why_not(cached[0]) if cached else f"there is none in {cache_folders()[0]}"


def pulumi_on_path() -> Path | None:
    """The `pulumi` on PATH, of any version, or None."""
    program = shutil.which("pulumi")
    return None if program is None else Path(program).absolute()


def _candidates() -> list[tuple[Path, Source]]:
    candidates: list[tuple[Path, Source]] = []
    on_path = pulumi_on_path()
    if on_path is not None:
        candidates.append((on_path, "PATH"))
    candidates.append((pulumi_in_environment(), "environment"))
    candidates.extend((pulumi_in(cache), "cache") for cache in readable_caches())
    return candidates


def _why_not(program: Path) -> str:
    version = version_of(program)
    return f"{program} does not run" if version is None else f"{program} is version {version}"
