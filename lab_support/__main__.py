"""Starts the `lab` command, for its script and for `python -m lab_support`."""

from __future__ import annotations

import signal

_on_interrupt = signal.getsignal(signal.SIGINT)
if _on_interrupt is signal.default_int_handler:  # an interrupt while modules are loaded needs no traceback
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import json
import os
import sys
from typing import Any

from lab_support.checking.judge_process import JudgeProcess
from lab_support.safeguards.guard import Fate, runs_program
from lab_support.safeguards.shortage import FEW_THREADS, MANY_THREADS
from lab_support.safeguards.supervised import run_supervised

_HELP = {"-h", "--help"}


def main() -> None:
    """Runs the command. Learners wait for a check, so its process starts before this one has imported the rest.

    `preview` and `review` run a program in the process of the command, so that has a guard.
    """
    command, *arguments = sys.argv[1:] or [""]
    runs_programs = command in ("check", "preview", "review", "validate") and not _HELP & {*arguments}
    if runs_programs or command == "grade":
        signal.signal(signal.SIGTERM, _exit)  # so that temporary folders are deleted
    if runs_programs and command == "check":
        slug = next((argument for argument in arguments if not argument.startswith("-")), "")
        try:
            process = JudgeProcess(slug)
        except OSError:  # the command tries again, and says what this machine lacks
            _run(None)
            return
        with process as early:
            _run(early)
    elif runs_programs and command != "validate" and hasattr(os, "fork"):
        # A review previews a second environment beside the first one.
        threads = MANY_THREADS if command == "review" else FEW_THREADS
        run_supervised(lambda: _run(None), _explain, _refuse, threads)
    else:
        _run(None)


def _exit(number: int, frame: Any) -> None:
    sys.exit(128 + number)


def _run(early: object) -> None:
    from lab_support.cli.main import main as lab  # start-up time: a check's process starts first

    if _on_interrupt is signal.default_int_handler and not runs_program():
        signal.signal(signal.SIGINT, _on_interrupt)
    lab(prog_name="lab", obj=early)


def _explain(fate: Fate) -> int:
    """Says why the process of a preview or a review ended before its time; returns the exit code."""
    if fate.out_of_memory:
        text, code = "Memory ran out; the process that ran the program was killed.", 3
    elif fate.blamed:
        text, code = fate.blamed, 1
    elif fate.late:
        text, code = "The program did not finish within the time limit.", 1
    elif fate.code < 0:
        text, code = (
            f"The program ended its own process ({signal.Signals(-fate.code).name}); it must return.",
            1,
        )
    else:
        text = f"The program ended the whole Python process (exit code {fate.code}); it must return instead."
        code = 1
    _print_error(f"The program did not run.\n  {text}")
    return 3 if sys.argv[1] == "review" else code


def _refuse(missing: str) -> int:
    _print_error(missing)
    return 3


def _print_error(text: str) -> None:
    if "--json" in sys.argv:
        print(json.dumps({"error": text, "notes": []}, indent=2))
    else:
        print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
