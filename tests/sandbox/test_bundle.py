"""The archive of `make bundle` sets the lab up where there is no network, with Python and nothing else."""

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from lab_support.course.places import LEARNER_MARK
from tests.programs import ROOT, SLUG
from tests.sandbox.machine import BIN, Machine
from tools.bundle import __main__ as bundle
from tools.bundle.start import NOTEBOOKS, running

SCRIPT = Path(__file__).with_name("ask_jupyterlab.py")
# Without the programs of the tests' environment.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PYTHON = Path(shutil.which(f"python{running()}", path=PATH) or BIN.joinpath("python").resolve())


class Unpacked:
    """A bundle on a machine without a network, whose home folder is empty."""

    def __init__(self, folder: Path) -> None:
        archive = bundle.make(folder / "scratch", folder / "dist", (running(),), learner=False)
        shutil.rmtree(folder / "scratch")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        (folder / "tmp").mkdir()
        self.machine = Machine(folder, "empty")
        self.machine.home_folder.mkdir()
        self.start = folder / bundle.NAME / "start.py"
        self.notebooks = self.start.with_name(NOTEBOOKS)
        self.lab = self.start.parent / ".venv/bin/lab"

    def run(self, *command: str | Path, code: int = 0) -> str:
        """What a command prints in the bundle's folder; fails unless it exits with this code."""
        here = ("env", "-u", "PULUMI_REVIEW_LAB_ROOT", "-C", self.start.parent)
        done = self.machine.run(*here, *command, PATH=PATH, timeout=600)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """A bundle that one command has set up."""
    made = Unpacked(tmp_path_factory.mktemp("bundle"))
    made.run(PYTHON, made.start, "--set-up-only")
    return made


@pytest.mark.sandbox
@pytest.mark.clone
@pytest.mark.slow
@pytest.mark.timeout(1200)
class TestWithoutNetwork:
    def test_the_set_up_leaves_nothing_in_the_home_folder(self, unpacked: Unpacked) -> None:
        assert unpacked.machine.traces() == []

    def test_start_opens_jupyterlab_whose_kernels_preview(self, unpacked: Unpacked) -> None:
        said = unpacked.run(BIN / "python", SCRIPT, PYTHON, unpacked.start)
        answer = json.loads(said.splitlines()[-1])
        assert (answer["status"], answer["said"].split()[0], answer["stopped"]) == (200, "7", True)

    def test_the_shipped_notebook_fails_and_its_solution_passes(self, unpacked: Unpacked) -> None:
        in_notebooks = ("env", "-C", unpacked.notebooks)
        shipped = unpacked.run(*in_notebooks, unpacked.lab, "check", SLUG, "--json", code=1)
        assert json.loads(shipped)["outcome"] == "unchanged"
        solution = ROOT / "solutions" / f"{SLUG}.ipynb"
        solved = unpacked.run(*in_notebooks, unpacked.lab, "check", SLUG, "--with", solution, "--json")
        assert json.loads(solved)["outcome"] == "passed"

    def test_doctor_finds_nothing_wrong(self, unpacked: Unpacked) -> None:
        unpacked.run("env", "-C", unpacked.notebooks, unpacked.lab, "doctor")

    def test_a_second_start_installs_nothing(self, unpacked: Unpacked) -> None:
        assert "Setting" not in unpacked.run(PYTHON, unpacked.start, "--set-up-only")


def test_a_learners_bundle_has_no_solutions(tmp_path: Path) -> None:
    archive = bundle.make(tmp_path / "scratch", tmp_path, (), learner=True)
    assert archive.name.endswith("-learner.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    (wheel,) = (tmp_path / bundle.NAME / "wheels").glob("pulumi_review_lab-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert f"lab_support/_course/exercises/{LEARNER_MARK}" in names
    assert [name for name in names if name.endswith(".diff")] == []
