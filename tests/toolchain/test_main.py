"""`python -m lab_support.toolchain`, as run by a person or by `make`."""

import subprocess
import sys

import pytest

from tests.toolchain.machine import ROOT, Machine


def test_the_command_builds_links_and_prints_the_path(machine: Machine) -> None:
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


def test_a_second_run_has_nothing_to_do(machine: Machine) -> None:
    machine.put_go()
    machine.start_command().communicate()
    process = machine.start_command()
    output, errors = process.communicate()
    assert process.returncode == 0
    assert errors == ""
    place = machine.environment_pulumi
    assert output.splitlines()[0] == f"Pulumi CLI 3.259.0, found in this Python environment: {place}"
    assert len(machine.builds) == 1


def test_a_read_only_environment_is_no_failure(machine: Machine) -> None:
    machine.put_pulumi(machine.cached_pulumi)
    machine.prefix.write_text("")
    process = machine.start_command()
    output, _ = process.communicate()
    assert process.returncode == 0
    assert "it could not be linked into this Python environment" in output


def test_a_failure_lists_the_four_ways(machine: Machine) -> None:
    machine.put_go(build="exit 1")
    process = machine.start_command()
    output, errors = process.communicate()
    assert process.returncode == 1
    assert output == ""
    assert "One of these four ways is enough" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("module", ["pulumi", "grpc", "filelock"])
def test_importing_the_package_loads_no_slow_module(module: str) -> None:
    code = f"import sys, lab_support.toolchain; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
