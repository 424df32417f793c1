"""Errors are explained in one sentence with the learner's line, without the lab's traceback."""

from __future__ import annotations

import linecache
import sys
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
import pulumi_aws as aws
import pytest

from lab_support import errors
from lab_support.errors import (
    InternalError,
    PreviewFailed,
    ProgramError,
    explain,
    is_user_code,
    location_in,
    location_of_thread,
)
from lab_support.plan.diagnostic import Diagnostic, Location

URN = "urn:pulumi:dev::p::aws:rds/instance:Instance::db"


def raised(function: Callable[[], object]) -> BaseException:
    """The exception that a function raises."""
    try:
        function()
    except BaseException as error:
        return error
    raise AssertionError("it raised nothing")


def compiled(source: str) -> BaseException:
    return raised(lambda: compile(source, "<cell 1>", "exec"))


class TestWhoseFileItIs:
    @pytest.mark.parametrize(
        "filename", [__file__, "<cell 1>", "/tmp/ipykernel_7/1234.py", "/home/me/clone/exercise.py"]
    )
    def test_a_learners_file_is_user_code(self, filename: str) -> None:
        assert is_user_code(filename)

    @pytest.mark.parametrize(
        "filename",
        [
            errors.__file__,
            click.__file__,
            linecache.__file__,
            "<frozen importlib._bootstrap>",
            "/home/me/shop/venv/lib/python3.11/site-packages/pulumi_random/random_pet.py",
        ],
        ids=["the lab's", "a package's", "Python's", "frozen", "a package's of their own environment"],
    )
    def test_files_of_python_packages_and_the_lab_are_not_user_code(self, filename: str) -> None:
        assert not is_user_code(filename)


class TestExplain:
    def test_the_explanation_names_the_error_and_the_line(self) -> None:
        message, location = explain(raised(lambda: int("twelve")))
        assert message == "ValueError: invalid literal for int() with base 10: 'twelve'"
        assert location is not None
        assert location.file == __file__
        assert 'int("twelve")' in location.code

    def test_the_location_is_the_innermost_line_of_user_code(self) -> None:
        def broken(*arguments: object) -> None:
            raise OSError("inside")

        def through_a_package() -> None:
            click.Command("x", callback=broken)(args=[], standalone_mode=False)

        location = location_in(raised(through_a_package).__traceback__)
        assert location is not None
        assert location.code.strip() == 'raise OSError("inside")'

        error = raised(lambda: click.Command("x").main(args=["--nope"], standalone_mode=False))
        location = location_in(error.__traceback__)
        assert location is not None
        assert location.file == __file__

    def test_an_error_without_a_message_is_explained_by_its_name(self) -> None:
        assert explain(NotImplementedError())[0] == "NotImplementedError"

    def test_a_message_of_many_lines_becomes_one_line(self) -> None:
        assert explain(ValueError("a\n   b\tc"))[0] == "ValueError: a b c"

    def test_a_long_message_is_cut(self) -> None:
        message, _ = explain(ValueError("x" * 5000))
        assert len(message) < 330
        assert message.endswith("...")

    def test_an_error_without_a_traceback_has_no_location(self) -> None:
        assert explain(ValueError("x"))[1] is None

    def test_a_syntax_error_has_its_own_location(self) -> None:
        message, location = explain(compiled("one = 1\ntwo = = 2\n"))
        assert message == "SyntaxError: invalid syntax"
        assert location is not None
        assert (location.file, location.line) == ("<cell 1>", 2)

    def test_wrong_indentation_is_a_syntax_error(self) -> None:
        message, location = explain(compiled("def f():\npass\n"))
        assert message.startswith("SyntaxError: expected an indented block")
        assert location is not None
        assert location.line == 2

    @pytest.mark.parametrize("code", [None, 0, 1, "a message"])
    def test_sys_exit_is_explained_in_words(self, code: object) -> None:
        assert explain(SystemExit(code))[0].startswith("The program called sys.exit()")

    def test_endless_recursion_is_explained_in_words(self) -> None:
        def again() -> None:
            again()

        message, location = explain(raised(again))
        assert message == "RecursionError: a function calls itself without end."
        assert location is not None
        assert location.code.strip() == "again()"

    def test_an_error_whose_str_fails_is_explained_by_its_name(self) -> None:
        class Mute(Exception):
            def __str__(self) -> str:
                raise ValueError("no words")

        assert explain(Mute())[0].startswith("Mute")


def explained(code: str) -> str:
    """The sentence for what a line of code raises."""
    try:
        exec(code, {"aws": aws})
    except Exception as error:
        return explain(error)[0]
    raise AssertionError("nothing was raised")


class TestErrorsOfAnSdk:
    def test_a_missing_pulumi_package_is_named_with_the_command_that_installs_it(self) -> None:
        assert explained("import pulumi_pebble.stones") == (
            "The Pulumi package pulumi-pebble is not installed where the lab runs. Install it with: "
            f"{sys.executable} -m pip install pulumi-pebble"
        )

    def test_any_other_missing_module_is_named(self) -> None:
        assert explained("import no_such_module").startswith(
            "ModuleNotFoundError: No module named 'no_such_module'; "
        )

    def test_an_unknown_argument_is_explained_with_the_installed_version(self) -> None:
        text = explained("aws.s3.BucketVersioning('v', bucket='b', versioned=True)")
        assert text == (
            f"TypeError: BucketVersioning has no argument 'versioned' in pulumi-aws {version('pulumi-aws')}, "
            "which is installed here"
        )

    def test_an_unknown_name_is_explained_with_the_installed_version(self) -> None:
        text = explained("aws.s3.NoSuchThing")
        assert text.startswith("AttributeError: module 'pulumi_aws.s3' has no attribute 'NoSuchThing'")
        assert f"in pulumi-aws {version('pulumi-aws')}, which is installed here" in text

    @pytest.mark.parametrize("code", ["1 / 0", "[].nothing", "int('x')", "len()"])
    def test_errors_that_come_from_no_sdk_are_not_rephrased(self, code: str) -> None:
        assert "installed" not in explained(code)


def test_the_location_of_a_thread_is_the_line_that_it_runs() -> None:
    entered, leave = threading.Event(), threading.Event()

    def waits() -> None:
        entered.set()
        leave.wait(30)

    thread = threading.Thread(target=waits)
    thread.start()
    try:
        assert entered.wait(30)
        assert thread.ident is not None
        location = location_of_thread(thread.ident)
    finally:
        leave.set()
        thread.join()
    assert location is not None
    assert location.code.strip() in ("entered.set()", "leave.wait(30)")
    assert location_of_thread(thread.ident) is None


class TestTexts:
    def test_a_program_error_shows_message_and_line(self) -> None:
        error = ProgramError("KeyError: 'x'", Location("<cell 1>", 7, "    value['x']"), "prod")
        assert str(error) == "The program did not run.\n  KeyError: 'x'\n  line 7:  value['x']"
        assert error.environment == "prod"

    def test_a_program_error_without_a_location_shows_the_message(self) -> None:
        assert str(ProgramError("no such thing")) == "The program did not run.\n  no such thing"

    @pytest.mark.xfail(strict=True, reason="the line of code is quoted whole, however long it is")
    def test_a_very_long_line_of_code_is_cut(self) -> None:
        error = ProgramError("NameError: x", Location("<cell 1>", 1, "x + " * 5000))
        assert len(str(error)) < 1000

    def test_a_refusal_shows_the_message_for_each_resource(self) -> None:
        refused = PreviewFailed([Diagnostic("error", "word " * 60, URN), Diagnostic("error", "short")], "dev")
        lines = str(refused).splitlines()
        assert lines[:2] == ["The program was refused.", "  db:"]
        assert "  the engine:" in lines
        assert all(len(line) <= 100 for line in lines)

    def test_many_refusals_fit_on_a_screen(self) -> None:
        refused = PreviewFailed(Diagnostic("error", "no", f"{URN}-{n}") for n in range(60))
        assert len(str(refused).splitlines()) <= 40

    def test_an_internal_error_says_that_the_program_is_not_to_blame(self) -> None:
        assert str(InternalError("the disk is full")) == (
            "Internal error in the lab; your program is not to blame.\n  the disk is full"
        )

    @pytest.mark.parametrize(
        "error",
        [ProgramError("a"), PreviewFailed([]), InternalError("c")],
        ids=lambda error: type(error).__name__,
    )
    def test_a_notebook_shows_the_message_and_nothing_else(self, error: errors.BriefError) -> None:
        assert error._render_traceback_() == str(error).splitlines()


def test_ipython_shows_the_message_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell()
    shell.history_manager.enabled = False
    shell.push({"InternalError": InternalError})
    with capture_output() as shown:
        shell.run_cell("raise InternalError('the disk is full')")
    assert shown.stdout.strip() == str(InternalError("the disk is full"))


def test_an_error_that_is_its_own_cause_is_explained() -> None:
    first, second = ValueError("first"), KeyError("second")
    first.__context__, second.__context__ = second, first
    assert explain(first)[0] == "ValueError: first"
