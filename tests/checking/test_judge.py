"""Judging a program in a process of its own: what the program sees, and that nothing it does harms the judge."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Generator
from pathlib import Path

import psutil
import pytest

from lab_support.checking.judge import (
    TIME_LIMIT,
    Ruling,
    UnusableFile,
    as_shipped,
    as_solved,
    judge,
    read_program,
)
from lab_support.checking.judge_pool import judge_all
from lab_support.checking.judge_process import child_environment
from lab_support.course import exercises
from lab_support.course.exercises import Exercise, find_exercise
from tests.processes import left_in
from tests.programs import ROOT, SLUG, shipped, solved

# An exercise of a few lines, for what does not depend on a real one.
TINY = """\
# ---
# jupyter:
#   lab: {title: Tiny, severity: Medium, category: Tests, minutes: 1}
# ---

# %% tags=["setup"]
import pulumi_aws as aws

from lab_support import check

# %% tags=["exercise"]
def program(environment_suffix): ...

# %% tags=["check"] expect=["EMPTY"]
with check("07_tiny", program) as verdict:
    for plan in verdict.plans:
        with verdict.finding("EMPTY", "the plan", "Create something."):
            assert plan.resources, "it is empty"
"""


@pytest.fixture
def tiny(clone: Path) -> Exercise:
    """The tiny exercise, in a clone of its own."""
    (clone / "exercises" / "07_tiny.py").write_text(TINY, encoding="utf-8")
    return find_exercise("07_tiny")


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process and its children."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


class TestProgramIn:
    def test_a_fix_that_is_a_difference_is_the_program_it_makes(
        self, exercise: Exercise, tmp_path: Path
    ) -> None:
        assert read_program(exercise.fixes / "solution.diff", exercise) == [solved()]
        broken = tmp_path / "wrong_x.diff"
        broken.write_text("# finding: SINGLE-ZONE\n", encoding="utf-8")
        with pytest.raises(UnusableFile, match=r"wrong_x\.diff, line 1: this is not a difference"):
            read_program(broken, exercise)

    def test_a_python_file_is_taken_whole(self, tmp_path: Path, exercise: Exercise) -> None:
        path = tmp_path / "program.py"
        path.write_bytes("a = 'ä'\r\nb = 2\r\n".encode())
        assert read_program(path, exercise) == ["a = 'ä'\nb = 2\n"]

    @pytest.mark.parametrize(
        ("name", "content"), [("a.py", b"\xe4"), ("a.ipynb", b"\xe4"), ("a.ipynb", b"[")]
    )
    def test_an_unusable_file_is_named(
        self, tmp_path: Path, exercise: Exercise, name: str, content: bytes
    ) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnusableFile, match=name):
            read_program(path, exercise)

    def test_the_error_for_a_file_that_is_not_utf_8_names_the_byte(
        self, tmp_path: Path, exercise: Exercise
    ) -> None:
        path = tmp_path / "a.py"
        path.write_bytes(b"abc\xe4")
        with pytest.raises(UnusableFile, match=r"it is not text in UTF-8 \(byte 3\)"):
            read_program(path, exercise)

    @pytest.mark.parametrize("name", ["nothing.py", "."])
    def test_a_missing_file_is_unusable(self, tmp_path: Path, exercise: Exercise, name: str) -> None:
        with pytest.raises(UnusableFile, match="there is no file"):
            read_program(tmp_path / name, exercise)


class TestRuling:
    def test_the_json_of_a_ruling_has_the_contracts_keys(self) -> None:
        ruling = Ruling(SLUG, "passed", points=2, of=2, text="for people")
        assert ruling.to_json() == {
            "exercise": SLUG,
            "outcome": "passed",
            "findings": [],
            "message": None,
            "location": None,
            "points": 2,
            "of": 2,
            "seconds": 0.0,
            "seed": None,
        }

    def test_finding_ids_are_distinct_and_in_order(self) -> None:
        findings = tuple({"id": id} for id in ("B", "A", "B"))
        assert Ruling(SLUG, "failed", findings).finding_ids == ["B", "A"]


class TestChildEnvironment:
    def test_the_child_gets_no_credentials(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("AWS_PROFILE", "PULUMI_ACCESS_TOKEN", "PULUMI_BACKEND_URL", "PYTHONDONTWRITEBYTECODE"):
            monkeypatch.setenv(name, "junk")
        monkeypatch.setenv("PULUMI_REVIEW_LAB_CACHE", "/cache")
        monkeypatch.setenv("MINE", "kept")
        seen = child_environment(keep_progress=True)
        assert "junk" not in seen.values()
        assert (seen["PULUMI_REVIEW_LAB_CACHE"], seen["MINE"]) == ("/cache", "kept")

    def test_the_child_finds_the_lab_and_the_callers_python_path(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PYTHONPATH", "/mine")
        assert child_environment(keep_progress=True)["PYTHONPATH"].split(os.pathsep) == [str(ROOT), "/mine"]
        monkeypatch.delenv("PYTHONPATH")
        assert child_environment(keep_progress=True)["PYTHONPATH"] == str(ROOT)

    def test_progress_is_kept_only_on_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
        assert "PULUMI_REVIEW_LAB_PROGRESS" not in child_environment(keep_progress=True)
        assert child_environment(keep_progress=False)["PULUMI_REVIEW_LAB_PROGRESS"] == "off"


class TestJudge:
    def test_the_shipped_cells_are_unchanged_and_the_solved_ones_pass(self, tiny: Exercise) -> None:
        assert judge(tiny, as_shipped(tiny)).outcome == "unchanged"
        ruling = judge(tiny, ["def program(suffix): aws.sqs.Queue(suffix)"])
        assert (ruling.outcome, ruling.points, ruling.of) == ("passed", 1, 1)

    def test_the_real_exercise_fails_as_shipped_and_passes_solved(self, exercise: Exercise) -> None:
        assert as_shipped(exercise) == [shipped()]
        assert as_solved(exercise) == [solved()]

    def test_the_program_runs_in_its_own_folder(self, tiny: Exercise, tmp_path: Path) -> None:
        (tmp_path / "beside.txt").write_text("found", encoding="utf-8")
        ruling = judge(tiny, ["raise ValueError(open('beside.txt').read())"], folder=tmp_path)
        assert ruling.message == "ValueError: found"

    def test_cells_share_names_and_errors_have_the_line_in_their_own_cell(self, tiny: Exercise) -> None:
        ruling = judge(tiny, ["first = 1\n", "second = first\nthird = nothing\n"])
        assert ruling.outcome == "program-error"
        assert ruling.location == {"line": 2, "code": "third = nothing"}

    def test_an_error_about_a_time_limit_of_the_programs_own_is_told_as_it_is(self, tiny: Exercise) -> None:
        ruling = judge(tiny, ["def program(suffix): raise ValueError('past the time limit')"])
        assert ruling.message == "ValueError: past the time limit"

    def test_an_error_in_the_check_is_a_lab_error(self, tiny: Exercise) -> None:
        broken = tiny.path.read_text(encoding="utf-8").replace("plan.resources,", "plan.no_such_thing,")
        tiny.path.write_text(broken, encoding="utf-8")
        exercises._read_all.cache_clear()
        ruling = judge(find_exercise("07_tiny"), ["def program(suffix): ..."])
        assert ruling.outcome == "lab-error"
        assert "your program is not to blame" in ruling.text
        assert "no_such_thing" in (ruling.message or "")

    def test_a_killed_judge_is_a_lab_error(self, tiny: Exercise) -> None:
        def kill() -> None:
            while not killed.is_set():
                for child in psutil.Process().children():
                    if "lab_support.checking.judge_child" in child.cmdline():
                        child.send_signal(signal.SIGKILL)
                        killed.set()
                killed.wait(0.05)

        killed = threading.Event()
        thread = threading.Thread(target=kill)
        thread.start()
        try:
            ruling = judge(tiny, ["import time\ntime.sleep(60)\n"])
        finally:
            killed.set()
            thread.join()
        assert ruling.outcome == "lab-error"
        assert "killed (SIGKILL)" in (ruling.message or "")

    def test_a_judged_program_leaves_no_files(self, tiny: Exercise, scratch: Path, tmp_path: Path) -> None:
        note = tmp_path / "child"
        started = f"""
import subprocess
child = subprocess.Popen(["sleep", "600"])
open({str(note)!r}, "w").write(str(child.pid))
def program(suffix): aws.sqs.Queue(suffix)
"""
        assert judge(tiny, [started]).outcome == "passed"
        assert _has_ended(int(note.read_text()))
        assert left_in(scratch) == []

    def test_files_beside_the_program_do_not_shadow_modules_of_the_lab_or_python(
        self, tiny: Exercise, tmp_path: Path
    ) -> None:
        (tmp_path / "lab_support.py").write_text("raise SystemExit", encoding="utf-8")
        (tmp_path / "json.py").write_text("raise SystemExit", encoding="utf-8")
        ruling = judge(tiny, ["def program(suffix): aws.sqs.Queue(suffix)"], folder=tmp_path)
        assert ruling.outcome == "passed"


class TestManyPrograms:
    def test_each_program_gets_its_own_ruling_and_harms_no_other(self, tiny: Exercise, scratch: Path) -> None:
        queue = "def program(suffix): aws.sqs.Queue(suffix)\n"
        programs = {
            "ends": ["import os\nos._exit(3)\n"],
            "passes": [queue],
            "spoils": ["import json\njson.dumps = json.loads = None\naws.sqs.Queue = None\n" + queue],
            "passes again": [queue],
            "fails": ["def program(suffix): ...\nx = 1\n"],
        }
        hangs = ["import time\ntime.sleep(600)\n"]
        rulings = judge_all([(tiny, cells) for cells in (*programs.values(), hangs)], workers=1)
        found = dict(zip(programs, rulings, strict=False))
        began = time.monotonic()
        assert isinstance(rulings, Generator)
        rulings.close()  # nobody waits for the last ruling
        assert time.monotonic() - began < TIME_LIMIT / 2
        assert "exit code 3" in (found["ends"].message or "")
        assert {name: ruling.outcome for name, ruling in found.items() if name != "spoils"} == {
            "ends": "program-error",
            "passes": "passed",
            "passes again": "passed",
            "fails": "failed",
        }
        assert found["spoils"].outcome != "passed"
        assert left_in(scratch) == []


def _has_ended(pid: int) -> bool:
    """Whether a process is gone, or a zombie that waits to be reaped."""
    try:
        process = psutil.Process(pid)
        for _ in range(200):
            if process.status() == psutil.STATUS_ZOMBIE:
                return True
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        return True
    return False
