"""S3: buckets, what is set on them, and the objects in them.

Formats: Service Authorization Reference, "Amazon S3"; endpoints: AWS General Reference, "Amazon S3 endpoints and
quotas"; defaults: Amazon S3 User Guide ("Default settings for new S3 buckets": since April 2023 all public access is
blocked and ACLs are off; since January 2023 every object is encrypted with SSE-S3).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data.regions import facts_of, hosted_zone_of
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import (
    Autoname,
    Computed,
    DeletionGuard,
    NameForm,
    Reference,
    ResourceSpec,
    Unique,
    name_length,
)
from lab_support.mock_aws.services import s3_rules


def _website_domain(request: ResourceRequest, values: Values) -> str:
    dash = "-" if facts_of(request.region).get("website_dash") else "."  # newer regions have a dot
    return f"s3-website{dash}{request.region}.{request.dns_suffix}"


def _website_endpoint(request: ResourceRequest, values: Values) -> Any:
    bucket = values.get("bucket")
    return f"{bucket}.{_website_domain(request, values)}" if isinstance(bucket, str) else bucket


def _if_website(value: Any) -> Any:
    """A bucket has a website endpoint only where its own (older) `website` argument asks for one."""

    def found(request: ResourceRequest, values: Values) -> Any:
        return value(request, values) if values.get("website") is not None else ""

    return found


def _owner(request: ResourceRequest, values: Values) -> Any:
    """The grant that every bucket has: its owner, by the account's canonical user id, may do everything."""
    canonical = identifiers.hexadecimal(f"canonical:{request.account.id}", 64)
    return [{"id": canonical, "permissions": ["FULL_CONTROL"], "type": "CanonicalUser", "uri": ""}]


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


def _object(more_outputs: Mapping[str, Computed], **more: Any) -> ResourceSpec:
    """An object in a bucket, under either of the two types that the SDK has for it."""
    return ResourceSpec(
        id="{bucket}/{key}",
        arn="arn:{partition}:s3:::{bucket}/{key}",
        name="key",
        autoname=Autoname(longest=0, digits=0),
        defaults=_OBJECT_DEFAULTS,
        computed={"versionId": "", **more_outputs},
        references=(bucket_exists("PutObject", "uploading S3 Object ({key}) to Bucket ({bucket})"),),
        rules=(s3_rules.object_takes_acl,),
        **more,
    )


_CHECKSUMS = {
    **dict.fromkeys(("checksumCrc32c", "checksumSha1", "checksumSha256", "checksumCrc32"), ""),
    "checksumCrc64nvme": "",
}


def _taken_in_us_east_1(fields: Mapping[str, Any]) -> AwsApiError | None:
    """There S3 itself would take the request; the provider looks first."""
    if fields["region"] != "us-east-1":
        return None
    return AwsApiError("S3", "", "", "BucketAlreadyExists", f"creating S3 Bucket ({fields['bucket']})")


_INVALID_BUCKET: Final = "validating S3 Bucket ({name}) name: "


def bucket_exists(operation: str, doing: str) -> Reference:
    text = "The specified bucket does not exist"
    return Reference(
        "NoSuchBucket", text, call=("S3", operation), doing=doing, name="bucket", target="s3.Bucket"
    )


def _canonical_user(lookup: Lookup) -> Values:
    return {"id": identifiers.hexadecimal(f"{lookup.account.id}:canonical", 64), "displayName": "reviewer"}


SPECS = {
    "s3.Bucket": ResourceSpec(
        creation=("S3", "CreateBucket", "creating S3 Bucket ({bucket})"),
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
            "hostedZoneId": hosted_zone_of("s3_zone"),
            "websiteDomain": _if_website(_website_domain),
            "websiteEndpoint": _if_website(_website_endpoint),
        },
        is_global=True,
        name="bucket",
        autoname=Autoname(longest=63, lower=True),
        rules=(s3_rules.new_bucket_takes_acl,),
        unique=Unique(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            special=_taken_in_us_east_1,
        ),
        name_forms=(
            name_length("bucket", 0, 63),
            NameForm(r".{3,63}", _INVALID_BUCKET + '"{name}" must contain from 3 to 63 characters'),
            NameForm(
                r"[0-9a-z.-]*",
                _INVALID_BUCKET + 'only lowercase alphanumeric characters and hyphens allowed in "{name}"',
            ),
            NameForm(
                r"(?!\d+\.\d+\.\d+\.\d+$).*",
                _INVALID_BUCKET + '"{name}" must not be formatted as an IP address',
            ),
            NameForm(r"(?!\.).*", _INVALID_BUCKET + '"{name}" cannot start with a period'),
            NameForm(r".*(?<!\.)", _INVALID_BUCKET + '"{name}" cannot end with a period'),
            NameForm(r"(?!.*\.\.).*", _INVALID_BUCKET + '"{name}" can be only one period between labels'),
        ),
        deletion=("S3", "DeleteBucket", "deleting S3 Bucket ({id})"),
        guards=(
            DeletionGuard(
                "BucketNotEmpty",
                "The bucket you tried to delete is not empty",
                409,
                users=(
                    ("s3.BucketObject", "bucket"),
                    ("s3.BucketObjectv2", "bucket"),
                    ("s3.ObjectCopy", "bucket"),
                ),
                unless="forceDestroy",
            ),
        ),
        data_sources={
            "s3.getBucket": find_by("bucket", "S3 Bucket", "bucket", gives={"bucketRegion": "region"})
        },
        force_new=("objectLockEnabled",),
        inline={
            "accelerationStatus": "s3.BucketAccelerateConfiguration",
            "acl": "s3.BucketAcl",
            "corsRules": "s3.BucketCorsConfiguration",
            "lifecycleRules": "s3.BucketLifecycleConfiguration",
            "logging": "s3.BucketLogging",
            "objectLockConfiguration": "s3.BucketObjectLockConfiguration",
            "policy": "s3.BucketPolicy",
            "replicationConfiguration": "s3.BucketReplicationConfig",
            "requestPayer": "s3.BucketRequestPaymentConfiguration",
            "serverSideEncryptionConfiguration": "s3.BucketServerSideEncryptionConfiguration",
            "versioning": "s3.BucketVersioning",
            "website": "s3.BucketWebsiteConfiguration",
        },
    ),
    "s3.BucketObject": _object({}, overwrites=("bucket", "key")),
    "s3.BucketObjectv2": _object(_CHECKSUMS, overwrites=("bucket", "key"), overwrites_as="s3.BucketObject"),
    s3_rules.ACCESS_BLOCK: ResourceSpec(
        references=(
            bucket_exists("PutPublicAccessBlock", "creating S3 Bucket ({bucket}) Public Access Block"),
        ),
        overwrites=("bucket",),
    ),
    s3_rules.OWNERSHIP: ResourceSpec(overwrites=("bucket",)),
    "s3.BucketPolicy": ResourceSpec(
        creation=("S3", "PutBucketPolicy", "putting S3 Bucket ({bucket}) Policy"),
        awaits=s3_rules.awaited_by_policy,
        rules=(s3_rules.policy_may_be_public,),
        references=(bucket_exists("PutBucketPolicy", "putting S3 Bucket ({bucket}) Policy"),),
        overwrites=("bucket",),
    ),
    "s3.BucketVersioning": ResourceSpec(
        references=(bucket_exists("PutBucketVersioning", "creating S3 Bucket ({bucket}) Versioning"),),
        overwrites=("bucket",),
        force_new=("expectedBucketOwner",),
    ),
    "s3.BucketLifecycleConfiguration": ResourceSpec(
        defaults={
            "transitionDefaultMinimumObjectSize": "all_storage_classes_128K",
            "expectedBucketOwner": "",
        },
        overwrites=("bucket",),
        force_new=("expectedBucketOwner",),
    ),
    "s3.BucketServerSideEncryptionConfiguration": ResourceSpec(
        overwrites=("bucket",), force_new=("expectedBucketOwner",)
    ),
    "s3.BucketCorsConfiguration": ResourceSpec(overwrites=("bucket",), force_new=("expectedBucketOwner",)),
    "s3.BucketLogging": ResourceSpec(overwrites=("bucket",), force_new=("expectedBucketOwner",)),
    "s3.BucketNotification": ResourceSpec(overwrites=("bucket",)),
    "s3.BucketReplicationConfig": ResourceSpec(overwrites=("bucket",)),
    "s3.BucketAccelerateConfiguration": ResourceSpec(overwrites=("bucket",)),
    "s3.BucketRequestPaymentConfiguration": ResourceSpec(overwrites=("bucket",)),
    "s3.BucketObjectLockConfiguration": ResourceSpec(overwrites=("bucket",)),
    "s3.BucketWebsiteConfiguration": ResourceSpec(
        computed={"websiteDomain": _website_domain, "websiteEndpoint": _website_endpoint},
        overwrites=("bucket",),
        force_new=("expectedBucketOwner",),
    ),
    "s3.BucketAcl": ResourceSpec(
        creation=("S3", "PutBucketAcl", "creating S3 Bucket ({bucket}) ACL"),
        awaits=s3_rules.awaited_by_acl,
        rules=(s3_rules.bucket_takes_acls,),
        id=lambda request, values: (
            f"{values.get('bucket')},{values['acl']}"
            if isinstance(values.get("acl"), str) and isinstance(values.get("bucket"), str)
            else values.get("bucket")
        ),
        overwrites=("bucket",),
        force_new=("expectedBucketOwner",),
    ),
    "s3.BucketIntelligentTieringConfiguration": ResourceSpec(overwrites=("bucket", "name")),
    "s3.BucketMetric": ResourceSpec(overwrites=("bucket", "name")),
    "s3.AnalyticsConfiguration": ResourceSpec(overwrites=("bucket", "name")),
    "s3.Inventory": ResourceSpec(overwrites=("bucket", "name")),
    "s3.AccountPublicAccessBlock": ResourceSpec(overwrites=()),
}
# What S3's types were called before pulumi-aws 7.
_RENAMED = """
    Bucket BucketAccelerateConfiguration BucketAcl BucketCorsConfiguration BucketLifecycleConfiguration BucketLogging
    BucketObjectLockConfiguration BucketRequestPaymentConfiguration BucketServerSideEncryptionConfiguration
    BucketVersioning BucketWebsiteConfiguration
"""
ALIASES = {f"s3.{name}V2": f"s3.{name}" for name in _RENAMED.split()}
DATA_SOURCES = {"s3.getCanonicalUserId": _canonical_user}
