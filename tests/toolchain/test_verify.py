"""A program is asked for its version once, and again only if it may have changed."""

import json
import os

import pytest

from lab_support.toolchain import find_pulumi
from lab_support.toolchain.verify import STAMPS, version_of
from tests.toolchain.machine import Machine


def test_a_remembered_version_runs_nothing(machine: Machine) -> None:
    machine.put_pulumi(machine.cached_pulumi)
    first, second = find_pulumi(), find_pulumi()
    assert first == second
    assert first is not None
    assert len(machine.pulumi_runs) == 1


def test_a_wrong_version_is_remembered_too(machine: Machine) -> None:
    program = machine.put_pulumi(machine.programs / "pulumi", "3.1.0")
    assert [version_of(program), version_of(program)] == ["3.1.0", "3.1.0"]
    assert len(machine.pulumi_runs) == 1


def test_two_programs_are_remembered_side_by_side(machine: Machine) -> None:
    one = machine.put_pulumi(machine.root / "one" / "pulumi", "3.1.0")
    two = machine.put_pulumi(machine.root / "two" / "pulumi", "3.2.0")
    assert [version_of(one), version_of(two), version_of(one)] == ["3.1.0", "3.2.0", "3.1.0"]
    assert len(machine.pulumi_runs) == 2


def test_a_changed_program_is_asked_again(machine: Machine) -> None:
    machine.put_pulumi(machine.cached_pulumi)
    assert find_pulumi() is not None
    machine.put_pulumi(machine.cached_pulumi, "3.258.0")  # as long as the other one, so only the time tells
    os.utime(machine.cached_pulumi, ns=(1, 1))
    assert find_pulumi() is None
    assert len(machine.pulumi_runs) == 2


def test_a_program_with_another_size_is_asked_again(machine: Machine) -> None:
    program = machine.put_pulumi(machine.cached_pulumi)
    assert version_of(program) == "3.259.0"
    before = program.stat()
    machine.put_pulumi(program, "3.9.0")
    os.utime(program, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert version_of(program) == "3.9.0"


@pytest.mark.parametrize("broken", ["", "{", "[]", "\x00", '{"PATH": 3}', '{"PATH": {"version": 3}}'])
def test_a_broken_file_is_rewritten(machine: Machine, broken: str) -> None:
    program = machine.put_pulumi(machine.cached_pulumi)
    stamps = machine.cache / STAMPS
    stamps.write_text(broken.replace("PATH", str(program)))
    assert version_of(program) == "3.259.0"
    assert json.loads(stamps.read_text())[str(program)]["version"] == "3.259.0"
    assert version_of(program) == "3.259.0"
    assert len(machine.pulumi_runs) == 1


def test_deleted_programs_are_forgotten(machine: Machine) -> None:
    gone = machine.put_pulumi(machine.root / "gone")
    version_of(gone)
    gone.unlink()
    version_of(machine.put_pulumi(machine.cached_pulumi))
    assert list(json.loads((machine.cache / STAMPS).read_text())) == [str(machine.cached_pulumi)]


def test_writing_leaves_no_other_files(machine: Machine) -> None:
    version_of(machine.put_pulumi(machine.programs / "pulumi"))
    assert os.listdir(machine.cache) == [STAMPS]
