"""The facts about a machine: whether each prerequisite is met, and how to fix it."""

from __future__ import annotations

from lab_support.toolchain.doctor import Fact, machine_facts
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION
from tests.toolchain.machine import Machine


def facts() -> dict[str, Fact]:
    return {fact.what: fact for fact in machine_facts()}


def test_a_missing_cli_is_not_ok_and_has_a_fix(machine: Machine) -> None:
    fact = facts()["Pulumi CLI"]
    assert not fact.ok
    assert "make set-up" in fact.fix


def test_a_cli_of_the_right_version_is_ok(machine: Machine) -> None:
    machine.put_pulumi(machine.programs / "pulumi")
    fact = facts()["Pulumi CLI"]
    assert fact.ok
    assert fact.actual.startswith(PULUMI_VERSION)


def test_the_json_of_a_fact_has_the_documented_keys() -> None:
    assert Fact("Python", True, "3.12.1").to_json() == {
        "what": "Python",
        "ok": True,
        "actual": "3.12.1",
        "fix": "",
    }
