"""Where the time of a warm preview and a warm check goes: python -m benchmarks.where [SLUG]

Prints wall time, and processor time in this process and in the Pulumi CLI. With the profiler yappi (not in the lock:
pip install yappi), it also prints which packages use the processor in this process, over all threads.
"""

import os
import resource
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from importlib import import_module, util
from pathlib import Path
from typing import Any

from benchmarks.programs import anew
from lab_support import preview
from lab_support.checking.run_check import check_program
from lab_support.course.cells import program_of
from lab_support.course.exercises import SOLUTION, Exercise, find_exercise

TIMES = 9
ROOT = Path(__file__).parents[1]


def line_for(what: str, work: Callable[[], Any]) -> str:
    """A line of the table: the median wall time and mean processor times of several runs, after one as warm-up."""
    work()
    seconds = []
    here, cli = time.process_time(), _cpu_of_children()
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    here, cli = time.process_time() - here, _cpu_of_children() - cli
    wall = statistics.median(seconds)
    return f"{what:32} {wall:7.3f} {here / TIMES:12.3f} {cli / TIMES:12.3f}"


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def by_package(work: Callable[[], Any]) -> list[tuple[str, float]]:
    """Processor seconds of one run, by package."""
    yappi = import_module("yappi")
    yappi.set_clock_type("cpu")
    yappi.start(builtins=False, profile_threads=True)
    for _ in range(TIMES):
        work()
    yappi.stop()
    spent: Counter[str] = Counter()
    for function in yappi.get_func_stats():
        spent[_package(function.module)] += function.tsub / TIMES
    yappi.clear_stats()
    return spent.most_common(14)


def _package(module: str) -> str:
    path = Path(module)
    if path.is_relative_to(ROOT):
        return "/".join(path.relative_to(ROOT).parts[:2])
    parts = path.parts
    if "site-packages" in parts:
        at = parts.index("site-packages") + 1
        return "/".join(parts[at : at + (2 if parts[at] == "pulumi" else 1)])
    standard = Path(os.__file__).parent
    return (
        f"Python: {path.relative_to(standard).parts[0]}" if path.is_relative_to(standard) else "Python: other"
    )


def main() -> None:
    warnings.simplefilter("ignore")
    exercise: Exercise = find_exercise(sys.argv[1] if len(sys.argv) > 1 else "02_database_zone")
    program = program_of(exercise, exercise.sources(SOLUTION))

    def preview_once() -> None:
        preview(program, "dev", config=exercise.config)

    def check() -> None:
        check_program(exercise, program_of(exercise, anew(exercise, SOLUTION)))

    print(f"{'seconds':32} {'wall':>7} {'CPU here':>12} {'CPU of CLI':>12}")
    print(line_for("preview of nothing", lambda: preview(lambda _: None, "dev")))
    print(line_for(f"preview of {exercise.slug}", preview_once))
    print(line_for(f"check of {exercise.slug}", check))
    if util.find_spec("yappi") is None:
        print("To see which packages use the processor: pip install yappi")
        return
    for what, work in (("preview", preview_once), ("check", check)):
        print(f"\nCPU here of a {what} under the profiler, ms by package")
        for package, seconds in by_package(work):
            print(f"{package:40} {seconds * 1000:6.1f}")


if __name__ == "__main__":
    main()
