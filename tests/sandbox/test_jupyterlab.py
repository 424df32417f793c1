"""`lab start` works without network, wherever HOME points; its kernels get no credentials."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.machine import BIN, Machine

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SCRIPT = Path(__file__).with_name("ask_jupyterlab.py")


def ask(machine: Machine) -> dict[str, Any]:
    """The answers of the server and a kernel, and whether the server could be stopped."""
    done = machine.run(BIN / "python", SCRIPT)
    if done.returncode != 0:
        pytest.fail(done.stdout + done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_jupyterlab_answers_previews_without_credentials_and_stops(anywhere: Machine) -> None:
    answer = ask(anywhere)
    assert answer["status"] == 200
    resources, *private = answer["said"].split()
    assert resources == "7", answer["said"]
    assert [name for name in private if not name.startswith("PULUMI_REVIEW_LAB_")] == []
    assert answer["stopped"], "the server goes on although it was asked to end"
    assert [trace for trace in anywhere.traces() if "pulumi" in trace or "aws" in trace] == []
