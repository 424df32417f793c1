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


def _ec2_reference(name: str, target: str, code: str, text: str, operation: str, doing: str) -> Reference:
    call = ("EC2", operation) if operation else None
    return Reference(code, text, call=call, doing=doing, name=name, target=target)


def vpc_exists(operation: str = "", doing: str = "") -> Reference:
    """The VPC that `vpcId` names; without an operation it is missed by the call that creates the resource."""
    text = "The vpc ID '{value}' does not exist"
    return _ec2_reference("vpcId", VPC, "InvalidVpcID.NotFound", text, operation, doing)


def subnet_exists(operation: str = "", doing: str = "", name: str = "subnetId") -> Reference:
    """The subnet that this property names."""
    text = "The subnet ID '{value}' does not exist"
    return _ec2_reference(name, SUBNET, "InvalidSubnetID.NotFound", text, operation, doing)


def route_table_exists(operation: str = "", doing: str = "") -> Reference:
    """The route table that `routeTableId` names."""
    text = "The routeTable ID '{value}' does not exist"
    return _ec2_reference("routeTableId", ROUTE_TABLE, "InvalidRouteTableID.NotFound", text, operation, doing)


def security_group_exists(name: str, operation: str = "", doing: str = "") -> Reference:
    """The security groups that this property names."""
    text = "The security group '{value}' does not exist"
    return _ec2_reference(name, SECURITY_GROUP, "InvalidGroup.NotFound", text, operation, doing)


def guard(operation: str, doing: str, text: str, *users: tuple[str, str]) -> DeletionGuard:
    """A part of the network is not deleted while something uses it."""
    return DeletionGuard("DependencyViolation", text, call=("EC2", operation), doing=doing, users=users)
