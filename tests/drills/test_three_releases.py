"""The three-releases drill: which rules each release takes away, and who reaches whom after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_support.drills.three_releases import ThreeReleases, excess_in, three_releases
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

HTTPS = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
POSTGRES: dict[str, Any] = {"from_port": 5432, "to_port": 5432}


def a_group(name: str, **given: Any) -> Resource:
    options = {key: given.pop(key) for key in ("op", "ignore_changes") if key in given}
    return a_resource("ec2.SecurityGroup", name, vpc_id="vpc-id", inputs=given, **options)


def a_rule(kind: str, name: str, group: str, peer: str, **more: Any) -> Resource:
    given = {
        "security_group_id": f"{group}-id",
        "referenced_security_group_id": f"{peer}-id",
        "ip_protocol": "tcp",
        **POSTGRES,
        **more,
    }
    return a_resource(f"vpc.SecurityGroup{kind}Rule", name, inputs=given, **given)


TO_DATABASE = a_rule("Egress", "to-db", "tasks", "db")
FROM_TASKS = a_rule("Ingress", "from-tasks", "db", "tasks")


def an_exclusive_set(kept: list[Any]) -> Resource:
    given = {"security_group_id": "tasks-id", "ingress_rule_ids": [], "egress_rule_ids": kept}
    return a_resource("ec2.VpcSecurityGroupRulesExclusive", "exclusive", **given)


def a_system(tasks: Resource, database: Resource, *rules: Resource) -> Plan:
    return a_plan(
        a_resource("ec2.Vpc", "vpc", cidr_block="10.0.0.0/16"),
        tasks,
        database,
        *rules,
        a_resource("ecs.Service", "service", network_configuration={"security_groups": ["tasks-id"]}),
        a_resource("rds.Instance", "database", engine="postgres", vpc_security_group_ids=["db-id"]),
    )


def taken(report: ThreeReleases) -> list[list[str]]:
    return [sorted(rule.owner.name for rule in release.taken) for release in report.releases]


def reached(report: ThreeReleases) -> list[list[str]]:
    return [[flow.target_name for flow in release.flows if not flow.blocked] for release in report.releases]


BOTH = ["database", "the internet"]


def test_the_second_release_revokes_what_a_group_does_not_list_and_the_third_creates_it_anew() -> None:
    report = three_releases(
        a_system(a_group("tasks", egress=[HTTPS]), a_group("db"), TO_DATABASE, FROM_TASKS)
    )
    assert taken(report) == [[], ["to-db"], []]
    assert reached(report) == [BOTH, ["the internet"], BOTH]
    assert [rule.owner.name for rule in report.releases[2].returned] == ["to-db"]
    assert not report.holds


def test_an_empty_list_is_a_list() -> None:
    report = three_releases(a_system(a_group("tasks", egress=[HTTPS]), a_group("db", ingress=[]), FROM_TASKS))
    assert taken(report) == [[], ["from-tasks"], []]


OUT = a_rule("Egress", "out", "tasks", "", referenced_security_group_id=None, cidr_ipv4="0.0.0.0/0")
OLDER = a_resource(
    "ec2.SecurityGroupRule",
    "older",
    type="egress",
    security_group_id="tasks-id",
    source_security_group_id="db-id",
    protocol="tcp",
    **POSTGRES,
)
TO_DATABASE_INLINE = {"protocol": "tcp", "security_groups": ["db-id"], **POSTGRES}
HOLDING = {
    "separate only": (a_group("tasks"), a_group("db"), TO_DATABASE, FROM_TASKS, OUT),
    "older separate only": (a_group("tasks"), a_group("db"), OLDER, FROM_TASKS, OUT),
    "inline only": (a_group("tasks", egress=[HTTPS, TO_DATABASE_INLINE]), a_group("db"), FROM_TASKS),
    "another direction inline": (a_group("tasks", ingress=[HTTPS]), a_group("db"), TO_DATABASE),
    "changes of the list ignored": (
        a_group("tasks", egress=[HTTPS], ignore_changes=("egress",)),
        a_group("db"),
        TO_DATABASE,
    ),
    "all changes ignored": (
        a_group("tasks", egress=[HTTPS], ignore_changes=("*",)),
        a_group("db"),
        TO_DATABASE,
    ),
    "a group of another program": (a_group("tasks", op="read", egress=[HTTPS]), a_group("db"), TO_DATABASE),
    "a list that is unknown": (a_group("tasks", egress=UNKNOWN), a_group("db"), TO_DATABASE),
}


@pytest.mark.parametrize("parts", HOLDING.values(), ids=HOLDING.keys())
def test_a_direction_with_one_owner_stays_as_it_is(parts: tuple[Resource, ...]) -> None:
    assert three_releases(a_system(*parts)).holds


@pytest.mark.parametrize(
    "peer",
    [
        {"cidr_ipv4": "10.0.0.0/16"},
        {"cidr_ipv6": "::/0"},
        {"prefix_list_id": "pl-1"},
        {"referenced_security_group_id": "tasks-id"},
    ],
    ids=lambda peer: next(iter(peer)),
)
def test_a_rule_with_any_peer_is_revoked(peer: dict[str, str]) -> None:
    rule = a_rule("Egress", "rule", "tasks", "", **{"referenced_security_group_id": None, **peer})
    report = three_releases(a_system(a_group("tasks", egress=[HTTPS]), a_group("db"), rule))
    assert taken(report) == [[], ["rule"], []]


def test_a_rule_of_the_older_type_with_itself_as_peer_is_revoked() -> None:
    rule = a_resource(
        "ec2.SecurityGroupRule",
        "own",
        type="ingress",
        self=True,
        security_group_id="db-id",
        protocol="-1",
        from_port=0,
        to_port=0,
    )
    report = three_releases(a_system(a_group("tasks"), a_group("db", ingress=[HTTPS]), rule))
    assert taken(report) == [[], ["own"], []]


def test_a_rule_that_the_list_has_too_is_not_revoked() -> None:
    inline = a_group("tasks", egress=[HTTPS, TO_DATABASE_INLINE])
    assert three_releases(a_system(inline, a_group("db"), TO_DATABASE)).holds


CLOSED = {
    "another port": a_rule("Egress", "rule", "tasks", "db", from_port=5433, to_port=5433),
    "another group": a_rule("Egress", "rule", "tasks", "tasks"),
    "another protocol": a_rule("Egress", "rule", "tasks", "db", ip_protocol="udp"),
}


@pytest.mark.parametrize("rule", CLOSED.values(), ids=CLOSED.keys())
def test_a_connection_needs_a_rule_for_its_port_and_its_peer(rule: Resource) -> None:
    report = three_releases(a_system(a_group("tasks"), a_group("db"), rule, FROM_TASKS))
    (flow,) = (flow for flow in report.releases[0].flows if flow.target is not None)
    assert "tasks lets it out" in flow.blocked


def test_a_range_reaches_a_component_where_it_has_the_whole_network() -> None:
    for block, reaches in (("10.0.0.0/8", True), ("10.0.0.0/17", False), ("not a block", False)):
        wide = a_rule("Egress", "wide", "tasks", "", referenced_security_group_id=None, cidr_ipv4=block)
        report = three_releases(a_system(a_group("tasks"), a_group("db"), wide, FROM_TASKS))
        assert ("database" in reached(report)[0]) is reaches


@pytest.mark.parametrize(
    ("kept", "expected"), [([], ["to-db"]), (["to-db-id"], []), (["other-id"], ["to-db"]), ([UNKNOWN], [])]
)
def test_an_exclusive_set_of_rules_takes_at_once_those_that_it_leaves_out(
    kept: list[Any], expected: list[str]
) -> None:
    system = a_system(a_group("tasks"), a_group("db"), TO_DATABASE, FROM_TASKS, an_exclusive_set(kept))
    report = three_releases(system)
    assert taken(report) == [expected, [], expected]
    assert [rule.owner.name for rule in report.releases[1].returned] == expected


def test_an_exclusive_set_takes_a_rule_that_is_created_after_it_with_the_second_release() -> None:
    exclusive = an_exclusive_set([])
    waits = replace(TO_DATABASE, depends_on=(exclusive.urn,))
    report = three_releases(a_system(a_group("tasks"), a_group("db"), waits, FROM_TASKS, exclusive))
    assert taken(report) == [[], ["to-db"], []]


@pytest.mark.parametrize(("ignored", "again"), [((), ["tasks"]), (("egress",), [])])
def test_an_exclusive_set_takes_rules_that_the_group_lists_itself(
    ignored: tuple[str, ...], again: list[str]
) -> None:
    group = a_group("tasks", egress=[HTTPS], ignore_changes=ignored)
    report = three_releases(a_system(group, a_group("db"), an_exclusive_set(["other-id"])))
    assert taken(report) == [["tasks"], [], again]
    assert ["the internet" in flows for flows in reached(report)] == [False, not ignored, False]


@pytest.mark.parametrize("port", [443, 22])
@pytest.mark.parametrize("block", ["0.0.0.0/0", "::/0"])
def test_https_out_to_the_internet_is_no_excess_in_either_ip_version(block: str, port: int) -> None:
    name = "cidr_ipv6" if ":" in block else "cidr_ipv4"
    given = {"referenced_security_group_id": None, "from_port": port, "to_port": port, name: block}
    out = a_rule("Egress", "out", "tasks", "", **given)
    inline = {**HTTPS, "from_port": port, "to_port": port, "cidr_blocks": []}
    listed = a_group("tasks", egress=[{**inline, f"{'ipv6_' if ':' in block else ''}cidr_blocks": [block]}])
    for group, rules in ((a_group("tasks"), (out,)), (listed, ())):
        found = excess_in(a_system(group, a_group("db"), *rules))
        assert bool(found) is (port == 22)


@pytest.mark.parametrize("port", [443, 22])
def test_a_prefix_list_lets_through_what_its_ranges_do(port: int) -> None:
    given = {"security_group_id": "tasks-id", "ip_protocol": "tcp", "from_port": port, "to_port": port}
    to_list = a_resource(
        "vpc.SecurityGroupEgressRule", "to-list", inputs={**given, "prefix_list_id": "halves-id"}
    )
    system = a_system(a_group("tasks"), a_group("db"))
    ranges = [{"cidr": "0.0.0.0/1"}, {"cidr": "128.0.0.0/1"}, UNKNOWN]
    halves = a_resource("ec2.ManagedPrefixList", "halves", entries=ranges)
    plan = a_plan(*system.resources, to_list, halves)
    assert reached(three_releases(plan))[0] == (["the internet"] if port == 443 else [])
    assert [rule.owner.name for rule in excess_in(plan)] == ([] if port == 443 else ["to-list"])


def test_a_database_in_the_tasks_group_may_go_out_to_the_internet_without_need() -> None:
    tasks, database = a_group("tasks", egress=[HTTPS]), a_group("db")
    system = a_system(tasks, database)
    both = a_resource("rds.Instance", "both", engine="postgres", vpc_security_group_ids=["db-id", "tasks-id"])
    assert excess_in(system) == ()
    assert [rule.owner.name for rule in excess_in(a_plan(*system.resources, both))] == ["tasks"]


def test_the_drill_does_not_fail_on_an_unknown_value() -> None:
    plan = a_system(a_group("tasks", egress=[HTTPS]), a_group("db", ingress=[]), TO_DATABASE, FROM_TASKS)
    for number, resource in enumerate(plan.resources):
        for name in {*resource.inputs, *resource.outputs}:
            values = {**resource.outputs, **resource.inputs, name: UNKNOWN}
            changed = a_resource(resource.kind, resource.name, inputs=values, **values)
            other = a_plan(*plan.resources[:number], changed, *plan.resources[number + 1 :])
            assert len(three_releases(other).releases) == 3
