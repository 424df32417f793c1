"""Anybody's Pulumi program: found, configured and run where it lives."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_support.projects.config import MADE_UP_SECRET, InvalidProject
from lab_support.projects.project import read_project, split_config

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Writes a project folder: its files by name, a Pulumi.yaml unless one is among them."""

    def write(**files: str) -> Path:
        folder = tmp_path / "shop"
        texts = {"Pulumi_yaml": "name: shop\nruntime: python\n", "__main___py": "", **files}
        for name, text in texts.items():
            stem, _, ending = name.rpartition("_")
            path = folder / f"{stem.replace('_dot_', '.')}.{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder

    return write


def ran(path: Path, stack: str = "dev") -> list[Any]:
    """What a program has put into `sys.modules["heard"]` while it ran."""
    heard: list[Any] = []
    sys.modules["heard"] = heard  # type: ignore[assignment]
    try:
        found = read_project(path, stack, {})
        with found.prepared():
            found.program(stack)
    finally:
        del sys.modules["heard"]
    return heard


HEAR = "import sys\nhear = sys.modules['heard'].append\n"


class TestFolder:
    def test_its_name_and_its_program(self, project: Write) -> None:
        folder = project(__main___py=HEAR + "hear(__name__)")
        found = read_project(folder, "dev", {})
        assert (found.name, found.folder) == ("shop", folder)
        assert ran(folder) == ["__main__"]

    def test_a_runtime_with_options(self, project: Write) -> None:
        folder = project(Pulumi_yaml="name: shop\nruntime:\n  name: python\n  options: {virtualenv: venv}\n")
        assert read_project(folder, "dev", {}).name == "shop"

    @pytest.mark.parametrize(("main", "file"), [("app", "app/__main__.py"), ("app/infra.py", "app/infra.py")])
    def test_its_program_may_lie_elsewhere(self, project: Write, main: str, file: str) -> None:
        folder = project(Pulumi_yaml=f"name: shop\nruntime: python\nmain: {main}\n")
        (folder / "app").mkdir()
        (folder / file).write_text(HEAR + "hear('there')", encoding="utf-8")
        assert ran(folder) == ["there"]

    def test_it_needs_no_description(self, tmp_path: Path) -> None:
        folder = tmp_path / "shop"
        folder.mkdir()
        (folder / "__main__.py").write_text(HEAR + "hear('there')", encoding="utf-8")
        assert read_project(folder, None, {}).name == "shop"
        assert ran(folder) == ["there"]

    @pytest.mark.parametrize(
        ("runtime", "place"),
        [
            ("python", "venv/lib/python3.11"),
            ("python", ".venv/Lib"),
            ("{name: python, options: {virtualenv: env}}", "env/lib/python3.12"),
        ],
    )
    def test_packages_of_its_own_can_be_imported(self, project: Write, runtime: str, place: str) -> None:
        program = (
            HEAR
            + "import package_of_the_shop, sys\nhear((package_of_the_shop.x, 'site-packages' in sys.path[0]))"
        )
        folder = project(Pulumi_yaml=f"name: shop\nruntime: {runtime}\n", __main___py=program)
        packages = folder / place / "site-packages"
        packages.mkdir(parents=True)
        (packages / "package_of_the_shop.py").write_text("x = 7\n", encoding="utf-8")
        sys.modules.pop("package_of_the_shop", None)
        assert ran(folder) == [(7, False)]

    def test_it_may_be_called_yml(self, tmp_path: Path) -> None:
        (tmp_path / "Pulumi.yml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
        (tmp_path / "__main__.py").touch()
        assert read_project(tmp_path, "dev", {}).name == "shop"

    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ({"Pulumi_yaml": "name: shop\nruntime: nodejs\n"}, "runtime is 'nodejs'; the lab runs Python"),
            ({"Pulumi_yaml": "name: shop\n"}, "runtime is None"),
            ({"Pulumi_yaml": "name: [shop\n"}, "cannot be read"),
            ({"Pulumi_yaml": "- name\n"}, "does not hold a mapping"),
            ({"Pulumi_yaml": "name: shop\nruntime: python\nmain: nowhere\n"}, "there is none"),
        ],
    )
    def test_what_cannot_be_run_is_told_in_a_sentence(
        self, project: Write, files: dict[str, str], words: str
    ) -> None:
        with pytest.raises(InvalidProject, match=words):
            read_project(project(**files), "dev", {})

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("nowhere", "does not exist"),
            ("nowhere.py", "does not exist"),
            (".", "is neither a .py file nor a f"),
        ],
    )
    def test_what_is_no_project(self, tmp_path: Path, name: str, words: str) -> None:
        with pytest.raises(InvalidProject, match=words):
            read_project(tmp_path / name, "dev", {})


class TestScript:
    def test_a_script_is_run_as_pulumi_would(self, tmp_path: Path) -> None:
        path = tmp_path / "infra.py"
        path.write_text(HEAR + "hear(__name__)", encoding="utf-8")
        assert ran(path) == ["__main__"]
        assert read_project(path, "dev", {}).name == "emergency-alert"

    @pytest.mark.parametrize(
        "function",
        [
            "def program(suffix): hear(suffix)",
            "def program(): hear('prod')",
            "def program(suffix='x'): hear(suffix)",
        ],
    )
    def test_one_that_defines_program_has_it_called(self, tmp_path: Path, function: str) -> None:
        path = tmp_path / "infra.py"
        path.write_text(f"{HEAR}{function}\nif __name__ == '__main__': hear('as a script')", encoding="utf-8")
        assert ran(path, "prod") == ["prod"]

    def test_an_async_one_can_be_awaited(self, tmp_path: Path) -> None:
        path = tmp_path / "infra.py"
        path.write_text("async def program(suffix): return suffix\n", encoding="utf-8")
        waiting = read_project(path, "dev", {}).program("dev")
        with pytest.raises(StopIteration) as done:
            waiting.send(None)
        assert done.value.value == "dev"

    def test_one_that_is_no_python_says_so_when_it_runs(self, tmp_path: Path) -> None:
        path = tmp_path / "infra.py"
        path.write_text("def (", encoding="utf-8")
        found = read_project(path, "dev", {})
        with pytest.raises(SyntaxError):
            found.program("dev")


class TestConfiguration:
    STACK = 'config:\n  shop:size: 4\n  tier: small\n  aws:region: eu-west-1\n  token: {secure: "v1:abc"}\n'

    def test_the_stacks_own_file_is_read_with_full_keys(self, project: Write) -> None:
        folder = project(Pulumi_dot_dev_yaml=self.STACK)
        found = read_project(folder, "dev", {})
        stored = {"shop:size": 4, "shop:tier": "small", "aws:region": "eu-west-1"}
        assert {key: found.config[key] for key in stored} == stored

    def test_something_stands_for_a_secret_and_that_is_said(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_dev_yaml=self.STACK), "dev", {})
        assert found.config["shop:token"] == MADE_UP_SECRET
        (note,) = found.notes
        assert "token" in note
        assert "--config token=" in note

    def test_so_it_does_deep_in_an_object(self, project: Write) -> None:
        text = "config:\n  shop:data: {open: true, list: [{secure: v1:x}], deep: {key: {secure: v1:y}}}\n"
        found = read_project(project(Pulumi_dot_dev_yaml=text), "dev", {})
        hidden = {"open": True, "list": [MADE_UP_SECRET], "deep": {"key": MADE_UP_SECRET}}
        assert found.config == {"shop:data": hidden}
        assert "shop:data" in found.notes[0]

    def test_one_that_is_given_needs_no_note(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_dev_yaml=self.STACK), "dev", {"token": "x"})
        assert (found.config["shop:token"], found.notes) == ("x", ())

    def test_the_command_line_wins(self, project: Write) -> None:
        folder = project(Pulumi_dot_dev_yaml=self.STACK)
        assert read_project(folder, "dev", {"size": "9", "other:key": "x", "token": "t"}).config == {
            "shop:size": "9",
            "shop:tier": "small",
            "shop:token": "t",
            "aws:region": "eu-west-1",
            "other:key": "x",
        }

    def test_another_stack_has_none(self, project: Write) -> None:
        assert read_project(project(Pulumi_dot_dev_yaml=self.STACK), "prod", {}).config == {}

    @pytest.mark.parametrize("text", ["", "config:\n", "encryptionsalt: v1:x\n"])
    def test_a_stack_file_may_have_none(self, project: Write, text: str) -> None:
        assert read_project(project(Pulumi_dot_dev_yaml=text), "dev", {}).config == {}

    def test_defaults_of_the_project_count(self, project: Write) -> None:
        text = "name: shop\nruntime: python\nconfig:\n  aws:region: eu-west-1\n  size: {type: integer, default: 3}\n"
        found = read_project(project(Pulumi_yaml=text), "dev", {})
        assert found.config == {"aws:region": "eu-west-1", "shop:size": 3}

    def test_the_stack_counts_more_than_the_project(self, project: Write) -> None:
        config = "config: {aws:region: eu-west-1, shop:size: {value: 3}, tier: {type: string}}\n"
        text = f"name: shop\nruntime: python\n{config}"
        folder = project(Pulumi_yaml=text, Pulumi_dot_dev_yaml="config: {size: 4}\n")
        assert read_project(folder, "dev", {}).config == {"aws:region": "eu-west-1", "shop:size": 4}

    def test_what_is_left_open_is_taken_from_the_template(self, project: Write) -> None:
        text = (
            "name: shop\nruntime: python\ntemplate:\n  config:\n"
            "    aws:region: {default: us-west-2}\n    size: {default: 3}\n    tier: {description: x}\n"
        )
        found = read_project(project(Pulumi_yaml=text), "dev", {"size": "9"})
        assert found.config == {"aws:region": "us-west-2", "shop:size": "9"}
        assert found.notes == ("aws:region is 'us-west-2', the default in the template of Pulumi.yaml",)

    @pytest.mark.parametrize("setting", ["config: stacks", "stackConfigDir: stacks"])
    def test_stack_files_may_lie_elsewhere(self, project: Write, setting: str) -> None:
        folder = project(Pulumi_yaml=f"name: shop\nruntime: python\n{setting}\n")
        (folder / "stacks").mkdir()
        (folder / "stacks" / "Pulumi.dev.yaml").write_text("config: {size: 4}\n", encoding="utf-8")
        assert read_project(folder, None, {}).config == {"shop:size": 4}

    def test_the_only_stack_with_a_file_is_meant(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_prod_yaml="config: {size: 4}\n"), None, {})
        assert (found.stack, found.config) == ("prod", {"shop:size": 4})
        assert "the stack prod" in found.notes[0]

    @pytest.mark.parametrize("names", [(), ("prod", "test"), ("dev", "prod")])
    def test_otherwise_it_is_dev(self, project: Write, names: tuple[str, ...]) -> None:
        files = {f"Pulumi_dot_{name}_yaml": "config: {}\n" for name in names}
        found = read_project(project(**files), None, {})
        assert (found.stack, found.notes) == ("dev", ())

    @pytest.mark.parametrize("name", ["no spaces", "", "a/b", "x" * 101])
    def test_a_name_that_no_stack_can_have(self, project: Write, name: str) -> None:
        with pytest.raises(InvalidProject, match="no name for a stack"):
            read_project(project(), name, {})

    def test_what_is_required_and_missing_is_known(self, project: Write) -> None:
        text = "import pulumi\nc = pulumi.Config()\nc.require_int('size')\nc.require_secret('token')\n"
        found = read_project(project(__main___py=text), "dev", {"size": "3"})
        assert found.missing_config == ("shop:token",)

    def test_a_stack_file_of_another_shape_is_told_in_a_sentence(self, project: Write) -> None:
        with pytest.raises(InvalidProject, match=r"Pulumi\.dev\.yaml"):
            read_project(project(Pulumi_dot_dev_yaml="config: [a, b]\n"), "dev", {})

    def test_arguments_are_split_at_the_first_sign(self) -> None:
        assert split_config(["a=1", "aws:region=x", "url=http://h/?q=1", "empty="]) == {
            "a": "1",
            "aws:region": "x",
            "url": "http://h/?q=1",
            "empty": "",
        }

    @pytest.mark.parametrize("argument", ["a", "=1", ""])
    def test_one_without_key_or_sign_is_an_error(self, argument: str) -> None:
        with pytest.raises(InvalidProject, match="--config takes KEY=VALUE"):
            split_config([argument])


class TestPrepared:
    def test_the_program_runs_in_its_folder_with_its_modules(self, project: Write) -> None:
        folder = project(
            __main___py=HEAR + "import os, helper_of_the_shop\nhear((os.getcwd(), helper_of_the_shop.x))"
        )
        (folder / "helper_of_the_shop.py").write_text("x = 7\n", encoding="utf-8")
        assert ran(folder) == [(str(folder), 7)]

    def test_afterwards_everything_is_as_before(self, project: Write) -> None:
        before = (Path.cwd(), list(sys.path), sys.stdout)
        found = read_project(project(), "dev", {})
        with found.prepared():
            assert (Path.cwd(), sys.path[0]) == (found.folder, str(found.folder))
        with pytest.raises(ZeroDivisionError), found.prepared():
            1 / 0  # noqa: B018
        assert (Path.cwd(), list(sys.path), sys.stdout) == before

    def test_what_it_prints_does_not_get_into_our_answer(
        self, project: Write, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran(project(__main___py="print('noise')"))
        out, err = capsys.readouterr()
        assert (out, err) == ("", "noise\n")
        assert os.getcwd() == str(Path.cwd())
