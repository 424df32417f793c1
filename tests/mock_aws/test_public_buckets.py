"""Public policies and ACLs of S3 buckets: blocked since April 2023, unless the program says otherwise first."""

from __future__ import annotations

import json

import pulumi_aws as aws
import pytest

from lab_support import preview
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.make_existing import make_existing
from tests.mock_aws.asking import a_request, answered, created

STATEMENT = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::site/*"}


@pytest.fixture
def account() -> Account:
    made = Account()
    created("s3.Bucket", "site", account=made, bucket="site")
    return made


def put_policy(account: Account, **changes: object) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**STATEMENT, **changes}]})
    answered(a_request("s3.BucketPolicy", "policy", account=account, bucket="site", policy=policy))


def put_acl(account: Account, acl: str) -> None:
    answered(a_request("s3.BucketAcl", "acl", account=account, bucket="site", acl=acl))


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}], ids=str)
def test_a_public_policy_is_denied_by_the_public_access_block_of_a_new_bucket(
    account: Account, principal: object
) -> None:
    with pytest.raises(AwsApiError) as caught:
        put_policy(account, Principal=principal)
    assert (caught.value.operation, caught.value.code) == ("PutBucketPolicy", "AccessDenied")
    assert "StatusCode: 403" in str(caught.value)
    assert "blocked by the BlockPublicPolicy block public access setting" in caught.value.text


@pytest.mark.parametrize(
    "changes",
    [
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Effect": "Deny"},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
    ],
    ids=str,
)
def test_a_policy_that_lets_not_everybody_in_is_taken(account: Account, changes: dict[str, object]) -> None:
    put_policy(account, **changes)


@pytest.mark.parametrize(("blocked", "refused"), [(True, True), (False, False), (None, False)])
def test_the_bucket_s_own_public_access_block_decides(
    account: Account, blocked: bool | None, refused: bool
) -> None:
    given = {} if blocked is None else {"blockPublicPolicy": blocked}
    created("s3.BucketPublicAccessBlock", "block", account=account, bucket="site", **given)
    if refused:
        with pytest.raises(AwsApiError, match="AccessDenied"):
            put_policy(account)
    else:
        put_policy(account)


def test_nothing_is_known_of_the_settings_of_a_bucket_that_was_there_before() -> None:
    account = Account(existing=(make_existing("s3.Bucket", bucket="site"),))
    put_policy(account)
    put_acl(account, "public-read")


@pytest.mark.parametrize("acl", ["private", "public-read"])
def test_a_new_bucket_takes_no_acls(account: Account, acl: str) -> None:
    with pytest.raises(AwsApiError) as caught:
        put_acl(account, acl)
    assert (caught.value.code, caught.value.text) == (
        "AccessControlListNotSupported",
        "The bucket does not allow ACLs",
    )


def test_acls_are_taken_where_the_bucket_s_ownership_controls_allow_them(account: Account) -> None:
    rule = {"objectOwnership": "BucketOwnerPreferred"}
    created("s3.BucketOwnershipControls", "owner", account=account, bucket="site", rule=rule)
    put_acl(account, "private")
    with pytest.raises(AwsApiError, match=r"AccessDenied: User: .* s3:PutBucketAcl"):
        put_acl(account, "public-read")
    created("s3.BucketPublicAccessBlock", "block", account=account, bucket="site", blockPublicAcls=False)
    put_acl(account, "public-read")


@pytest.mark.parametrize(("acl", "refused"), [("public-read", True), ("private", False), (None, False)])
def test_an_object_with_an_acl_for_others(account: Account, acl: str | None, refused: bool) -> None:
    given = {} if acl is None else {"acl": acl}
    request = a_request("s3.BucketObject", "page", account=account, bucket="site", key="index.html", **given)
    if refused:
        with pytest.raises(AwsApiError, match=r"PutObject, .* AccessControlListNotSupported"):
            answered(request)
    else:
        answered(request)


def test_a_bucket_is_not_created_with_an_acl_for_others() -> None:
    with pytest.raises(AwsApiError, match=r"CreateBucket, .* InvalidBucketAclWithObjectOwnership"):
        answered(a_request("s3.Bucket", "site", bucket="site", acl="public-read"))
    answered(a_request("s3.Bucket", "site", bucket="site", acl="private"))


def a_website(suffix: str) -> None:
    """A public site without `depends_on`: the engine creates the policy and the public access block together."""
    bucket = aws.s3.Bucket("site")
    aws.s3.BucketPolicy(
        "policy",
        bucket=bucket.id,
        policy=bucket.arn.apply(lambda arn: json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})),
    )
    aws.s3.BucketPublicAccessBlock("block", bucket=bucket.id, block_public_policy=False)


def test_a_policy_waits_for_a_public_access_block_that_is_on_its_way() -> None:
    assert preview(a_website).named("policy")["bucket"]
