"""What a task's work needs beside its stream: the stream's key, and the secrets that it reads itself."""

from __future__ import annotations

import json

import pytest

from lab_support.drills.intruder import Intruder, intruder
from lab_support.drills.task_work import lacking_in_words
from tests.drills.test_intruder import allow, excess, inline, system

SECRET = "arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:login-AbCdEf"
READ = "secretsmanager:GetSecretValue"


def task_with(*variables: str, resource: str | None = SECRET) -> Intruder:
    """A task with these values in its container's variables, whose role may read a secret."""
    environment = [{"name": f"V{n}", "value": value} for n, value in enumerate(variables)]
    containers = json.dumps([{"name": "app", "image": "app", "environment": environment}])
    statements = [allow()] + ([allow(READ, resource)] if resource else [])
    return intruder(system(inline(*statements), container_definitions=containers))


def test_a_secret_whose_arn_is_in_a_variable_is_read_by_the_task_itself() -> None:
    report = task_with("INFO", SECRET)
    assert (report.missing_access, excess(report)) == ({}, set())


def test_a_json_key_after_the_arn_does_not_matter() -> None:
    assert excess(task_with(f"{SECRET}:password::")) == set()


@pytest.mark.parametrize("resource", ["*", SECRET.replace("login", "other")])
def test_other_secrets_are_excess(resource: str) -> None:
    assert (READ, "SERVICE") in excess(task_with(SECRET, resource=resource))


def test_without_such_a_variable_reading_a_secret_is_excess() -> None:
    assert (READ, "SERVICE") in excess(task_with("INFO"))


def test_a_task_that_cannot_read_its_secret_cannot_do_its_work() -> None:
    missing = task_with(SECRET, resource=None).missing_access["tasks"]
    assert missing == f"task is not allowed {READ} on its secret"


def test_what_is_lacking_is_said_by_place() -> None:
    actions = ("kinesis:GetRecords", "kinesis:PutRecord", "kms:Decrypt", READ)
    assert lacking_in_words(actions) == (
        "kinesis:GetRecords, kinesis:PutRecord on the stream, kms:Decrypt on the stream's key, and "
        f"{READ} on its secret"
    )
