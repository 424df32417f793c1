"""The SDK's functions that belong to no service: regions, zones, partitions, the caller."""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.zones import zone_id, zone_named, zones_of

# AWS General Reference, "Service endpoints": the regions that need no opting in, and the others with True.
_REGIONS: Final = {
    "us-east-1": ("US East (N. Virginia)", False),
    "us-east-2": ("US East (Ohio)", False),
    "us-west-1": ("US West (N. California)", False),
    "us-west-2": ("US West (Oregon)", False),
    "af-south-1": ("Africa (Cape Town)", True),
    "ap-east-1": ("Asia Pacific (Hong Kong)", True),
    "ap-east-2": ("Asia Pacific (Taipei)", True),
    "ap-northeast-1": ("Asia Pacific (Tokyo)", False),
    "ap-northeast-2": ("Asia Pacific (Seoul)", False),
    "ap-northeast-3": ("Asia Pacific (Osaka)", False),
    "ap-south-1": ("Asia Pacific (Mumbai)", False),
    "ap-south-2": ("Asia Pacific (Hyderabad)", True),
    "ap-southeast-1": ("Asia Pacific (Singapore)", False),
    "ap-southeast-2": ("Asia Pacific (Sydney)", False),
    "ap-southeast-3": ("Asia Pacific (Jakarta)", True),
    "ap-southeast-4": ("Asia Pacific (Melbourne)", True),
    "ap-southeast-5": ("Asia Pacific (Malaysia)", True),
    "ap-southeast-6": ("Asia Pacific (New Zealand)", True),
    "ap-southeast-7": ("Asia Pacific (Thailand)", True),
    "ca-central-1": ("Canada (Central)", False),
    "ca-west-1": ("Canada West (Calgary)", True),
    "eu-central-1": ("Europe (Frankfurt)", False),
    "eu-central-2": ("Europe (Zurich)", True),
    "eu-north-1": ("Europe (Stockholm)", False),
    "eu-south-1": ("Europe (Milan)", True),
    "eu-south-2": ("Europe (Spain)", True),
    "eu-west-1": ("Europe (Ireland)", False),
    "eu-west-2": ("Europe (London)", False),
    "eu-west-3": ("Europe (Paris)", False),
    "il-central-1": ("Israel (Tel Aviv)", True),
    "me-central-1": ("Middle East (UAE)", True),
    "me-south-1": ("Middle East (Bahrain)", True),
    "mx-central-1": ("Mexico (Central)", True),
    "sa-east-1": ("South America (Sao Paulo)", False),
    "cn-north-1": ("China (Beijing)", False),
    "cn-northwest-1": ("China (Ningxia)", False),
    "us-gov-east-1": ("AWS GovCloud (US-East)", False),
    "us-gov-west-1": ("AWS GovCloud (US-West)", False),
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
    if name not in _REGIONS and name != lookup.region:
        raise not_found(f"region not found for name: {name}")
    description, _ = _REGIONS.get(name, (name, True))
    return {
        "id": name,
        "name": name,
        "region": name,
        "endpoint": f"ec2.{name}.{suffix}",
        "description": description,
    }


def _regions(lookup: Lookup) -> Values:
    partition = lookup.partition.name
    prefixes = {"aws-cn": "cn-", "aws-us-gov": "us-gov-"}
    ours = [
        name
        for name in sorted(_REGIONS)
        if (name.startswith(prefixes[partition]) if partition in prefixes else _is_commercial(name))
    ]
    everywhere = lookup.args.get("allRegions") is True
    return {"id": partition, "names": [name for name in ours if everywhere or not _REGIONS[name][1]]}


def _is_commercial(region: str) -> bool:
    return not region.startswith(("cn-", "us-gov-"))


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
