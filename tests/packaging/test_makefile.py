"""The Makefile sets up a suitable environment, says why if it cannot, and does nothing twice."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.packaging.stage import Stage

# Answers as Python does to the three questions of the Makefile: which version, new enough, able to make environments.
PYTHON = """
case "$2" in
    *python_version*) echo {version} ;;
    *version_info*) exit {too_old} ;;
    *ensurepip*) exit {no_venv} ;;
    *) echo "$0 $*" >> log; mkdir -p "$4" ;;
esac
"""


def python(version: str, *, too_old: bool = False, no_venv: bool = False) -> str:
    return PYTHON.format(version=version, too_old=int(too_old), no_venv=int(no_venv))


@pytest.fixture
def clone(stage: Callable[..., Stage]) -> Stage:
    """A clone with the Makefile, on a machine without any Python."""
    files = ("requirements.lock", "requirements-dev.lock", "benchmarks/requirements-checkov.lock")
    made = stage("Makefile", "pyproject.toml", *files)
    made.link("make", "sh", "awk", "pwd", "cksum", "cut", "touch", "mkdir", "rm", "find", "cp")
    return made


def mark(clone: Stage) -> str:
    """The stamp file of an environment made here."""
    exercise = clone.run("make", "--dry-run", "--always-make", "set-up").stdout
    found = re.search(r"\.venv/\.made-\d+", exercise)
    assert found
    return found[0]


def test_make_alone_lists_every_command(clone: Stage) -> None:
    listed = clone.run("make").stdout
    phony = re.search(r"^\.PHONY: (.*)$", (clone.folder / "Makefile").read_text(), re.M)
    assert phony
    for command in phony[1].split():
        assert f"  make {command} " in listed


def test_without_any_python_make_says_so(clone: Stage) -> None:
    done = clone.run("make", "set-up")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "None of them runs." in done.stderr


def test_an_old_python_is_named(clone: Stage) -> None:
    clone.put("python3", python("3.9.6", too_old=True))
    done = clone.run("make", "set-up")
    assert done.returncode != 0
    assert "  python3 is 3.9.6, which is too old\n" in done.stderr
    assert "PYTHON=/path/to" in done.stderr


def test_a_python_without_venv_names_the_debian_package(clone: Stage) -> None:
    clone.put("python3", python("3.11.2", no_venv=True))
    done = clone.run("make", "set-up")
    assert done.returncode != 0
    assert "apt-get install python3.11-venv" in done.stderr


def test_the_newest_suitable_python_is_taken(clone: Stage) -> None:
    clone.put("python3.13", python("3.13.1", no_venv=True))
    clone.put("python3.12", python("3.12.8"))
    clone.put("python3", python("3.11.2"))
    assert "Making .venv with Python 3.12.8" in clone.run("make", mark(clone)).stdout
    assert clone.log() == f"{clone.programs}/python3.12 -m venv --clear .venv\n"


def test_a_python_can_be_chosen(clone: Stage) -> None:
    clone.put("python3", python("3.11.2"))
    chosen = clone.put("mine", python("3.14.0"), folder="bin")
    done = clone.run("make", mark(clone), f"PYTHON={chosen}")
    assert "Making .venv with Python 3.14.0" in done.stdout


def test_a_finished_set_up_is_not_repeated(clone: Stage) -> None:
    for made in (mark(clone), ".venv/.filled", ".venv/.installed"):
        (clone.folder / made).parent.mkdir(exist_ok=True)
        (clone.folder / made).touch()
    assert clone.run("make", "--dry-run", "set-up").stdout == ".venv/bin/python -m lab_support.toolchain\n"


@pytest.mark.parametrize("command", ["set-up", "bench"])
def test_a_failed_step_is_tried_again(clone: Stage, command: str) -> None:
    # This Python makes environments in which nothing can be installed.
    broken = 'mkdir -p "$4/bin"; printf "#!/bin/sh\\nexit 1\\n" > "$4/bin/python"; chmod +x "$4/bin/python"'
    clone.link("chmod")
    clone.put("python3", python("3.11.2").replace('mkdir -p "$4"', broken))
    for _ in range(2):
        done = clone.run("make", "--keep-going", command)
        assert done.returncode != 0
        assert "Installing the packages in requirements.lock" in done.stdout
    assert not list(clone.folder.glob(".venv*/.filled"))
    assert not list(clone.folder.glob(".venv-*/.made*"))


def test_a_changed_lock_is_installed(clone: Stage) -> None:
    test_a_finished_set_up_is_not_repeated(clone)
    later = (clone.folder / ".venv/.installed").stat().st_mtime + 10
    os.utime(clone.folder / "requirements.lock", (later, later))
    exercise = clone.run("make", "--dry-run", "set-up").stdout
    assert "--require-hashes --requirement requirements.lock" in exercise


def test_only_contributors_install_their_tools(clone: Stage) -> None:
    tools = "--requirement requirements-dev.lock"
    assert tools not in clone.run("make", "--dry-run", "lab").stdout
    for command in ("test", "bench", "pictures"):
        assert tools in clone.run("make", "--dry-run", command).stdout


def test_a_copied_clone_makes_its_own_environment(clone: Stage, tmp_path: Path) -> None:
    test_a_finished_set_up_is_not_repeated(clone)
    (tmp_path / "moved").mkdir()
    moved = clone.folder.rename(tmp_path / "moved/clone")
    exercise = Stage(moved, clone.programs).run("make", "--dry-run", "set-up").stdout
    assert "-m venv --clear .venv" in exercise


def test_clean_keeps_a_learners_work(clone: Stage) -> None:
    kept = [
        "notebooks/01_stream_name.ipynb",
        "notebooks/.progress.json",
        "notebooks/.backup/01_stream_name.ipynb",
    ]
    gone = [".venv/bin/python", ".mypy_cache/x", "lab_support/__pycache__/x.pyc"]
    for file in kept + gone:
        (clone.folder / file).parent.mkdir(parents=True, exist_ok=True)
        (clone.folder / file).touch()
    assert clone.run("make", "clean").returncode == 0
    assert [file for file in kept + gone if (clone.folder / file).exists()] == kept
