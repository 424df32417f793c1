"""Properties as text: values as in Python, references by name, secrets masked, fixed order, documents laid out."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lab_support.display.properties import properties, properties_of, value_text
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

KEY = a_resource(
    "kms.Key", "the-key", id="0d5f1c9e-1111-2222-3333-444455556666", arn="arn:aws:kms:x:key/0d5f1c9e"
)
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["a:b"], "Resource": "*" * 200}],
}


def test_redundant_properties_are_left_out() -> None:
    tags = {"Project": "emergency-alert"}
    queue = a_resource("sqs.Queue", "q", arn="arn:aws:sqs:x:y:q", tags=tags, tags_all=tags)
    assert properties(queue, a_plan(queue)) == {"tags": "{'Project': 'emergency-alert'}"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "True"),
        (None, "None"),
        (3, "3"),
        (0.5, "0.5"),
        ("it's", '"it\'s"'),
        (["a", None, {"b": False}], "['a', None, {'b': False}]"),
        ({"a": [UNKNOWN, "[secret]"]}, "{'a': [[unknown], [secret]]}"),
        ("#!/bin/sh\necho 'on'", "#!/bin/sh\necho 'on'"),
    ],
)
def test_a_value_is_shown_as_python_prints_it(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_a_providers_settings_are_shown_as_the_program_wrote_them() -> None:
    inputs = {"default_tags": '{"tags": {"Owner": "ops"}}', "skip_region_validation": "true", "profile": "12"}
    west = Resource(
        "urn:pulumi:dev::p::pulumi:providers:aws::west", "pulumi:providers:aws", "west", inputs=inputs
    )
    assert properties(west) == {
        "default_tags": "{'tags': {'Owner': 'ops'}}",
        "profile": "'12'",
        "skip_region_validation": "True",
    }


def test_tags_that_the_provider_adds_are_shown() -> None:
    queue = a_resource("sqs.Queue", "q", tags={"a": "b"}, tags_all={"a": "b", "Owner": "ops"})
    assert properties(queue)["tags_all"] == "{'a': 'b', 'Owner': 'ops'}"
    bare = a_resource("sqs.Queue", "q", tags_all={"Owner": "ops"})
    assert properties(bare) == {"tags_all": "{'Owner': 'ops'}"}


@pytest.mark.parametrize("empty", [None, {}, []])
def test_empty_properties_are_left_out(empty: Any) -> None:
    queue = a_resource("sqs.Queue", "q", policy=empty, delay_seconds=0)
    assert properties(queue, a_plan(queue)) == {"delay_seconds": "0"}


def test_a_long_value_is_cut() -> None:
    text = value_text("x" * 1000)
    assert len(text) == 160
    assert text.endswith("...")


def test_an_equal_text_is_no_reference() -> None:
    name = "a-long-physical-name"
    queue, topic = (
        a_resource(kind, logical, inputs={"name": name}, name=name)
        for kind, logical in (("sqs.Queue", "q"), ("sns.Topic", "t"))
    )
    plan = a_plan(queue, topic)
    assert properties(queue, plan) == properties(topic, plan) == {"name": repr(name)}


def test_an_input_is_a_reference_to_what_it_was_derived_from() -> None:
    arn = KEY["arn"]
    queue = a_resource("sqs.Queue", "q", inputs={"kms_master_key_id": arn, "policy": arn}, owner=arn)
    queue = replace(queue, properties_from={"kms_master_key_id": (KEY.urn,)})
    assert properties(queue, a_plan(KEY, queue)) == {
        "kms_master_key_id": "→ the-key",
        "policy": repr(arn),
        "owner": "→ the-key",  # AWS adds it, and it can only follow from what was given
    }


def test_references_inside_lists_and_maps_are_resolved() -> None:
    arn = KEY["arn"]
    assert value_text([arn, {"key": arn}], a_plan(KEY), {KEY.urn}) == "[→ the-key, {'key': → the-key}]"


def test_names_are_in_order_and_tags_come_last() -> None:
    queue = a_resource("sqs.Queue", "q", tags={"a": "b"}, visibility_timeout_seconds=1, delay_seconds=2)
    assert list(properties(queue, a_plan(queue))) == ["delay_seconds", "visibility_timeout_seconds", "tags"]


def test_inputs_show_the_accounts_values() -> None:
    queue = a_resource("sqs.Queue", "q", inputs={"name": "x"}, name="x-1", fifo_queue=False)
    assert properties_of(queue) == ({"name": "'x-1'"}, {"fifo_queue": "False"})


def test_a_policy_is_laid_out_and_not_cut() -> None:
    role = a_resource("iam.RolePolicy", "p", policy=json.dumps(POLICY))
    text = properties(role, a_plan(role))["policy"]
    assert json.loads(text) == POLICY
    assert '      "Action": ["a:b"],' in text.splitlines()


def test_a_policy_is_shown_in_one_order_however_it_is_written() -> None:
    turned = {name: POLICY[name] for name in reversed(POLICY)}
    turned["Statement"] = [dict(reversed(statement.items())) for statement in POLICY["Statement"]]
    assert turned == POLICY
    assert json.dumps(turned) != json.dumps(POLICY)
    assert value_text(json.dumps(turned)) == value_text(json.dumps(POLICY))


@pytest.mark.parametrize("text", ["{not json", "[1, 2", "{", "12"])
def test_text_that_is_not_json_is_quoted(text: str) -> None:
    assert value_text(text) == repr(text)


def test_without_a_plan_references_are_named_from_urns() -> None:
    files = a_resource(
        "efs.FileSystem",
        "files",
        inputs={
            "availability_zone_name": "the-key-0a1b2c3",  # as autonaming names things
            "creation_token": "for-the-key",
            "encrypted": True,
            "kms_key_id": KEY["arn"],
        },
        throughput_mode=UNKNOWN,
    )
    files = replace(
        files,
        properties_from=dict.fromkeys(
            ("availability_zone_name", "creation_token", "kms_key_id", "throughput_mode"), (KEY.urn,)
        ),
    )
    assert properties(files) == {
        "availability_zone_name": "→ the-key",
        "creation_token": "'for-the-key' (from the-key)",
        "encrypted": "True",
        "kms_key_id": "→ the-key",
        "throughput_mode": "→ the-key",
    }
