"""A project's configuration: the stack's file before the defaults, the template's for what both leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lab_support.projects.config import (
    SECRET_PLACEHOLDER,
    InvalidProject,
    full_keys,
    read_yaml,
    stack_file,
    stacks_with_a_file,
    stored_configuration,
)

FACTS: dict[str, Any] = {
    "config": {
        "size": {"type": "integer", "default": 3},
        "aws:region": "eu-west-1",
        "open": {"type": "string"},
    },
    "template": {"config": {"size": {"default": 9}, "zone": {"default": "a"}, "secret": {"secret": True}}},
}


def test_the_defaults_of_the_project_count_and_the_template_fills_the_rest(tmp_path: Path) -> None:
    found = stored_configuration(tmp_path, FACTS, "dev", "app")
    assert found.values == {"app:size": 3, "aws:region": "eu-west-1", "app:zone": "a"}
    assert found.notes == ("app:zone is 'a', the default in the template of Pulumi.yaml",)


def test_the_file_of_the_stack_takes_precedence(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {size: 5, zone: b}", encoding="utf-8")
    found = stored_configuration(tmp_path, FACTS, "dev", "app")
    assert found.values == {"app:size": 5, "aws:region": "eu-west-1", "app:zone": "b"}
    assert found.notes == ()


def test_a_secret_gets_a_placeholder_at_any_depth_and_a_note(tmp_path: Path) -> None:
    text = "config: {app:password: {secure: v1}, app:users: {names: [{secure: v1}, ann]}}"
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    found = stored_configuration(tmp_path, {}, "dev", "app")
    assert found.values == {
        "app:password": SECRET_PLACEHOLDER,
        "app:users": {"names": [SECRET_PLACEHOLDER, "ann"]},
    }
    assert [note.split()[2] for note in found.notes] == ["app:password", "app:users"]


@pytest.mark.parametrize("text", ["config: [a]", "- a", "config: {a"])
def test_a_malformed_file_is_an_error_that_names_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidProject, match=r"Pulumi\.dev\.yaml"):
        stored_configuration(tmp_path, {}, "dev", "app")


@pytest.mark.parametrize(("key", "folder"), [("stackConfigDir", "stacks"), ("config", "stacks")])
def test_the_project_may_name_the_folder_of_its_stacks(tmp_path: Path, key: str, folder: str) -> None:
    assert stack_file(tmp_path, {key: folder}, "dev") == tmp_path / folder / "Pulumi.dev.yaml"


def test_the_stacks_with_a_file_are_found_in_order(tmp_path: Path) -> None:
    for name in ("Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dev.yaml", "Pulumi.md"):
        (tmp_path / name).touch()
    assert stacks_with_a_file(tmp_path, {}) == ("dev", "prod")


def test_a_key_without_a_namespace_is_the_projects_own() -> None:
    assert full_keys({"size": 1, "aws:region": "x"}, "app") == {"app:size": 1, "aws:region": "x"}


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").touch()
    assert read_yaml(tmp_path / "Pulumi.yaml") == {}
