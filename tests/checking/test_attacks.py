"""Programs that never end, kill themselves or take away what they need: a program error in one sentence, in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from lab_support.checking.judge import as_solved
from lab_support.checking.judge_pool import judge_all
from lab_support.course.exercises import find_exercise
from lab_support.safeguards import lifeline
from tests.processes import environment, left_in
from tests.programs import SLUG

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(os.name == "nt", reason="signals are Unix's"),
]
LIMIT = 3.0
PAST_LIMIT = "The program ran past the limit of 3 s."

# What a program does, and what is said of it.
ATTACKS = {
    "re.match('(a+)+$', 'a' * 40 + 'b')": PAST_LIMIT,
    "aws.sqs.Queue('q', name=pulumi.Output.from_input(asyncio.get_event_loop().create_future()))": PAST_LIMIT,
    "aws.s3.BucketObject('o', bucket='b', source=pulumi.FileAsset('/dev/zero'))": PAST_LIMIT,
    "aws.sqs.Queue('q').arn.apply(lambda arn: time.sleep(600))": PAST_LIMIT,
    "sum(iter(int, 1))": PAST_LIMIT,
    "ctypes.string_at(0)": "SIGSEGV",
    "os.kill(os.getpid(), signal.SIGINT); time.sleep(9)": "SIGINT",
    "os.kill(os.getpid(), signal.SIGTERM); time.sleep(9)": "SIGTERM",
    "os.kill(os.getpid(), signal.SIGKILL)": "SIGKILL",
    "os._exit(0)": "exit code 0",
    "os.closerange(0, 4096); aws.sqs.Queue('q')": "The program",
    "pulumi.StackReference('organization/nowhere/x')": "the stack organization/nowhere/x, which does not exist",
    "pulumi.StackReference('agency/network/prod')": "agency/network/prod is refused: organization name must be",
    "pulumi.runtime.invoke('nope', {})": "nope",
    "program(suffix)": "RecursionError",
    "raise asyncio.CancelledError": "CancelledError",
    "raise GeneratorExit": "GeneratorExit",
    "raise KeyboardInterrupt": "KeyboardInterrupt",
    "aws.sqs.Queue('q').arn.apply(lambda arn: fail(GeneratorExit))": "GeneratorExit",
    "aws.sqs.Queue('q').arn.apply(lambda arn: asyncio.get_event_loop().stop())": "Event loop stopped",
    "aws.sqs.Queue('q', name=pulumi.Output.from_input(cancelled()))": "CancelledError",
    "raise Mute": "Mute",
    "resource.setrlimit(resource.RLIMIT_NOFILE, (8, 8)); aws.sqs.Queue('q')": "RLIMIT_NOFILE is 8",
    "resource.setrlimit(resource.RLIMIT_AS, (50 << 20,) * 2); aws.sqs.Queue('q')": "RLIMIT_AS",
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); aws.sqs.Queue('q')": "RLIMIT_FSIZE is 0",
    "sys.modules.clear(); aws.sqs.Queue('q')": "sys.modules",
    "threading.Thread.start = lambda self: None; aws.sqs.Queue('q')": "threading.Thread.start",
    "time.monotonic = lambda: None; aws.sqs.Queue('q')": "time.monotonic",
    "json.dumps = None; aws.sqs.Queue('q')": "json.dumps",
    "builtins.isinstance = None; aws.sqs.Queue('q')": "isinstance",
}
# These leave something running, or something missing, but are not wrong because of it.
FORKS = "os.fork() or time.sleep(600)"
LEAVES = (
    "threading.Thread(target=time.sleep, args=(600,)).start()",
    "threading.Thread(target=sys.exit).start()",
    "subprocess.Popen(['setsid', 'sleep', '600'])",
    "os.chdir(tempfile.mkdtemp()); os.rmdir(os.getcwd())",
    "os.kill(os.getppid(), signal.SIGSTOP)",
)
IMPORTS = """
import asyncio, builtins, ctypes, json, os, pulumi, pulumi_aws as aws, re, resource, signal, subprocess, sys
import tempfile, threading, time

def fail(kind):
    raise kind

async def cancelled():
    raise asyncio.CancelledError

class Mute(Exception):
    __traceback__ = property(lambda self: 1 / 0)
    def __str__(self):
        raise SystemExit
"""


def program(statement: str) -> str:
    return f"{IMPORTS}\ndef program(suffix):\n    {statement}\n"


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process and its children."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.mark.slow
def test_what_a_program_does_to_itself_is_a_program_error_and_is_over_in_time(scratch: Path) -> None:
    exercise = find_exercise(SLUG)
    rulings = judge_all([(exercise, [program(text)]) for text in ATTACKS], time_limit=LIMIT)
    for (statement, words), ruling in zip(ATTACKS.items(), rulings, strict=True):
        assert (statement, ruling.outcome) == (statement, "program-error"), ruling
        assert words in (ruling.message or "") or ruling.message == PAST_LIMIT, statement
        assert ruling.seconds < LIMIT + 3, statement
    # A forked child that was made while the engine started keeps its output open, so that the run reaches its limit.
    (forked,) = judge_all([(exercise, [program(FORKS)])], workers=1, time_limit=LIMIT)
    assert forked.outcome in ("failed", "program-error")
    rulings = judge_all([(exercise, [program(text)]) for text in LEAVES])
    outcomes = {text: ruling.outcome for text, ruling in zip(LEAVES, rulings, strict=True)}
    assert outcomes == dict.fromkeys(LEAVES, "failed")
    assert left_in(scratch) == []
    assert [
        process.cmdline() for process in psutil.process_iter(["cmdline"]) if is_left(process, scratch)
    ] == []


def is_left(process: psutil.Process, folder: Path) -> bool:
    try:
        is_here = process.environ().get("TMPDIR") == str(folder)
        return is_here and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False


@pytest.mark.parametrize("command", [["check", SLUG, "--with"], ["preview"], ["review"]])
def test_the_limit_of_a_command_is_the_limit(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "hangs.py"
    file.write_text(program("re.match('(a+)+$', 'a' * 40 + 'b')"), encoding="utf-8")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "lab_support", *command, str(file), "--timeout", "2"],
        env=environment(TMPDIR=str(tmp_path)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert time.monotonic() - began < 12, "2 s and the start of Python, on a busy machine"
    assert "limit" in done.stdout + done.stderr
    assert done.returncode == (3 if command[0] == "review" else 1)
    assert left_in(tmp_path) == []


# What a previewed program does, and what is said of it.
PREVIEWED = {
    "os._exit(0)": "must return",
    "os.kill(os.getpid(), signal.SIGINT); time.sleep(9)": "must return",
    "raise asyncio.CancelledError": "CancelledError",
    "raise Mute": "Mute",
    "sys.stdout.close(); aws.sqs.Queue('q')": "sys.stderr",
    "sys.stderr = None; print(aws.sqs.Queue('q')); 1 / 0": "ZeroDivisionError",
    "sys.path.clear(); aws.sqs.Queue('q')": "sys.path",
    "sys.modules.clear()": "sys.modules",
    "time.monotonic = lambda: 1 / 0; aws.sqs.Queue('q')": "time.monotonic",
}


@pytest.mark.parametrize("statement", PREVIEWED)
def test_what_a_previewed_program_does_to_its_process_is_told(statement: str, tmp_path: Path) -> None:
    file = tmp_path / "ends.py"
    file.write_text(program(statement), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "lab_support", "preview", str(file), "--json"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, json.loads(done.stdout)["error"].splitlines()[0]) == (
        1,
        "The program did not run.",
    )
    assert PREVIEWED[statement] in done.stdout


def test_a_warm_process_that_does_not_answer_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    command = lifeline.command
    silent = [sys.executable, "-c", "import time; time.sleep(600)"]
    commands = iter([silent])
    monkeypatch.setattr(lifeline, "command", lambda *given: next(commands, None) or command(*given))
    exercise = find_exercise(SLUG)
    solved = (exercise, as_solved(exercise))
    first, second = judge_all([solved, solved], workers=1, time_limit=10, overhead=5)
    assert (first.outcome, first.message) == (
        "lab-error",
        "the process that runs the check did not answer and was killed",
    )
    assert second.outcome == "passed"
