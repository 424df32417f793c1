"""Route 53: hosted zones, records and health checks.

Formats: Amazon Route 53 API Reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Lookup, Values, has_tags, single
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, ResourceSpec
from lab_support.plan.values import UNKNOWN

ZONE = "aws:route53/zone:Zone"

_DOMAINS = ("com", "net", "org", "co.uk")


def _name_servers(request: ResourceRequest, values: Values) -> list[str]:
    """Four servers, each under another top-level domain (Route 53 Developer Guide, "NS and SOA records")."""
    return sorted(_servers(request.seed))


def _servers(seed: str) -> Iterator[str]:
    for n, domain in enumerate(_DOMAINS):
        number = n * 512 + int(identifiers.hexadecimal(f"{seed}:{domain}", 4), 16) % 512
        yield f"ns-{number}.awsdns-{number % 64:02}.{domain}"


def _record_id(request: ResourceRequest, values: Values) -> Any:
    """`ZONE_NAME_TYPE`, and the set identifier where there is one."""
    parts = [values.get(name) for name in ("zoneId", "name", "type", "setIdentifier")]
    if UNKNOWN in parts:
        return UNKNOWN
    return "_".join(str(part) for part in parts if part is not None)


def _fqdn(request: ResourceRequest, values: Values) -> Any:
    """The record's whole name: the zone's is added where the program leaves it out."""
    name = values.get("name")
    zone = request.account.find(values.get("zoneId"), ZONE)
    zone_name = zone.values.get("name") if zone else None
    if not isinstance(name, str):
        return UNKNOWN
    name = name.removesuffix(".")
    if not isinstance(zone_name, str):
        return name
    zone_name = zone_name.removesuffix(".")
    return name if name == zone_name or name.endswith(f".{zone_name}") else f"{name}.{zone_name}".lstrip(".")


def _find_zone(lookup: Lookup) -> Values:
    """A hosted zone: a dot at the end of its name means nothing, and public ones are meant unless it is said."""
    name = str(lookup.args.get("name") or "").rstrip(".")
    private = bool(lookup.args.get("privateZone") or lookup.args.get("vpcId"))
    found = [
        zone
        for zone in lookup.resources()
        if (not name or str(zone.values.get("name")).rstrip(".") == name)
        and lookup.args.get("zoneId") in (None, zone.id)
        and (bool(zone.values.get("vpcs")) == private or lookup.args.get("zoneId"))
        and has_tags(zone, lookup.args.get("tags"))
    ]
    zone = single(found, "Route 53 Hosted Zone")
    servers = zone.values.get("nameServers") or []
    return {
        **zone.values,
        "id": zone.id,
        "zoneId": zone.id,
        "name": str(zone.values.get("name")).rstrip("."),
        "primaryNameServer": servers[0] if isinstance(servers, list) and servers else "",
        "privateZone": private,
    }


SPECS = {
    "route53.Zone": ResourceSpec(
        id="Z{upper20}",
        arn="arn:{partition}:route53:::hostedzone/{id}",
        defaults={"comment": "Managed by Pulumi", "forceDestroy": False},
        computed={
            "nameServers": _name_servers,
            "primaryNameServer": lambda request, values: next(_servers(request.seed)),
        },
        is_global=True,
        deletion=("Route 53", "DeleteHostedZone", "deleting Route53 Hosted Zone ({id})"),
        guards=(
            DeletionGuard(
                "HostedZoneNotEmpty",
                "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
                users=(("route53.Record", "zoneId"),),
                unless="forceDestroy",
            ),
        ),
        data_sources={"route53.getZone": _find_zone},
        force_new=("delegationSetId",),
    ),
    "route53.Record": ResourceSpec(
        id=_record_id,
        defaults={"allowOverwrite": False},
        computed={"fqdn": _fqdn},
        name="",
        force_new=("setIdentifier",),
        in_place=("type",),
    ),
    "route53.HealthCheck": ResourceSpec(
        defaults={"disabled": False, "failureThreshold": 3, "measureLatency": False, "requestInterval": 30}
    ),
    "route53.ResolverEndpoint": ResourceSpec(computed_inside={"ipAddresses": ("ip", "ipId")}),
    "route53.ZoneAssociation": ResourceSpec(
        id="{zoneId}:{vpcId}", defaults={"vpcRegion": "{region}"}, computed={"owningAccount": "{account}"}
    ),
}
