"""In a fresh clone the README's commands do what it says and leave nothing that git would see.

The tests share one clone and stand in the order in which a newcomer goes. `make test` itself is not run: it would
come back here.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clone import fresh
from tests.clone.fresh import Fresh
from tests.programs import ROOT, SLUG

pytestmark = [
    pytest.mark.clone,
    pytest.mark.slow,
    pytest.mark.timeout(1400),  # where nothing is in any cache, the Pulumi CLI is built for minutes
    pytest.mark.skipif(
        os.environ.get("CI") != "true", reason="installs and builds for minutes; CI=true runs it"
    ),
]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """The clone, not set up yet."""
    return fresh.clone(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="module")
def set_up(clone: Fresh) -> str:
    """The output of `make set-up`, with which `make lab` and `make test` begin."""
    done = clone.run("make", "set-up", timeout=2300)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


@pytest.fixture
def make_lab(clone: Fresh, set_up: str) -> Iterator[subprocess.Popen[str]]:
    """`make lab`, running; stopped with everything that it started."""
    process = subprocess.Popen(
        ["make", "lab"],
        cwd=clone.folder,
        env=clone.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield process
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
            process.wait(30)
            return
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return


def test_set_up_gets_everything_into_the_clone_and_the_cache(clone: Fresh, set_up: str) -> None:
    pulumi = re.search(r"^Pulumi CLI 3\.\S+, (built|downloaded) just now: (.+)$", set_up, re.M)
    assert pulumi, set_up[-3000:]
    assert Path(pulumi[2]).is_relative_to(clone.cache)
    for program in ("lab", "pulumi", "jupyter"):
        assert (clone.folder / ".venv/bin" / program).exists()


def test_doctor_finds_nothing_wrong(clone: Fresh, set_up: str) -> None:
    done = clone.run(".venv/bin/lab", "doctor")
    assert done.returncode == 0, done.stdout


def test_the_notebook_as_shipped_does_not_pass_and_its_solution_does(clone: Fresh, set_up: str) -> None:
    shipped = clone.run(".venv/bin/lab", "check", SLUG)
    assert shipped.returncode == 1, shipped.stdout
    assert "SINGLE-ZONE" in shipped.stdout
    solved = clone.run(".venv/bin/lab", "check", SLUG, "--with", f"solutions/{SLUG}.ipynb")
    assert solved.returncode == 0, solved.stdout


def test_make_lab_serves_jupyterlab_on_a_notebook(make_lab: subprocess.Popen[str]) -> None:
    assert make_lab.stdout is not None
    said = ""
    for line in make_lab.stdout:
        said += line
        found = re.search(r"http://127\.0\.0\.1:\d+/lab/tree/notebooks/\d\d_\S+\.ipynb\?token=\w+", line)
        if found and "Or copy and paste" in said:  # said once more when the server listens
            break
    else:
        pytest.fail(said)
    for _ in range(120):  # it says its address a moment before it listens
        with (
            contextlib.suppress(urllib.error.URLError),
            urllib.request.urlopen(found[0], timeout=60) as answer,
        ):
            assert answer.status == 200
            assert "JupyterLab" in answer.read().decode()
            return
        time.sleep(0.5)
    pytest.fail(said)


def test_setting_up_again_does_nothing(clone: Fresh, set_up: str) -> None:
    def things() -> dict[Path, int]:
        seen = [*(clone.folder / ".venv").rglob("*"), *clone.cache.rglob("*")]
        # Compiled files come with use; the folders of both change with them.
        return {
            path: path.lstat().st_mtime_ns for path in seen if not path.is_dir() and path.suffix != ".pyc"
        }

    before = things()
    again = clone.run("make", "set-up")
    assert again.returncode == 0, again.stdout
    assert "nstalling" not in again.stdout
    assert "just now" not in again.stdout
    assert things() == before


def test_git_sees_no_change(clone: Fresh, set_up: str) -> None:
    assert clone.run("git", "status", "--porcelain").stdout == ""
    head = clone.run("git", "rev-parse", "HEAD").stdout
    here = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert head == here, "what was tested is what is committed here"


def test_neither_pulumi_nor_aws_has_left_anything_in_the_home_folder(clone: Fresh, set_up: str) -> None:
    home = Path(clone.environment["HOME"])
    assert not (home / ".pulumi").exists()
    assert not (home / ".aws").exists()
