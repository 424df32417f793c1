"""Sets the lab up from this folder, without a network, and opens it in JupyterLab.

    python3 start.py                     opens the lab; the notebooks are in emergency-alert/, beside this file
    python3 start.py FOLDER              the notebooks are in FOLDER
    python3 start.py --set-up-only       installs everything and opens nothing

Other options go to `lab start`. The first run takes about a minute. It needs Python and nothing else: no make, no pip,
no rights of an administrator; it writes only to .venv in this folder, and to the folder of the notebooks.
"""

# Uses only Python's library, and runs on older Pythons as well, to say what is wrong with them.
from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
WHEELS = HERE / "wheels"
ENVIRONMENT = HERE / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
STAMP = ENVIRONMENT / "set-up.json"
NOTEBOOKS = "emergency-alert"
SET_UP_ONLY = "--set-up-only"


def main(arguments: list[str]) -> int:
    """Sets up what is missing and opens the lab; returns the exit code."""
    if "--help" in arguments or "-h" in arguments:
        print(__doc__)
        return 0
    facts = json.loads((HERE / "bundle.json").read_text(encoding="utf-8"))
    here = "{} {}".format(*system())
    if here != facts["system"]:
        return failed(f"This bundle is for {facts['system']}, and this machine is {here}.")
    if running() not in facts["pythons"]:
        return with_another_python(facts["pythons"], arguments)
    # An environment cannot be moved or copied, so the stamp has its path.
    made = {"folder": str(HERE), "python": sys.executable, "bundle": facts}
    if not STAMP.is_file() or json.loads(STAMP.read_text(encoding="utf-8")) != made:
        problem = set_up()
        if problem:
            return failed(f"{problem}\nThe bundle was made on {facts['system']}, {facts['library']}.")
        STAMP.write_text(json.dumps(made), encoding="utf-8")
    if SET_UP_ONLY in arguments:
        print(f"The lab is set up. Its command is {PROGRAMS / 'lab'}")
        return 0
    if not arguments or arguments[0].startswith("-"):
        arguments = [str(HERE / NOTEBOOKS), *arguments]
    command = [str(PROGRAMS / f"lab{SUFFIX}"), "start", *arguments]
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)  # so that signals reach JupyterLab itself
    return subprocess.call(command)


def system() -> tuple[str, str]:
    """The kind of machine that wheels and the Pulumi CLI are for, such as ("Linux", "x86_64")."""
    return platform.system(), platform.machine()


def running() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def with_another_python(versions: list[str], arguments: list[str]) -> int:
    """Goes on with the newest Python on PATH that the bundle has packages for."""
    for version in reversed(versions):
        program = shutil.which(f"python{version}")
        # A name on PATH may be that of a version manager, which has no such Python.
        if (
            program is not None
            and subprocess.call([program, "-c", "import venv"], stderr=subprocess.DEVNULL) == 0
        ):
            return subprocess.call([program, str(Path(__file__).resolve()), *arguments])
    return failed(
        f"This bundle is for Python {', '.join(versions)}. This is Python {running()}, and none of the others is on"
        " PATH.\nRun start.py with another Python, or have a bundle made for this one:"
        f" make bundle FOR='{running()}'"
    )


def set_up() -> str:
    """Makes the environment anew; returns what went wrong, or an empty text."""
    print(
        f"Setting the lab up in {ENVIRONMENT} with Python {platform.python_version()} (about a minute)",
        flush=True,
    )
    # pip comes from the bundle: Debian's Python has venv, but not what puts pip into it.
    venv.EnvBuilder(clear=True, symlinks=os.name != "nt", with_pip=False).create(ENVIRONMENT)
    python = str(PROGRAMS / f"python{SUFFIX}")
    (pip,) = WHEELS.glob("pip-*.whl")
    (lab,) = WHEELS.glob("pulumi_review_lab-*.whl")
    install = [python, "-I", str(pip / "pip"), "--isolated", "install", "--quiet", "--no-index", "--no-deps"]
    for what in (
        ["--find-links", str(WHEELS), "--require-hashes", "--requirement", str(HERE / "requirements.lock")],
        [str(lab)],
    ):
        if subprocess.call([*install, "--disable-pip-version-check", "--no-cache-dir", *what]) != 0:
            return "The packages could not be installed; see above."
    name = f"pulumi{SUFFIX}"
    shutil.copy2(HERE / name, PROGRAMS / name)
    version = [str(PROGRAMS / name), "version"]
    if subprocess.run(version, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        return "The Pulumi CLI of the bundle does not run here."
    return ""


def failed(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
