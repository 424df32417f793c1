"""The wheel is all that a learner needs: it is used in an empty folder, far from any clone."""

from __future__ import annotations

import json
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.packaging.installed import Installed, build, install
from tests.packaging.stage import ROOT
from tests.programs import SLUG, solved

NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return install(built, tmp_path_factory.mktemp("installed"))


@pytest.fixture
def installed(environment: Installed, tmp_path: Path) -> Installed:
    """The environment, with an empty folder for each test."""
    return Installed(environment.environment, tmp_path)


@pytest.fixture
def learner(installed: Installed) -> Path:
    """A folder that `lab start` has laid; the commands run in it."""
    (installed.folder / ".pulumi-review-lab.json").write_text("{}")
    installed.run("build")
    return installed.folder / "notebooks"


def edit(notebook: Path, text: str = "# mine\n") -> str:
    """Adds a line to the learner's program; returns the text of the file."""
    document = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in document["cells"]:
        if "exercise" in cell["metadata"].get("tags", []):
            cell["source"] = [text, *cell["source"]]
    notebook.write_text(json.dumps(document), encoding="utf-8")
    return notebook.read_text(encoding="utf-8")


def as_shipped_earlier(notebook: Path) -> None:
    """Makes the notebook one of an earlier version: another fingerprint of what was shipped."""
    document = json.loads(notebook.read_text(encoding="utf-8"))
    document["metadata"]["lab"]["fingerprint"] = "0" * 16
    notebook.write_text(json.dumps(document), encoding="utf-8")


class TestArtefacts:
    def test_the_wheel_holds_the_course(self, built: Path) -> None:
        packed = set(zipfile.ZipFile(built).namelist())
        course = {
            f"lab_support/_course/{path.relative_to(ROOT).as_posix()}"
            for folder in ("exercises", "guides")
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
            and path.name != "ruff.toml"
            and not any(
                part == "__pycache__" or part.startswith(".") for part in path.relative_to(ROOT).parts
            )
        }
        assert course - packed == set()
        assert "lab_support/py.typed" in packed

    def test_the_wheel_from_the_sdist_is_the_wheel_from_the_clone(self, built: Path, tmp_path: Path) -> None:
        with tarfile.open(build("sdist", tmp_path)) as archive:
            archive.extractall(tmp_path, filter="data")
        (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
        again = build("wheel", tmp_path / "dist", source)
        assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(built).namelist()

    def test_the_metadata_names_the_project_and_its_command(self, built: Path) -> None:
        wheel = zipfile.ZipFile(built)
        (metadata,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        facts = message_from_bytes(wheel.read(metadata))
        assert facts["Name"] == "pulumi-review-lab"
        assert facts["Requires-Python"] == ">=3.11"
        assert facts["License-Expression"] == "Apache-2.0"
        scripts = wheel.read(metadata.replace("METADATA", "entry_points.txt")).decode()
        for name in (
            "lab",
            "pulumi-review-lab",
        ):  # `uvx pulumi-review-lab` runs the command of the package's name
            assert f"{name} = lab_support.__main__:main" in scripts


class TestStart:
    def test_one_command_leads_to_the_first_exercise(self, installed: Installed) -> None:
        with installed.started("course") as server:
            assert server.root == installed.folder / "course"
            names = {entry["name"] for entry in server.get("contents/notebooks")["content"]}
            assert names >= set(NOTEBOOKS)
        assert {path.name for path in installed.folder.iterdir()} == {"course"}
        # The guide reviews this project, which is beside its own folder.
        assert (server.root / "guides/a_stack/Pulumi.yaml").is_file()

    def test_a_folder_with_other_files_is_only_used_if_it_is_named(self, installed: Installed) -> None:
        (installed.folder / "mine.txt").touch()
        assert "is not empty" in installed.run("start", "--no-browser", code=2)
        assert [path.name for path in installed.folder.iterdir()] == ["mine.txt"]

    def test_a_misspelt_notebook_does_not_become_a_folder(self, installed: Installed, learner: Path) -> None:
        assert "there is no notebook '02_datbase'" in installed.run("start", "02_datbase", code=2)
        assert not (installed.folder / "02_datbase").exists()

    def test_a_file_cannot_be_the_folder(self, installed: Installed) -> None:
        (installed.folder / "mine.txt").touch()
        assert "cannot be the folder" in installed.run("start", "mine.txt", "--no-browser", code=2)


class TestCommands:
    def test_without_notebooks_the_commands_say_how_to_get_them(self, installed: Installed) -> None:
        assert "`lab start FOLDER`" in installed.run("list")
        assert "`lab start FOLDER`" in installed.run("check", "02", code=2)
        facts = json.loads(installed.run("doctor", "--json", code=1))["facts"]
        assert [fact["what"] for fact in facts if not fact["ok"]] == ["notebooks"]
        assert list(installed.folder.iterdir()) == []

    def test_a_check_records_progress_beside_the_notebooks(self, installed: Installed, learner: Path) -> None:
        notebook = learner / f"{SLUG}.ipynb"
        document = json.loads(notebook.read_text(encoding="utf-8"))
        for cell in document["cells"]:
            if cell["id"] == "02-exercise-1":
                cell["source"] = solved().splitlines(keepends=True)
        notebook.write_text(json.dumps(document), encoding="utf-8")
        assert json.loads(installed.run("check", "02", "--json"))["outcome"] == "passed"
        assert (learner / ".progress.json").is_file()
        # The folder is found from the one below it.
        rows = json.loads(installed.run("list", "--json", folder="notebooks"))["exercises"]
        assert [row["slug"] for row in rows if row["passed"]] == [SLUG]

    def test_exercises_are_not_written_into_the_package(self, installed: Installed) -> None:
        assert "in a clone" in installed.run("new", "07_public_bucket", code=2)
        assert "in a clone" in installed.run("fix", "edit", "02", "right_new", code=2)


class TestUpdate:
    def test_without_changes_there_is_nothing_to_do(self, installed: Installed, learner: Path) -> None:
        edit(learner / f"{SLUG}.ipynb")
        assert installed.run("update") == "The notebooks are up to date.\n"

    def test_an_unedited_notebook_becomes_the_new_one(self, installed: Installed, learner: Path) -> None:
        notebook = learner / f"{SLUG}.ipynb"
        shipped = notebook.read_bytes()
        notebook.write_text(json.dumps(json.loads(shipped)), encoding="utf-8")
        assert installed.run("update") == f"notebooks/{SLUG}.ipynb: written\n"
        assert notebook.read_bytes() == shipped

    def test_an_edited_notebook_is_kept_with_the_new_one_beside(
        self, installed: Installed, learner: Path
    ) -> None:
        notebook = learner / f"{SLUG}.ipynb"
        shipped = notebook.read_text(encoding="utf-8")
        as_shipped_earlier(notebook)
        own = edit(notebook)
        assert f"the new version is {SLUG}.new.ipynb" in installed.run("update")
        assert notebook.read_text(encoding="utf-8") == own
        assert (learner / f"{SLUG}.new.ipynb").read_text(encoding="utf-8") == shipped
