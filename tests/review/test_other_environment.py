"""The second environment that a program is previewed for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from lab_support.projects.project import read_project
from lab_support.review.other_environment import OtherEnvironment, configured_texts, others


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
    return others(path, read_project(path, stack, given), given)


def test_another_stack_of_the_project_comes_first(tmp_path: Path) -> None:
    path = a_project(tmp_path, dev="{shop:size: 1}", live="{shop:size: 3, 'shop:env': production}")
    first, second, third = tried(path)
    assert (first.stack, first.config) == ("live", {"shop:size": 3, "shop:env": "production"})
    assert first.words == ("live", "production")
    assert [second.stack, third.stack] == ["staging", "prod"]


def test_a_made_up_one_has_another_name_and_another_environment_in_its_configuration(tmp_path: Path) -> None:
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
def test_what_the_program_asks_for_is_given(tmp_path: Path, line: str) -> None:
    first = tried(a_project(tmp_path, line), config={"environment_suffix": "dev"})[0]
    assert first.config == {"shop:environment_suffix": "staging"}
    unasked = tried(a_project(tmp_path, line))[0]
    assert unasked.config == {"shop:environment_suffix": "staging"}


@pytest.mark.parametrize(
    "line",
    [
        "import os\nos.getenv('ENVIRONMENT_SUFFIX', 'dev')",
        "import os\nos.environ.get('ENVIRONMENT_SUFFIX')",
        "import os\nos.environ['ENVIRONMENT_SUFFIX']",
    ],
)
def test_so_is_a_variable_that_it_reads(tmp_path: Path, line: str) -> None:
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
def test_its_name_is_a_usual_one_and_new(tmp_path: Path, stack: str, expected: list[str]) -> None:
    assert [each.stack for each in tried(a_project(tmp_path), stack)] == expected


def test_texts_that_may_be_configured_otherwise(tmp_path: Path) -> None:
    program = "c = pulumi.Config()\nc.get('bucket') or 'the-bucket'\nc.get('queue', 'the-queue')\n"
    path = a_project(tmp_path, program, dev="{shop:table: the-table, aws:region: eu-west-1}")
    assert configured_texts(path, read_project(path, None, {})) == {"the-bucket", "the-queue", "the-table"}
