"""What EC2's types have in common: the form of their ids, and that the network around them must exist."""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws.default_network import ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC
from lab_support.mock_aws.resource_spec import Reference, ResourceSpec

ARN: Final = "arn:{partition}:ec2:{region}:{account}:"


def ec2_spec(prefix: str, resource: str = "", arn: str = "", **more: Any) -> ResourceSpec:
    """The entry of a type whose id is a prefix and 17 hexadecimal digits."""
    if resource and not arn:
        arn = f"{ARN}{resource}/{{id}}"
    return ResourceSpec(id=f"{prefix}-{{hex17}}", arn=arn, **more)


def _exists(name: str, target: str, code: str, thing: str) -> Reference:
    return Reference(code, f"The {thing} '{{value}}' does not exist", name=name, target=target)


VPC_EXISTS: Final = _exists("vpcId", VPC, "InvalidVpcID.NotFound", "vpc ID")
SUBNET_EXISTS: Final = _exists("subnetId", SUBNET, "InvalidSubnetID.NotFound", "subnet ID")
TABLE_EXISTS: Final = _exists("routeTableId", ROUTE_TABLE, "InvalidRouteTableID.NotFound", "routeTable ID")


def security_group_exists(name: str) -> Reference:
    """The security groups that this property names."""
    return _exists(name, SECURITY_GROUP, "InvalidGroup.NotFound", "security group")
