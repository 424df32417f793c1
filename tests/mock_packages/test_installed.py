"""Which packages are installed: as their SDKs say it of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_support.mock_packages.installed import DYNAMIC, installed_packages


def install(folder: Path, module: str, facts: str) -> None:
    (folder / module).mkdir(parents=True)
    (folder / module / "pulumi-plugin.json").write_text(facts, encoding="utf-8")


def test_the_name_is_the_one_in_the_file(tmp_path: Path) -> None:
    install(
        tmp_path, "pulumi_docker_build", '{"resource": true, "name": "docker-build", "version": "0.0.22"}'
    )
    install(tmp_path, "pulumi_pebble", '{"resource": true}')
    found = installed_packages([str(tmp_path)])
    assert found == {DYNAMIC: "0.0.0", "docker-build": "0.0.22", "pebble": ""}


def test_aws_is_the_accounts_own_affair(tmp_path: Path) -> None:
    install(tmp_path, "pulumi_aws", '{"resource": true, "name": "aws", "version": "7.51.1"}')
    assert set(installed_packages([str(tmp_path)])) == {DYNAMIC}


@pytest.mark.parametrize("facts", ["", "[]", '{"resource": false, "name": "policy"}'])
def test_what_is_no_package_is_left_out(tmp_path: Path, facts: str) -> None:
    install(tmp_path, "pulumi_pebble", facts)
    assert set(installed_packages([str(tmp_path), str(tmp_path / "nowhere")])) == {DYNAMIC}


def test_the_first_on_the_path_counts(tmp_path: Path) -> None:
    for folder, number in (("a", "1.0.0"), ("b", "2.0.0")):
        install(tmp_path / folder, "pulumi_pebble", f'{{"name": "pebble", "version": "{number}"}}')
    assert installed_packages([str(tmp_path / "a"), str(tmp_path / "b")])["pebble"] == "1.0.0"
