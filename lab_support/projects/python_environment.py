"""The Python environment that a project has of its own: where its packages are, and which Python it wants.

As Pulumi finds it (pulumi/pulumi, sdk/python/toolchain): the `virtualenv` that Pulumi.yaml names, for uv the `.venv`
beside the nearest `uv.lock`, for Poetry the one in the project or in Poetry's cache, and otherwise the active
environment. The program still runs in the lab's Python; only the packages are taken from there.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from lab_support.safeguards.files import UnreadableFile, read_text

_UV, _POETRY, _PIP = "uv", "poetry", "pip"
_RUNNING: Final = "{}.{}.{}".format(*sys.version_info[:3])


@dataclass(frozen=True)
class PythonEnvironment:
    """A project's environment: its folder (None if there is none), the folders of its packages, and its tool.

    `folder` may not exist yet, where Pulumi.yaml names it. `project` is the folder in which the tool works.
    """

    project: Path
    tool: str = _PIP
    folder: Path | None = None

    @property
    def packages(self) -> tuple[str, ...]:
        return packages_in(self.folder) if self.folder else ()

    def advice_on_missing(self, module: str) -> str:
        """Where to install what a module belongs to, so that the program finds it."""
        name = module.partition(".")[0].replace("_", "-")
        listed = " -r requirements.txt" if (self.project / "requirements.txt").is_file() else f" {name}"
        if self.folder is not None and not self.packages:
            what = f"The project's environment {self.folder} does not exist; `pulumi install` creates it"
        elif self.tool == _UV:
            what = f"The project's environment is uv's: run `uv sync` in {self.project}, or `uv add {name}`"
        elif self.tool == _POETRY:
            what = f"The project's environment is Poetry's: run `poetry install` in {self.project}"
            what += f", or `poetry add {name}`"
        elif self.folder is not None:
            python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
            what = f"The project has an environment of its own: {python} -m pip install{listed}"
        else:
            return ""
        return f"{what}. The lab finds what is installed there."

    def advice_on_python(self) -> Iterator[str]:
        """Which other Python the project requires, one line for each place that says so."""
        for wanted, file in _wanted(self.project):
            yield (
                f"{file} requires Python {wanted}, but the lab runs the program with {_RUNNING}. If that fails, "
                "install the lab with the required version."
            )
        built = _python_of(self.folder) if self.folder else ""
        if built and built.split(".")[:2] != _RUNNING.split(".")[:2]:
            yield (
                f"The packages in {self.folder} are for Python {built}, and the lab runs {_RUNNING}: those with "
                "compiled parts cannot be imported here."
            )


def environment_of(project: Path, runtime: Any = None) -> PythonEnvironment:
    """The environment of the project in a folder; `runtime` is that of Pulumi.yaml."""
    options = runtime.get("options") if isinstance(runtime, Mapping) else None
    options = options if isinstance(options, Mapping) else {}
    lock = _above(project, "uv.lock")
    poetry = _above(project, "poetry.lock")
    tool = options.get("toolchain")
    if tool not in (_UV, _POETRY, _PIP):
        tool = _UV if lock else _POETRY if poetry else _PIP
    root = {_UV: lock, _POETRY: poetry or _above(project, "pyproject.toml")}.get(tool) or project
    places = [project / "venv", project / ".venv"]
    places.insert(0 if tool == _UV else len(places), root / ".venv")
    named = options.get("virtualenv")
    if isinstance(named, str) and named:
        places.insert(0, (project / named).resolve())
    if tool == _POETRY:
        places += _poetrys(root)
    active = os.environ.get("VIRTUAL_ENV")
    if active and Path(active).resolve() != Path(sys.prefix).resolve():
        places.append(Path(active))
    found = next((place for place in places if packages_in(place)), places[0] if named else None)
    return PythonEnvironment(root, str(tool), found)


def packages_in(environment: Path) -> tuple[str, ...]:
    """The folders with the packages of a virtual environment."""
    found = [*sorted(environment.glob("lib/python3*/site-packages")), environment / "Lib/site-packages"]
    return tuple(str(folder) for folder in found if folder.is_dir())


def _above(folder: Path, name: str) -> Path | None:
    """The nearest folder, from this one upward, that has a file of this name."""
    return next((above for above in (folder, *folder.parents) if (above / name).is_file()), None)


def _poetrys(project: Path) -> Iterator[Path]:
    """The environments that Poetry keeps for a project in its cache: NAME-HASH-pyVERSION.

    Poetry's EnvManager.generate_env_name: the hash is of the project's path.
    """
    facts = _toml(project / "pyproject.toml")
    name = _get(facts, "project", "name") or _get(facts, "tool", "poetry", "name") or project.name
    clean = re.sub(r'[ $`!*@"\\\r\n\t]', "_", str(name).lower())[:42]
    path = os.path.normcase(os.path.realpath(project))
    digest = base64.urlsafe_b64encode(hashlib.sha256(path.encode()).digest()).decode()[:8]
    for cache in _poetry_caches():
        yield from sorted(cache.glob(f"{clean}-{digest}-py*"), reverse=True)


def _poetry_caches() -> Iterator[Path]:
    if path := os.environ.get("POETRY_VIRTUALENVS_PATH"):
        yield Path(path)
    if path := os.environ.get("POETRY_CACHE_DIR"):
        yield Path(path) / "virtualenvs"
    home = Path.home()
    bases = [os.environ.get("XDG_CACHE_HOME") or home / ".cache", home / "Library/Caches"]
    bases += [os.environ.get("LOCALAPPDATA") or home / "AppData/Local"]
    yield from (
        Path(base) / "pypoetry" / ("Cache/virtualenvs" if "AppData" in str(base) else "virtualenvs")
        for base in bases
    )


def _wanted(project: Path) -> Iterator[tuple[str, str]]:
    """The versions of Python that a project wants and that the running one is not, with the file that says so."""
    facts = _toml(project / "pyproject.toml")
    for said in (
        _get(facts, "project", "requires-python"),
        _get(facts, "tool", "poetry", "dependencies", "python"),
    ):
        if (
            isinstance(said, str)
            and (specifier := _specifier(said)) is not None
            and _RUNNING not in specifier
        ):
            yield said, "pyproject.toml"
            break
    pinned = _above(project, ".python-version")
    if pinned is not None and (version := _pinned(pinned / ".python-version")):
        parts = version.split(".")[:2]
        if parts != _RUNNING.split(".")[: len(parts)]:
            yield version, ".python-version"


def _specifier(text: str) -> SpecifierSet | None:
    """A condition on a version, also in Poetry's form: `^3.11` is `>=3.11,<4`, `~3.11` is `>=3.11,<3.12`."""
    caret, tilde = re.fullmatch(r"\^(\d+)([\d.]*)", text), re.fullmatch(r"~(\d+)\.(\d+)([\d.]*)", text)
    if caret:
        text = f">={caret[1]}{caret[2]},<{int(caret[1]) + 1}"
    elif tilde:
        text = f">={tilde[1]}.{tilde[2]}{tilde[3]},<{tilde[1]}.{int(tilde[2]) + 1}"
    try:
        return SpecifierSet(text)
    except InvalidSpecifier:
        return None


def _pinned(file: Path) -> str:
    """The first version in a `.python-version`: `3.12`, `3.12.4` or `cpython-3.12`; empty for anything else."""
    try:
        lines = read_text(file).splitlines()
    except UnreadableFile:
        return ""
    first = next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")
    match = re.match(r"(?:cpython[-@])?(\d+(?:\.\d+)*)", first)
    return match[1] if match else ""


def _python_of(environment: Path) -> str:
    """The version of Python that a virtual environment was made with."""
    try:
        text = read_text(environment / "pyvenv.cfg")
    except UnreadableFile:
        return ""
    match = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+(?:\.\d+)?)", text, re.MULTILINE)
    return match[1] if match else ""


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(file))
    except (UnreadableFile, tomllib.TOMLDecodeError, RecursionError):
        return {}


def _get(facts: Any, *keys: str) -> Any:
    for key in keys:
        facts = facts.get(key) if isinstance(facts, Mapping) else None
    return facts
