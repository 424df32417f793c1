"""A guard ends what it guards, at its time limit or with whoever waits for it, however it has detached itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from lab_support.safeguards.guard import Fate
from lab_support.safeguards.supervised import NoAnswer, SupervisedProcess
from tests.processes import environment

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no guards without fork")

# Starts two processes that leave the group, the session and their parent, and says when they run.
DETACHES = """
    import subprocess
    subprocess.Popen(["setsid", "sleep", "600"])
    subprocess.Popen("(setsid sleep 600 &) &", shell=True).wait()
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module whose `main` a guard can run; tests write its body into this file."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]]))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path / "guarded_body.py"


def run(module: Path, body: str) -> SupervisedProcess:
    write(module, body)
    return SupervisedProcess("guarded_body")


def write(module: Path, body: str) -> None:
    code = textwrap.indent(textwrap.dedent(body), "    ")
    module.write_text(
        f"import os, signal, sys, time\nfrom lab_support.safeguards import guard\ndef main():\n{code}",
        "utf-8",
    )


def running(folder: Path) -> list[str]:
    """The processes with this temporary folder that are alive."""
    found = []
    for process in psutil.process_iter():
        try:
            is_here = process.environ().get("TMPDIR") == str(folder)
            if is_here and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


def ends(folder: Path) -> bool:
    until = time.monotonic() + 10
    while running(folder) and time.monotonic() < until:
        time.sleep(0.02)
    return running(folder) == []


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        ("guard.done()", Fate(0, done=True)),
        ("os._exit(3)", Fate(3)),
        ("sys.exit('no')", Fate(1)),
        ("os.kill(os.getpid(), signal.SIGINT); time.sleep(60)", Fate(-signal.SIGINT)),
        ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", Fate(-signal.SIGTERM)),
        ("os.kill(os.getpid(), signal.SIGKILL)", Fate(-signal.SIGKILL)),
        ("import ctypes; ctypes.string_at(0)", Fate(-signal.SIGSEGV)),
        ("os.closerange(0, 99); os._exit(4)", Fate(4)),
        ("with guard.limited(60), guard.limited(0.01): time.sleep(0.3)", Fate(0, begun=True)),
        ("with guard.limited(0.01): pass\ntime.sleep(0.3)", Fate(0, begun=True)),
    ],
)
def test_the_fate_of_a_process_is_how_it_ended(module: Path, body: str, fate: Fate) -> None:
    with run(module, body) as process:
        assert process.wait(60) == fate


def test_the_limit_ends_code_that_holds_the_interpreter_lock(module: Path) -> None:
    with run(module, "import re\nwith guard.limited(0.5): re.match('(a+)+$', 'a' * 40 + 'b')") as process:
        assert process.wait(60) == Fate(-signal.SIGKILL, begun=True, late=True)


def test_a_process_that_does_not_answer_is_killed(module: Path, tmp_path: Path) -> None:
    with run(module, DETACHES + "    time.sleep(600)") as process, pytest.raises(NoAnswer):
        process.wait(1)
    assert running(tmp_path) == []


def test_what_has_detached_itself_ends_with_the_process(module: Path, tmp_path: Path) -> None:
    with run(module, DETACHES) as process:
        assert process.wait(60) == Fate(0)
    assert running(tmp_path) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_everything_ends_with_the_process_that_waits_for_it(module: Path, tmp_path: Path, how: int) -> None:
    write(module, DETACHES + "    time.sleep(600)")
    code = "from lab_support.safeguards.supervised import SupervisedProcess\nSupervisedProcess('guarded_body').wait(60)"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as waiting:
        until = time.monotonic() + 30
        # The shells that start what detaches itself come and go, so the two that stay are counted as well.
        while not (len(found := running(tmp_path)) == 5 and found.count("sleep 600") == 2):
            assert time.monotonic() < until, f"it waits; the guard, the process and two others run: {found}"
            time.sleep(0.02)
        waiting.send_signal(how)
    assert ends(tmp_path), running(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a child with its parent")
def test_a_process_ends_with_its_guard(module: Path, tmp_path: Path) -> None:
    with run(module, "open(os.environ['TMPDIR'] + '/ready', 'w').close()\ntime.sleep(600)") as process:
        until = time.monotonic() + 30
        while not (tmp_path / "ready").exists() and time.monotonic() < until:
            time.sleep(0.02)
        (guard,) = (child for child in psutil.Process().children() if "guarded_body" in child.cmdline())
        guard.kill()
        assert process.wait(60).code == -signal.SIGKILL
    assert ends(tmp_path), running(tmp_path)
