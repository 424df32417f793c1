"""Makes the bundle: the lab and everything it needs, for machines of this kind, in one archive.

The archive has the wheels of requirements.lock for several Pythons, the lab's own wheel with the course inside, the
Pulumi CLI, and start.py, which sets it all up where there is no network. The same input makes the same archive.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.markers import default_environment
from packaging.requirements import Requirement

from lab_support.course import learner_course
from lab_support.toolchain import ToolchainError, obtain_pulumi
from tools.bundle import start
from tools.data_file import ROOT

NAME: Final = "pulumi-review-lab"
PYTHONS: Final = ("3.11", "3.12", "3.13")
# A marker may ask for the patch release, so that one Python needs one version of a package or another.
_PATCH_RELEASES: Final = (0, 99)
_README: Final = """\
The Pulumi review lab, for {system}, with everything it needs. No network is used.

    python3 start.py

sets the lab up in this folder, which takes about a minute once, and opens it in JupyterLab. All it needs is Python
{pythons}. The notebooks and your progress are in emergency-alert/, beside this file; `python3 start.py FOLDER`
chooses another folder.
"""


class BundleError(Exception):
    """The bundle cannot be made; the text says why."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("--learner", action="store_true", help="leave out solutions, fixes and answers")
    parser.add_argument("--pythons", nargs="+", default=PYTHONS, metavar="VERSION", help="such as 3.12")
    parser.add_argument("--into", type=Path, default=ROOT / "dist", metavar="FOLDER")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            archive = make(Path(scratch), options.into, tuple(options.pythons), learner=options.learner)
    except (BundleError, ToolchainError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB)")
    return 0


def make(scratch: Path, into: Path, pythons: tuple[str, ...], *, learner: bool) -> Path:
    """Makes the bundle in `scratch` and its archive in `into`; returns the archive.

    Raises BundleError, and ToolchainError where there is no Pulumi CLI.
    """
    folder = scratch / NAME
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    _build_wheel(scratch, wheels, learner=learner)
    for python in pythons:
        print(f"Getting the packages for Python {python}", flush=True)
        _download(python, wheels, scratch)
    cli = obtain_pulumi(print).path
    shutil.copy2(cli, folder / f"pulumi{start.SUFFIX}")
    shutil.copyfile(ROOT / "requirements.lock", folder / "requirements.lock")
    shutil.copyfile(Path(start.__file__), folder / "start.py")
    name, machine = start.system()
    library = " ".join(platform.libc_ver()).strip() or platform.platform()
    facts = {"system": f"{name} {machine}", "library": library, "pythons": list(pythons)}
    (folder / "bundle.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    readme = _README.format(system=facts["system"], pythons=" or ".join(pythons))
    (folder / "README.txt").write_text(readme, encoding="utf-8")
    kind = "-learner" if learner else ""
    version = metadata.version(NAME)
    into.mkdir(parents=True, exist_ok=True)
    return _pack(folder, into / f"{NAME}-{version}-{name}-{machine}{kind}.tar.gz".lower())


def _build_wheel(scratch: Path, wheels: Path, *, learner: bool) -> None:
    """Builds the lab's own wheel, which has the course inside."""
    source = ROOT
    if learner:
        source = scratch / "course"
        learner_course.write(source)
    _run("hatchling", "build", "--target", "wheel", "--directory", str(wheels), folder=source)


def _download(python: str, wheels: Path, scratch: Path) -> None:
    """Downloads the wheels of requirements.lock for a Python, which need not be on this machine."""
    asked: list[str] = []
    for patch in _PATCH_RELEASES:
        version = f"{python}.{patch}"
        lines = locked_for(version, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
        if lines == asked:
            continue
        asked = lines
        listed = scratch / "asked.txt"
        listed.write_text("\n".join(lines), encoding="utf-8")
        wanted = ["--python-version", version, "--only-binary", ":all:", "--require-hashes", "--no-deps"]
        _run("pip", "download", "--quiet", *wanted, "--dest", str(wheels), "--requirement", str(listed))


def locked_for(version: str, lock: str) -> list[str]:
    """The lines of a lock file that apply to a Python such as "3.12.0" on this system, without their markers.

    pip would judge the markers by the Python that it runs on.
    """
    environment = {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": version.rpartition(".")[0],
        "python_full_version": version,
    }
    lines = []
    for line in lock.replace("\\\n", " ").splitlines():
        text, *hashes = re.split(r"\s(?=--hash=)", line.partition(" #")[0])
        if not text.strip() or text.startswith(("#", " ")):
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            lines.append(" ".join([f"{requirement.name}{requirement.specifier}", *map(str.strip, hashes)]))
    return lines


def _run(module: str, *arguments: str, folder: Path = ROOT) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BundleError(f"{module} ended with code {done.returncode}:\n{done.stdout[-2000:]}")


def _pack(folder: Path, archive: Path) -> Path:
    """Writes a folder to a .tar.gz without times and owners; `archive` is there whole or not at all."""
    print("Packing", flush=True)
    new = archive.with_name(f".{archive.name}.new")
    with (
        new.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6) as compressed,
        tarfile.open(fileobj=compressed, mode="w") as packed,
    ):
        for path in _sorted_files(folder):
            packed.add(path, path.relative_to(folder.parent).as_posix(), filter=_anonymous)
    new.replace(archive)
    return archive


def _sorted_files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o755 if entry.mode & 0o100 else 0o644
    return entry


if __name__ == "__main__":
    sys.exit(main())
