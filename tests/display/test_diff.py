"""What changed between two plans, property by property."""

from __future__ import annotations

from lab_support.display.diff import changes, diff_text
from lab_support.plan import UNKNOWN, Plan
from tests.plans import a_plan, a_resource


def a_database(**properties: object) -> Plan:
    return a_plan(a_resource("rds.Instance", "db", **properties))


def test_equal_plans_differ_in_nothing() -> None:
    assert changes(a_database(multi_az=True), a_database(multi_az=True)) == []
    assert diff_text(a_database(), a_database()) == ""


def test_a_changed_property_is_shown_before_and_after() -> None:
    assert diff_text(a_database(multi_az=False), a_database(multi_az=True)).splitlines() == [
        "  rds.Instance  db",
        "-   multi_az: False",
        "+   multi_az: True",
    ]


def test_a_new_and_a_lost_property() -> None:
    text = diff_text(a_database(port=5432), a_database(iops=3000))
    assert "-   port: 5432" in text
    assert "+   iops: 3000" in text


def test_new_and_lost_resources_are_one_line_each() -> None:
    before = a_plan(a_resource("rds.Instance", "old", multi_az=False))
    after = a_plan(a_resource("rds.Cluster", "new", engine="postgres"))
    assert diff_text(before, after).splitlines() == ["+ rds.Cluster  new", "- rds.Instance  old"]


def test_one_name_of_two_types_is_two_resources() -> None:
    before = a_plan(a_resource("rds.Instance", "db"))
    after = a_plan(a_resource("rds.Cluster", "db"))
    assert [change.sign for change in changes(before, after)] == ["+", "-"]


def test_a_reference_to_a_thing_that_has_a_new_id_is_no_change() -> None:
    def with_key(identity: str) -> Plan:
        key = a_resource("kms.Key", "key", id=identity, arn=f"arn:aws:kms:{identity}")
        return a_plan(key, a_resource("rds.Instance", "db", kms_key_id=key["arn"]))

    assert changes(with_key("a" * 20), with_key("b" * 20)) == []


def test_secrets_are_not_shown_and_the_unknown_is_said() -> None:
    def with_password(password: str, arn: object) -> Plan:
        database = a_resource(
            "rds.Instance", "db", secrets=frozenset({"password"}), password=password, address=arn
        )
        return a_plan(database)

    text = diff_text(with_password("hunter2", "x"), with_password("other-secret", UNKNOWN))
    assert "hunter2" not in text
    assert "other-secret" not in text
    assert "+   address: [unknown]" in text
