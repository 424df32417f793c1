"""What the machine does not allow is said in a sentence, before anything is run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from lab_support.safeguards.shortage import shortage, shortage_of_memory, used_up
from tests.processes import environment
from tests.programs import ROOT, SLUG


def limited(limit: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a `lab` command under a limit of the shell's; its temporary files go into `folder`."""
    command = ["sh", "-c", f'ulimit {limit}; exec "$0" "$@"', sys.executable, "-m", "lab_support", *arguments]
    return subprocess.run(
        command,
        env=environment(TMPDIR=str(folder)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_ordinary_machine_lacks_nothing() -> None:
    assert shortage() == ""


@pytest.mark.parametrize(
    ("group", "file", "limit", "is_short"),
    [
        ("0::/", "memory.max", "104857600", True),
        ("0::/pods/one", "pods/memory.max", "104857600", True),
        ("0::/pods/one", "pods/one/memory.max", "1073741824", False),
        ("0::/", "memory.max", "max", False),
        ("0::/", "cpu.max", "100", False),
        ("4:memory:/docker/x", "memory/docker/x/memory.limit_in_bytes", "104857600", True),
        ("4:memory:/docker/x", "memory/memory.limit_in_bytes", "9223372036854771712", False),
        ("4:cpu:/docker/x", "memory/docker/x/memory.limit_in_bytes", "104857600", False),
    ],
)
def test_a_containers_small_memory_is_named(
    group: str, file: str, limit: str, is_short: bool, tmp_path: Path
) -> None:
    own, groups = tmp_path / "own", tmp_path / "groups"
    own.write_text(f"9:name=systemd:/\n{group}\n", encoding="utf-8")
    (groups / file).parent.mkdir(parents=True)
    (groups / file).write_text(f"{limit}\n", encoding="utf-8")
    said = shortage_of_memory(own=own, groups=groups)
    assert said.startswith("This container may use only 100 MB of memory") is is_short
    assert bool(said) is is_short


def test_without_control_groups_no_memory_is_missing(tmp_path: Path) -> None:
    assert shortage_of_memory(own=tmp_path / "none") == ""


def test_what_a_program_has_used_up_itself_is_named() -> None:
    assert used_up() == ""
    with open(os.devnull) as file, ExitStack() as opened:
        for _ in range(500):
            opened.callback(os.close, os.dup(file.fileno()))
        assert used_up().startswith("The program opens more files than this machine allows: ")
    over = threading.Event()
    threads = [threading.Thread(target=over.wait, daemon=True) for _ in range(500)]
    for thread in threads:
        thread.start()
    assert used_up().startswith("The program starts more threads than this machine allows: ")
    over.set()
    for thread in threads:
        thread.join()


def test_a_temporary_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc")
    assert shortage().startswith("Temporary files cannot be written to /proc: ")


@pytest.mark.parametrize("command", [["check", SLUG, "--with"], ["preview"], ["review"]])
def test_a_command_with_few_descriptors_says_so_and_exits_with_3(command: list[str], tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("def program(suffix): ...\n", encoding="utf-8")
    done = limited("-n 24", tmp_path, *command, str(program), "--json")
    assert done.returncode == 3, done.stderr
    answer = json.loads(done.stdout)
    assert "more files, too few to run the engine" in answer.get("message", answer.get("error"))
    assert done.stderr == ""
    assert [path.name for path in tmp_path.iterdir()] == ["program.py"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no such limit")
def test_little_address_space_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import pulumi\n", encoding="utf-8")
    done = limited("-v 400000", tmp_path, "preview", str(tmp_path / "program.py"))
    expected = "This process may use only 409 MB of address space, too little to run the engine."
    assert (done.returncode, expected in done.stderr) == (3, True), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="lab grade needs Linux")
def test_grading_with_few_descriptors_is_no_program_error_and_exits_with_3(tmp_path: Path) -> None:
    folder = tmp_path / "submissions" / "ada"
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / f"{SLUG}.ipynb", folder)
    out = tmp_path / "out"
    done = limited(
        "-n 24", tmp_path, "grade", str(folder.parent), "--out", str(out), "--json", "--no-sandbox"
    )
    assert done.returncode == 3, done.stdout
    assert "more files, too few to run the engine" in json.loads(done.stdout)["error"]
    assert not (out / "grades.json").exists()


def test_the_limit_of_threads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    assert shortage().startswith("This machine allows only 0 more processes and threads")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
@pytest.mark.parametrize("forks", [0, 1])
def test_a_machine_that_starts_no_process_is_no_traceback(forks: int) -> None:
    """The fork of the guard fails, or the guard's own."""
    code = f"""
import os
from lab_support.safeguards.supervised import run_supervised
fork, left = os.fork, [{forks}]
def limited():
    if not left[0]:
        raise BlockingIOError(11, "Resource temporarily unavailable")
    left[0] -= 1
    return fork()
os.fork = limited
run_supervised(lambda: None, lambda fate: 7, lambda missing: print(missing) or 3)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (7 if forks else 3, "")
    assert forks or done.stdout.startswith("No process can be started: ")
