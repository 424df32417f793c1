"""JupyterLab as the lab wants it: a panel that runs cells and is kept, no news, no real credentials, quick kernels."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, Final

from lab_support.course import exercises
from lab_support.engine.user_environment import without_private
from lab_support.safeguards.folders import locked_folder

# Settings of JupyterLab's own extensions; a learner's own settings still win.
OVERRIDES: Final[dict[str, Any]] = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    # On the next day the panel is drawn as it was left; without its state there would be an error in its place.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
}
IDLE_SECONDS: Final = 1200
_HOMES: Final = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "IPYTHONDIR": "ipython",
}


def lab_command(
    notebook: Path, *, port: int | None = None, browser: bool = True, hub: bool = False
) -> list[str]:
    """The command that serves JupyterLab and opens a notebook: on the loopback interface, or for a JupyterHub."""
    root = exercises.root()
    server = "jupyterhub.singleuser" if hub else "jupyterlab"
    arguments = [sys.executable, "-m", server, f"--ServerApp.root_dir={root}"]
    if hub:
        # The kernels of closed notebooks end after a while, because a learner's memory is limited.
        arguments += [f"--MappingKernelManager.cull_idle_timeout={IDLE_SECONDS}"]
        arguments += ["--MappingKernelManager.cull_interval=60"]
    else:
        # A learner's terminal shows the address and what fails, not a line for each kernel and file.
        arguments.append("--Application.log_level=ERROR")
    # Others on this machine cannot read what a notebook and its kernel say to each other.
    arguments.append("--KernelManager.transport_encryption=auto")
    # Looking for language servers starts npm, which spins for ever when JupyterLab is stopped in that moment.
    arguments.append("--LanguageServerManager.autodetect=False")
    # The panel runs the program's cell before it uses the program (display/panel.js).
    arguments.append("--LabApp.expose_app_in_browser=True")
    # The tabs that were open last are those of this clone, not of another one.
    workspaces = root / ".cache" / "workspaces"
    if os.access(root, os.W_OK):
        arguments.append(f"--LabApp.workspaces_dir={workspaces}")
    inside = notebook.is_relative_to(root)
    if inside:
        application = "ServerApp" if hub else "LabApp"  # the hub asks the server for its start page
        arguments.append(f"--{application}.default_url=/lab/tree/{notebook.relative_to(root).as_posix()}")
    if port is not None:
        arguments += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        arguments.append("--no-browser")
    if hasattr(os, "getuid") and os.getuid() == 0:  # in a container, root is the only user
        arguments.append("--allow-root")
    return arguments


def lab_environment() -> dict[str, str]:
    """The environment of the server and its kernels; a temporary folder serves where HOME cannot be written."""
    kept = without_private()
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # without .pyc files a kernel takes four times as long to start
    kept.setdefault("PYTHONSTARTUP", str(Path(__file__).with_name("kernel_startup.py")))
    write_overrides()
    if not _can_write_home():
        scratch, lock = locked_folder()
        os.set_inheritable(lock, True)  # JupyterLab keeps the lock; the next start deletes what it leaves
        kept |= {name: str(scratch / folder) for name, folder in _HOMES.items() if name not in kept}
    return kept


def _can_write_home() -> bool:
    home = Path.home()
    return home.is_dir() and os.access(home, os.W_OK)


def write_overrides() -> None:
    """Puts our settings where JupyterLab of this environment reads them; keeps what is there already."""
    path = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        there = {}
    wanted = {**there, **OVERRIDES}
    if wanted != there and os.access(sys.prefix, os.W_OK):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(wanted, indent=2), encoding="utf-8")
