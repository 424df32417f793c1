"""What the failure of a zone makes of tasks: they stop, they are cut off, or they still reach the internet."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.way_out import State, fewest_tasks, tasks_of, ways_out
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.network_plans import PRIVATE, ZONES, a_gateway, a_service, gateway_per_zone, one_gateway
from tests.plans import ZONE_A, ZONE_B, ZONE_C, a_resource


def states(plan: Plan) -> dict[str, dict[str, State]]:
    """The state of the tasks in each zone, by the zone that fails."""
    return {
        failure.zone: {effect.tasks.zone: effect.state for effect in failure.effects}
        for failure in ways_out(plan)
    }


def test_tasks_in_other_zones_are_cut_off_with_the_zone_of_the_one_gateway() -> None:
    found = states(one_gateway(a_service(*PRIVATE)))
    assert found[ZONE_A] == {ZONE_A: State.STOPPED, ZONE_B: State.CUT_OFF, ZONE_C: State.CUT_OFF}
    assert found[ZONE_B] == {ZONE_A: State.REACHES, ZONE_B: State.STOPPED, ZONE_C: State.REACHES}


def test_with_a_gateway_in_each_zone_all_running_tasks_reach_the_internet() -> None:
    failures = ways_out(gateway_per_zone(a_service(*PRIVATE)))
    assert [failure.survives for failure in failures] == [True, True, True]
    assert all(failure.cuts == () for failure in failures)


def test_a_cut_names_the_gateway_and_the_zones_that_lose_it() -> None:
    failure = ways_out(one_gateway(a_service(*PRIVATE)))[0]
    (cut,) = failure.cuts
    assert (cut.resource.name, cut.zones) == ("nat", (ZONE_B, ZONE_C))
    assert "nat" in cut.what


def test_tasks_in_one_zone_only_leave_nothing_running() -> None:
    failure = ways_out(one_gateway(a_service("in-a")))[0]
    assert failure.running == ()
    assert not failure.survives


def test_services_in_a_zone_each_are_the_tasks_of_one_system() -> None:
    services = [a_service(f"in-{letter}", name=f"service-{letter}") for letter in "abc"]
    assert all(failure.survives for failure in ways_out(gateway_per_zone(*services)))


def test_security_groups_that_let_nothing_out_cut_tasks_off() -> None:
    group = a_resource("ec2.SecurityGroup", "group", egress=[])
    failure = ways_out(gateway_per_zone(group, a_service(*PRIVATE, security_groups=["group-id"])))[0]
    assert [effect.state for effect in failure.running] == [State.CUT_OFF, State.CUT_OFF]
    assert failure.cuts[0].resource.name == "service"


def test_the_network_acl_of_a_nat_gateways_subnet_cuts_off_the_tasks_behind_it() -> None:
    acl = a_resource("ec2.NetworkAcl", "acl", subnet_ids=["out-b-id"], egress=[], ingress=[])
    failure = ways_out(gateway_per_zone(acl, a_service(*PRIVATE)))[0]
    assert [effect.state for effect in failure.running] == [State.CUT_OFF, State.REACHES]
    assert "acl lets no HTTPS out" in failure.cuts[0].what


def test_gateways_that_no_route_leads_to_are_listed() -> None:
    failure = ways_out(one_gateway(a_gateway("spare", "out-b"), a_service(*PRIVATE)))[0]
    assert [(hop.resource.name, hop.zone) for hop in failure.gateways] == [
        ("nat", ZONE_A),
        ("igw", ""),
        ("spare", ZONE_B),
    ]


@pytest.mark.parametrize(
    "network", [UNKNOWN, None, {"subnets": UNKNOWN}, {"subnets": ["subnet-of-another-program"]}]
)
def test_tasks_whose_network_is_not_in_the_plan_are_left_out(network: Any) -> None:
    plan = one_gateway(a_resource("ecs.Service", "service", desired_count=1, network_configuration=network))
    assert tasks_of(plan) == ()


def a_scaled_service(wanted: Any, name: str = "service") -> Resource:
    network = {"subnets": [f"{subnet}-id" for subnet in PRIVATE]}
    arn = "arn:aws:ecs:ap-southeast-1:123456789012:cluster/alerts"
    given = {"desired_count": wanted, "cluster": arn, "network_configuration": network}
    return a_resource("ecs.Service", name, **{"name": name, **given})


def a_target(least: Any, most: Any = 10, about: Any = "service/alerts/service") -> Resource:
    given = {"min_capacity": least, "max_capacity": most, "resource_id": about}
    return a_resource("appautoscaling.Target", "size", **given)


def a_policy(**given: Any) -> Resource:
    return a_resource("appautoscaling.Policy", "policy", resource_id="service/alerts/service", **given)


def tracking(**given: Any) -> Resource:
    return a_policy(
        policy_type="TargetTrackingScaling",
        target_tracking_scaling_policy_configuration={"target_value": 60, **given},
    )


def steps(*added: int, kind: str = "ChangeInCapacity") -> Resource:
    rows = [{"scaling_adjustment": count} for count in added]
    given = {"adjustment_type": kind, "step_adjustments": rows}
    return a_policy(policy_type="StepScaling", step_scaling_policy_configuration=given)


@pytest.mark.parametrize(
    ("target", "count"), [([], 0), ([a_target(2)], 3), ([a_target(2, about="table/events")], 0)]
)
def test_a_service_that_wants_no_task_has_some_only_if_it_is_scaled(
    target: list[Resource], count: int
) -> None:
    assert len(tasks_of(one_gateway(a_scaled_service(0), *target))) == count


@pytest.mark.parametrize(("wanted", "fewest"), [(3, 6), (1, 2), (UNKNOWN, None)])
def test_the_fewest_tasks_are_those_of_all_services(wanted: Any, fewest: int | None) -> None:
    services = [a_scaled_service(wanted, name) for name in "xy"]
    assert fewest_tasks(one_gateway(*services)) == fewest


@pytest.mark.parametrize(
    ("wanted", "scaling", "fewest"),
    [
        (3, [a_target(1), tracking()], 1),
        (3, [a_target(2), tracking()], 2),
        (1, [a_target(2), tracking()], 2),
        (0, [a_target(2)], 2),
        (3, [a_target(1)], 3),
        (3, [a_target(1, 2)], 2),
        (3, [a_target(1), tracking(disable_scale_in=True)], 3),
        (3, [a_target(1), steps(1, 2)], 3),
        (3, [a_target(1), steps(1, -1)], 1),
        (3, [a_target(1), steps(1, kind="ExactCapacity")], 1),
        (3, [a_target(1), a_policy(policy_type="PredictiveScaling")], 3),
        (3, [a_target(1, about="service/alerts/another"), tracking()], 3),
        (3, [a_target(UNKNOWN), tracking()], None),
        (3, [a_target(1, about=UNKNOWN), tracking()], 1),
    ],
)
def test_a_service_that_is_scaled_in_runs_its_targets_minimum(
    wanted: Any, scaling: list[Resource], fewest: int | None
) -> None:
    assert fewest_tasks(one_gateway(a_scaled_service(wanted), *scaling)) == fewest


@pytest.mark.parametrize(("limits", "fewest"), [((1, 1), 1), ((4, 10), 3), ((UNKNOWN, 1), None)])
def test_a_scheduled_action_lowers_the_count_to_its_maximum(
    limits: tuple[Any, int], fewest: int | None
) -> None:
    night = a_resource(
        "appautoscaling.ScheduledAction",
        "night",
        resource_id="service/alerts/service",
        scalable_target_action={"min_capacity": limits[0], "max_capacity": limits[1]},
    )
    assert fewest_tasks(one_gateway(a_scaled_service(3), a_target(2), night)) == fewest


def test_every_zone_of_the_region_fails_once() -> None:
    assert tuple(failure.zone for failure in ways_out(one_gateway())) == ZONES
