"""On a terminal: colour, shell completion, and examples in the help."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from lab_support.cli.colour import coloured, wants_colour
from lab_support.cli.completing import SHELLS
from lab_support.cli.examples import EXAMPLES
from lab_support.cli.main import main
from lab_support.safeguards.printing import printable
from tests.cli.lab import lab, passed
from tests.programs import ROOT, SLUG

if os.name != "nt":
    import pty

RED, GREEN = "\x1b[31m", "\x1b[32m"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_terminal(*arguments: str, **variables: str) -> str:
    """What the command prints on a terminal of its own."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "lab_support", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **variables},
        stdin=slave,
        stdout=slave,
        stderr=slave,
    )
    os.close(slave)
    parts = []
    try:
        while part := os.read(master, 65536):
            parts.append(part)
    except OSError:  # the other end is closed
        pass
    os.close(master)
    assert process.wait(60) == 0
    return b"".join(parts).decode()


class TestColour:
    @pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
    @pytest.mark.parametrize(
        ("variables", "arguments", "has_colour"),
        [
            ({"NO_COLOR": ""}, [], True),
            ({"NO_COLOR": "1"}, [], False),
            ({"TERM": "dumb"}, [], False),
            ({"NO_COLOR": ""}, ["--json"], False),
        ],
        ids=["terminal", "NO_COLOR", "dumb", "JSON"],
    )
    def test_a_terminal_gets_colour_unless_it_is_switched_off(
        self, clone: Path, variables: dict[str, str], arguments: list[str], has_colour: bool
    ) -> None:
        (clone / "notebooks").mkdir()
        passed(clone / "notebooks")
        text = on_terminal("list", *arguments, **variables)
        assert SLUG in text
        assert (f"{GREEN}✓ passed" in text) == has_colour
        assert ("\x1b" in text) == has_colour

    def test_a_pipe_gets_none(self) -> None:
        assert wants_colour(Terminal(), {"TERM": "xterm"}) == (os.name != "nt")
        assert not wants_colour(io.StringIO(), {"TERM": "xterm"})

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("02_x: not yet. 1 finding.", f"{RED}02_x: not yet\x1b[0m. 1 finding."),
            ("✗ Python: 3.9", f"{RED}✗\x1b[0m Python: 3.9"),
            ("HIGH", "\x1b[1;31mHIGH\x1b[0m"),
            ("SINGLE-ZONE  db", "\x1b[1mSINGLE-ZONE\x1b[0m  db"),
            (
                "-        name=1,\n+        name=2,",
                f"{RED}-        name=1,\x1b[0m\n{GREEN}+        name=2,\x1b[0m",
            ),
        ],
    )
    def test_what_is_coloured(self, text: str, shown: str) -> None:
        assert coloured(text) == shown

    @pytest.mark.parametrize("text", ["- an item", "--- a", "+++ b", "  HIGH", "A HIGH price"])
    def test_other_text_is_left_alone(self, text: str) -> None:
        assert coloured(text) == text

    def test_a_name_cannot_set_a_colour(self) -> None:
        assert coloured("a \x1b[31mname") == printable("a \x1b[31mname")


class TestCompletion:
    def complete(self, words: str) -> list[str]:
        """What bash is offered for the last of these words."""
        done = subprocess.run(
            [sys.executable, "-m", "lab_support"],
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "_LAB_COMPLETE": "bash_complete",
                "COMP_WORDS": words,
                "COMP_CWORD": str(words.count(" ")),
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout.split()

    def test_commands_exercises_and_options_are_completed(self) -> None:
        assert self.complete("lab so") == ["plain,solution"]
        assert self.complete("lab check 02") == [f"plain,{SLUG}"]
        assert "plain,--sarif" in self.complete("lab review --sa")
        assert self.complete("lab review in") == ["file,in"]
        assert self.complete("lab check 02 --with my") == ["file,my"]

    @pytest.mark.parametrize("shell", SHELLS)
    def test_the_script_arrives_as_it_is(self, shell: str) -> None:
        text = lab("completion", shell).stdout
        assert f"_LAB_COMPLETE={shell}_complete" in text
        assert printable(text) == text

    def test_bash_completes_with_the_script(self, tmp_path: Path) -> None:
        bash = shutil.which("bash")
        if bash is None:
            pytest.skip("needs bash")
        (tmp_path / "lab").write_text(
            f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lab_support "$@"\n'
        )
        (tmp_path / "lab").chmod(0o755)
        script = (
            'eval "$(lab completion bash)"; COMP_WORDS=(lab validate 0); COMP_CWORD=2; _lab_completion lab; '
            'echo "${COMPREPLY[0]}"; complete -p lab'
        )
        done = subprocess.run(
            [bash, "-c", script],
            env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert done.stdout.splitlines() == ["01_stream_name", "complete -o nosort -F _lab_completion lab"]


class TestExamples:
    def test_every_command_has_some(self) -> None:
        assert EXAMPLES.keys() == set(main.list_commands(click.Context(main)))

    @pytest.mark.parametrize("command", EXAMPLES)
    def test_the_help_ends_with_them_one_a_line(self, command: str) -> None:
        lines = lab(command, "--help").stdout.splitlines()
        assert lines[-len(EXAMPLES[command]) :] == [f"    {example}" for example in EXAMPLES[command]]

    @pytest.mark.parametrize(
        "example", [example for examples in EXAMPLES.values() for example in examples], ids=str
    )
    def test_an_example_is_a_command_line_that_is_accepted(self, example: str) -> None:
        (line,) = re.findall(r"\blab ([^|>)]+)", example)
        words = shlex.split(line)
        command: click.Command | None = main
        while isinstance(command, click.Group):
            command = command.get_command(click.Context(command), words.pop(0))
        assert command is not None
        command.make_context(command.name, words)
