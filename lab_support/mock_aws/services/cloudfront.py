"""CloudFront: distributions, what reads their origins, and policies.

Defaults: Amazon CloudFront Developer Guide, "Values that you specify when you create or update a distribution".
"""

from __future__ import annotations

import re
from typing import Any, Final

from lab_support.mock_aws import hosted_zones
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec

_CLOUDFRONT = "arn:{partition}:cloudfront::{account}:"

_VIEWERS: dict[str, Computed] = {
    "isIpv6Enabled": False,
    "httpVersion": "http2",
    "priceClass": "PriceClass_All",
    "retainOnDelete": False,
    "staging": False,
    "waitForDeployment": True,
}


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


# Amazon CloudFront Developer Guide, "Use managed cache policies", "... origin request policies", "... response headers
# policies".
_POLICIES: Final = {
    "Managed-CachingOptimized": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    "Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
    "Managed-CachingDisabled": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    "Managed-Elemental-MediaPackage": "08627262-05a9-4f76-9ded-b50ca2e3a84f",
    "Managed-Amplify": "2e54312d-136d-493c-8eb9-b001f22f67d2",
    "Managed-AllViewer": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    "Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
    "Managed-AllViewerExceptHostHeader": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
    "Managed-CORS-CustomOrigin": "59781a5b-3903-41f3-afcb-af62929ccde1",
    "Managed-CORS-S3Origin": "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
    "Managed-UserAgentRefererHeaders": "acba4595-bd28-49b8-b9fe-13317c0390fa",
    "Managed-CORS-and-SecurityHeadersPolicy": "e61eb60c-9c35-4d20-a928-2b84e02af89c",
    "Managed-CORS-With-Preflight": "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
    "Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
    "Managed-SecurityHeadersPolicy": "67f7725c-6f97-4210-82d7-5512b31e9d03",
    "Managed-SimpleCORS": "60669652-455b-4ae9-85a4-c4c02393f86c",
}


def _cloudfront_policy(lookup: Lookup) -> Values:
    """A policy of CloudFront: the account's own, or one that AWS manages."""
    own_kind = lookup.token.rpartition(":")[2].removeprefix("get")
    for held in lookup.resources():
        if lookup.args.get("id") == held.id or lookup.args.get("name") == held.values.get("name"):
            return {**held.values, "id": held.id}
    by_id = {identity: name for name, identity in _POLICIES.items()}
    name = lookup.args.get("name") or by_id.get(str(lookup.args.get("id")))
    if name not in _POLICIES:
        raise not_found(f"no matching CloudFront {re.sub(r'(?<=[a-z])(?=[A-Z])', ' ', own_kind)} found")
    return {"id": _POLICIES[name], "name": name, "etag": "E23ZP02F085DFQ", "comment": ""}


SPECS = {
    "cloudfront.Distribution": ResourceSpec(
        creation=("CloudFront", "CreateDistributionWithTags", "creating CloudFront Distribution"),
        rules=(_certificate_is_in_us_east_1,),
        id="E{upper13}",
        arn=_CLOUDFRONT + "distribution/{id}",
        defaults={**_VIEWERS, "continuousDeploymentPolicyId": ""},
        computed={
            "callerReference": "terraform-{digits26}",
            "domainName": "d{lower13}.cloudfront.net",
            "etag": "E{upper13:etag}",
            "hostedZoneId": hosted_zones.CLOUDFRONT,
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
        id="E{upper13}",
        arn=_CLOUDFRONT + "origin-access-control/{id}",
        defaults={"description": "Managed by Pulumi"},
        computed={"etag": "E{upper13:etag}"},
    ),
    "cloudfront.Function": ResourceSpec(
        id="{name}",
        arn=_CLOUDFRONT + "function/{name}",
        computed={"etag": "E{upper13:etag}", "liveStageEtag": "E{upper13:live}", "status": "UNASSOCIATED"},
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
    "cloudfront.KeyGroup": ResourceSpec(id="{uuid}", computed={"etag": "E{upper13:etag}"}),
}
DATA_SOURCES = {
    "cloudfront.getLogDeliveryCanonicalUserId": lambda lookup: {
        # Amazon CloudFront Developer Guide, "Configure standard logging (legacy)".
        "id": "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"
    }
}
