"""What changed in several environments: where it is the same, it is shown once."""

from __future__ import annotations

from lab_support.display.changes import change_views
from lab_support.plan.plan import Plan
from tests.plans import a_plan, a_resource


def database(environment: str, multi_az: bool) -> Plan:
    resource = a_resource("rds.Instance", f"device-{environment}", multi_az=multi_az)
    return a_plan(resource, stack=environment)


def texts(*changed: tuple[str, bool]) -> list[str]:
    """What is shown where the database of each environment had no standby, and now has one or not."""
    return [
        str(shown)
        for shown in change_views(
            (database(name, multi_az=False), database(name, multi_az=now)) for name, now in changed
        )
    ]


def test_what_is_the_same_everywhere_is_shown_once() -> None:
    where, change = texts(("dev", True), ("prod", True))
    assert where == "The same in every environment that was compared (dev, prod); shown for dev:"
    assert "rds.Instance  device-dev" in change


def test_environments_that_differ_are_named() -> None:
    shown = texts(("dev", False), ("demo", False), ("prod", True))
    assert shown[:2] == ["In dev and demo:", "Nothing changed in the plan."]
    assert shown[2] == "In prod:"
    assert "multi_az: True" in shown[3]


def test_a_single_environment_is_named() -> None:
    assert texts(("prod", True))[0] == "In prod:"
