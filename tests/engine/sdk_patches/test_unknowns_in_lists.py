"""An unknown value is found in lists too, before a provider's function is called."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from google.protobuf import struct_pb2
from pulumi.runtime import rpc

from lab_support.engine.operations import preview
from lab_support.engine.sdk_patches.unknowns_in_lists import struct_contains_unknowns
from lab_support.plan.values import UNKNOWN
from tests.engine.sdk_patches.sdk import as_is


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    found = struct_pb2.Struct()
    found.update(values)
    return found


@pytest.mark.parametrize(
    "values",
    [
        {"a": rpc.UNKNOWN},
        {"a": {"b": rpc.UNKNOWN}},
        {"a": ["known", rpc.UNKNOWN]},
        {"a": [["known"], [rpc.UNKNOWN]]},
        {"a": [{"b": [rpc.UNKNOWN]}]},
    ],
    ids=str,
)
def test_an_unknown_value_is_found(values: dict[str, Any]) -> None:
    assert struct_contains_unknowns(struct(values))


@pytest.mark.parametrize("values", [{}, {"a": 1, "b": None}, {"a": ["b", {"c": [True, "d"]}]}], ids=str)
def test_known_values_contain_no_unknown(values: dict[str, Any]) -> None:
    assert not struct_contains_unknowns(struct(values))


def test_the_sdk_still_overlooks_an_unknown_item_of_a_list() -> None:
    assert not as_is("pulumi.runtime.rpc").struct_contains_unknowns(struct({"a": [rpc.UNKNOWN]}))


def test_a_function_with_an_unknown_item_of_a_list_has_an_unknown_result() -> None:
    def program(suffix: str) -> None:
        queue = aws.sqs.Queue("q")
        unknown = pulumi.Output.all(queue.arn, pulumi.UNKNOWN).apply(lambda both: both[0])
        document = aws.iam.get_policy_document_output(
            statements=[{"actions": ["sqs:SendMessage"], "resources": [unknown]}]
        )
        pulumi.export("policy", document.json)

    assert preview(program).outputs == {"policy": UNKNOWN}
