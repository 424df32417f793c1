"""The stranger drill: who gets in at roles that trust GitHub, and at topics."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.strangers import BRANCH, REPOSITORY, Door, role_may, strangers, tokens
from lab_support.plan.resource import Resource
from tests.alarm_plans import ACCOUNT, REGION, TOPIC, a_topic, an_alarm
from tests.drills.test_github_tokens import trust
from tests.plans import a_plan, a_resource

MAIN = f"repo:{REPOSITORY}:ref:refs/heads/{BRANCH}"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
ACCOUNT_ONLY = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
CLOUDWATCH = {"Service": "cloudwatch.amazonaws.com"}


def a_role(*statements: dict[str, Any], name: str = "deploy") -> Resource:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    policy = {"Version": "2012-10-17", "Statement": list(statements)}
    return a_resource("iam.Role", name, id=name, name=name, arn=arn, assume_role_policy=policy)


def for_subjects(*subjects: str, name: str = "deploy") -> Resource:
    return a_role(trust({"StringLike": {"sub": list(subjects)}}), name=name)


def a_key(principal: Any) -> Resource:
    statements = [
        {"Effect": "Allow", "Principal": who, "Action": "kms:*", "Resource": "*"}
        for who in (ACCOUNT_ONLY, principal)
    ]
    return a_resource(
        "kms.Key", "key", id="k", arn=KEY, region=REGION, policy={"Statement": statements}, is_enabled=True
    )


def open_topic(*actions: str, principal: Any = "*", **more: Any) -> Resource:
    statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": TOPIC}
    return a_topic(policy={"Statement": [statement]}, **more)


def the_door(*resources: Resource) -> Door:
    (door,) = strangers(a_plan(*resources)).doors
    return door


def let_in(*resources: Resource) -> list[str]:
    return [visitor.asks for visitor in the_door(*resources).let_in]


def test_the_first_token_is_that_of_a_release() -> None:
    release, *others = tokens()
    assert release.subject == MAIN
    assert MAIN not in [token.subject for token in others]


def test_a_role_for_releases_lets_in_releases_only() -> None:
    role = for_subjects(MAIN)
    report = strangers(a_plan(role))
    assert report.releases == (role,)
    assert (report.doors[0].let_in, report.doors[0].left_out) == ((), ())


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("repo:*/emergency-alert:pull_request", "repo:someone-else/emergency-alert:pull_request"),
        ("repo:alerts-example/*", "repo:alerts-example/website:ref:refs/heads/main"),
        (
            "repo:alerts-example*/emergency-alert:*",
            "repo:alerts-example-2/emergency-alert:ref:refs/heads/main",
        ),
        (f"repo:{REPOSITORY}:*", f"repo:{REPOSITORY}:pull_request"),
        (f"{MAIN}*", f"{MAIN}-2"),
        (f"repo:{REPOSITORY}:ref:refs/heads/release/*", f"repo:{REPOSITORY}:ref:refs/heads/release/x"),
        (f"repo:{REPOSITORY}:environment:prod", f"repo:{REPOSITORY}:environment:prod"),
        ("repo:alerts-example/other:ref:refs/heads/main", "repo:alerts-example/other:ref:refs/heads/main"),
    ],
)
def test_a_pattern_that_fits_others_lets_them_in(pattern: str, expected: str) -> None:
    assert expected in let_in(for_subjects(MAIN, pattern))


def test_a_name_in_another_case_is_no_other_repository() -> None:
    conditions = {
        "StringEqualsIgnoreCase": {"repository": REPOSITORY.title()},
        "StringEquals": {"ref": f"refs/heads/{BRANCH}"},
    }
    role = a_role(trust(conditions))
    assert let_in(role) == []
    assert strangers(a_plan(role)).releases == (role,)


def test_a_name_in_another_case_is_another_branch() -> None:
    role = a_role(trust({"StringEqualsIgnoreCase": {"sub": MAIN}}))
    assert let_in(role) == [f"repo:{REPOSITORY}:ref:refs/heads/Main"]


def test_the_id_of_the_repository_makes_up_for_a_pattern() -> None:
    conditions = {"StringLike": {"sub": "repo:*:ref:refs/heads/main"}, "StringEquals": {"repository_id": "1"}}
    assert let_in(a_role(trust(conditions))) == []


WORKFLOW = f"{REPOSITORY}/.github/workflows/release.yml@refs/heads/{BRANCH}"


@pytest.mark.parametrize(
    "conditions",
    [
        {"StringLike": {"sub": f"repo:{REPOSITORY}:*"}, "StringEquals": {"ref": f"refs/heads/{BRANCH}"}},
        {"StringEquals": {"job_workflow_ref": WORKFLOW}},
    ],
    ids=["ref", "workflow"],
)
def test_a_job_with_an_environment_is_no_stranger_where_only_main_comes_in(conditions: Any) -> None:
    role = a_role(trust(conditions))
    assert let_in(role) == []
    assert strangers(a_plan(role)).releases == (role,)


def test_everyone_chooses_the_branch_of_a_job_in_their_own_repository() -> None:
    conditions = {
        "StringLike": {"sub": "repo:*:environment:prod"},
        "StringEquals": {"ref": f"refs/heads/{BRANCH}"},
    }
    assert "repo:x/x:environment:prod" in let_in(a_role(trust(conditions)))


def test_a_role_that_no_release_can_become_leaves_it_out() -> None:
    report = strangers(a_plan(for_subjects("repo:alerts-example/emergency-alert:ref:refs/heads/master")))
    assert report.releases == ()
    assert [visitor.who for visitor in report.doors[0].left_out] == ["a release"]


def test_a_role_that_anyone_in_aws_may_assume_is_open() -> None:
    everyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    assert "sts:AssumeRole" in let_in(a_role(everyone))


def test_a_role_for_a_service_is_no_door() -> None:
    service = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    assert strangers(a_plan(a_role(service))).doors == ()


def test_a_topic_for_everyone_is_open() -> None:
    assert let_in(open_topic("SNS:Publish", "SNS:Subscribe")) == ["SNS:Publish", "SNS:Subscribe"]
    assert let_in(open_topic("SNS:GetTopicAttributes")) == ["SNS:GetTopicAttributes"]
    assert let_in(a_topic()) == []


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        (ACCOUNT_ONLY, ["SNS:Subscribe"]),
        (CLOUDWATCH, ["SNS:Subscribe", "SNS:Publish"]),
        ("*", ["SNS:Publish", "SNS:Subscribe"]),
    ],
    ids=["key for the account", "key for alarms of any account", "key for everyone"],
)
def test_the_key_of_a_topic_decides_who_publishes(principal: Any, expected: list[str]) -> None:
    topic = open_topic("SNS:Publish", "SNS:Subscribe", kms_master_key_id=KEY)
    assert let_in(topic, a_key(principal)) == expected


def test_an_alarm_is_expected_at_its_topic() -> None:
    for principal, left_out in ((CLOUDWATCH, []), (ACCOUNT_ONLY, ["the alarm alarm"])):
        door = the_door(open_topic("SNS:Publish", principal=principal), an_alarm())
        assert [visitor.who for visitor in door.left_out] == left_out


def for_alarms(condition: dict[str, Any]) -> dict[str, Any]:
    allow = {"Effect": "Allow", "Principal": CLOUDWATCH, "Action": "sns:Publish", "Resource": TOPIC}
    return {"Statement": [{**allow, "Condition": condition}]}


@pytest.mark.parametrize(
    ("condition", "gets_in"),
    [
        ({}, True),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:*:*:alarm:emergency-alert-*"}}, True),
        ({"StringLike": {"aws:SourceAccount": f"{ACCOUNT[:-1]}*"}}, True),
        ({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, False),
        ({"ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:*:{ACCOUNT}:alarm:*"}}, False),
    ],
)
def test_an_alarm_of_another_account_gets_in_where_no_condition_names_ours(
    condition: dict[str, Any], gets_in: bool
) -> None:
    assert let_in(a_topic(policy=for_alarms(condition))) == (["SNS:Publish"] if gets_in else [])


def test_a_role_may_do_what_its_policies_allow() -> None:
    service = f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/cluster/service"
    allow = {"Effect": "Allow", "Action": "ecs:UpdateService", "Resource": service}
    role = for_subjects(MAIN)
    policy = a_resource("iam.RolePolicy", "policy", role="deploy", policy={"Statement": [allow]})
    plan = a_plan(role, policy)
    assert role_may(plan, role, "ecs:UpdateService", service)
    assert not role_may(plan, role, "ecs:DeleteService", service)
