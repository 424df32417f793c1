"""Notebooks run under plain nbval without network, with junk credentials, wherever HOME points."""

import re

import pytest

from tests.programs import SLUG
from tests.sandbox.machine import BIN, Machine

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def nbval(machine: Machine, folder: str) -> tuple[int, str]:
    """The exit code and the report of nbval on a built notebook, without any configuration of ours."""
    path = machine.clone / folder / f"{SLUG}.ipynb"
    done = machine.run(BIN / "python", "-m", "pytest", "--nbval-lax", "-p", "no:cacheprovider", "-q", path)
    return done.returncode, done.stdout + done.stderr


def test_in_a_shipped_notebook_only_the_check_fails(anywhere: Machine) -> None:
    code, report = nbval(anywhere, "notebooks")
    assert code == 1, report
    assert re.search(r"\b1 failed\b", report), report
    assert "SINGLE-ZONE" in report


def test_a_solved_notebook_passes(anywhere: Machine) -> None:
    code, report = nbval(anywhere, "solutions")
    assert code == 0, report
    assert "failed" not in report


def test_a_kernel_leaves_nothing_of_pulumi_or_aws_in_the_home_folder(with_empty_home: Machine) -> None:
    code, report = nbval(with_empty_home, "solutions")
    assert code == 0, report
    traces = with_empty_home.traces()
    assert traces, "Jupyter keeps its own things here, so the folder was the kernel's home"
    assert [trace for trace in traces if re.search("pulumi|aws", trace)] == []
