"""Services and areas in review order, and which resources are satellites."""

from __future__ import annotations

import pytest

from lab_support.plan.areas import AREAS, area_of, by_service, is_satellite, service_of
from tests.plans import a_resource


def test_no_service_belongs_to_two_areas() -> None:
    services = [service for area in AREAS.values() for service in area]
    assert len(services) == len(set(services))


@pytest.mark.parametrize(
    ("service", "area"),
    [("rds", "data stores"), ("ec2", "network"), ("sns", "notifications"), ("cur", "other")],
)
def test_every_service_has_an_area(service: str, area: str) -> None:
    assert area_of(service) == area


def test_an_unlisted_service_comes_before_the_network() -> None:
    resources = [a_resource(kind, kind) for kind in ("ec2.Vpc", "xray.Group", "ecs.Cluster")]
    assert [service for service, _ in by_service(resources)] == ["ecs", "xray", "ec2"]
    assert service_of(resources[1]) == "xray"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("iam.RolePolicyAttachment", True),
        ("ec2.RouteTableAssociation", True),
        ("kms.Alias", True),
        ("apigateway.Method", True),
        ("sns.TopicPolicy", True),
        ("rds.SubnetGroup", True),
        ("iam.RolePolicy", False),
        ("iam.Policy", False),
        ("ec2.SecurityGroup", False),
        ("cloudwatch.LogGroup", False),
        ("elasticache.ReplicationGroup", False),
        ("rds.Instance", False),
    ],
)
def test_a_satellite_only_completes_another_resource(kind: str, expected: bool) -> None:
    assert is_satellite(a_resource(kind, "x")) is expected
