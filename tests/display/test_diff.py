"""What changed between two plans, property by property."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lab_support.display.diff import NOTHING, changes, diff_text, diff_view
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from tests.markup import all_words, body, words
from tests.plans import a_plan, a_resource


def a_database(**properties: object) -> Plan:
    return a_plan(a_resource("rds.Instance", "db", **properties))


def test_equal_plans_have_no_difference() -> None:
    assert changes(a_database(multi_az=True), a_database(multi_az=True)) == []
    assert diff_text(a_database(), a_database()) == ""


def test_a_changed_property_is_shown_before_and_after() -> None:
    assert diff_text(a_database(multi_az=False), a_database(multi_az=True)).splitlines() == [
        "  rds.Instance  db",
        "-   multi_az: False",
        "+   multi_az: True",
    ]


def test_added_and_removed_properties_are_shown() -> None:
    text = diff_text(a_database(port=5432), a_database(iops=3000))
    assert "-   port: 5432" in text
    assert "+   iops: 3000" in text


def test_added_and_removed_resources_are_one_line_each() -> None:
    before = a_plan(a_resource("rds.Instance", "old", multi_az=False))
    after = a_plan(a_resource("rds.Cluster", "new", engine="postgres"))
    assert diff_text(before, after).splitlines() == ["+ rds.Cluster  new", "- rds.Instance  old"]


def test_resources_of_two_types_with_one_name_are_kept_apart() -> None:
    before = a_plan(a_resource("rds.Instance", "db"))
    after = a_plan(a_resource("rds.Cluster", "db"))
    assert [change.sign for change in changes(before, after)] == ["+", "-"]


def test_a_reference_to_a_resource_with_a_new_id_is_no_change() -> None:
    def with_key(identity: str) -> Plan:
        key = a_resource("kms.Key", "key", id=identity, arn=f"arn:aws:kms:{identity}")
        derived = {"properties_from": {"kms_key_id": (key.urn,)}, "inputs": {"kms_key_id": key["arn"]}}
        return a_plan(key, a_resource("rds.Instance", "db", **derived, kms_key_id=key["arn"]))

    assert changes(with_key("a" * 20), with_key("b" * 20)) == []


def test_secrets_are_masked_and_unknown_values_are_named() -> None:
    def with_password(password: str, arn: object) -> Plan:
        database = a_resource(
            "rds.Instance", "db", secrets=frozenset({"password"}), password=password, address=arn
        )
        return a_plan(database)

    text = diff_text(with_password("hunter2", "x"), with_password("other-secret", UNKNOWN))
    assert "hunter2" not in text
    assert "other-secret" not in text
    assert "+   address: [unknown]" in text


def a_policy(*actions: str) -> Plan:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return a_plan(a_resource("iam.RolePolicy", "policy", policy=document))


def test_a_policy_is_compared_line_by_line() -> None:
    lines = diff_text(a_policy("kinesis:*"), a_policy("kinesis:GetRecords")).splitlines()
    assert lines[:2] == ["  iam.RolePolicy  policy", "    policy:"]
    assert [line.split(None, 1) for line in lines if line[0] in "+-"] == [
        ["-", '"Action": ["kinesis:*"],'],
        ["+", '"Action": ["kinesis:GetRecords"],'],
    ]


def test_a_difference_late_in_a_long_value_is_shown() -> None:
    long = [f"service:Action{number}" for number in range(60)]
    assert changes(a_policy(*long, "a:b"), a_policy(*long, "a:c"))


def test_an_added_policy_is_shown_below_its_name() -> None:
    bare = a_plan(a_resource("iam.RolePolicy", "policy", name="x"))
    assert "+   policy:\n+     {" in diff_text(bare, a_policy("kinesis:*"))


def test_the_order_is_a_reviewers_and_does_not_depend_on_the_engine() -> None:
    resources = [a_resource(kind, kind) for kind in ("ec2.Vpc", "kms.Key", "rds.Instance")]
    for order in (resources, resources[::-1]):
        names = [change.resource.split()[1] for change in changes(a_plan(), a_plan(*order))]
        assert names == ["rds.Instance", "kms.Key", "ec2.Vpc"]


def test_the_view_has_a_card_for_each_resource_with_signs_and_words() -> None:
    before = a_plan(a_resource("sqs.Queue", "old"), *a_database(multi_az=False).resources)
    after = a_plan(a_resource("sns.Topic", "new"), *a_database(multi_az=True).resources)
    view = diff_view(before, after)
    assert all_words(view, ".//ul/li") == [
        "~ changed db rds.Instance multi_az - False before + True after",
        "+ added new sns.Topic",
        "- removed old sqs.Queue",
    ]
    headline = "What changed in the plan: 1 added, 1 changed, 1 removed"
    assert all_words(view, ".//h4") == [headline]
    assert view.text == f"{headline}\n\n{diff_text(before, after)}"


def test_the_view_of_a_policy_says_what_the_text_says() -> None:
    view = diff_view(a_policy("kinesis:*"), a_policy("kinesis:GetRecords"))
    shown = all_words(view, ".//dd/*")
    assert shown == [
        " ".join(line.split())
        for line in diff_text(a_policy("kinesis:*"), a_policy("kinesis:GetRecords")).splitlines()[2:]
    ]


def test_the_view_of_equal_plans_says_so() -> None:
    view = diff_view(a_database(), a_database())
    assert view.text == NOTHING
    assert NOTHING in view.html


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "a&b"])
def test_values_are_escaped(nasty: str) -> None:
    view = diff_view(a_database(name="x"), a_database(name=nasty))
    assert nasty in words(body(view))
    assert "<script" not in view.html


def test_changed_outputs_of_the_stack_come_last_and_count() -> None:
    url = "postgres://a:secret@db"
    before = replace(a_plan(), outputs={"url": url, "old": 1, "same": "x"})
    after = replace(a_plan(), outputs={"url": url, "same": "x"}, output_secrets=frozenset({"url"}))
    assert diff_text(before, after).splitlines() == [
        "  outputs of the stack",
        "-   url: 'postgres://a:secret@db'",
        "+   url: [secret]",
        "-   old: 1",
    ]
    found = diff_view(before, after)
    assert found.text.startswith("What changed in the plan: the outputs of the stack\n")
    assert "[secret]" in words(body(found))
