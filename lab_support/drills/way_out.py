"""The outage drill for tasks: one availability zone fails. Do those that still run reach the internet?

    for failure in ways_out(plan):
        print(failure.zone, failure.survives, [cut.what for cut in failure.cuts])

Sources: Amazon VPC User Guide, "NAT gateway basics": where subnets of several zones share a NAT gateway, and its zone
is down, those in the other zones lose internet access; Amazon ECS Developer Guide, "Amazon ECS task networking options
for Fargate": a service places its tasks in the subnets that it names.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from lab_support.drills.network_acls import acl_problem, relay_problem
from lab_support.drills.open_ports import lets_out
from lab_support.drills.routes import Hop, WayOut, is_public, nat_gateways_of, ways_out_of
from lab_support.plan.plan import Plan, once_per_plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["fewest_tasks", "tasks_of", "ways_out"]  # what notebooks import from lab_support


class State(StrEnum):
    """What the failure of a zone makes of the tasks in one subnet."""

    REACHES = "reaches the internet"
    CUT_OFF = "runs and reaches nothing"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tasks:
    """The tasks of one ECS service in one subnet, and their ways out: several where routes divide the internet."""

    service: Resource
    subnet: Resource
    has_public_address: bool
    is_in_public_subnet: bool
    ways: tuple[WayOut, ...]
    closed: str  # why security groups or the network ACL let no HTTPS through; empty if they do

    @property
    def zone(self) -> str:
        """The zone that they run in."""
        return str(self.subnet.get("availability_zone", ""))


@dataclass(frozen=True)
class Effect:
    """What a failure makes of the tasks in one subnet. `lost` is the hop that they miss."""

    tasks: Tasks
    state: State
    why: str = ""
    lost: Hop | None = None


@dataclass(frozen=True)
class Cut:
    """Tasks in these zones run and reach nothing, because of one resource."""

    resource: Resource
    zones: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class CutOff:
    """The failure of one zone, with its effect on the tasks in each subnet.

    `gateways` are those that lead out, each with its zone, and NAT gateways that no route leads to.
    """

    zone: str
    zones: tuple[str, ...]
    effects: tuple[Effect, ...]
    gateways: tuple[Hop, ...] = ()

    @property
    def running(self) -> tuple[Effect, ...]:
        """The tasks that still run."""
        return tuple(effect for effect in self.effects if effect.state is not State.STOPPED)

    @property
    def survives(self) -> bool:
        """Whether tasks still run, and all that run reach the internet."""
        return bool(self.running) and all(effect.state is State.REACHES for effect in self.running)

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """What keeps running tasks from the internet, with the zones of these tasks."""
        found: dict[tuple[str, str], list[Effect]] = {}
        for effect in self.running:
            if effect.state is not State.REACHES:
                found.setdefault((_culprit(effect).urn, effect.why), []).append(effect)
        return tuple(
            Cut(
                _culprit(effects[0]),
                zones := tuple(dict.fromkeys(effect.tasks.zone for effect in effects)),
                f"in {' and '.join(zones)}, {effects[0].why}",
            )
            for effects in found.values()
        )


def ways_out(plan: Plan) -> tuple[CutOff, ...]:
    """The failure of each zone of the plan's region, one at a time, and what it means for the tasks."""
    tasks = tasks_of(plan)
    passed = [hop for group in tasks for way in group.ways for hop in way.hops]
    gateways = tuple(dict.fromkeys((*passed, *nat_gateways_of(plan))))
    zones = tuple(dict.fromkeys((*plan.zones, *sorted(group.zone for group in tasks))))
    return tuple(
        CutOff(zone, zones, tuple(effect_on(group, zone) for group in tasks), gateways) for zone in zones
    )


@once_per_plan
def tasks_of(plan: Plan) -> tuple[Tasks, ...]:
    """The tasks of every ECS service that has a network of its own (awsvpc), by subnet, in the order of the zones."""
    found = []
    for service in plan.of_type("ecs.Service"):
        network = service.get("network_configuration")
        if service.op == "delete" or not isinstance(network, dict) or _is_empty(plan, service):
            continue
        has_address = network.get("assign_public_ip") is True
        for id in _listed(network.get("subnets")):
            subnet = plan.resolve(id, "ec2.Subnet", "ec2.DefaultSubnet")
            if subnet is not None:
                ways = tuple(_through_acls(plan, way) for way in ways_out_of(plan, subnet, has_address))
                groups = _listed(network.get("security_groups"))
                closed = lets_out(plan, subnet, groups) or acl_problem(plan, subnet)
                found.append(Tasks(service, subnet, has_address, is_public(plan, subnet), ways, closed))
    return tuple(sorted(found, key=lambda tasks: (tasks.zone, tasks.service.name, tasks.subnet.name)))


def fewest_tasks(plan: Plan) -> int | None:
    """How many tasks the services run at least, all together; None if that is unknown until deployment.

    A service that is scaled in runs its target's minimum: auto scaling sets the desired count, whatever the program
    gives. One that nothing scales in keeps its desired count, within the target's minimum and maximum (Application
    Auto Scaling User Guide, "How Application Auto Scaling works").
    """
    services = {tasks.service.urn: tasks.service for tasks in tasks_of(plan)}.values()
    counts = [_fewest_of(plan, service) for service in services]
    return None if None in counts else sum(count for count in counts if count is not None)


def effect_on(tasks: Tasks, zone: str) -> Effect:
    """What the failure of a zone makes of the tasks in one subnet."""
    if tasks.zone == zone:
        return Effect(tasks, State.STOPPED)
    if tasks.closed:
        return Effect(tasks, State.CUT_OFF, f"tasks reach nothing: {tasks.closed}")
    for way in tasks.ways:
        lost = next((hop for hop in way.hops if hop.zone == zone), None)
        if lost is not None:
            why = f"tasks reach nothing: their way out leads through {lost.resource.name}, a {lost.what} in {zone}"
            return Effect(tasks, State.CUT_OFF, why, lost)
        if way.blocked:
            return Effect(tasks, State.CUT_OFF, f"tasks reach nothing: {way.blocked}")
    unknown = next((way.unknown for way in tasks.ways if way.unknown), "")
    if unknown:
        return Effect(tasks, State.UNKNOWN, f"the way out of the tasks cannot be followed: {unknown}")
    return Effect(tasks, State.REACHES)


def _through_acls(plan: Plan, way: WayOut) -> WayOut:
    """The way, blocked where the network ACL of a subnet in which it passes NAT does not let HTTPS through."""
    for hop in () if way.blocked else way.hops:
        is_gateway = hop.resource.kind == "ec2.NatGateway"
        if is_gateway or hop.what == "NAT instance":
            for stands in plan.referenced(hop.resource, "subnet_id", "ec2.Subnet"):
                problem = relay_problem(plan, stands, way.subnet, is_gateway)
                if problem:
                    return replace(way, blocked=problem)
    return way


def _culprit(effect: Effect) -> Resource:
    """The resource to look at: the hop that is lost, or the service whose tasks have no way out."""
    return effect.lost.resource if effect.lost is not None else effect.tasks.service


def _is_empty(plan: Plan, service: Resource) -> bool:
    """Whether a service runs no tasks: it wants none, and nothing scales it."""
    return service.get("desired_count") in (0, None) and not _scaling(plan, service, "Target")


def _fewest_of(plan: Plan, service: Resource) -> int | None:
    targets = _scaling(plan, service, "Target")
    actions = [action.get("scalable_target_action") for action in _scaling(plan, service, "ScheduledAction")]
    limits = [(target.get("min_capacity"), target.get("max_capacity")) for target in targets]
    limits += [(a.get("min_capacity"), a.get("max_capacity")) for a in actions if isinstance(a, dict)]
    wanted = service.get("desired_count", 0)
    if UNKNOWN in (wanted, *actions) or any(UNKNOWN in pair for pair in limits):
        return None
    lowest = [int(low or 0) for low, _ in limits]
    if targets and any(_scales_in(policy) for policy in _scaling(plan, service, "Policy")):
        return min(lowest)
    wanted = max([int(wanted or 0), *lowest[: len(targets)]])
    return min([wanted, *(int(high) for _, high in limits if high is not None)])


def _scaling(plan: Plan, service: Resource, kind: str) -> list[Resource]:
    """What Application Auto Scaling has of this kind for a service; an id that is unknown may be any service's."""
    cluster = str(service.get("cluster", "default")).rpartition("/")[2]
    ids = (UNKNOWN, f"service/{cluster}/{service.get('name')}")
    return [found for found in plan.of_type(f"appautoscaling.{kind}") if found.get("resource_id") in ids]


def _scales_in(policy: Resource) -> bool:
    """Whether a policy may lower the desired count: not one for which scaling in is disabled, or that only adds."""
    tracking = policy.get("target_tracking_scaling_policy_configuration")
    if isinstance(tracking, dict):
        return tracking.get("disable_scale_in") is not True
    steps = policy.get("step_scaling_policy_configuration")
    if not isinstance(steps, dict) or steps.get("adjustment_type") == "ExactCapacity":
        return str(policy.get("policy_type")) != "PredictiveScaling"
    added = [step.get("scaling_adjustment") for step in _listed(steps.get("step_adjustments"))]
    return not added or any(count is UNKNOWN or float(count or 0) < 0 for count in added)


def _listed(values: Any) -> tuple[Any, ...]:
    return tuple(values) if values is not UNKNOWN and isinstance(values, (list, tuple)) else ()
