"""How long `lab validate` of every exercise and the test suite take: minutes, so only with --proofs.

`make test` does both, one after the other, and says with a headline where each begins.
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


def begun(headlines: dict[str, float]) -> None:
    """Runs the steps of `make test` to their end and notes when each headline appeared."""
    variables = {name: value for name, value in os.environ.items() if name != "CI"}
    said: list[str] = []
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
            said.append(line)
            headlines.setdefault(line.strip(), time.perf_counter())
    assert process.returncode == 0, "".join(said[-60:])


@pytest.mark.timeout(3600)
def test_proofs(request: pytest.FixtureRequest, benchmark: Any, keep: Callable[[Comparison], None]) -> None:
    if not request.config.getoption("--proofs"):
        pytest.skip("takes minutes; --proofs measures it")
    headlines: dict[str, float] = {}
    benchmark.pedantic(begun, args=(headlines,), rounds=1)
    ends = {VALIDATE: headlines[SUITE], SUITE: time.perf_counter()}
    for step, limit in LIMITS.items():
        what = f"{step.removeprefix('== ')} / {limit:g} s"
        keep(Comparison(Target.PROOFS, what, ends[step] - headlines[step], limit, 1, 1.0))
