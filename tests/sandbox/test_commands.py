"""Every command works without network, with junk credentials, and whether or not HOME is writable."""

import json
from pathlib import Path

import pytest

from tests.programs import SLUG
from tests.sandbox.machine import Machine

pytestmark = pytest.mark.sandbox

PROGRAM = """
import pulumi
import pulumi_aws as aws

stream = aws.kinesis.Stream("alerts", name="alerts", shard_count=1)
pulumi.export("arn", stream.arn)
pulumi.export("region", aws.get_region().region)
"""


def test_there_is_no_network(anywhere: Machine) -> None:
    # Without this, the other tests would say nothing.
    seen = anywhere.run("ip", "-brief", "address")
    assert seen.stdout.split()[0] == "lo"
    assert len(seen.stdout.splitlines()) == 1


def test_the_solution_passes(anywhere: Machine) -> None:
    solution = anywhere.clone / "solutions" / f"{SLUG}.ipynb"
    done = anywhere.run("lab", "check", SLUG, "--with", solution, "--json")
    ruling = json.loads(done.stdout)
    assert (done.returncode, ruling["outcome"], ruling["findings"]) == (0, "passed", []), ruling


def test_the_shipped_notebook_is_unchanged(anywhere: Machine) -> None:
    done = anywhere.run("lab", "check", SLUG, "--json")
    ruling = json.loads(done.stdout)
    assert (done.returncode, ruling["outcome"]) == (1, "unchanged")
    assert [finding["id"] for finding in ruling["findings"]] == ["SINGLE-ZONE"]


def test_any_program_is_previewed_against_the_mock_account(anywhere: Machine, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = anywhere.run("lab", "preview", program, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    outputs = json.loads(done.stdout)["outputs"]
    # Neither the region nor an account of the environment has got through.
    assert outputs["region"] == "ap-southeast-1"
    assert outputs["arn"] == "arn:aws:kinesis:ap-southeast-1:123456789012:stream/alerts"


def test_doctor_finds_nothing_wrong(anywhere: Machine) -> None:
    done = anywhere.run("lab", "doctor")
    assert done.returncode == 0, done.stdout + done.stderr


def test_neither_pulumi_nor_aws_leaves_a_trace_in_the_home_folder(
    with_empty_home: Machine, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    for command in (("check", SLUG), ("preview", str(program)), ("hint", SLUG), ("doctor",), ("list",)):
        with_empty_home.run("lab", *command)
    assert with_empty_home.traces() == []
