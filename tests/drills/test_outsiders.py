"""What the policies of keys and topics give away: to other accounts, and to services that could manage a key."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.outsiders import given_away, logs_may_use
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.alarm_plans import ACCOUNT, OPEN_POLICY, REGION, a_topic
from tests.plans import a_plan, a_resource

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
NAMED = "arn:aws:iam::*:role/emergency-alert-*"
USE = ["kms:Decrypt", "kms:GenerateDataKey*"]
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}
LOGS = {"Service": f"logs.{REGION}.amazonaws.com"}


def statement(principal: Any, action: Any, condition: Any = None, **more: Any) -> dict[str, Any]:
    conditions = {"Condition": condition} if condition else {}
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": "*",
        **conditions,
        **more,
    }


ADMINISTRATION = statement({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "kms:*")


def a_key(*statements: dict[str, Any]) -> Resource:
    policy = {"Statement": [ADMINISTRATION, *statements]}
    return a_resource("kms.Key", "key", id="k", arn=KEY, region=REGION, policy=policy, is_enabled=True)


def of_key(*statements: dict[str, Any]) -> tuple[str, ...]:
    key = a_key(*statements)
    return given_away(a_plan(key), key)


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [statement(CLOUDWATCH, USE)],
        [statement(CLOUDWATCH, ["kms:Encrypt*", "kms:ReEncrypt*", "kms:Describe*", "kms:CreateGrant"])],
        [statement({"AWS": f"arn:aws:iam::{ACCOUNT}:role/task"}, "kms:*")],
        [statement("*", USE, {"StringEquals": {"kms:CallerAccount": ACCOUNT}})],
        [statement("*", USE, {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})],
        [statement({"AWS": "*"}, USE, {"StringEquals": {"aws:SourceAccount": ACCOUNT}})],
        [statement("*", USE, {"StringLike": {"aws:userid": "AROATASK:*"}})],
        [statement("*", USE, {"ArnLike": {"aws:PrincipalArn": NAMED.replace("*:", f"{ACCOUNT}:")}})],
        [statement("*", USE, {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:root"}})],
        [statement("*", USE, {"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:*"}})],
        [statement("*", USE, {"ArnLike": {"aws:SourceArn": f"arn:aws:*:*:{ACCOUNT}:*"}})],
        [statement("*", USE, {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}})],
        [statement("*", USE, {"StringLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:*"}})],
        [statement("*", USE, {"StringEquals": {"aws:PrincipalOrgID": "o-ours"}})],
        [statement("*", "kms:*", Effect="Deny")],
        [statement("*", USE, {"StringEquals": {"aws:PrincipalServiceName": "cloudwatch.amazonaws.com"}})],
    ],
    ids=str,
)
def test_a_key_for_the_account_and_for_services_that_use_it_gives_nothing_away(
    statements: list[dict[str, Any]],
) -> None:
    assert of_key(*statements) == ()


@pytest.mark.parametrize(
    ("given", "who"),
    [
        (statement("*", USE), "anyone in any AWS account"),
        (statement({"AWS": "*"}, "kms:Decrypt"), "anyone in any AWS account"),
        (
            statement("*", USE, {"StringEquals": {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}}),
            "anyone in any AWS account",
        ),
        (
            statement("*", USE, {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
            "any AWS service, for any account,",
        ),
        (statement({"AWS": "210987654321"}, USE), "the account 210987654321"),
        (statement({"AWS": "arn:aws:iam::210987654321:role/theirs"}, USE), "the account 210987654321"),
        (statement("*", USE, {"ArnLike": {"aws:PrincipalArn": NAMED}}), "anyone in any AWS account"),
        (
            statement("*", USE, {"StringLike": {"aws:PrincipalArn": "*:user/on-call-?"}}),
            "anyone in any AWS account",
        ),
        (statement("*", USE, {"ArnNotLike": {"aws:PrincipalArn": NAMED}}), "anyone in any AWS account"),
        (
            statement("*", USE, {"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:*"}}),
            "any AWS service, for any account,",
        ),
        (
            statement("*", USE, {"StringLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:alarm:emergency-*"}}),
            "any AWS service, for any account,",
        ),
        (statement(CLOUDWATCH, "kms:*"), "the service cloudwatch.amazonaws.com"),
        (statement(CLOUDWATCH, "kms:PutKeyPolicy"), "the service cloudwatch.amazonaws.com"),
    ],
    ids=str,
)
def test_a_key_for_strangers_or_managed_by_a_service_gives_that_away(given: dict[str, Any], who: str) -> None:
    (found,) = of_key(given)
    assert found.startswith(f"{who} may call kms:")


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:PrincipalAccount": f"{ACCOUNT[:-1]}?"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT[:-1]}*:root*"}},
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT[:-1]}*:role/*"}},
    ],
    ids=str,
)
def test_a_pattern_for_numbers_of_accounts_lets_in_those_it_fits(condition: Any) -> None:
    assert any(
        found.startswith(f"the account {ACCOUNT[:-1]}0 may call")
        for found in of_key(statement("*", USE, condition))
    )


def test_a_stranger_chooses_the_name_of_a_session() -> None:
    assert of_key(statement("*", "kms:Decrypt", {"StringLike": {"aws:userid": "*:deploy"}}))


def test_a_deny_takes_back_what_an_allow_gives_away() -> None:
    denied = statement("*", "kms:*", {"StringNotEquals": {"kms:CallerAccount": ACCOUNT}}, Effect="Deny")
    assert of_key(statement("*", USE), denied) == ()


def test_a_deny_for_other_names_leaves_those_that_a_stranger_chooses() -> None:
    denied = statement("*", "kms:*", {"ArnNotLike": {"aws:PrincipalArn": NAMED}}, Effect="Deny")
    (found,) = of_key(statement("*", USE), denied)
    assert found.startswith("anyone in any AWS account may call kms:")


def test_a_key_that_nobody_in_the_account_may_manage_is_given_away() -> None:
    key = a_resource("kms.Key", "key", arn=KEY, policy={"Statement": [statement(CLOUDWATCH, USE)]})
    assert given_away(a_plan(key), key) == ("nobody in the account may manage it",)


@pytest.mark.parametrize(
    ("grantee", "given"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/task", ()),
        ("arn:aws:iam::222233334444:role/r", ("the account 222233334444 may call kms:Decrypt",)),
    ],
)
def test_a_grant_to_another_account_gives_the_key_away(grantee: str, given: tuple[str, ...]) -> None:
    grant = a_resource("kms.Grant", "grant", key_id="k", grantee_principal=grantee, operations=["Decrypt"])
    key = a_key()
    assert given_away(a_plan(key, grant), key) == given


@pytest.mark.parametrize("account", ["999999999999", "222233334444"])
def test_one_account_is_not_anyone(account: str) -> None:
    assert of_key(statement({"AWS": account}, "kms:Decrypt")) == (
        f"the account {account} may call kms:Decrypt",
    )


def test_a_topics_default_policy_gives_nothing_away() -> None:
    topic = a_topic(policy=OPEN_POLICY)
    assert given_away(a_plan(topic), topic) == ()


def test_a_topic_that_anyone_may_publish_to_gives_that_away() -> None:
    topic = a_topic(policy={"Statement": [statement("*", "sns:Publish")]})
    assert given_away(a_plan(topic), topic) == ("anyone in any AWS account may call SNS:Publish",)


@pytest.mark.parametrize("policy", [UNKNOWN, "no JSON", {"Statement": [{"Effect": "Maybe"}]}])
def test_a_policy_that_cannot_be_read_gives_nothing_away(policy: Any) -> None:
    topic = a_topic(policy=policy)
    assert given_away(a_plan(topic), topic) == ()


@pytest.mark.parametrize(
    ("statements", "may"),
    [
        ([statement(LOGS, ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"])], True),
        ([statement(CLOUDWATCH, "kms:*")], False),
        ([statement(LOGS, "kms:Decrypt")], False),
        (
            [
                statement(
                    LOGS,
                    USE,
                    {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:log-group:logs"}},
                )
            ],
            True,
        ),
        (
            [
                statement(
                    LOGS,
                    USE,
                    {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:*:*:log-group:other"}},
                )
            ],
            False,
        ),
        ([], False),
    ],
)
def test_logs_need_the_permission_of_the_key(statements: list[dict[str, Any]], may: bool) -> None:
    key = a_key(*statements)
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:logs"
    group = a_resource("cloudwatch.LogGroup", "logs", arn=arn, region=REGION, kms_key_id=KEY)
    assert logs_may_use(a_plan(key, group), key, group) is may
