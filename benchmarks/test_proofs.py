"""How long `lab validate` and the test suite take: minutes, so only with --proofs.

`make test` runs one after the other and prints a headline before each.
"""

import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.comparison import Comparison, Target
from benchmarks.kernel import ROOT

VALIDATE, SUITE = "== lab validate", "== pytest"
LIMITS = {VALIDATE: 180.0, SUITE: 300.0}


def run_steps(headlines: dict[str, float]) -> None:
    """Runs `make test` and records when each headline appeared."""
    variables = {name: value for name, value in os.environ.items() if name != "CI"}
    output: list[str] = []
    with subprocess.Popen(
        ["bash", "tests/run"],
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            output.append(line)
            headlines.setdefault(line.strip(), time.perf_counter())
    assert process.returncode == 0, "".join(output[-60:])


@pytest.mark.timeout(3600)
def test_proofs(request: pytest.FixtureRequest, benchmark: Any, keep: Callable[[Comparison], None]) -> None:
    if not request.config.getoption("--proofs"):
        pytest.skip("takes minutes; --proofs measures it")
    headlines: dict[str, float] = {}
    benchmark.pedantic(run_steps, args=(headlines,), rounds=1)
    ends = {VALIDATE: headlines[SUITE], SUITE: time.perf_counter()}
    for step, limit in LIMITS.items():
        what = f"{step.removeprefix('== ')} / {limit:g} s"
        keep(Comparison(Target.PROOFS, what, ends[step] - headlines[step], limit, 1, 1.0))
