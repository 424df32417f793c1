"""Asks a `pulumi` program for its version, once, and remembers it.

Starting the program takes a quarter of a second, too long for every preview. The versions are kept in the cache folder
and are valid as long as the program's path, size and modification time stay the same.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from lab_support.toolchain.cache import readable_caches, usable_cache
from lab_support.toolchain.pulumi_cli import MethodFailed

STAMPS = "verified.json"


def version_of(program: Path) -> str | None:
    """The version of `program`, remembered or asked now; None if it does not run."""
    try:
        resolved = program.resolve(strict=True)
        found = resolved.stat()
    except OSError:
        return None
    identity = _identity(found)
    for cache in readable_caches():
        stamp = _stamps_in(cache).get(str(resolved))
        if stamp is not None and identity.items() <= stamp.items() and isinstance(stamp.get("version"), str):
            return str(stamp["version"])
    version = ask_version(program)
    if version is not None:
        remember_version(program, version)
    return version


def remember_version(program: Path, version: str) -> None:
    """Remembers the version of `program`; if no cache is writable, it is asked again next time."""
    try:
        resolved = program.resolve(strict=True)
        cache = usable_cache()
        stamps = {path: stamp for path, stamp in _stamps_in(cache).items() if Path(path).exists()}
        stamps[str(resolved)] = {**_identity(resolved.stat()), "version": version}
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=cache, prefix=f"{STAMPS}.", suffix=".new", delete=False
        ) as new:
            json.dump(stamps, new, indent=1)
        # Atomic: another process may be reading the file.
        Path(new.name).replace(cache / STAMPS)
    except (OSError, MethodFailed):
        return


def ask_version(program: Path) -> str | None:
    """The version that `program` reports when run now; None if it does not run."""
    with tempfile.TemporaryDirectory(prefix="pulumi-home-", ignore_cleanup_errors=True) as home:
        # Without its own PULUMI_HOME, the program would write to the learner's ~/.pulumi.
        environment = {**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        try:
            result = subprocess.run(
                [str(program), "version"],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=60,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    return result.stdout.strip().removeprefix("v") or None


def _stamps_in(cache: Path) -> dict[str, dict[str, Any]]:
    """The versions remembered in `cache`; none if the file is missing or broken, because it can be recreated."""
    try:
        stamps = json.loads((cache / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stamps, dict):
        return {}
    return {path: stamp for path, stamp in stamps.items() if isinstance(stamp, dict)}


def _identity(found: os.stat_result) -> dict[str, Any]:
    """Properties that change if the program is replaced."""
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns}
