"""What follows from the subnet that a resource is in: its zone, its VPC, its addresses and their names."""

from __future__ import annotations

from typing import Any

from lab_support.iam.regions import partition_of
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.existing import subnet_of
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.values import UNKNOWN

# Addresses reserved for documentation (RFC 5737).
_NOBODYS = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")


def of_subnet(property: str, given: str = "subnetId") -> Any:
    """A property of the subnet that the input `given` names, or of the first where it names several."""

    def value(request: ResourceRequest, values: Values) -> Any:
        subnet = subnet_of(request.account, request.region, values.get(given))
        return UNKNOWN if subnet is None else subnet.values.get(property)

    return value


def zones_chosen(request: ResourceRequest, ids: Any) -> tuple[str, ...] | None:
    """The zone of each of these subnets; None where EC2 chooses one of them, or a subnet is not known."""
    zones = []
    for identity in ids if isinstance(ids, (list, tuple)) else (None,):
        subnet = subnet_of(request.account, request.region, identity) if isinstance(identity, str) else None
        if subnet is None:
            return None
        zone = subnet.values.get("availabilityZone")
        is_chosen = not subnet.given or subnet.given.keys() & {"availabilityZone", "availabilityZoneId"}
        if not is_chosen or not isinstance(zone, str):
            return None
        zones.append(zone)
    return tuple(zones)


def private_address(request: ResourceRequest, values: Values) -> Any:
    """An address in the resource's subnet that follows from its URN."""
    subnet = subnet_of(request.account, request.region, values.get("subnetId"))
    network = subnet.values.get("cidrBlock") if subnet else None
    if not isinstance(network, str):
        return UNKNOWN
    try:
        return identifiers.address(request.seed, network)
    except ValueError:
        return UNKNOWN


def public_address(request: ResourceRequest, values: Values) -> str:
    return identifiers.address(f"{request.seed}:public", identifiers.pick(request.seed, _NOBODYS))


def public_name(region: str, address: Any) -> Any:
    """The DNS name of a public address (Amazon VPC User Guide, "DNS attributes for your VPC")."""
    if not isinstance(address, str) or not address:
        return address
    place = "compute-1" if region == "us-east-1" else f"{region}.compute"
    return f"ec2-{address.replace('.', '-')}.{place}.{partition_of(region).dns_suffix}"


def private_name(region: str, address: Any) -> Any:
    """The DNS name of a private address, of the kind that follows from the address."""
    if not isinstance(address, str) or not address:
        return address
    place = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{place}"
