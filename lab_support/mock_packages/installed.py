"""Which Pulumi packages a program could import, and under which names the engine asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from lab_support.plan.resource import DYNAMIC_PACKAGES

# Resources that a program itself implements (`pulumi.dynamic`) belong to this package; no SDK brings it.
DYNAMIC: Final = DYNAMIC_PACKAGES[0]


def installed_packages(folders: Iterable[str] | None = None) -> Mapping[str, str]:
    """The packages that can be imported from these folders (by default `sys.path`), with their versions; without aws.

    Every SDK has a `pulumi-plugin.json` with the name, which is not always that of the module: `docker-build`
    is imported as `pulumi_docker_build`.
    """
    found = {DYNAMIC: "0.0.0"}
    for folder in sys.path if folders is None else folders:
        for file in sorted(Path(folder or ".").glob("pulumi_*/pulumi-plugin.json")):
            name, version = _named_in(file)
            if name and name != "aws":
                found.setdefault(name, version)
    return found


def mocked(packages: Collection[str]) -> Iterator[str]:
    """One line on the packages that are mocked, and one on resources that the program implements itself."""
    names = [name for name in packages if name not in DYNAMIC_PACKAGES]
    if names:
        yield f"Mocked packages, of which nothing is real: {', '.join(names)}"
    if len(names) < len(packages):
        yield "The code of dynamic providers is not run: what their resources answer is known only after a deployment"


def _named_in(file: Path) -> tuple[str, str]:
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "", ""
    if not isinstance(facts, dict) or not facts.get("resource", True):
        return "", ""
    return str(facts.get("name") or file.parent.name.removeprefix("pulumi_")), str(facts.get("version") or "")
