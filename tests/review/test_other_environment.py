"""The second environment that a program is previewed for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lab_support.projects.project import read_project
from lab_support.review.other_environment import (
    OtherEnvironment,
    configured_texts,
    other_environments,
    reads_of,
    separate_accounts,
)


def a_project(folder: Path, program: str = "", **files: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n", encoding="utf-8")
    (folder / "__main__.py").write_text(f"import pulumi\n{program}", encoding="utf-8")
    for stack, config in files.items():
        (folder / f"Pulumi.{stack}.yaml").write_text(f"config: {config}\n", encoding="utf-8")
    return folder


def tried(
    path: Path, stack: str | None = None, config: Mapping[str, str] | None = None
) -> tuple[OtherEnvironment, ...]:
    given = dict(config or {})
    project = read_project(path, stack, given)
    return other_environments(path, project, given, reads_of(path, project))


def test_another_stack_of_the_project_comes_first(tmp_path: Path) -> None:
    path = a_project(tmp_path, dev="{shop:size: 1}", live="{shop:size: 3, 'shop:env': production}")
    first, second, third = tried(path)
    assert (first.stack, first.config) == ("live", {"shop:size": 3, "shop:env": "production"})
    assert first.words == ("live", "production")
    assert [second.stack, third.stack] == ["staging", "prod"]


def test_an_invented_environment_replaces_its_name_in_the_configuration(tmp_path: Path) -> None:
    config = "{'shop:envName': dev, 'shop:domain': shop-dev.example.com, 'shop:device': devs, 'shop:size': 2}"
    first = tried(a_project(tmp_path, dev=config))[0]
    assert first.stack == "staging"
    assert first.config == {
        "shop:envName": "staging",
        "shop:domain": "shop-staging.example.com",
        "shop:device": "devs",
        "shop:size": 2,
    }


@pytest.mark.parametrize(
    "line",
    ["pulumi.Config().get('environment_suffix')", "c = pulumi.Config()\nc.require('environment_suffix')"],
)
def test_the_environment_that_a_program_reads_from_its_configuration_is_given(
    tmp_path: Path, line: str
) -> None:
    first = tried(a_project(tmp_path, line), config={"environment_suffix": "dev"})[0]
    assert first.config == {"shop:environment_suffix": "staging"}
    without_config = tried(a_project(tmp_path, line))[0]
    assert without_config.config == {"shop:environment_suffix": "staging"}


@pytest.mark.parametrize(
    "line",
    [
        "import os\nos.getenv('ENVIRONMENT_SUFFIX', 'dev')",
        "import os\nos.environ.get('ENVIRONMENT_SUFFIX')",
        "import os\nos.environ['ENVIRONMENT_SUFFIX']",
    ],
)
def test_the_environment_that_a_program_reads_from_a_variable_is_given(tmp_path: Path, line: str) -> None:
    first = tried(a_project(tmp_path, line + "\nos.getenv('HOME')"))[0]
    assert first.variables == {"ENVIRONMENT_SUFFIX": "staging"}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        ("dev", ["staging", "prod", "test"]),
        ("prod", ["staging", "dev", "test"]),
        ("staging", ["prod", "dev", "test"]),
    ],
)
def test_an_invented_environment_has_a_common_name_that_is_new(
    tmp_path: Path, stack: str, expected: list[str]
) -> None:
    assert [environment.stack for environment in tried(a_project(tmp_path), stack)] == expected


def test_configured_texts_are_the_projects_values_and_the_programs_defaults(tmp_path: Path) -> None:
    program = "c = pulumi.Config()\nc.get('bucket') or 'the-bucket'\nc.get('queue', 'the-queue')\n"
    path = a_project(tmp_path, program, dev="{shop:table: the-table, aws:region: eu-west-1}")
    project = read_project(path, None, {})
    assert configured_texts(project, reads_of(path, project)) == {"the-bucket", "the-queue", "the-table"}


@pytest.mark.parametrize(
    ("stacks", "expected"),
    [
        ({"dev": "{'aws:profile': a}", "live": "{'aws:profile': b}"}, "aws:profile is set by each stack"),
        ({"dev": "{'aws:profile': a}", "live": "{'aws:profile': a}"}, ""),
        ({"dev": "{'aws:profile': a}"}, "aws:profile is set by each stack"),
        (
            {"dev": "{'shop:accountId': '1'}", "live": "{'shop:accountId': '2'}"},
            "shop:accountId is set by each stack",
        ),
        ({"dev": "{'shop:size': 1}", "live": "{'shop:size': 2}"}, ""),
    ],
)
def test_settings_of_the_account_in_stack_files_point_to_accounts_of_their_own(
    tmp_path: Path, stacks: dict[str, str], expected: str
) -> None:
    path = a_project(tmp_path, **stacks)
    project = read_project(path, "dev", {})
    assert (
        separate_accounts(project, other_environments(path, project, {}, reads_of(path, project))[0])
        == expected
    )
