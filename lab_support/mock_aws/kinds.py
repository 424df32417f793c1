"""One name for the types that the SDK has under several: `alb.LoadBalancer` is `lb.LoadBalancer`."""

from __future__ import annotations

from functools import cache
from typing import Final

from lab_support.mock_aws.sdk_types import token_of
from lab_support.plan.resource import kind_of

_MODULES: Final = {"alb": "lb"}
# What S3's types were called before pulumi-aws 7, and still are as well.
_OLDER: Final = {
    f"s3.{name}V2": f"s3.{name}"
    for name in (
        "Bucket",
        "BucketAccelerateConfiguration",
        "BucketAcl",
        "BucketCorsConfiguration",
        "BucketLifecycleConfiguration",
        "BucketLogging",
        "BucketObjectLockConfiguration",
        "BucketRequestPaymentConfiguration",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
        "BucketWebsiteConfiguration",
    )
}


def one_kind(token: str) -> str:
    """The kind of a type token, and for all tokens of one thing the same (`s3.Bucket` for `s3.BucketV2`)."""
    kind = kind_of(token)
    module, _, name = kind.rpartition(".")
    kind = f"{_MODULES.get(module, module)}.{name}" if module else name
    return _OLDER.get(kind, kind)


@cache
def tokens_of(kind: str) -> tuple[str, ...]:
    """All tokens of the SDK that mean this kind."""
    module, _, name = kind.rpartition(".")
    modules = [module, *(other for other, same in _MODULES.items() if same == module)]
    names = [f"{each}.{name}" for each in modules]
    names += [other for other, same in _OLDER.items() if same == kind]
    return tuple(token for token in map(token_of, names) if token)
