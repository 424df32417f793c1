"""Runs that are ended by their time limit, by Ctrl-C or by a kill leave nothing behind."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pulumi
import pulumi_aws as aws
import pytest
from pulumi.automation import _server
from pulumi.runtime.proto.language_pb2 import RunRequest

from lab_support.engine.inline_program import InlineProgram, close, raise_in
from lab_support.engine.operations import Settings, preview
from lab_support.errors import InternalError, ProgramError, TimedOut
from lab_support.safeguards.folders import sweep
from tests.processes import engines_of, environment, left_in, python, started
from tests.programs import SLUG, two_streams

# Long enough for the engine to reach the program on a busy machine.
LIMIT = Settings(time_limit=4)

# Tells when the program has been reached, and stays there.
HANGS = """
    import time
    from lab_support.engine.operations import preview

    def program(suffix):
        print("reached", flush=True)
        while True:
            time.sleep(0.01)

    preview(program)
"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process and its children."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def reached(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Waits until the program and the engine run; returns the engine's processes."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    assert line == "reached\n", process.stderr.read()
    until = time.monotonic() + 30
    while not (engines := engines_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.02)  # the program may run before the engine has started
    assert engines, "the engine runs while the program does"
    return engines


class TestTimeLimit:
    def test_the_time_limit_ends_a_loop_and_names_its_line(self, scratch: Path) -> None:
        def program(suffix: str) -> None:
            while True:
                pass

        with pytest.raises(ProgramError, match="did not finish within the time limit") as caught:
            preview(program, "prod", settings=LIMIT)
        assert caught.value.location is not None
        assert caught.value.location.file == __file__
        assert caught.value.location.code.strip() in ("while True:", "pass")
        assert caught.value.environment == "prod"
        assert engines_of(os.getpid()) == []
        assert left_in(scratch) == []

    def test_the_time_limit_does_not_wait_for_a_blocked_program(self, scratch: Path) -> None:
        release, ended = threading.Event(), threading.Event()

        def program(suffix: str) -> None:
            release.wait(60)
            ended.set()

        try:
            with pytest.raises(ProgramError, match="time limit") as caught:
                preview(program, settings=LIMIT)
            assert not ended.is_set()
        finally:
            release.set()
        assert caught.value.location is not None
        assert caught.value.location.code.strip() == "release.wait(60)"
        assert engines_of(os.getpid()) == []
        assert left_in(scratch) == []

    def test_the_time_limit_ends_a_loop_in_apply(self) -> None:
        def spin(arn: str) -> None:
            while True:
                pass

        with pytest.raises(ProgramError, match="time limit"):
            preview(lambda suffix: aws.sqs.Queue("q").arn.apply(spin), settings=LIMIT)

    def test_a_late_run_is_the_programs_unless_the_machine_was_too_busy(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def waits(suffix: str) -> None:
            aws.sqs.Queue("q", name=pulumi.Output.from_input(asyncio.get_event_loop().create_future()))

        def spins(suffix: str) -> None:
            while True:
                pass

        monkeypatch.setattr("lab_support.engine.workspace.seconds_waited", lambda: 0.0)
        with pytest.raises(TimedOut):
            preview(waits, settings=LIMIT)
        monkeypatch.setattr("lab_support.engine.workspace.seconds_waited", itertools.count(step=10).__next__)
        with pytest.raises(InternalError, match="too busy"):
            preview(waits, settings=LIMIT)
        with pytest.raises(TimedOut):
            preview(spins, settings=LIMIT)

    def test_a_variable_sets_the_time_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PULUMI_REVIEW_LAB_TIME_LIMIT", "4.5")
        assert Settings().time_limit == 4.5
        monkeypatch.setenv("PULUMI_REVIEW_LAB_TIME_LIMIT", "")
        assert Settings().time_limit == 30

    def test_a_run_after_the_time_limit_is_undisturbed(self) -> None:
        def program(suffix: str) -> None:
            while True:
                pass

        with pytest.raises(ProgramError):
            preview(program, settings=LIMIT)
        assert len(preview(two_streams)) == 2


WAITS_FOR_NOTHING = """
    import asyncio
    from lab_support.engine.operations import Settings, preview
    from lab_support.errors import ProgramError

    async def program(suffix):
        await asyncio.get_running_loop().create_future()

    try:
        preview(program, settings=Settings(time_limit=2))
    except ProgramError as error:
        print(error.message)
"""


def test_a_coroutine_that_waits_for_nothing_does_not_keep_the_process(scratch: Path) -> None:
    with python(WAITS_FOR_NOTHING, TMPDIR=str(scratch)) as process:
        said, _ = process.communicate(timeout=60)
    assert "time limit" in said
    assert process.returncode == 0


def test_closing_a_loop_that_the_sdk_has_closed_leaves_no_coroutine(recwarn: pytest.WarningsRecorder) -> None:
    gc.collect()  # what earlier tests have left
    recwarn.clear()
    loop = asyncio.new_event_loop()
    loop.close()
    close(loop)
    gc.collect()
    assert [str(warning.message) for warning in recwarn if "never awaited" in str(warning.message)] == []


def test_a_thread_inside_grpc_is_not_interrupted_because_its_locks_would_stay_locked() -> None:
    class Stopped(BaseException):
        pass

    inside, leave, seen = threading.Event(), threading.Event(), []
    names: dict[str, Any] = {"__name__": "grpc._channel", "inside": inside, "leave": leave}
    exec("def blocking():\n    inside.set()\n    while not leave.is_set():\n        pass\n", names)

    def program() -> None:
        try:
            names["blocking"]()
            seen.append("left gRPC")
            while True:
                time.sleep(0.001)
        except Stopped:
            seen.append("stopped")

    thread = threading.Thread(target=program)
    thread.start()
    inside.wait()
    raise_in(thread.ident, Stopped)
    time.sleep(0.05)
    leave.set()
    while not seen:
        time.sleep(0.001)
    while thread.is_alive():
        raise_in(thread.ident, Stopped)
        thread.join(0.01)
    assert seen == ["left gRPC", "stopped"]


def test_cleaning_up_waits_until_the_sdk_has_cleaned_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the program has ended, the SDK reports, cancels what is left and closes its loop."""
    inline = InlineProgram(lambda suffix: None, "dev")
    reporting, go_on = threading.Event(), threading.Event()

    async def refused(program: Callable[[], Awaitable[None]]) -> None:
        await program()
        raise pulumi.RunError("the engine has gone")

    def report(message: str) -> None:
        reporting.set()
        go_on.wait(10)

    monkeypatch.setattr(_server, "run_in_stack", refused)
    monkeypatch.setattr(pulumi.log, "error", report)
    running = threading.Thread(target=_server.LanguageServer(inline.run).Run, args=(RunRequest(), None))
    stopping = threading.Thread(target=inline.stop, args=(10,))
    running.start()
    assert reporting.wait(10)
    stopping.start()
    stopping.join(0.1)
    assert stopping.is_alive()
    assert inline.loop is not None
    assert not inline.loop.is_closed()
    go_on.set()
    running.join(10)
    stopping.join(10)
    assert not stopping.is_alive()
    assert inline.loop.is_closed()


# The same with the previews of a check, several at once.
HANGS_IN_ALL = """
    import time
    from lab_support.engine.operations import preview_all

    def program(suffix):
        if suffix == "dev":
            print("reached", flush=True)
        while True:
            time.sleep(0.01)

    preview_all(program, ["dev", "demo", "staging", "prod", "test"])
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
class TestSignals:
    def test_ctrl_c_ends_all_previews_of_a_check_and_is_a_keyboard_interrupt(self, scratch: Path) -> None:
        with python(HANGS_IN_ALL, TMPDIR=str(scratch)) as process:
            reached(process)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
            assert "Interrupted" in errors
            assert process.returncode in (-signal.SIGINT, 1, 130)
        assert left_in(scratch) == []

    def test_ctrl_c_stops_the_engine_and_leaves_no_files(self, scratch: Path) -> None:
        with python(HANGS, TMPDIR=str(scratch)) as process:
            engines = reached(process)
            assert left_in(scratch) != []
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=60)
            assert "Interrupted. The engine was stopped" in errors
            _, alive = psutil.wait_procs(engines, timeout=30)
        assert alive == []
        assert left_in(scratch) == []

    def test_after_a_kill_the_engine_ends_and_the_next_run_deletes_its_files(self, scratch: Path) -> None:
        with python(HANGS, TMPDIR=str(scratch)) as process:
            engines = reached(process)
            process.kill()
            process.wait(timeout=30)
            _, alive = psutil.wait_procs(engines, timeout=60)
        assert alive == []
        assert len(left_in(scratch)) == 1
        preview(two_streams)
        assert left_in(scratch) == []


@pytest.mark.skipif(os.name == "nt", reason="signals are Unix's")
class TestCheckIsCutShort:
    """`lab check` judges in a process of its own, which runs the engine in another one."""

    def start(self, scratch: Path, time_limit: int) -> subprocess.Popen[str]:
        path = scratch / "hangs.py"
        path.write_text("def program(suffix):\n    while True: pass\n", encoding="utf-8")
        command = [sys.executable, "-m", "lab_support", "check", SLUG, "--with", str(path)]
        return started(
            [*command, "--timeout", str(time_limit)],
            env=environment(TMPDIR=str(scratch)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def cut_short(self, process: subprocess.Popen[str], how: int) -> list[psutil.Process]:
        """Sends the signal once the engine runs; returns what is still running when all should be over."""
        for _ in range(600):
            if engines_of(process.pid):
                break
            time.sleep(0.05)
        begun = psutil.Process(process.pid).children(recursive=True)
        assert begun, "the check has begun"
        process.send_signal(how)
        process.communicate(timeout=60)
        alive: list[psutil.Process] = psutil.wait_procs(begun, timeout=60)[1]
        return alive

    def test_ctrl_c_ends_a_check_and_its_processes(self, scratch: Path) -> None:
        process = self.start(scratch, 60)
        try:
            assert self.cut_short(process, signal.SIGINT) == []
        finally:
            process.kill()
            process.communicate()
        sweep()
        assert left_in(scratch) == []

    def test_the_next_run_deletes_what_a_killed_check_has_left(self, scratch: Path) -> None:
        process = self.start(scratch, 4)
        try:
            assert self.cut_short(process, signal.SIGKILL) == []
        finally:
            process.kill()
            process.communicate()
        sweep()
        assert left_in(scratch) == []


def test_no_run_touches_pulumis_and_aws_own_folders(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    scratch.mkdir()
    kept = {
        home / ".pulumi" / "credentials.json": '{"current": "https://api.pulumi.com"}',
        home / ".aws" / "credentials": "[default]\naws_access_key_id = AKIA\n",
    }
    for path, text in kept.items():
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    code = """
        from lab_support import Account, deploy, preview
        from tests.programs import two_streams

        deploy(two_streams, account=Account())
        print(len(preview(two_streams)))
    """
    with python(code, HOME=str(home), TMPDIR=str(scratch)) as process:
        out, errors = process.communicate(timeout=120)
    assert out == "2\n", errors
    # The lab's own cache is the one thing that may be written.
    files = [path for path in home.rglob("*") if path.is_file() and ".cache" not in path.parts]
    assert {path: path.read_text(encoding="utf-8") for path in files} == kept
    assert left_in(scratch) == []
