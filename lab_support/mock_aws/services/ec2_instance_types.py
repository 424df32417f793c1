"""EC2's instance types: their sizes, and where they are offered."""

from __future__ import annotations

import re
from typing import Final

from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.zones import zone_id, zones_of

_SIZES: Final = "nano micro small medium large xlarge 2xlarge 4xlarge 8xlarge 16xlarge".split()


def _instance_type(lookup: Lookup) -> Values:
    """The size of an instance type, by its name: two processors for `large`, twice as many for each next size."""
    name = str(lookup.args.get("instanceType"))
    family, _, size = name.partition(".")
    steps = _SIZES.index(size) - _SIZES.index("large") if size in _SIZES else 0
    processors = 2 * 2 ** max(steps, 0)
    memory = int((8192 if family[:1] in "mt" else 16384 if family[:1] == "r" else 4096) * 2.0**steps)
    architecture = "arm64" if re.match(r"[a-z]+\d+g", family) else "x86_64"
    return {
        "id": name,
        "instanceType": name,
        "currentGeneration": True,
        "defaultVcpus": processors,
        "defaultCores": max(processors // 2, 1),
        "defaultThreadsPerCore": 1 if architecture == "arm64" else 2,
        "memorySize": memory,
        "bareMetal": size.startswith("metal"),
        "burstablePerformanceSupported": family.startswith("t"),
        "hypervisor": "nitro",
        "ebsEncryptionSupport": "supported",
        "enaSupport": "required",
        "supportedArchitectures": [architecture],
        "supportedRootDeviceTypes": ["ebs"],
        "supportedUsagesClasses": ["on-demand", "spot"],
        "supportedVirtualizationTypes": ["hvm"],
    }


def _offerings(lookup: Lookup) -> Values:
    """Which instance types a region offers: those requested, in every zone."""
    kind = lookup.args.get("locationType") or "region"
    places = {
        "region": (lookup.region,),
        "availability-zone": zones_of(lookup.region),
        "availability-zone-id": tuple(zone_id(zone) for zone in zones_of(lookup.region)),
    }.get(str(kind), (lookup.region,))
    types = _filter_values(lookup, "instance-type") or ["t3.micro"]
    wanted = _filter_values(lookup, "location")
    pairs = [(type, place) for type in types for place in places if not wanted or place in wanted]
    return {
        "instanceTypes": [type for type, _ in pairs],
        "locations": [place for _, place in pairs],
        "locationTypes": [kind for _ in pairs],
    }


def _offering(lookup: Lookup) -> Values:
    preferred = list(lookup.args.get("preferredInstanceTypes") or ())
    first = next(iter([*preferred, *_filter_values(lookup, "instance-type")]), "t3.micro")
    return {"id": first, "instanceType": first, "location": lookup.region}


def _instance_types(lookup: Lookup) -> Values:
    return {"instanceTypes": _filter_values(lookup, "instance-type") or ["t3.micro", "t3.small", "t3.medium"]}


def _filter_values(lookup: Lookup, name: str) -> list[str]:
    """The values of a filter, less those that are patterns."""
    values = [
        str(v)
        for f in lookup.args.get("filters") or ()
        if f.get("name") == name
        for v in f.get("values") or ()
    ]
    return [value for value in values if not {"*", "?"} & set(value)]


DATA_SOURCES = {
    "ec2.getInstanceType": _instance_type,
    "ec2.getInstanceTypeOffering": _offering,
    "ec2.getInstanceTypeOfferings": _offerings,
    "ec2.getInstanceTypes": _instance_types,
}
