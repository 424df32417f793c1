"""Starts the `lab` command, for its script and for `python -m lab_support`."""

from __future__ import annotations

import sys

from lab_support.checking.judge_process import JudgeProcess


def main() -> None:
    """Runs the command. Learners wait for a check, so its process starts before this one has imported the rest."""
    command, *arguments = sys.argv[1:] or [""]
    if command == "check" and not {"-h", "--help"} & {*arguments}:
        slug = next((argument for argument in arguments if not argument.startswith("-")), "")
        try:
            process = JudgeProcess(slug)
        except OSError:  # the command tries again, and says what this machine lacks
            _run(None)
            return
        with process as early:
            _run(early)
    else:
        _run(None)


def _run(early: object) -> None:
    from lab_support.cli.main import main as lab  # start-up time: a check's process starts first

    lab(prog_name="lab", obj=early)


if __name__ == "__main__":
    main()
