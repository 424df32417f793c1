"""When S3 refuses what would make a bucket public: policies and ACLs.

Since April 2023, a new bucket blocks all public access and takes no ACLs (Amazon S3 User Guide, "Blocking public access
to your Amazon S3 storage", "Controlling ownership of objects"), unless the program sets both otherwise first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from lab_support.iam.policy import PolicyError, parse
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.aws_errors import AwsApiError, CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.values import UNKNOWN

_BUCKET: Final = "aws:s3/bucket:Bucket"
ACCESS_BLOCK: Final = "s3.BucketPublicAccessBlock"
OWNERSHIP: Final = "s3.BucketOwnershipControls"
_ACCESS_BLOCK_TOKEN: Final = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
_OWNERSHIP_TOKEN: Final = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"

# Canned ACLs that give nobody but the bucket's owner access.
_OF_THE_OWNER: Final = frozenset({"", "private", "bucket-owner-read", "bucket-owner-full-control"})
_PUBLIC: Final = frozenset({"public-read", "public-read-write", "authenticated-read"})
_EVERYBODY: Final = frozenset({("*", "*"), ("AWS", "*")})


def awaited_by_policy(request: ResourceRequest) -> tuple[tuple[Any, str], ...]:
    """What decides whether a policy may be put; nothing for one that gives the public no access."""
    return ((request.inputs.get("bucket"), ACCESS_BLOCK),) if _is_public(request.inputs.get("policy")) else ()


def awaited_by_acl(request: ResourceRequest) -> tuple[tuple[Any, str], ...]:
    """What decides whether a bucket takes an ACL."""
    bucket = request.inputs.get("bucket")
    block = ((bucket, ACCESS_BLOCK),) if request.inputs.get("acl") in _PUBLIC else ()
    return ((bucket, OWNERSHIP), *block)


def policy_may_be_public(request: ResourceRequest, values: Values) -> None:
    """A public policy is refused where the bucket's public access block does not let it pass."""
    if _is_public(values.get("policy")) and _blocks(request, values, "blockPublicPolicy"):
        raise CreationRefused(
            "AccessDenied", _denied(request, values, "PutBucketPolicy", "policies", "BlockPublicPolicy")
        )


def bucket_takes_acls(request: ResourceRequest, values: Values) -> None:
    """An ACL is refused where the bucket's owner owns every object, a public one where public ACLs are blocked."""
    if not _takes_acls(request, values):
        raise CreationRefused("AccessControlListNotSupported", "The bucket does not allow ACLs")
    if values.get("acl") in _PUBLIC and _blocks(request, values, "blockPublicAcls"):
        what = "access control lists (ACLs)"
        raise CreationRefused(
            "AccessDenied", _denied(request, values, "PutBucketAcl", what, "BlockPublicAcls")
        )


def object_takes_acl(request: ResourceRequest, values: Values) -> None:
    """The same for the ACL of an object."""
    acl = request.inputs.get("acl")
    if isinstance(acl, str) and acl not in _OF_THE_OWNER and not _takes_acls(request, values):
        doing = f"uploading S3 Object ({values.get('key')}) to Bucket ({values.get('bucket')})"
        text = "The bucket does not allow ACLs"
        raise AwsApiError("S3", "PutObject", "AccessControlListNotSupported", text, doing)


def new_bucket_takes_acl(request: ResourceRequest, values: Values) -> None:
    """A bucket cannot be created with an ACL for others: its owner owns every object at first."""
    acl = request.inputs.get("acl")
    if request.current is None and isinstance(acl, str) and acl not in _OF_THE_OWNER:
        text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
        raise CreationRefused("InvalidBucketAclWithObjectOwnership", text)


def _setting(request: ResourceRequest, values: Values, token: str) -> StoredResource | None:
    return request.account.find(values.get("bucket"), token)


def _is_new(request: ResourceRequest, values: Values) -> bool:
    """Whether a program has made the bucket: what holds for one that was there before is not known."""
    name = values.get("bucket")
    return any(bucket.values.get("bucket") == name for bucket in request.account.of_type(_BUCKET))


def _blocks(request: ResourceRequest, values: Values, what: str) -> bool:
    block = _setting(request, values, _ACCESS_BLOCK_TOKEN)
    return block.values.get(what) is True if block is not None else _is_new(request, values)


def _takes_acls(request: ResourceRequest, values: Values) -> bool:
    ownership = _setting(request, values, _OWNERSHIP_TOKEN)
    if ownership is None:
        return not _is_new(request, values)
    rule = ownership.values.get("rule")
    return not isinstance(rule, Mapping) or rule.get("objectOwnership") != "BucketOwnerEnforced"


def _is_public(policy: Any) -> bool:
    """Whether a policy lets anybody in, whatever the conditions of a request."""
    if isinstance(policy, Mapping):
        policy = json.dumps(policy, default=str)
    if not isinstance(policy, str) or policy is UNKNOWN:
        return False
    try:
        statements = parse(policy).statements
    except PolicyError:
        return False
    return any(
        statement.allows
        and not statement.conditions
        and not statement.not_principals
        and bool(_EVERYBODY & {*(statement.principals or ())})
        for statement in statements
    )


def _denied(request: ResourceRequest, values: Values, operation: str, what: str, setting: str) -> str:
    caller = f"arn:{request.partition}:iam::{request.account.id}:user/reviewer"
    bucket = f"arn:{request.partition}:s3:::{values.get('bucket')}"
    return (
        f'User: {caller} is not authorized to perform: s3:{operation} on resource: "{bucket}" because public {what} '
        f"are blocked by the {setting} block public access setting."
    )
