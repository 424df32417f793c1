"""NO-WAY-OUT: what runs in one zone reaches the internet through a gateway in another. The drill as a rule.

NIST SP 800-53 CP-10 (recovery) and SC-5(2) (capacity and redundancy). Source: Amazon VPC User Guide, "NAT gateway
basics": where resources in several zones share a NAT gateway, and its zone is down, those in the other zones lose
internet access. Subnets in which nothing of the program runs are reported as unknown: what another program places there
may need no internet. Databases and caches are served in their subnets and call nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lab_support.drills.routes import Hop, ways_out_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed

# What runs code in subnets, with the property that names them; that of a block behind a dot.
_WORKLOADS = {
    "ecs.Service": "network_configuration.subnets",
    "lambda.Function": "vpc_config.subnet_ids",
    "ec2.Instance": "subnet_id",
    "autoscaling.Group": "vpc_zone_identifiers",
    "eks.NodeGroup": "subnet_ids",
}
# What is in subnets, too, and sends nothing to the internet by itself.
_SERVED = ("rds.SubnetGroup", "elasticache.SubnetGroup", "redshift.SubnetGroup", "docdb.SubnetGroup")


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Gateways in one zone through which subnets of other zones reach the internet."""
    plan = subject.plan
    users: defaultdict[Hop, list[Resource]] = defaultdict(list)
    for subnet in created(plan, "ec2.Subnet"):
        for hop in dict.fromkeys(hop for way in ways_out_of(plan, subnet) for hop in way.hops):
            if hop.zone and hop.zone != subnet.get("availability_zone"):
                users[hop].append(subnet)
    running = _running_in(plan)
    for hop, subnets in users.items():
        busy = [subnet for subnet in subnets if subnet.id in running]
        idle = [subnet for subnet in subnets if subnet.id not in running and not _serves(plan, subnet)]
        if any(not subnet.inputs.get("availability_zone") for subnet in subnets) or not _is_placed(plan, hop):
            yield Observation(hop.resource, unknown="the zones of its subnets are unknown until deployment")
        elif busy:
            yield _finding(hop, busy, running)
        elif idle:
            names = listed(sorted(subnet.name for subnet in idle))
            why = f"nothing of this program runs in {names}, which would lose the internet with {hop.zone}"
            yield Observation(hop.resource, unknown=why, arguments=("subnet_id",))


def _finding(hop: Hop, subnets: list[Resource], running: dict[str, list[Resource]]) -> Observation:
    zones = listed(sorted(str(subnet.get("availability_zone")) for subnet in subnets))
    who = listed(sorted(resource.name for subnet in subnets for resource in running[subnet.id]))
    what = (
        f"When {hop.zone} fails, {who} in {zones} {'run' if ' and ' in who else 'runs'} and reaches nothing on the "
        f"internet: the way out leads through this {hop.what}."
    )
    repair = (
        "Give each zone a NAT gateway in a public subnet of its own, and each private subnet a route table that leads "
        'to the gateway of its zone; or use one with availability_mode="regional".'
    )
    return Observation(
        hop.resource, what.replace("run and reaches", "run and reach"), repair, arguments=("subnet_id",)
    )


def _running_in(plan: Plan) -> dict[str, list[Resource]]:
    """What runs code in each subnet, by the subnet's id."""
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in created(plan, *_WORKLOADS):
        block, _, name = _WORKLOADS[resource.kind].rpartition(".")
        values = resource.get(block) if block else {name: resource.get(name)}
        ids = values.get(name) if isinstance(values, dict) else None
        for id in ids if isinstance(ids, (list, tuple)) else (ids,):
            if isinstance(id, str):
                found[id].append(resource)
    return found


def _serves(plan: Plan, subnet: Resource) -> bool:
    """Whether a subnet is one of a database's or a cache's."""
    return any(
        subnet in plan.referenced(group, "subnet_ids", "ec2.Subnet") for group in plan.of_type(*_SERVED)
    )


def _is_placed(plan: Plan, hop: Hop) -> bool:
    """Whether the program itself says in which zone a gateway stands."""
    if hop.resource.get("availability_zone_addresses") not in (None, UNKNOWN, (), []):
        return True
    subnets = plan.referenced(hop.resource, "subnet_id", "ec2.Subnet")
    return bool(subnets and subnets[0].inputs.get("availability_zone"))


RULE = ReviewRule(
    "NO-WAY-OUT",
    "High",
    "availability",
    "CP-10, SC-5(2)",
    "What runs in one zone reaches the internet through another zone only",
    "Give each zone a NAT gateway of its own, in a public subnet of that zone, and each private subnet a route table "
    'that leads to the gateway of its zone, or use a regional NAT gateway (availability_mode="regional"). Where an '
    "outage of some hours is acceptable, as in an environment for tests, one gateway can be accepted in "
    ".lab-review.yaml with a reason and a date.",
    check,
)
