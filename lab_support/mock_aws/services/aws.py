"""The SDK's functions that belong to no service: regions, zones, partitions, the caller."""

from __future__ import annotations

from typing import Final

from lab_support.iam.regions import PARTITIONS
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.data.regions import facts_of
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.zones import zone_id, zone_named, zones_of

_DESCRIPTIONS: Final = {
    region: text for partition in PARTITIONS.values() for region, text in partition.descriptions.items()
}


def _availability_zones(lookup: Lookup) -> Values:
    excluded = lookup.args.get("excludeNames") or ()
    excluded_ids = lookup.args.get("excludeZoneIds") or ()
    names = [n for n in zones_of(lookup.region) if n not in excluded and zone_id(n) not in excluded_ids]
    for condition in lookup.args.get("filters") or ():
        wanted = {*condition.get("values", ())}
        if condition.get("name") in ("zone-name", "zone-id"):
            names = [name for name in names if wanted & {name, zone_id(name)}]
        elif condition.get("name") in ("zone-type", "opt-in-status"):
            # All zones of this account are availability zones that need no opting in.
            names = names if {"availability-zone", "opt-in-not-required"} & wanted else []
    return {"names": names, "zoneIds": [zone_id(name) for name in names], "groupNames": [lookup.region]}


def _availability_zone(lookup: Lookup) -> Values:
    wanted = lookup.args.get("zoneId")
    name = zone_named(wanted, lookup.region) if wanted else lookup.args.get("name", f"{lookup.region}a")
    if name not in zones_of(lookup.region):
        raise not_found("no matching EC2 Availability Zone found")
    return {
        "id": name,
        "name": name,
        "zoneId": zone_id(name),
        "nameSuffix": str(name)[-1],
        "state": "available",
        "groupName": lookup.region,
        "networkBorderGroup": lookup.region,
        "optInStatus": "opt-in-not-required",
        "zoneType": "availability-zone",
        "parentZoneId": "",
        "parentZoneName": "",
    }


def _caller(lookup: Lookup) -> Values:
    account = lookup.account.id
    return {
        "id": account,
        "accountId": account,
        "arn": lookup.arn("iam", "user/reviewer", is_global=True),
        "userId": f"AIDA{identifiers.upper(f'{account}:reviewer', 17)}",
    }


def _region(lookup: Lookup) -> Values:
    name = lookup.args.get("region") or lookup.args.get("name") or lookup.region
    suffix = lookup.partition.dns_suffix
    endpoint = str(lookup.args.get("endpoint") or "")
    if endpoint:
        name = endpoint.split(".")[1] if endpoint.count(".") > 1 else name
    if name not in _DESCRIPTIONS and name != lookup.region:
        raise not_found(f"region not found for name: {name}")
    return {
        "id": name,
        "name": name,
        "region": name,
        "endpoint": f"ec2.{name}.{suffix}",
        "description": _DESCRIPTIONS.get(name, name),
    }


def _regions(lookup: Lookup) -> Values:
    partition = lookup.partition.name
    everywhere = lookup.args.get("allRegions") is True or partition != "aws"
    regions = PARTITIONS[partition].regions
    return {
        "id": partition,
        "names": [name for name in regions if everywhere or facts_of(name).get("always_enabled")],
    }


def _partition(lookup: Lookup) -> Values:
    partition = lookup.partition
    return {
        "id": partition.name,
        "partition": partition.name,
        "dnsSuffix": partition.dns_suffix,
        "reverseDnsPrefix": partition.reverse_dns_prefix,
    }


def _service(lookup: Lookup) -> Values:
    service = lookup.args.get("serviceId") or str(lookup.args.get("dnsName") or "ec2").split(".")[0]
    if reverse := lookup.args.get("reverseDnsName"):
        service = str(reverse).rpartition(".")[2]
    partition = lookup.partition
    return {
        "id": f"{partition.reverse_dns_prefix}.{lookup.region}.{service}",
        "dnsName": f"{service}.{lookup.region}.{partition.dns_suffix}",
        "partition": partition.name,
        "reverseDnsName": f"{partition.reverse_dns_prefix}.{lookup.region}.{service}",
        "reverseDnsPrefix": partition.reverse_dns_prefix,
        "serviceId": service,
        "supported": True,
    }


def _service_principal(lookup: Lookup) -> Values:
    service = lookup.args.get("serviceName")
    return {
        "id": f"{service}.{lookup.region}.{lookup.partition.dns_suffix}",
        "name": f"{service}.amazonaws.com",
        "suffix": "amazonaws.com",
    }


def _parsed_arn(lookup: Lookup) -> Values:
    arn = str(lookup.args.get("arn"))
    parts = arn.split(":", 5)
    if parts[0] != "arn" or len(parts) < 6:
        raise not_found(f"parsing ARN ({arn}): arn: invalid prefix")
    names = ("partition", "service", "region", "account", "resource")
    return {"id": arn, **dict(zip(names, parts[1:], strict=True))}


DATA_SOURCES = {
    "getArn": _parsed_arn,
    "getAvailabilityZone": _availability_zone,
    "getAvailabilityZones": _availability_zones,
    "getBillingServiceAccount": lambda lookup: {
        "id": "386209384616",
        "arn": f"arn:{lookup.partition.name}:iam::386209384616:root",
    },
    "getCallerIdentity": _caller,
    "getDefaultTags": lambda lookup: {"id": lookup.partition.name, "tags": {}},
    "getPartition": _partition,
    "getRegion": _region,
    "getRegions": _regions,
    "getService": _service,
    "getServicePrincipal": _service_principal,
}
