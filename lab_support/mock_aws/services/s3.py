"""S3: buckets, what is set on them, and the objects in them.

Formats: Service Authorization Reference, "Amazon S3"; endpoints: AWS General Reference, "Amazon S3 endpoints and
quotas"; defaults: Amazon S3 User Guide ("Default settings for new S3 buckets": since April 2023 all public access is
blocked and ACLs are off; since January 2023 every object is encrypted with SSE-S3).
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import hosted_zones, identifiers
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import Computed, ResourceSpec

# Regions whose website endpoints have a dash before the region; all newer ones have a dot.
_DASH = frozenset(
    {
        *("ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1"),
        *("us-east-1", "us-gov-west-1", "us-west-1", "us-west-2"),
    }
)


def _website_domain(request: ResourceRequest, values: Values) -> str:
    return f"s3-website{'-' if request.region in _DASH else '.'}{request.region}.amazonaws.com"


def _website_endpoint(request: ResourceRequest, values: Values) -> Any:
    bucket = values.get("bucket")
    return f"{bucket}.{_website_domain(request, values)}" if isinstance(bucket, str) else bucket


def _if_website(value: Any) -> Any:
    """A bucket has a website endpoint only where its own (older) `website` argument asks for one."""

    def found(request: ResourceRequest, values: Values) -> Any:
        return value(request, values) if values.get("website") is not None else ""

    return found


def _hosted_zone(request: ResourceRequest, values: Values) -> Any:
    return hosted_zones.hosted_zone(hosted_zones.S3, request.region)


def _owner(request: ResourceRequest, values: Values) -> Any:
    """The grant that every bucket has: its owner, by the account's canonical user id, may do everything."""
    canonical = identifiers.hexadecimal(f"canonical:{request.account.id}", 64)
    return [{"id": canonical, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}]


def _of_bucket(**defaults: Any) -> ResourceSpec:
    """A setting of a bucket: its id is the bucket's name."""
    return ResourceSpec(id="{bucket}", name="", defaults=defaults)


_OBJECT_DEFAULTS: dict[str, Computed] = {
    "acl": "private",
    "bucketKeyEnabled": False,
    "contentType": "application/octet-stream",
    "etag": "{hex32}",
    "forceDestroy": False,
    "kmsKeyId": "",
    "serverSideEncryption": "AES256",
    "storageClass": "STANDARD",
}
_OBJECT = ResourceSpec(
    id="{bucket}/{key}",
    arn="arn:{partition}:s3:::{bucket}/{key}",
    name="key",
    defaults=_OBJECT_DEFAULTS,
    computed={"versionId": ""},
)
_CHECKSUMS = {
    **dict.fromkeys(("checksumCrc32c", "checksumSha1", "checksumSha256", "checksumCrc32"), ""),
    "checksumCrc64nvme": "",
}
_BUCKET = ResourceSpec(
    id="{bucket}",
    arn="arn:{partition}:s3:::{bucket}",
    name="bucket",
    generated="terraform-",
    defaults={
        "accelerationStatus": "",
        "corsRules": [],
        "forceDestroy": False,
        "grants": _owner,
        "lifecycleRules": [],
        "objectLockEnabled": False,
        "policy": "",
        "requestPayer": "BucketOwner",
        "serverSideEncryptionConfiguration": {
            "rule": {
                "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256", "kmsMasterKeyId": ""},
                "bucketKeyEnabled": False,
            }
        },
        "versioning": {"enabled": False, "mfaDelete": False},
    },
    computed={
        "bucketDomainName": "{bucket}.s3.{dns_suffix}",
        "bucketRegionalDomainName": "{bucket}.s3.{region}.{dns_suffix}",
        "bucketRegion": "{region}",
        "hostedZoneId": _hosted_zone,
        "websiteDomain": _if_website(_website_domain),
        "websiteEndpoint": _if_website(_website_endpoint),
    },
)
_WEBSITE = ResourceSpec(
    id="{bucket}",
    name="",
    computed={"websiteDomain": _website_domain, "websiteEndpoint": _website_endpoint},
)

ROWS = {
    "s3.Bucket": _BUCKET,
    "s3.BucketObject": _OBJECT,
    "s3.BucketObjectv2": ResourceSpec(
        id=_OBJECT.id,
        arn=_OBJECT.arn,
        name="key",
        defaults=_OBJECT_DEFAULTS,
        computed={"versionId": "", **_CHECKSUMS},
    ),
    "s3.BucketPublicAccessBlock": _of_bucket(
        blockPublicAcls=False, blockPublicPolicy=False, ignorePublicAcls=False, restrictPublicBuckets=False
    ),
    "s3.BucketOwnershipControls": _of_bucket(),
    "s3.BucketPolicy": _of_bucket(),
    "s3.BucketVersioning": _of_bucket(),
    "s3.BucketLifecycleConfiguration": _of_bucket(
        transitionDefaultMinimumObjectSize="all_storage_classes_128K", expectedBucketOwner=""
    ),
    "s3.BucketServerSideEncryptionConfiguration": _of_bucket(),
    "s3.BucketCorsConfiguration": _of_bucket(),
    "s3.BucketLogging": _of_bucket(),
    "s3.BucketNotification": _of_bucket(eventbridge=False),
    "s3.BucketReplicationConfig": _of_bucket(),
    "s3.BucketAccelerateConfiguration": _of_bucket(),
    "s3.BucketRequestPaymentConfiguration": _of_bucket(),
    "s3.BucketObjectLockConfiguration": _of_bucket(objectLockEnabled="Enabled"),
    "s3.BucketWebsiteConfiguration": _WEBSITE,
    "s3.BucketAcl": ResourceSpec(
        id=lambda request, values: (
            f"{values.get('bucket')},{values['acl']}"
            if isinstance(values.get("acl"), str) and isinstance(values.get("bucket"), str)
            else values.get("bucket")
        ),
        name="",
    ),
}
