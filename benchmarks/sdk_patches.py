"""What each patch of Pulumi's SDK is worth: python -m benchmarks.sdk_patches [--checks 24] [--exercise SLUG] [PATCH ...]

A warm check of 06 with a patch and without it, in turns, in one process: so what else the machine does meets both. A
PATCH is a file of lab_support/engine/sdk_patches without its ending. Wall time, and processor time of this process,
which says more on a busy machine; the Pulumi CLI's is not in it.
"""

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.programs import anew
from lab_support.checking.run_check import check_program
from lab_support.course.cells import program_of
from lab_support.course.exercises import SOLUTION, find_exercise
from lab_support.engine.sdk_patches.apply import PATCHES, Patch, apply_patches, take_back

Seconds = tuple[float, float]


def by_file(kind: str = "speed") -> dict[str, list[Patch]]:
    """The patches of a kind by the file that they stand in."""
    found: dict[str, list[Patch]] = {}
    for patch in PATCHES:
        if patch.kind == kind:
            file = patch.value.__module__.rpartition(".")[2].replace("_types", "type_hints")
            found.setdefault(file, []).append(patch)
    return found


def seconds_of(work: Callable[[], Any]) -> Seconds:
    """Wall time, and processor time of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def in_turns(patches: list[Patch], check: Callable[[], Any], checks: int) -> dict[bool, list[Seconds]]:
    """The seconds of so many checks with the patches and as many without; one of each before, to warm up."""
    seconds: dict[bool, list[Seconds]] = {True: [], False: []}
    for number in range(2 * checks + 2):
        # with, without, without, with: neither always comes second
        applied = number % 4 in (0, 3)
        (apply_patches if applied else take_back)(patches)
        measured = seconds_of(check)
        if number > 1:
            seconds[applied].append(measured)
    apply_patches(patches)
    return seconds


def line(what: str, seconds: dict[bool, list[Seconds]]) -> str:
    """Lower quartiles and medians in milliseconds, and what the check gains in percent of its time without."""
    cells = [f"{what:18}"]
    for kind in (0, 1):
        for figure in (lambda values: statistics.quantiles(values)[0], statistics.median):
            on, off = (figure([each[kind] for each in seconds[applied]]) for applied in (True, False))
            cells.append(f"{on * 1000:7.1f} {off * 1000:7.1f} {100 * (off - on) / off:5.1f}%")
    return " |".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("patches", nargs="*", metavar="PATCH", help="all of them where none is named")
    parser.add_argument("--checks", type=int, default=24, help="with the patch, and as many without")
    parser.add_argument("--exercise", default="06_code_review")
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    exercise = find_exercise(chosen.exercise)

    def check() -> None:
        check_program(exercise, program_of(exercise, anew(exercise, SOLUTION)))

    files = by_file()
    print("ms with the patch, ms without, gain; lower quartiles, then medians")
    print(
        f"{'':18} |{'wall, lower quartile':^23}|{'wall, median':^23}|{'CPU, lower quartile':^23}|{'CPU, median':^23}"
    )
    for name in chosen.patches or files:
        print(line(name, in_turns(files[name], check, chosen.checks)), flush=True)
    if not chosen.patches:
        everything = [patch for patches in files.values() for patch in patches]
        print(line("all of them", in_turns(everything, check, chosen.checks)), flush=True)


if __name__ == "__main__":
    main()
