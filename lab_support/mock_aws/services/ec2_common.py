"""What EC2's types have in common: the form of their ids, and that the network around them must exist."""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws.default_network import ROUTE_TABLE, SECURITY_GROUP, SUBNET, VPC
from lab_support.mock_aws.resource_spec import DeletionGuard, Reference, ResourceSpec

ARN: Final = "arn:{partition}:ec2:{region}:{account}:"


def ec2_spec(prefix: str, resource: str = "", arn: str = "", **more: Any) -> ResourceSpec:
    """The entry of a type whose id is a prefix and 17 hexadecimal digits."""
    if resource and not arn:
        arn = f"{ARN}{resource}/{{id}}"
    return ResourceSpec(id=f"{prefix}-{{hex17}}", arn=arn, **more)


def ec2_reference(name: str, target: str, operation: str, doing: str, code: str, text: str) -> Reference:
    """A property that names a resource of EC2."""
    return Reference(("EC2", operation), doing, code, text, name=name, target=target)


def vpc_exists(operation: str, doing: str) -> Reference:
    text = "The vpc ID '{value}' does not exist"
    return ec2_reference("vpcId", VPC, operation, doing, "InvalidVpcID.NotFound", text)


def subnet_exists(operation: str, doing: str, name: str = "subnetId") -> Reference:
    text = "The subnet ID '{value}' does not exist"
    return ec2_reference(name, SUBNET, operation, doing, "InvalidSubnetID.NotFound", text)


def route_table_exists(operation: str, doing: str) -> Reference:
    text = "The routeTable ID '{value}' does not exist"
    return ec2_reference("routeTableId", ROUTE_TABLE, operation, doing, "InvalidRouteTableID.NotFound", text)


def security_group_exists(operation: str, doing: str, name: str) -> Reference:
    text = "The security group '{value}' does not exist"
    return ec2_reference(name, SECURITY_GROUP, operation, doing, "InvalidGroup.NotFound", text)


def guard(operation: str, doing: str, text: str, *users: tuple[str, str]) -> DeletionGuard:
    """A part of the network is not deleted while something uses it."""
    return DeletionGuard(("EC2", operation), doing, "DependencyViolation", text, users=users)
