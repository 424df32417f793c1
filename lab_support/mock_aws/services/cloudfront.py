"""CloudFront: distributions, what reads their origins, and policies.

Defaults: Amazon CloudFront Developer Guide, "Values that you specify when you create or update a distribution".
"""

from __future__ import annotations

import re
from typing import Any

from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.data import read
from lab_support.mock_aws.data.regions import CLOUDFRONT_ZONE
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec

_CLOUDFRONT = "arn:{partition}:cloudfront::{account}:"


def _policy(resource: str, **more: Any) -> ResourceSpec:
    return ResourceSpec(
        id="{uuid}",
        arn=f"{_CLOUDFRONT}{resource}/{{id}}",
        is_global=True,
        computed={"etag": "E{upper13:etag}"},
        **more,
    )


def _certificate_is_in_us_east_1(request: ResourceRequest, values: Values) -> None:
    """A certificate of ACM must be in us-east-1, in the same account."""
    certificate = values.get("viewerCertificate")
    arn = certificate.get("acmCertificateArn") if isinstance(certificate, dict) else None
    if isinstance(arn, str) and arn.startswith("arn:aws:acm:") and arn.split(":")[3] != "us-east-1":
        raise CreationRefused(
            "InvalidViewerCertificate",
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
            "valid certificate chain.",
        )


def _cloudfront_policy(lookup: Lookup) -> Values:
    """A policy of CloudFront: the account's own, or one that AWS manages."""
    own_kind = lookup.token.rpartition(":")[2].removeprefix("get")
    for held in lookup.resources():
        if lookup.args.get("id") == held.id or lookup.args.get("name") == held.values.get("name"):
            return {**held.values, "id": held.id}
    policies = read("cloudfront_policies")["policies"]
    by_id = {identity: name for name, identity in policies.items()}
    name = lookup.args.get("name") or by_id.get(str(lookup.args.get("id")))
    if name not in policies:
        raise not_found(f"no matching CloudFront {re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', own_kind)} found")
    return {"id": policies[name], "name": name, "etag": "E23ZP02F085DFQ", "comment": ""}


SPECS = {
    "cloudfront.Distribution": ResourceSpec(
        creation=("CloudFront", "CreateDistributionWithTags", "creating CloudFront Distribution"),
        rules=(_certificate_is_in_us_east_1,),
        defaults={"isIpv6Enabled": False, "priceClass": "PriceClass_All", "continuousDeploymentPolicyId": ""},
        computed={
            "callerReference": "terraform-{digits26}",
            "domainName": "d{lower13}.cloudfront.net",
            "etag": "E{upper13:etag}",
            "hostedZoneId": CLOUDFRONT_ZONE,
            "inProgressValidationBatches": 0,
            "loggingV1Enabled": False,
            "trustedKeyGroups": [{"enabled": False, "items": []}],
            "trustedSigners": [{"enabled": False, "items": []}],
        },
        is_global=True,
        data_sources={"cloudfront.getDistribution": find_by("id", "CloudFront Distribution", "id")},
        force_new=("staging",),
    ),
    "cloudfront.OriginAccessIdentity": ResourceSpec(
        id="E{upper13}",
        arn=_CLOUDFRONT + "origin-access-identity/{id}",
        computed={
            "callerReference": "terraform-{digits26}",
            "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/{id}",
            "etag": "E{upper13:etag}",
            "iamArn": "arn:{partition}:iam::cloudfront:user/CloudFront Origin Access Identity {id}",
            "s3CanonicalUserId": "{hex96}",
        },
    ),
    "cloudfront.OriginAccessControl": ResourceSpec(
        defaults={"description": "Managed by Pulumi"}, computed={"etag": "E{upper13:etag}"}
    ),
    "cloudfront.Function": ResourceSpec(
        computed={"etag": "E{upper13:etag}", "liveStageEtag": "E{upper13:live}", "status": "UNASSOCIATED"}
    ),
    "cloudfront.CachePolicy": _policy(
        "cache-policy",
        defaults={"minTtl": 0, "defaultTtl": 86400, "maxTtl": 31536000},
        data_sources={"cloudfront.getCachePolicy": _cloudfront_policy},
    ),
    "cloudfront.OriginRequestPolicy": _policy(
        "origin-request-policy", data_sources={"cloudfront.getOriginRequestPolicy": _cloudfront_policy}
    ),
    "cloudfront.ResponseHeadersPolicy": _policy(
        "response-headers-policy", data_sources={"cloudfront.getResponseHeadersPolicy": _cloudfront_policy}
    ),
    "cloudfront.PublicKey": ResourceSpec(
        id="K{upper13}", computed={"etag": "E{upper13:etag}", "callerReference": "terraform-{digits26}"}
    ),
    "cloudfront.KeyGroup": ResourceSpec(computed={"etag": "E{upper13:etag}"}),
}
DATA_SOURCES = {
    "cloudfront.getLogDeliveryCanonicalUserId": lambda lookup: {
        # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)".
        "id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"
    }
}
