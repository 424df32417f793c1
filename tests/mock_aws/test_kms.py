"""What KMS in the mock account refuses about a key's policy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.mock_aws.aws_errors import AwsApiError
from tests.mock_aws.test_cloudwatch import created

ROOT = {"AWS": "arn:aws:iam::123456789012:root"}
LOCKED_OUT = "The new key policy will not allow you to update the key policy in the future."
INVALID = "Policy contains a statement with one or more invalid principals."


def policy(principal: Any, action: Any = "kms:*", **more: Any) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    "accepted",
    [
        policy(ROOT),
        policy({"AWS": "123456789012"}, ["kms:Put*", "kms:Describe*"]),
        policy("*"),
        policy({"AWS": ["arn:aws:iam::123456789012:role/deployer", "arn:aws:iam::210987654321:root"]}),
        policy({"AWS": "AROAEXAMPLEEXAMPLE1"}),
    ],
)
def test_a_policy_that_the_account_can_change_is_accepted(accepted: str) -> None:
    assert created("kms.Key", {"policy": accepted})["policy"] == accepted
    assert created("kms.KeyPolicy", {"keyId": "k", "policy": accepted})["policy"] == accepted


@pytest.mark.parametrize(
    ("refused", "text"),
    [
        (policy({"Service": "cloudwatch.amazonaws.com"}), LOCKED_OUT),
        (policy(ROOT, "kms:Decrypt"), LOCKED_OUT),
        (policy({"AWS": "arn:aws:iam::210987654321:root"}), LOCKED_OUT),
        (policy({"AWS": ["*", "cloudwatch.amazonaws.com"]}), INVALID),
        (policy({"AWS": "root"}), INVALID),
        (policy({"AWS": "arn:aws:iam::123456789012:role/*"}), INVALID),
        (policy({"AWS": "*", "Service": "*.amazonaws.com"}), INVALID),
        (policy({"AWS": "*", "Service": "cloudwatch"}), INVALID),
    ],
)
@pytest.mark.parametrize("kind", ["kms.Key", "kms.KeyPolicy"])
def test_a_policy_that_nobody_could_change_or_that_names_no_principal_is_refused(
    kind: str, refused: str, text: str
) -> None:
    given = {"policy": refused, **({"keyId": "k"} if kind == "kms.KeyPolicy" else {})}
    with pytest.raises(AwsApiError) as error:
        created(kind, given)
    assert (error.value.code, error.value.text) == ("MalformedPolicyDocumentException", text)


def test_the_lockout_check_can_be_bypassed() -> None:
    locked = policy({"Service": "cloudwatch.amazonaws.com"})
    assert created("kms.Key", {"policy": locked, "bypassPolicyLockoutSafetyCheck": True})["policy"] == locked
