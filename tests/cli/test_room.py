"""`lab share` and `lab room`, with checks of the real engine between them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab_support.course.sharing import SUFFIX
from tests.cli.lab import as_json, lab, repaired
from tests.processes import started
from tests.programs import SLUG


@pytest.fixture
def room(tmp_path: Path) -> Path:
    made = tmp_path / "room"
    made.mkdir()
    return made


@pytest.fixture
def sharing(learner: Path, room: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder of notebooks that is shared as Ada."""
    monkeypatch.delenv("PULUMI_REVIEW_LAB_PROGRESS")
    monkeypatch.chdir(learner)
    lab("share", str(room), "--as", "Ada")
    return learner


def test_a_check_shows_in_the_room_and_so_does_the_pass(sharing: Path, room: Path) -> None:
    lab("check", SLUG, code=1)
    (ada,) = as_json("room", str(room))["learners"]
    assert (ada["name"], ada["exercise"], ada["state"]) == ("Ada", SLUG, "working")
    assert list(ada["open"]) == ["SINGLE-ZONE"]
    repaired(sharing)
    lab("check", SLUG)
    (ada,) = as_json("room", str(room))["learners"]
    assert (ada["state"], ada["points"], ada["open"]) == ("passed", 2, {})
    assert "Ada" in lab("room", str(room)).stdout


def test_the_list_of_exercises_says_that_progress_is_shared(sharing: Path, room: Path) -> None:
    assert f"shared as Ada, in {room}" in lab("list").stdout
    lab("share", "--stop")
    assert "shared" not in lab("list").stdout
    assert list(room.iterdir()) == []


def test_without_a_folder_it_says_what_is_shared(sharing: Path, room: Path) -> None:
    (copy,) = room.glob(f"*{SUFFIX}")
    assert as_json("share") == {"file": str(copy), "problem": None}
    lab("share", "--stop")
    assert as_json("share") == {"file": None, "problem": None}


@pytest.mark.parametrize(
    "arguments",
    [("share", "nowhere"), ("share", "--as", "Ada"), ("share", ".", "--stop"), ("room", "nowhere")],
    ids=" ".join,
)
def test_a_wrong_call_is_a_usage_error(learner: Path, arguments: tuple[str, ...]) -> None:
    lab(*arguments, code=2)


def test_the_page_follows_until_it_is_stopped(sharing: Path, room: Path, tmp_path: Path) -> None:
    page = tmp_path / "room.html"
    command = [sys.executable, "-m", "lab_support", "room", str(room), "--page", str(page)]
    with started(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert page.as_uri() in process.stdout.readline()
        assert "Ada" in page.read_text(encoding="utf-8")
        lab("share", "--stop")
        deadline = time.monotonic() + 30
        while "Ada" in page.read_text(encoding="utf-8") and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "Ada" not in page.read_text(encoding="utf-8")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
