"""The command line of bubblewrap: what of this machine is in the sandbox, and what is not.

https://github.com/containers/bubblewrap
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path
from typing import Final

import lab_support
from lab_support.checking.grading.confine import HOME

_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/localtime")
# For processes of another user, which root's fork server makes: to become that user, to mount, and to kill.
_CAPABILITIES: Final = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SYS_RESOURCE", "DAC_OVERRIDE")
_MISSING: Final = (
    "Grading needs bubblewrap, because submitted programs are strangers' code. Install it (Debian, Ubuntu: "
    "apt-get install bubblewrap; Fedora: dnf install bubblewrap), or use --no-sandbox if you trust every program."
)


@cache
def problem_of_bubblewrap() -> str:
    """Why there is no sandbox, as a sentence; empty where there is one."""
    if shutil.which("bwrap") is None:
        return _MISSING
    tried = subprocess.run([*bubblewrap(), "true"], capture_output=True, text=True)
    if tried.returncode == 0:
        return ""
    return f"bubblewrap does not work on this machine: {' '.join(tried.stderr.split())[:200]}. {_MISSING}"


def bubblewrap() -> list[str]:
    """The command before the one that is to run in the sandbox."""
    command = [
        str(shutil.which("bwrap")),
        "--die-with-parent",
        "--new-session",
        "--unshare-pid",
        "--unshare-net",
    ]
    command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "localhost"]
    command += ["--cap-drop", "ALL"]
    if os.geteuid() == 0:
        for capability in _CAPABILITIES:
            command += ["--cap-add", f"CAP_{capability}"]
    else:
        command.append("--unshare-user")
    for path in _SYSTEM:
        if Path(path).is_symlink():
            command += ["--symlink", os.readlink(path), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    command += ["--proc", "/proc", "--dev", "/dev", "--dir", "/tmp"]
    made: set[Path] = set()
    for folder in _python_folders():
        for parent in reversed(Path(folder).parents[:-1]):  # bubblewrap would make them for its own user only
            if parent not in made:
                command += ["--perms", "0755", "--dir", str(parent)]
                made.add(parent)
        command += ["--ro-bind", folder, folder]
    return [
        *command,
        "--perms",
        "0755",
        "--dir",
        "/home",
        "--tmpfs",
        HOME,
        "--chdir",
        HOME,
        "--remount-ro",
        "/",
        "--",
    ]


def _python_folders() -> list[str]:
    """The folders that Python, the SDK and this package are in; none that is inside another one."""
    own = Path(lab_support.__file__).resolve().parent
    wanted = {Path(sys.base_prefix), Path(sys.prefix), Path(sys.executable).resolve().parent.parent, own}
    wanted |= {Path(path) for name in ("purelib", "platlib", "stdlib") if (path := sysconfig.get_path(name))}
    wanted |= {Path(path) for path in _installed()}
    given = {str(path) for path in wanted if path.is_dir() and len(path.parts) > 2}
    system = ("/usr/", "/lib/", "/lib64/")
    return [
        folder
        for folder in sorted(given, key=len)
        if not folder.startswith(system)
        and not any(folder.startswith(f"{other}/") for other in given if other != folder)
    ]


def hidden_folders() -> list[str]:
    """What the fork server needs and no program may see: this package, wherever the same files can be reached."""
    own = Path(lab_support.__file__).resolve().parent
    installed = (Path(path) / "lab_support" for path in _installed())
    return sorted({str(own), *(str(path) for path in installed if path.is_dir())})


def _installed() -> list[str]:
    """The folders on Python's path that hold installed packages."""
    return [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


def variables() -> dict[str, str]:
    """The environment variables in the sandbox."""
    own = str(Path(lab_support.__file__).resolve().parents[1])
    found = os.pathsep.join([own, *_installed()])
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": HOME,
        "PYTHONPATH": found,
        "GRPC_VERBOSITY": "NONE",
    }
