"""Finds a cache folder in which the lab can keep the Pulumi CLI."""

import getpass
import os
import stat
import sys
import tempfile
from pathlib import Path

import platformdirs

from lab_support.toolchain.pulumi_cli import PROGRAM, PULUMI_VERSION, MethodFailed

NAME = "pulumi-review-lab"
VARIABLE = "PULUMI_REVIEW_LAB_CACHE"


def cache_folders() -> list[Path]:
    """Candidate cache folders, best first; none of them need exist, and none is created.

    The second and third are for machines where the home folder is missing, full or read-only.
    """
    return [_chosen_folder(), Path(sys.prefix) / "share" / NAME, _temporary_folder()]


def usable_cache() -> Path:
    """The first of `cache_folders()` that is writable, created if missing.

    Raises MethodFailed, with every folder that was tried, if there is none.
    """
    problems = []
    for folder in cache_folders():
        try:
            _make_writable(folder)
        except OSError as error:
            problems.append(f"{folder} ({error.strerror or error})")
        else:
            return folder
    raise MethodFailed("no cache folder can be written: " + ", ".join(problems))


def readable_caches() -> list[Path]:
    """Those of `cache_folders()` that exist and can be trusted, best first."""
    return [folder for folder in cache_folders() if folder.is_dir() and _trusted(folder)]


def pulumi_in(cache: Path) -> Path:
    """The path of the Pulumi CLI in a cache folder, whether it exists or not."""
    return cache / f"pulumi-{PULUMI_VERSION}" / "bin" / PROGRAM


def _chosen_folder() -> Path:
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    return platformdirs.user_cache_path(NAME)


def _temporary_folder() -> Path:
    # All users of a machine share the folder for temporary files, so each gets their own folder in it.
    if sys.platform == "win32":
        user = getpass.getuser()
    else:
        user = str(os.getuid())
    return Path(tempfile.gettempdir()) / f"{NAME}-{user}"


def _trusted(folder: Path) -> bool:
    """Whether no other user can have put a program into `folder`; only a folder in a shared place is checked."""
    if sys.platform == "win32" or folder != _temporary_folder():
        return True
    found = folder.lstat()  # not stat: a link could lead to another user's folder
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _make_writable(folder: Path) -> None:
    """Creates `folder` and writes a file there, because permission bits are not conclusive. Raises OSError."""
    private = folder == _temporary_folder()
    folder.mkdir(mode=0o700 if private else 0o777, parents=True, exist_ok=True)
    if not _trusted(folder):
        raise PermissionError(1, "belongs to another user or is open to others")
    with tempfile.TemporaryFile(dir=folder):
        pass
