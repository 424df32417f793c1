"""The `lab` command, as its script and `python -m lab_support` start it."""

from __future__ import annotations

import sys

from lab_support.checking.judge_process import JudgeProcess


def main() -> None:
    """Runs the command. A check is what learners wait for: its process starts while this one still imports."""
    command, *arguments = sys.argv[1:] or [""]
    if command == "check" and not {"-h", "--help"} & {*arguments}:
        with JudgeProcess(next((each for each in arguments if not each.startswith("-")), "")) as early:
            _run(early)
    else:
        _run(None)


def _run(early: object) -> None:
    from lab_support.cli.main import main as lab  # start-up time: a check's process starts first

    lab(prog_name="lab", obj=early)


if __name__ == "__main__":
    main()
