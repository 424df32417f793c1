"""Temporary folders: deleted by their process, and by the next one if that was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lab_support.safeguards.folders import LOCK, locked_folder, sweep, temporary_folder
from tests.processes import python

HOLDS = """
    import os, time
    from lab_support.safeguards.folders import locked_folder
    print(locked_folder("judge")[0], flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process and its children."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def dead(scratch: Path, name: str) -> Path:
    """A folder whose lock nobody holds."""
    folder = scratch / name
    (folder / "deep").mkdir(parents=True)
    (folder / LOCK).touch()
    return folder


def test_a_folder_is_readable_by_its_user_only_and_deleted(scratch: Path) -> None:
    with temporary_folder() as folder, temporary_folder() as other:
        assert folder != other
        assert folder.parent == scratch
        assert str(os.getpid()) in folder.name
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "sub").mkdir()
        (folder / "sub" / "file").write_text("x")
    assert list(scratch.iterdir()) == []


def test_a_folder_is_deleted_after_an_interrupt(scratch: Path) -> None:
    def breaks() -> None:
        with temporary_folder():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks()
    assert list(scratch.iterdir()) == []


def test_a_temporary_folder_that_was_deleted_is_made_again(scratch: Path) -> None:
    scratch.rmdir()
    with temporary_folder() as folder:
        assert folder.is_dir()


@pytest.mark.parametrize("kind", ["lab", "judge", "second", "rebase"])
def test_a_folder_whose_lock_nobody_holds_is_deleted(scratch: Path, kind: str) -> None:
    # The number is that of a process that runs, but may be in another container.
    folder = dead(scratch, f"pulumi-review-{kind}-{os.getppid()}-abcd_123")
    assert sweep() == [folder]
    assert not folder.exists()


def test_a_folder_whose_deletion_was_cut_short_is_deleted_later(
    scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_descriptors(*given: object, **options: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as short, temporary_folder() as folder:
        (folder / "state.json").touch()
        (folder / "deep").mkdir()
        short.setattr("shutil.rmtree", without_descriptors)
    assert folder.is_dir()
    assert sweep() == [folder]
    assert list(scratch.iterdir()) == []


def test_a_folder_lives_as_long_as_the_process_that_holds_its_lock(scratch: Path) -> None:
    with python(HOLDS, TMPDIR=str(scratch)) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        # The name of a process that is gone, as one in another container has here.
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        folder = folder.rename(scratch / f"pulumi-review-judge-{gone.pid}-abcd_123")
        assert sweep() == []
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # now it is a zombie
        assert sweep() == [folder]
    assert list(scratch.iterdir()) == []


def test_folders_of_this_process_are_kept(scratch: Path) -> None:
    folder, lock = locked_folder()
    assert sweep() == []
    os.close(lock)
    assert sweep() == [folder]


@pytest.mark.parametrize(
    "name",
    [
        "another-thing",
        "pulumi-review-lab",
        "pulumi-review-lab-notes",
        "pulumi-review-lab-7-my-clone-of-last-year",
    ],
)
def test_a_folder_of_another_name_is_kept(scratch: Path, name: str) -> None:
    dead(scratch, name)
    assert sweep() == []
    assert (scratch / name).is_dir()


def test_a_folder_without_a_lock_is_kept(scratch: Path) -> None:
    (scratch / "pulumi-review-lab-7-abcd_123").mkdir()
    assert sweep() == []


def test_an_unfinished_folder_is_deleted_an_hour_later(scratch: Path) -> None:
    for name, age in ((".pulumi-review-new", 60), (".pulumi-review-old", 4000)):
        (scratch / name).mkdir()
        times = (scratch.stat().st_mtime - age,) * 2
        os.utime(scratch / name, times)
    sweep()
    assert [path.name for path in scratch.iterdir()] == [".pulumi-review-new"]
