"""The `lab` command as a whole: its subcommands, their help, and its usage errors."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from lab_support.cli.main import main
from tests.cli.lab import as_json, lab
from tests.programs import SLUG

COMMANDS = sorted(main.list_commands(click.Context(main)))


class TestHelp:
    def test_the_commands_of_the_contract_are_there(self) -> None:
        contract = [
            "build",
            "check",
            "doctor",
            "hint",
            "list",
            "preview",
            "reset",
            "solution",
            "start",
            "validate",
        ]
        assert set(contract) <= set(COMMANDS)

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_each_command_explains_itself(self, command: str, option: str) -> None:
        text = lab(command, option).stdout
        assert text.startswith("Usage: ")
        assert len(text.splitlines()) > 5

    def test_help_lists_every_command(self) -> None:
        text = lab("--help").stdout
        assert all(f"\n  {command} " in text for command in COMMANDS)

    def test_every_command_says_what_it_is_for_in_a_whole_sentence(self) -> None:
        text = lab("--help").stdout.partition("\nLearn:")[2]
        assert "\nThis machine:" in text
        assert "..." not in text
        assert "Also:" not in text

    def test_version_prints_the_version(self) -> None:
        assert "0.1.0" in lab("--version").stdout

    @pytest.mark.parametrize("arguments", [["no-such-command"], ["list", "--no-such-option"], ["hint"]])
    def test_a_usage_error_is_exit_code_2(self, arguments: list[str]) -> None:
        lab(*arguments, code=2)

    @pytest.mark.parametrize("command", ["check", "hint", "reset", "solution", "validate"])
    def test_an_unknown_exercise_is_exit_code_2(self, command: str, clone: Path) -> None:
        done = lab(command, "99", code=2)
        assert f"there is no exercise '99'; there are: {SLUG}" in done.stderr
        assert done.stdout == ""

    @pytest.mark.parametrize("command", ["check", "hint", "validate"])
    def test_an_unknown_exercise_is_a_json_error_for_scripts(self, command: str, clone: Path) -> None:
        assert list(as_json(command, "99", code=2)) == ["error"]
