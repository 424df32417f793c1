"""What `ignore_changes` keeps of a program that is deployed already."""

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.checking.ignored_changes import ignores_changes, kept_from
from lab_support.plan.plan import Plan


def planned(multi_az: bool, tags: dict[str, str] | None = None, *ignored: str) -> Plan:
    def program(environment_suffix: str) -> None:
        aws.rds.Instance(
            "db",
            instance_class="db.t3.medium",
            engine="postgres",
            allocated_storage=20,
            username="admin_user",
            manage_master_user_password=True,
            skip_final_snapshot=True,
            multi_az=multi_az,
            tags=tags,
            opts=pulumi.ResourceOptions(ignore_changes=[*ignored]),
        )

    return preview(program)


DEPLOYED = planned(False)


@pytest.mark.parametrize("ignored", ["multi_az", "*"])
def test_a_deployed_value_stays_where_its_changes_are_ignored(ignored: str) -> None:
    plan = planned(True, None, ignored)
    assert ignores_changes(plan)
    kept = kept_from(DEPLOYED, plan)
    assert kept is not None
    assert (kept[0].named("db")["multi_az"], plan.named("db")["multi_az"]) == (False, True)
    assert kept[0].named("db").inputs["multi_az"] is False
    assert kept[1] == "ignore_changes keeps the deployed multi_az of db"


def test_a_property_that_was_not_there_is_not_added() -> None:
    kept = kept_from(DEPLOYED, planned(False, {"Team": "alerts"}, "tags"))
    assert kept is not None
    assert "tags" not in kept[0].named("db").inputs


@pytest.mark.parametrize(("multi_az", "ignored"), [(True, "engine"), (False, "multi_az")])
def test_what_is_not_ignored_or_does_not_change_is_as_planned(multi_az: bool, ignored: str) -> None:
    assert kept_from(DEPLOYED, planned(multi_az, None, ignored)) is None


def test_a_plan_says_whether_it_ignores_changes() -> None:
    assert not ignores_changes(DEPLOYED)
