"""`python -m lab_support.toolchain`, as a person or `make` runs it."""

import subprocess
import sys

import pytest

from tests.toolchain.machine import ROOT, Machine


def test_it_builds_links_and_says_where(machine: Machine) -> None:
    machine.put_go()
    process = machine.start_command()
    output, errors = process.communicate()
    assert process.returncode == 0
    assert output.splitlines() == [
        f"Pulumi CLI 3.259.0, built just now: {machine.cached_pulumi}",
        f"linked into this Python environment: {machine.environment_pulumi}",
    ]
    assert "building the Pulumi CLI: 0 of about 3 packages, 0 s" in errors.splitlines()
    assert machine.environment_pulumi.exists()
    assert not (machine.home / ".pulumi").exists()


def test_a_second_time_there_is_nothing_to_do(machine: Machine) -> None:
    machine.put_go()
    machine.start_command().communicate()
    process = machine.start_command()
    output, errors = process.communicate()
    assert process.returncode == 0
    assert errors == ""
    place = machine.environment_pulumi
    assert output.splitlines()[0] == f"Pulumi CLI 3.259.0, found in this Python environment: {place}"
    assert len(machine.builds) == 1


def test_an_environment_that_cannot_be_written_is_no_failure(machine: Machine) -> None:
    machine.put_pulumi(machine.cached_pulumi)
    machine.prefix.write_text("")
    process = machine.start_command()
    output, _ = process.communicate()
    assert process.returncode == 0
    assert "it could not be linked into this Python environment" in output


def test_it_fails_with_the_four_ways(machine: Machine) -> None:
    machine.put_go(build="exit 1")
    process = machine.start_command()
    output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert "One of these four ways is enough" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("module", ["pulumi", "grpc", "filelock"])
def test_importing_the_package_is_cheap(module: str) -> None:
    code = f"import sys, lab_support.toolchain; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
