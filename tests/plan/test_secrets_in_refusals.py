"""A refusal that quotes what it refuses does not quote secrets."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.errors import PreviewFailed
from lab_support.plan.secrets_in_refusals import hidden
from lab_support.toolchain.sdk_types import resource_type

DATABASE = "aws:rds/instance:Instance"


@pytest.mark.parametrize(
    ("given", "secrets", "expected"),
    [
        ({"dbName": "hunter2"}, {"dbName"}, "no '[secret]' here"),
        ({"dbName": "hunter2"}, set(), "no 'hunter2' here"),
        ({"password": "hunter2"}, set(), "no '[secret]' here"),  # secret by its type
        ({"tags": {"a": ["hunter2"]}}, {"tags"}, "no '[secret]' here"),
        ({"dbName": "no"}, {"dbName"}, "no 'hunter2' here"),  # too short to be one, or to be hidden
    ],
)
def test_values_of_secret_inputs_are_hidden(
    given: dict[str, object], secrets: set[str], expected: str
) -> None:
    assert hidden("no 'hunter2' here", given, secrets, resource_type(DATABASE)) == expected


def test_a_value_that_a_message_quotes_with_escapes_is_hidden() -> None:
    value = "hun\ter\\2"
    assert "hun" not in hidden(f"no {value!r}", {"dbName": value}, {"dbName"}, None)


def test_a_refused_preview_does_not_quote_a_secret() -> None:
    def program(environment_suffix: str) -> None:
        aws.sqs.Queue("queue", name=pulumi.Output.secret("hunter2 hunter2!"))

    with pytest.raises(PreviewFailed) as refused:
        preview(program)
    assert "hunter2" not in str(refused.value)
