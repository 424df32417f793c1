"""Which resources a topology draws as one node, and which references it keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab_support import preview
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.topology import ALIKE_FROM, DEPENDS, FOLDED_ABOVE, Topology, topology
from tests.plans import a_plan, a_resource
from tests.whole_system import program


def linked(resource: Resource, **properties: Resource) -> Resource:
    """The resource with properties derived from other resources, as recorded by the engine."""
    return replace(
        resource,
        inputs=dict.fromkeys(properties, "value"),
        properties_from={name: (target.urn,) for name, target in properties.items()},
    )


def edges(drawn: Topology) -> list[tuple[str, str, str]]:
    return [
        (edge.source.members[0].name, ",".join(edge.properties), edge.target.members[0].name)
        for edge in drawn.edges
    ]


KEY = a_resource("kms.Key", "key", arn="arn:aws:kms:ap-southeast-1:123456789012:key/1")
STREAM = a_resource("kinesis.Stream", "stream")
ROLE = a_resource("iam.Role", "role")


def test_a_reference_becomes_an_edge_with_its_property() -> None:
    drawn = topology(a_plan(KEY, linked(STREAM, kms_key_id=KEY)))
    assert edges(drawn) == [("stream", "kms_key_id", "key")]


def test_equal_values_are_no_reference_if_the_engine_recorded_none() -> None:
    stream = a_resource("kinesis.Stream", "stream", inputs={"kms_key_id": KEY["arn"]}, kms_key_id=KEY["arn"])
    assert edges(topology(a_plan(KEY, stream))) == []


def test_an_explicit_dependency_becomes_an_edge() -> None:
    stream = replace(STREAM, depends_on=(KEY.urn,))
    assert edges(topology(a_plan(KEY, stream))) == [("stream", DEPENDS, "key")]


def test_a_satellite_is_counted_with_its_owner() -> None:
    alias = linked(a_resource("kms.Alias", "alias"), target_key_id=KEY)
    (node,) = topology(a_plan(alias, KEY)).nodes
    assert (node.members, node.satellites) == ((KEY,), (alias,))


def test_an_owner_inherits_the_references_of_its_satellite() -> None:
    policy = a_resource("iam.Policy", "policy")
    attachment = linked(a_resource("iam.RolePolicyAttachment", "both"), policy_arn=policy, role=ROLE)
    assert edges(topology(a_plan(attachment, policy, ROLE))) == [("policy", "role", "role")]


def test_a_satellite_of_a_service_and_its_cluster_belongs_to_the_service() -> None:
    cluster = a_resource("ecs.Cluster", "cluster")
    service = linked(a_resource("ecs.Service", "service"), cluster=cluster)
    size = replace(
        a_resource("appautoscaling.Target", "size"),
        inputs={"resource_id": "service/x/y"},
        properties_from={"resource_id": (cluster.urn, service.urn)},
    )
    drawn = topology(a_plan(cluster, service, size))
    owner = next(node for node in drawn.nodes if node.satellites)
    assert owner.members == (service,)


def test_a_satellite_without_an_owner_is_drawn() -> None:
    alias = a_resource("kms.Alias", "alias")
    assert [node.members for node in topology(a_plan(alias)).nodes] == [(alias,)]


def some_subnets(count: int) -> list[Resource]:
    vpc = a_resource("ec2.Vpc", "vpc")
    return [vpc, *(linked(a_resource("ec2.Subnet", f"s{n}"), vpc_id=vpc) for n in range(count))]


@pytest.mark.parametrize(("count", "nodes"), [(ALIKE_FROM - 1, ALIKE_FROM), (ALIKE_FROM, 2)])
def test_enough_resources_that_differ_only_in_name_become_one_node(count: int, nodes: int) -> None:
    assert len(topology(a_plan(*some_subnets(count))).nodes) == nodes


def test_resources_with_different_references_are_drawn_apart() -> None:
    subnets = some_subnets(4)
    database = linked(a_resource("rds.Instance", "db"), subnet_ids=subnets[1])
    drawn = topology(a_plan(*subnets, database))
    assert sorted(len(node.members) for node in drawn.nodes) == [1, 1, 1, 3]


def test_a_service_with_many_nodes_becomes_one_node() -> None:
    kinds = ("ec2.Vpc", "ec2.Eip", "ec2.Instance", "ec2.InternetGateway", "ec2.NatGateway", "ec2.RouteTable")
    kinds = (*kinds, "ec2.SecurityGroup", "ec2.Subnet", "ec2.VpcEndpoint")
    many = [a_resource(kind, kind) for kind in kinds]
    assert len(topology(a_plan(*many[:FOLDED_ABOVE])).nodes) == FOLDED_ABOVE
    (node,) = topology(a_plan(*many)).nodes
    assert node.kinds.total() == FOLDED_ABOVE + 1


def test_components_and_deleted_resources_are_left_out() -> None:
    component = replace(a_resource("kms.Key", "component"), provider="")
    gone = a_resource("kms.Key", "gone", op="delete")
    assert topology(a_plan(component, gone)).nodes == ()


@pytest.fixture(scope="module")
def whole() -> Plan:
    return preview(program, "dev")


def test_every_resource_of_a_whole_system_is_drawn_or_counted(whole: Plan) -> None:
    drawn = topology(whole)
    found = [resource for node in drawn.nodes for resource in (*node.members, *node.satellites)]
    assert len(found) == drawn.size == len(whole) == 75
    assert set(found) == set(whole)
    assert len(drawn.nodes) < 30


def test_a_topology_does_not_depend_on_the_order_of_the_plan(whole: Plan) -> None:
    assert topology(replace(whole, resources=whole.resources[::-1])) == topology(whole)
