"""Names and what stands before everything: Route 53, certificates, CloudFront, WAF.

Formats: Service Authorization Reference; Amazon Route 53 API Reference; Amazon CloudFront Developer Guide ("Values that
you specify when you create or update a distribution"); AWS Certificate Manager User Guide, "DNS validation".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec
from lab_support.plan.values import UNKNOWN

ZONE = "aws:route53/zone:Zone"
_CLOUDFRONT = "arn:{partition}:cloudfront::{account}:"
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


def _validation_options(request: ResourceRequest, values: Values) -> Any:
    """A CNAME record for each domain of a certificate that is validated by DNS; `*.x` shares the one of `x`."""
    if values.get("validationMethod") != "DNS":
        return [] if values.get("validationMethod") is not UNKNOWN else UNKNOWN
    others = values.get("subjectAlternativeNames") or []
    names = list(dict.fromkeys([values.get("domainName"), *others]))
    if not all(isinstance(name, str) for name in names):
        return UNKNOWN
    return [_validation_of(request, str(name)) for name in names]


def _validation_of(request: ResourceRequest, domain: str) -> dict[str, str]:
    base = domain.removeprefix("*.")
    owner, value = (
        identifiers.hexadecimal(f"{request.account.id}:{base}:{part}", 32) for part in ("name", "value")
    )
    zone = identifiers.letters(f"{base}:acm", 10)
    return {
        "domainName": domain,
        "resourceRecordName": f"_{owner}.{base}.",
        "resourceRecordType": "CNAME",
        "resourceRecordValue": f"_{value}.{zone}.acm-validations.aws.",
    }


def _is_imported(values: Values) -> bool:
    return values.get("certificateBody") is not None


def _either(imported: str, issued: str) -> Any:
    """A property of a certificate that depends on where it comes from."""

    def found(request: ResourceRequest, values: Values) -> str:
        return imported if _is_imported(values) else issued

    return found


def _firewall(resource: str) -> Any:
    """The ARN of a part of WAF: that of a region, or the global one for CloudFront."""

    def found(request: ResourceRequest, values: Values) -> Any:
        name, scope = values.get("name"), values.get("scope")
        if not isinstance(name, str) or not isinstance(scope, str):
            return UNKNOWN
        place = "global" if scope == "CLOUDFRONT" else "regional"
        region = "us-east-1" if scope == "CLOUDFRONT" else request.region
        lead = f"arn:{request.partition}:wafv2:{region}:{request.account.id}"
        return f"{lead}:{place}/{resource}/{name}/{identifiers.uuid_of(request.seed)}"

    return found


_VIEWERS: dict[str, Computed] = {
    "isIpv6Enabled": False,
    "httpVersion": "http2",
    "priceClass": "PriceClass_All",
    "retainOnDelete": False,
    "staging": False,
    "waitForDeployment": True,
}


def _policy(resource: str, **defaults: Any) -> ResourceSpec:
    return ResourceSpec(
        id="{uuid}",
        arn=f"{_CLOUDFRONT}{resource}/{{id}}",
        defaults=defaults,
        computed={"etag": "E{upper13:etag}"},
    )


ROWS = {
    "route53.Zone": ResourceSpec(
        id="Z{upper20}",
        arn="arn:{partition}:route53:::hostedzone/{id}",
        defaults={"comment": "Managed by Pulumi", "enableAcceleratedRecovery": False, "forceDestroy": False},
        computed={
            "zoneId": "{id}",
            "nameServers": _name_servers,
            "primaryNameServer": lambda request, values: next(_servers(request.seed)),
        },
    ),
    "route53.Record": ResourceSpec(
        id=_record_id, name="", defaults={"allowOverwrite": False}, computed={"fqdn": _fqdn}
    ),
    "route53.HealthCheck": ResourceSpec(
        id="{uuid}",
        arn="arn:{partition}:route53:::healthcheck/{id}",
        name="",
        defaults={"disabled": False, "failureThreshold": 3, "measureLatency": False, "requestInterval": 30},
    ),
    "route53.ZoneAssociation": ResourceSpec(
        id="{zoneId}:{vpcId}",
        name="",
        defaults={"vpcRegion": "{region}"},
        computed={"owningAccount": "{account}"},
    ),
    "acm.Certificate": ResourceSpec(
        id="{arn}",
        arn="arn:{partition}:acm:{region}:{account}:certificate/{uuid}",
        name="",
        defaults={
            "keyAlgorithm": "RSA_2048",
            "subjectAlternativeNames": ["{domainName}"],
            "validationMethod": _either("NONE", "EMAIL"),
        },
        computed={
            "domainValidationOptions": _validation_options,
            "notAfter": "",
            "notBefore": "",
            "pendingRenewal": False,
            "renewalEligibility": "INELIGIBLE",
            "renewalSummaries": [],
            "status": _either("ISSUED", "PENDING_VALIDATION"),
            "type": _either("IMPORTED", "AMAZON_ISSUED"),
            "validationEmails": [],
        },
    ),
    "acm.CertificateValidation": ResourceSpec(id="2025-01-01 00:00:00 +0000 UTC", name=""),
    "cloudfront.Distribution": ResourceSpec(
        id="E{upper13}",
        arn=_CLOUDFRONT + "distribution/{id}",
        name="",
        defaults={**_VIEWERS, "continuousDeploymentPolicyId": ""},
        computed={
            "callerReference": "terraform-{digits26}",
            "domainName": "d{lower13}.cloudfront.net",
            "etag": "E{upper13:etag}",
            "hostedZoneId": hosted_zones.CLOUDFRONT,
            "inProgressValidationBatches": 0,
            "loggingV1Enabled": False,
            "status": "Deployed",
            "trustedKeyGroups": [{"enabled": False, "items": []}],
            "trustedSigners": [{"enabled": False, "items": []}],
        },
    ),
    "cloudfront.OriginAccessIdentity": ResourceSpec(
        id="E{upper13}",
        arn=_CLOUDFRONT + "origin-access-identity/{id}",
        name="",
        computed={
            "callerReference": "terraform-{digits26}",
            "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/{id}",
            "etag": "E{upper13:etag}",
            "iamArn": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
            "s3CanonicalUserId": "{hex96}",
        },
    ),
    "cloudfront.OriginAccessControl": ResourceSpec(
        id="E{upper13}",
        arn=_CLOUDFRONT + "origin-access-control/{id}",
        defaults={"description": "Managed by Pulumi"},
        computed={"etag": "E{upper13:etag}"},
    ),
    "cloudfront.Function": ResourceSpec(
        id="{name}",
        arn=_CLOUDFRONT + "function/{name}",
        defaults={"publish": True},
        computed={
            "etag": "E{upper13:etag}",
            "liveStageEtag": "E{upper13:live}",
            "status": "UNASSOCIATED",
        },
    ),
    "cloudfront.CachePolicy": _policy("cache-policy", minTtl=0, defaultTtl=86400, maxTtl=31536000),
    "cloudfront.OriginRequestPolicy": _policy("origin-request-policy"),
    "cloudfront.ResponseHeadersPolicy": _policy("response-headers-policy"),
    "cloudfront.PublicKey": ResourceSpec(
        id="K{upper13}",
        computed={"etag": "E{upper13:etag}", "callerReference": "terraform-{digits26}"},
    ),
    "cloudfront.KeyGroup": ResourceSpec(id="{uuid}", computed={"etag": "E{upper13:etag}"}),
    "wafv2.WebAcl": ResourceSpec(
        id="{uuid}",
        generated="terraform-",
        defaults={"arn": _firewall("webacl")},
        computed={"applicationIntegrationUrl": "", "lockToken": "{uuid:lock}"},
    ),
    "wafv2.IpSet": ResourceSpec(
        id="{uuid}", defaults={"arn": _firewall("ipset")}, computed={"lockToken": "{uuid:lock}"}
    ),
    "wafv2.RuleGroup": ResourceSpec(
        id="{uuid}",
        generated="terraform-",
        defaults={"arn": _firewall("rulegroup")},
        computed={"lockToken": "{uuid:lock}"},
    ),
    "wafv2.WebAclAssociation": ResourceSpec(id="{webAclArn},{resourceArn}", name=""),
}
