"""Every command that reads a file, with every file that may do harm: an exit code of the contract, and a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lab_support.checking import judge
from lab_support.cli.main import main
from lab_support.course import exercises
from lab_support.safeguards import files
from tests.processes import environment
from tests.programs import ROOT, SLUG

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
DEEP = 100_000
# What a file may contain that someone else wrote. Nothing of it is secret but this:
SECRET = "hunter2-hunter2"
TEXTS: dict[str, bytes] = {
    "empty": b"",
    "bomb": BOMB.encode(),
    "merges": MERGES.encode(),
    "cycle": b"config: &a\n  x: *a\n",
    "deep-yaml": b"[" * DEEP,
    "deep-json": b'{"cells":' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep-python": b"x = " + b"-" * DEEP + b"1\n",
    "deep-brackets": b"x = " + b"(" * DEEP + b")" * DEEP,
    "long-sum": b"x = " + b"1 + " * 20_000 + b"1\n",
    "surrogate": rb'{"cells": [{"cell_type": "code", "metadata": {"tags": ["exercise"]}, "source": "x = \ud800"}]}',
    "bytes": bytes(range(256)),
    "nul": b"x = '\0'\n",
    "mark": b"\xef\xbb\xbf" + b"config: {a: b}\n",
    "utf-16": "config: {}\n".encode("utf-16"),
    "secret": f"config:\n  password: {SECRET}\n  - broken: [\n".encode(),
    "list": b"[1, 2]",
    "digits": b'{"version": ' + b"9" * 5_000 + b"}",
    "wrong-cells": b'{"cells": [1, null, {}], "version": "x", "exercises": []}',
}


def make(path: Path, kind: str) -> None:
    """Puts something at a path: a text, or something that is no regular file."""
    path.unlink(missing_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(files.LARGEST + 1)
    else:
        path.write_bytes(TEXTS[kind])


KINDS = [*TEXTS, "huge", *([] if os.name == "nt" else ["fifo", "device", "loop", "folder"])]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with the exercises, and notebooks that may be anything."""
    monkeypatch.setenv("PULUMI_REVIEW_LAB_ROOT", str(tmp_path))
    monkeypatch.setenv("PULUMI_REVIEW_LAB_PROGRESS", "on")
    (tmp_path / "exercises").symlink_to(ROOT / "exercises")
    (tmp_path / "guides").symlink_to(ROOT / "guides")
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _no_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested is reading, which comes before running."""

    def ruling(exercise: exercises.Exercise, cells: object, **options: object) -> judge.Ruling:
        return judge.Ruling(exercise.slug, "failed")

    monkeypatch.setattr(judge, "judge", ruling)
    monkeypatch.setattr("os._exit", sys.exit)
    monkeypatch.setattr("lab_support.projects.project.Project.preview", _not_run)


def _not_run(*arguments: object, **options: object) -> None:
    raise files.UnreadableFile("program", "programs are not run in this test")


def called(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def project(folder: Path, kind: str, name: str) -> Path:
    (folder / "stack").mkdir()
    (folder / "stack" / "Pulumi.yaml").write_text("name: a\nruntime: python\n")
    (folder / "stack" / "__main__.py").write_text("import pulumi\n")
    make(folder / "stack" / name, kind)
    return folder / "stack"


def at(name: str, *arguments: str) -> Callable[[Path, str], tuple[str, ...]]:
    """A command that reads a file of the course."""

    def prepared(folder: Path, kind: str) -> tuple[str, ...]:
        make(folder / name, kind)
        return arguments

    return prepared


def in_project(name: str, command: str) -> Callable[[Path, str], tuple[str, ...]]:
    return lambda folder, kind: (command, str(project(folder, kind, name)))


READERS = {
    "check-py": at("x.py", "check", SLUG, "--with", "x.py"),
    "check-ipynb": at("x.ipynb", "check", SLUG, "--with", "x.ipynb"),
    "check-diff": at("x.diff", "check", SLUG, "--with", "x.diff"),
    "check": at(f"notebooks/{SLUG}.ipynb", "check", SLUG),
    "changes": at(f"notebooks/{SLUG}.ipynb", "changes", SLUG),
    "solution": at(f"notebooks/{SLUG}.ipynb", "solution", SLUG, "--yes"),
    "notes": at("notebooks/06_code_review.ipynb", "notes", "06", "--yes"),
    "list": at("notebooks/.progress.json", "list"),
    "hint": at("notebooks/.progress.json", "hint", SLUG),
    "preview-py": at("x.py", "preview", "x.py"),
    "preview-project": in_project("Pulumi.yaml", "preview"),
    "preview-stack": in_project("Pulumi.dev.yaml", "preview"),
    "preview-main": in_project("__main__.py", "preview"),
    "preview-neighbour": in_project("neighbour.py", "preview"),
    "review-py": at("x.py", "review", "x.py"),
    "review-acceptances": in_project(".lab-review.yaml", "review"),
    "fix": at("x.py", "fix", "edit", SLUG, "wrong_x", "--from", "x.py"),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_a_file_that_may_be_anything_is_read_or_refused_in_a_sentence(
    reader: str, kind: str, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if reader == "fix":  # writes beside the exercise
        monkeypatch.setattr("lab_support.cli.fixing._given", _given_only)
    result = called(*READERS[reader](course, kind))
    assert result.exit_code in (0, 1, 2), (result.output, result.exc_info)
    assert isinstance(result.exception, SystemExit | None), result.exc_info
    assert "Traceback" not in result.output
    assert SECRET not in result.output
    assert len(result.output) < 20_000


def test_reports_on_names_that_no_encoding_has_are_json(course: Path) -> None:
    urn = "urn:pulumi:dev::p::aws:rds/instance:Instance::db\ud800"
    database = {"urn": urn, "type": "aws:rds/instance:Instance", "custom": True, "inputs": {"multiAz": False}}
    Path("state.json").write_text(json.dumps({"deployment": {"resources": [database]}}))
    result = called("review", "state.json", "--sarif", "x.sarif", "--codequality", "x.json", "--github")
    assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
    assert "SINGLE-ZONE" in str(json.loads(Path("x.sarif").read_text()))
    assert json.loads(Path("x.json").read_text())


def _given_only(file: str) -> str:
    from lab_support.cli.options import usage_error

    try:
        files.read_text(Path(file))
    except ValueError as error:
        usage_error(str(error))
    usage_error("read")


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", SLUG, "--timeout", "nan"),
        ("preview", "x.py", "--timeout", "inf"),
        ("grade", ".", "--out", "/proc/grades", "--no-sandbox"),
        ("room", ".", "--page", ""),
        *((command, "x" * 300) for command in ("preview", "review", "room")),
        ("check", SLUG, "--with", "x/" * 3_000),
        ("grade", "x" * 300, "--out", "y", "--no-sandbox"),
    ],
    ids=lambda arguments: " ".join(arguments)[:40],
)
def test_an_argument_that_cannot_be_used_is_a_usage_error(arguments: tuple[str, ...], course: Path) -> None:
    result = called(*arguments)
    assert result.exit_code == 2, result.output
    assert len(result.output) < 500


class TestWhatNobodyCaught:
    @pytest.mark.parametrize(
        "error", [RecursionError(), MemoryError("no memory"), KeyError("a"), OSError(5, "an error")]
    )
    @pytest.mark.parametrize("options", [(), ("--json",)], ids=["text", "json"])
    def test_an_error_that_nobody_caught_is_an_internal_error(
        self, error: Exception, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise error

        monkeypatch.setattr("lab_support.cli.learning.overview", fail)
        result = called("list", *options)
        assert result.exit_code == 3
        assert type(error).__name__ in (json.loads(result.stdout)["error"] if options else result.stderr)
        assert "Traceback" not in result.output

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (
                OSError(30, "Read-only file system", "notebooks/x.ipynb"),
                "notebooks/x.ipynb cannot be written: Read-only file system",
            ),
            (OSError(28, "No space left on device"), "A file cannot be written: No space left on device"),
        ],
    )
    def test_a_file_system_that_cannot_be_written_is_the_machines(
        self, error: OSError, said: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise error

        monkeypatch.setattr("lab_support.cli.learning.overview", fail)
        result = called("list")
        assert result.exit_code == 3
        assert result.stderr.startswith("This machine could not run it")
        assert said in result.stderr

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
    def test_a_full_disk_behind_standard_output_is_an_internal_error(self) -> None:
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-m", "lab_support", "list"],
                env=environment(),
                cwd=ROOT,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
            )
        assert done.returncode == 3
        assert "No space left" in done.stderr
        assert "Traceback" not in done.stderr
