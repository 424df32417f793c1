"""Any Pulumi program is found, configured and run in its folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_support.projects.config import SECRET_PLACEHOLDER, InvalidProject
from lab_support.projects.project import read_project, split_config

Write = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Write:
    """Writes a project folder: files by name, and a Pulumi.yaml unless one is among them."""

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
    """What a program has recorded in `sys.modules["heard"]` while it ran."""
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
    def test_a_project_has_its_name_and_its_program(self, project: Write) -> None:
        folder = project(__main___py=HEAR + "hear(__name__)")
        found = read_project(folder, "dev", {})
        assert (found.name, found.folder) == ("shop", folder)
        assert ran(folder) == ["__main__"]

    def test_a_runtime_may_have_options(self, project: Write) -> None:
        folder = project(Pulumi_yaml="name: shop\nruntime:\n  name: python\n  options: {virtualenv: venv}\n")
        assert read_project(folder, "dev", {}).name == "shop"

    @pytest.mark.parametrize(("main", "file"), [("app", "app/__main__.py"), ("app/infra.py", "app/infra.py")])
    def test_the_program_may_be_in_another_place(self, project: Write, main: str, file: str) -> None:
        folder = project(Pulumi_yaml=f"name: shop\nruntime: python\nmain: {main}\n")
        (folder / "app").mkdir()
        (folder / file).write_text(HEAR + "hear('there')", encoding="utf-8")
        assert ran(folder) == ["there"]

    def test_a_project_needs_no_project_file(self, tmp_path: Path) -> None:
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
    def test_packages_of_the_projects_virtual_environment_can_be_imported(
        self, project: Write, runtime: str, place: str
    ) -> None:
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

    @pytest.mark.parametrize(
        "line",
        [
            "{shared}",
            "../../../../../shared",
            "import sys; sys.path.append({shared!r})",
        ],
        ids=["absolute", "relative", "code"],
    )
    def test_what_is_installed_in_place_can_be_imported(self, project: Write, line: str) -> None:
        program = HEAR + "import installed_in_place\nhear(installed_in_place.x)"
        folder = project(__main___py=program)
        (folder.parent / "shared").mkdir()
        (folder.parent / "shared" / "installed_in_place.py").write_text("x = 7\n", encoding="utf-8")
        packages = folder / ".venv/lib/python3.11/site-packages"
        packages.mkdir(parents=True)
        text = line.format(shared=str(folder.parent / "shared"))
        (packages / "shop.pth").write_text(f"{text}\n", encoding="utf-8")
        before = (list(sys.path), list(sys.meta_path))
        sys.modules.pop("installed_in_place", None)
        assert ran(folder) == [7]
        assert (list(sys.path), list(sys.meta_path)) == before

    def test_a_member_of_a_uv_workspace_has_the_environment_of_the_workspace(self, project: Write) -> None:
        folder = project(__main___py=HEAR + "import package_of_the_workspace as p\nhear(p.x)")
        (folder.parent / "uv.lock").touch()
        packages = folder.parent / ".venv/lib/python3.12/site-packages"
        packages.mkdir(parents=True)
        (packages / "package_of_the_workspace.py").write_text("x = 7\n", encoding="utf-8")
        assert ran(folder) == [7]

    def test_the_project_file_may_be_called_yml(self, tmp_path: Path) -> None:
        (tmp_path / "Pulumi.yml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
        (tmp_path / "__main__.py").touch()
        assert read_project(tmp_path, "dev", {}).name == "shop"

    @pytest.mark.parametrize(
        ("files", "words"),
        [
            ({"Pulumi_yaml": "name: shop\nruntime: nodejs\n"}, "is 'nodejs'; the lab runs only Python"),
            ({"Pulumi_yaml": "name: shop\n"}, "is None"),
            ({"Pulumi_yaml": "name: [shop\n"}, "cannot be read"),
            ({"Pulumi_yaml": "- name\n"}, "does not contain a mapping"),
            ({"Pulumi_yaml": "name: shop\nruntime: python\nmain: nowhere\n"}, "does not exist"),
        ],
    )
    def test_a_project_that_cannot_run_is_rejected_with_the_reason(
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
    def test_a_path_without_a_project_is_rejected_with_the_reason(
        self, tmp_path: Path, name: str, words: str
    ) -> None:
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
    def test_a_script_that_defines_program_has_it_called(self, tmp_path: Path, function: str) -> None:
        path = tmp_path / "infra.py"
        path.write_text(f"{HEAR}{function}\nif __name__ == '__main__': hear('as a script')", encoding="utf-8")
        assert ran(path, "prod") == ["prod"]

    def test_an_async_program_can_be_awaited(self, tmp_path: Path) -> None:
        path = tmp_path / "infra.py"
        path.write_text("async def program(suffix): return suffix\n", encoding="utf-8")
        waiting = read_project(path, "dev", {}).program("dev")
        with pytest.raises(StopIteration) as done:
            waiting.send(None)
        assert done.value.value == "dev"

    def test_a_script_with_a_syntax_error_fails_when_it_runs(self, tmp_path: Path) -> None:
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

    def test_a_placeholder_replaces_a_secret_with_a_note(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_dev_yaml=self.STACK), "dev", {})
        assert found.config["shop:token"] == SECRET_PLACEHOLDER
        (note,) = found.notes
        assert "token" in note
        assert "--config token=" in note

    def test_a_placeholder_replaces_a_secret_deep_in_an_object(self, project: Write) -> None:
        text = "config:\n  shop:data: {open: true, list: [{secure: v1:x}], deep: {key: {secure: v1:y}}}\n"
        found = read_project(project(Pulumi_dot_dev_yaml=text), "dev", {})
        hidden = {"open": True, "list": [SECRET_PLACEHOLDER], "deep": {"key": SECRET_PLACEHOLDER}}
        assert found.config == {"shop:data": hidden}
        assert "shop:data" in found.notes[0]

    @pytest.mark.parametrize(
        ("method", "placeholder"),
        [
            ("require_secret_object", "{}"),
            ("get_object", "{}"),
            ("require_secret_int", "1"),
            ("get_secret_float", "1.0"),
            ("require_bool", "true"),
            ("require_secret", SECRET_PLACEHOLDER),
        ],
    )
    def test_the_placeholder_of_a_secret_is_of_the_kind_that_the_program_reads(
        self, method: str, placeholder: str, project: Write
    ) -> None:
        program = f"import pulumi\nconfig = pulumi.Config()\nconfig.{method}('token')\n"
        folder = project(Pulumi_dot_dev_yaml=self.STACK, __main___py=program)
        assert read_project(folder, "dev", {}).config["shop:token"] == placeholder

    def test_a_secret_that_is_given_has_no_note(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_dev_yaml=self.STACK), "dev", {"token": "x"})
        assert (found.config["shop:token"], found.notes) == ("x", ())

    def test_the_command_line_takes_precedence(self, project: Write) -> None:
        folder = project(Pulumi_dot_dev_yaml=self.STACK)
        assert read_project(folder, "dev", {"size": "9", "other:key": "x", "token": "t"}).config == {
            "shop:size": "9",
            "shop:tier": "small",
            "shop:token": "t",
            "aws:region": "eu-west-1",
            "other:key": "x",
        }

    def test_another_stack_has_no_configuration(self, project: Write) -> None:
        assert read_project(project(Pulumi_dot_dev_yaml=self.STACK), "prod", {}).config == {}

    @pytest.mark.parametrize("text", ["", "config:\n", "encryptionsalt: v1:x\n"])
    def test_a_stack_file_may_have_no_configuration(self, project: Write, text: str) -> None:
        assert read_project(project(Pulumi_dot_dev_yaml=text), "dev", {}).config == {}

    def test_defaults_of_the_project_are_used(self, project: Write) -> None:
        text = "name: shop\nruntime: python\nconfig:\n  aws:region: eu-west-1\n  size: {type: integer, default: 3}\n"
        found = read_project(project(Pulumi_yaml=text), "dev", {})
        assert found.config == {"aws:region": "eu-west-1", "shop:size": 3}

    def test_the_stack_takes_precedence_over_the_project(self, project: Write) -> None:
        config = "config: {aws:region: eu-west-1, shop:size: {value: 3}, tier: {type: string}}\n"
        text = f"name: shop\nruntime: python\n{config}"
        folder = project(Pulumi_yaml=text, Pulumi_dot_dev_yaml="config: {size: 4}\n")
        assert read_project(folder, "dev", {}).config == {"aws:region": "eu-west-1", "shop:size": 4}

    def test_other_values_come_from_the_template_with_a_note(self, project: Write) -> None:
        text = (
            "name: shop\nruntime: python\ntemplate:\n  config:\n"
            "    aws:region: {default: us-west-2}\n    size: {default: 3}\n    tier: {description: x}\n"
        )
        found = read_project(project(Pulumi_yaml=text), "dev", {"size": "9"})
        assert found.config == {"aws:region": "us-west-2", "shop:size": "9"}
        (note,) = found.notes
        assert "aws:region is 'us-west-2'" in note

    @pytest.mark.parametrize("setting", ["config: stacks", "stackConfigDir: stacks"])
    def test_stack_files_may_be_in_another_folder(self, project: Write, setting: str) -> None:
        folder = project(Pulumi_yaml=f"name: shop\nruntime: python\n{setting}\n")
        (folder / "stacks").mkdir()
        (folder / "stacks" / "Pulumi.dev.yaml").write_text("config: {size: 4}\n", encoding="utf-8")
        assert read_project(folder, None, {}).config == {"shop:size": 4}

    def test_the_only_stack_with_a_file_is_the_default(self, project: Write) -> None:
        found = read_project(project(Pulumi_dot_prod_yaml="config: {size: 4}\n"), None, {})
        assert (found.stack, found.config) == ("prod", {"shop:size": 4})
        assert "the stack prod" in found.notes[0]

    @pytest.mark.parametrize("names", [(), ("prod", "test"), ("dev", "prod")])
    def test_otherwise_the_default_stack_is_dev(self, project: Write, names: tuple[str, ...]) -> None:
        files = {f"Pulumi_dot_{name}_yaml": "config: {}\n" for name in names}
        found = read_project(project(**files), None, {})
        assert (found.stack, found.notes) == ("dev", ())

    @pytest.mark.parametrize("name", ["no spaces", "", "a/b", "x" * 101])
    def test_an_invalid_stack_name_is_rejected(self, project: Write, name: str) -> None:
        with pytest.raises(InvalidProject, match="not a valid stack name"):
            read_project(project(), name, {})

    def test_required_keys_that_are_missing_are_known(self, project: Write) -> None:
        text = "import pulumi\nc = pulumi.Config()\nc.require_int('size')\nc.require_secret('token')\n"
        found = read_project(project(__main___py=text), "dev", {"size": "3"})
        assert found.missing_config == ("shop:token",)

    def test_a_malformed_stack_file_is_rejected(self, project: Write) -> None:
        with pytest.raises(InvalidProject, match=r"Pulumi\.dev\.yaml"):
            read_project(project(Pulumi_dot_dev_yaml="config: [a, b]\n"), "dev", {})

    def test_arguments_are_split_at_the_first_equals_sign(self) -> None:
        assert split_config(["a=1", "aws:region=x", "url=http://h/?q=1", "empty="]) == {
            "a": "1",
            "aws:region": "x",
            "url": "http://h/?q=1",
            "empty": "",
        }

    @pytest.mark.parametrize("argument", ["a", "=1", ""])
    def test_an_argument_without_a_key_or_an_equals_sign_is_rejected(self, argument: str) -> None:
        with pytest.raises(InvalidProject, match="--config takes KEY=VALUE"):
            split_config([argument])


class TestPrepared:
    def test_a_program_runs_in_its_folder_with_its_modules(self, project: Write) -> None:
        folder = project(
            __main___py=HEAR + "import os, helper_of_the_shop\nhear((os.getcwd(), helper_of_the_shop.x))"
        )
        (folder / "helper_of_the_shop.py").write_text("x = 7\n", encoding="utf-8")
        assert ran(folder) == [(str(folder), 7)]

    def test_the_process_is_restored_afterwards(self, project: Write) -> None:
        before = (Path.cwd(), list(sys.path), sys.stdout)
        found = read_project(project(), "dev", {})
        with found.prepared():
            assert (Path.cwd(), sys.path[0]) == (found.folder, str(found.folder))
        with pytest.raises(ZeroDivisionError), found.prepared():
            1 / 0  # noqa: B018
        assert (Path.cwd(), list(sys.path), sys.stdout) == before

    def test_the_programs_output_goes_to_standard_error(
        self, project: Write, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran(project(__main___py="print('noise')"))
        out, err = capsys.readouterr()
        assert (out, err) == ("", "noise\n")
        assert os.getcwd() == str(Path.cwd())
