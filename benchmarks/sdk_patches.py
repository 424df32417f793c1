"""What each patch of the SDK is worth: python -m benchmarks.sdk_patches [--checks 24] [--exercise SLUG] [NAME ...]

A warm check with a patch and without it, in turns, in one process, so that what else the machine does meets both. A
NAME is a file of lab_support/engine/sdk_patches without its ending, or `debug_messages`, which are dropped without a
patch. Shows wall time, and processor time of this process (the Pulumi CLI's is not in it), which says more on a busy
machine.
"""

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.programs import anew
from lab_support.checking.run_check import check_program
from lab_support.course.cells import program_of
from lab_support.course.exercises import SOLUTION, find_exercise
from lab_support.engine.sdk_patches.apply import AS_IS, PATCHES, apply_patches, take_back

Switch = Callable[[bool], Any]
Seconds = dict[str, float]


def switches() -> dict[str, Switch]:
    """For each thing that can be measured a function that switches it on or off."""
    speed = [patch for patch in PATCHES if patch.kind == "speed"]
    files = dict.fromkeys(patch.value.__module__.rpartition(".")[2] for patch in speed)

    def of_file(file: str) -> Switch:
        patches = [patch for patch in speed if patch.value.__module__.endswith(f".{file}")]
        return lambda on: (apply_patches if on else take_back)(patches)

    def debug_messages(on: bool) -> None:
        os.environ[AS_IS] = "" if on else "1"  # which this only looks at when a run starts

    found: dict[str, Switch] = {file: of_file(file) for file in files}
    found["debug_messages"] = debug_messages
    parts = list(found.values())

    def everything(on: bool) -> None:
        os.environ[AS_IS] = ""
        for part in parts:
            part(on)

    found["everything"] = everything
    return found


def seconds_of(work: Callable[[], Any]) -> Seconds:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "CPU": time.process_time() - cpu}


def in_turns(switch: Switch, check: Callable[[], Any], checks: int) -> tuple[list[Seconds], list[Seconds]]:
    """The seconds of so many checks with it and as many without, in pairs; a pair before that warms up."""
    on, off = [], []
    for number in range(checks + 1):
        first = bool(number % 2)  # with it first, then without it first: neither always comes second
        pair = {}
        for turn in (first, not first):
            switch(turn)
            pair[turn] = seconds_of(check)
        if number:
            on.append(pair[True])
            off.append(pair[False])
    switch(True)
    return on, off


def line(name: str, on: list[Seconds], off: list[Seconds]) -> str:
    """Medians with and without it in ms, and quartiles of what a pair gains, in percent of the time without it."""
    cells = [f"{name:16}"]
    for clock in ("wall", "CPU"):
        medians = [statistics.median(seconds[clock] for seconds in turns) * 1000 for turns in (on, off)]
        gains = [100 * (b[clock] - a[clock]) / b[clock] for a, b in zip(on, off, strict=True)]
        low, middle, high = statistics.quantiles(gains)
        cells.append(f"{medians[0]:7.0f} {medians[1]:7.0f}   {middle:5.1f} % ({low:5.1f} to {high:5.1f})")
    return " |".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="everything there is where none is given")
    parser.add_argument("--checks", type=int, default=24, help="with the patch, and as many without")
    parser.add_argument("--exercise", default="06_code_review")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    exercise = find_exercise(chosen.exercise)

    def check() -> None:
        check_program(exercise, program_of(exercise, anew(exercise, SOLUTION)))

    known = switches()
    print(
        f"{'':16} |{'wall: with, without, gain (quartiles)':^43}|{'CPU: with, without, gain (quartiles)':^43}"
    )
    for name in chosen.names or known:
        print(line(name, *in_turns(known[name], check, chosen.checks)), flush=True)


if __name__ == "__main__":
    main()
