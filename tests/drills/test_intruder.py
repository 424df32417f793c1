"""The intruder drill on hand-made plans: what the roles of tasks can do, and to whose stream."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from lab_support.display.show import show
from lab_support.drills.grants import Where
from lab_support.drills.intruder import NEEDS, Intruder, intruder
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from tests.plans import a_plan, a_resource

LEAD = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/"
STREAM = f"{LEAD}alert-stream-dev"
KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/1"
EXECUTION = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)


def a_role(name: str, **more: Any) -> Resource:
    facts = {"name": name, "arn": f"arn:aws:iam::123456789012:role/{name}", "assume_role_policy": TRUST}
    return a_resource("iam.Role", name, id=name, **{**facts, **more})


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(actions: Any = NEEDS, resource: Any = STREAM, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def inline(*statements: Any, role: str = "task", name: str = "policy") -> Resource:
    return a_resource("iam.RolePolicy", name, role=role, name=name, policy=policy(*statements))


def through(service: str, actions: Any = ("kms:Decrypt", "kms:GenerateDataKey*")) -> dict[str, Any]:
    """A statement of a key's policy: the account's roles may use the key through a service."""
    only = {"kms:CallerAccount": "123456789012", "kms:ViaService": f"{service}.ap-southeast-1.amazonaws.com"}
    return allow(list(actions), "*", Principal={"AWS": "*"}, Condition={"StringEquals": only})


ACCOUNT = allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::123456789012:root"})
BY_KINESIS = policy(ACCOUNT, through("kinesis"))


def system(
    *more: Resource, task: Resource | None = None, key_policy: str = BY_KINESIS, **of_task: Any
) -> Plan:
    """A plan with a stream, its key, a task with its two roles, and more."""
    roles = {"task_role_arn": "arn:aws:iam::123456789012:role/task"} | of_task
    return a_plan(
        a_resource("kms.Key", "key", id="1", arn=KEY, key_id="1", policy=key_policy),
        a_resource("kinesis.Stream", "stream", arn=STREAM, kms_key_id=KEY, tags={"Team": "alerts"}),
        task or a_role("task"),
        a_role("execution"),
        a_resource("iam.RolePolicyAttachment", "attached", role="execution", policy_arn=EXECUTION),
        a_resource(
            "ecs.TaskDefinition",
            "tasks",
            execution_role_arn="arn:aws:iam::123456789012:role/execution",
            **roles,
        ),
        *more,
    )


def excess(report: Intruder) -> set[tuple[str, str]]:
    return {(grant.action, grant.where.name) for role in report.roles for grant in role.excess}


def test_the_actions_that_the_work_needs_are_no_excess() -> None:
    report = intruder(system(inline(allow())))
    assert excess(report) == set()
    assert report.missing_access == {}
    assert {grant.where for role in report.roles_for("task") for grant in role.grants} == {Where.OWN}


def test_grants_are_reported_by_place() -> None:
    report = intruder(system(inline(allow("kinesis:*", "*"))))
    (role,) = report.roles_for("task")
    found = excess(report)
    for where in ("OWN", "ENVIRONMENT", "OTHER"):
        assert ("kinesis:DeleteStream", where) in found
    assert ("kinesis:GetRecords", "OWN") not in found
    assert ("kinesis:GetRecords", "ENVIRONMENT") in found
    assert ("kinesis:ListStreams", "SERVICE") in found
    assert role.policies_to_change == ("policy",)
    assert "kinesis:DeleteStream (delete a stream" in role.beyond("policy")


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        f"{LEAD}*",
        f"{LEAD}alert-stream-*",
        f"{STREAM}*",
        f"{LEAD}alert-stream-de?",
        f"{LEAD}*-dev",
        STREAM.replace("ap-southeast-1", "*"),
        STREAM.replace("ap-southeast-1", "ap-southeast-?"),
        STREAM.replace("123456789012", "*"),
        STREAM.replace("123456789012", "12345678901?"),
        f"{LEAD}alert-stream-prod",
    ],
)
def test_a_pattern_that_matches_other_streams_is_excess(resource: str) -> None:
    found = excess(intruder(system(inline(allow(resource=[STREAM, resource])))))
    assert any(action == "kinesis:GetRecords" for action, _ in found)


@pytest.mark.parametrize(
    "resource",
    [
        STREAM.replace("arn:aws", "arn:*"),
        STREAM.replace("ap-southeast-1", "ap-southeast-1*"),
        f"{STREAM}/*",
        STREAM,
    ],
)
def test_a_pattern_that_matches_no_other_possible_stream_is_no_excess(resource: str) -> None:
    assert excess(intruder(system(inline(allow(resource=[STREAM, resource]))))) == set()


def test_actions_that_cannot_act_on_a_stream_are_no_excess() -> None:
    useless = ["kinesis:ListStreams", "kinesis:SubscribeToShard", "s3:GetObject", "kinesis:NoSuchAction"]
    assert excess(intruder(system(inline(allow([*NEEDS, *useless]))))) == set()
    assert excess(intruder(system(inline(allow([*NEEDS, "kinesis:UpdateShardCount"]))))) != set()


def test_only_the_key_of_the_stream_may_be_used() -> None:
    use = ["kms:Decrypt", "kms:GenerateDataKey*", "kms:DescribeKey"]
    assert excess(intruder(system(inline(allow(), allow(use, KEY))))) == set()
    assert ("kms:Decrypt", "SERVICE") in excess(intruder(system(inline(allow(), allow(use, "*")))))
    assert excess(intruder(system(inline(allow(), allow("kms:Encrypt", KEY))))) == {
        ("kms:Encrypt", "SERVICE")
    }


class TestKey:
    USE = ("kms:Decrypt", "kms:GenerateDataKey")

    def test_a_key_policy_that_is_used_through_kinesis_is_enough_and_no_excess(self) -> None:
        report = intruder(system(inline(allow()), key_policy=BY_KINESIS))
        assert (report.missing_access, excess(report)) == ({}, set())

    def test_through_kinesis_a_key_policy_may_allow_more_uses(self) -> None:
        actions = (*self.USE, "kms:Encrypt", "kms:ReEncrypt*", "kms:CreateGrant", "kms:DescribeKey")
        report = intruder(system(inline(allow()), key_policy=policy(ACCOUNT, through("kinesis", actions))))
        assert (report.missing_access, excess(report)) == ({}, set())

    def test_with_the_default_policy_the_role_needs_the_permission_itself(self) -> None:
        default = policy(ACCOUNT)
        missing = intruder(system(inline(allow()), key_policy=default)).missing_access["tasks"]
        assert "kms:Decrypt, kms:GenerateDataKey on the stream's key" in missing
        both = inline(allow(), allow(list(self.USE), KEY))
        assert intruder(system(both, key_policy=default)).missing_access == {}

    @pytest.mark.parametrize(
        "statement",
        [
            through("kinesis", ("kms:Decrypt",)),
            through("secretsmanager"),
            through("kinesis") | {"Principal": {"AWS": "arn:aws:iam::123456789012:role/execution"}},
        ],
        ids=["reading only", "another service", "another role"],
    )
    def test_a_narrower_key_policy_leaves_work_undone(self, statement: dict[str, Any]) -> None:
        report = intruder(system(inline(allow()), key_policy=policy(ACCOUNT, statement)))
        assert "kms:GenerateDataKey" in report.missing_access["tasks"]

    def test_a_role_policy_counts_only_if_the_key_lets_the_account_in(self) -> None:
        both = inline(allow(), allow(list(self.USE), KEY))
        stranger = allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::123456789012:role/admin"})
        assert "kms:Decrypt" in intruder(system(both, key_policy=policy(stranger))).missing_access["tasks"]

    @pytest.mark.parametrize(("stream", "allowed"), [(STREAM, True), (f"{STREAM}-archive", False)])
    def test_kinesis_names_the_stream_in_the_encryption_context(self, stream: str, allowed: bool) -> None:
        only = {"StringEquals": {"kms:EncryptionContext:aws:kinesis:arn": stream}}
        both = inline(allow(), allow(list(self.USE), KEY, Condition=only))
        assert (not intruder(system(both, key_policy=policy(ACCOUNT))).missing_access) is allowed

    def test_a_key_that_every_role_may_use_directly_is_excess(self) -> None:
        direct = allow(list(self.USE), "*", Principal={"AWS": "arn:aws:iam::123456789012:role/execution"})
        report = intruder(system(inline(allow()), key_policy=policy(ACCOUNT, through("kinesis"), direct)))
        (execution,) = report.roles_for("execution")
        assert execution.policies_to_change == ("key",)

    def test_a_stream_without_a_key_of_the_program_needs_no_permission_for_one(self) -> None:
        plan = system(inline(allow()), key_policy=policy(ACCOUNT))
        resources = [r for r in plan if r.kind != "kinesis.Stream"]
        bare = a_resource("kinesis.Stream", "stream", arn=STREAM, kms_key_id="alias/aws/kinesis")
        assert intruder(a_plan(bare, *resources)).missing_access == {}


def test_a_deny_removes_grants() -> None:
    deny = {"Effect": "Deny", "NotAction": list(NEEDS), "Resource": "*"}
    assert excess(intruder(system(inline(allow("kinesis:*"), deny)))) == set()
    only_here = {"Effect": "Deny", "Action": "*", "NotResource": [STREAM, "arn:aws:s3:::logs/*"]}
    assert excess(intruder(system(inline(allow(resource="*"), only_here)))) == set()
    assert ("s3:GetObject", "SERVICE") in excess(intruder(system(inline(allow("*", "*"), only_here))))


def test_a_condition_on_an_unknown_key_neither_protects_nor_grants() -> None:
    office = {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}
    report = intruder(system(inline(allow("kinesis:*", "*", Condition=office))))
    assert ("kinesis:DeleteStream", "OTHER") in excess(report)
    assert "kinesis:GetRecords" in report.missing_access["tasks"]


def test_a_condition_on_known_keys_is_evaluated() -> None:
    tags = {"StringEquals": {"aws:ResourceTag/Team": "alerts"}, "Bool": {"aws:SecureTransport": "true"}}
    report = intruder(system(inline(allow(Condition=tags))))
    assert (excess(report), report.missing_access) == (set(), {})
    region = {"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}}
    anywhere = STREAM.replace("ap-southeast-1", "*")
    assert excess(intruder(system(inline(allow(resource=anywhere, Condition=region))))) == set()


OWN_TAGS = {"Project": "alerts", "Environment": "dev"}
BOTH = {f"aws:ResourceTag/{name}": value for name, value in OWN_TAGS.items()}


def tagged_system(condition: Any, resource: str, actions: Any, **more: Any) -> Plan:
    """A system whose key and stream have tags, and whose task may do this under a condition."""
    plan = system(inline(allow(), allow(actions, resource, Condition=condition), allow("kms:*", KEY)))
    tagged = (
        replace(found, outputs={**found.outputs, "tags": OWN_TAGS})
        if found.kind in ("kms.Key", "kinesis.Stream")
        else found
        for found in plan
    )
    return a_plan(*tagged, a_resource("kms.Key", "other", id="2", arn=f"{KEY}2", key_id="2", **more))


@pytest.mark.parametrize(
    ("condition", "limits"),
    [
        ({"StringEquals": BOTH}, True),
        ({"StringEquals": {"aws:ResourceTag/Environment": "dev"}}, True),
        ({"StringEquals": {"aws:ResourceTag/Project": "alerts"}}, False),
        ({"StringEquals": {"aws:ResourceTag/Team": "records"}}, False),
        ({"StringLike": {"aws:ResourceTag/Environment": "dev*"}}, False),
        ({"StringEqualsIfExists": BOTH}, False),
        ({"ForAllValues:StringEquals": BOTH}, False),
        ({"StringNotEquals": {"aws:ResourceTag/Environment": "prod"}}, False),
        ({"Null": {"aws:ResourceTag/Environment": "true"}}, False),
    ],
)
@pytest.mark.parametrize(
    ("action", "resource"),
    [("kms:Decrypt", "*"), ("kinesis:GetRecords", "arn:aws:kinesis:ap-southeast-1:123456789012:stream/*")],
)
def test_tags_limit_a_policy_to_what_has_them(
    condition: Any, limits: bool, action: str, resource: str
) -> None:
    found = {name for name, _ in excess(intruder(tagged_system(condition, resource, action)))}
    assert (action not in found) is limits


def test_a_tag_that_another_key_of_the_plan_has_too_limits_nothing() -> None:
    plan = tagged_system({"StringEquals": BOTH}, "*", "kms:Decrypt", tags=OWN_TAGS)
    assert "kms:Decrypt" in {name for name, _ in excess(intruder(plan))}


@pytest.mark.parametrize(
    ("operator", "limits"),
    [
        ("ForAnyValue:StringEquals", True),
        ("ForAllValues:StringEquals", False),
        ("ForAnyValue:StringEqualsIfExists", False),
    ],
)
def test_an_alias_limits_a_policy_unless_a_key_without_one_meets_the_condition(
    operator: str, limits: bool
) -> None:
    condition = {operator: {"kms:ResourceAliases": "alias/events-dev"}}
    named = a_resource(
        "kms.Alias", "alias", id="alias/events-dev", name="alias/events-dev", target_key_id=KEY
    )
    plan = a_plan(*system(inline(allow(), allow("kms:Decrypt", "*", Condition=condition))), named)
    assert ("kms:Decrypt" not in {name for name, _ in excess(intruder(plan))}) is limits


def test_a_tag_condition_key_that_kms_does_not_have_allows_nothing() -> None:
    plan = tagged_system({"StringEquals": {"kms:ResourceTag/Environment": "dev"}}, "*", "kms:Decrypt")
    assert "kms:Decrypt" not in {name for name, _ in excess(intruder(plan))}


def test_a_stream_of_another_account_may_have_any_tags() -> None:
    plan = tagged_system({"StringEquals": BOTH}, "*", "kinesis:PutRecord")
    assert ("kinesis:PutRecord", "OTHER") in excess(intruder(plan))


def test_a_policy_counts_however_it_is_attached() -> None:
    broad = policy(allow("kinesis:*", "*"))
    own = a_resource("iam.Policy", "own", id="arn:own", arn="arn:own", policy=broad)
    ways: dict[str, Plan] = {
        "task": system(task=a_role("task", inline_policies=[{"name": "x", "policy": broad}])),
        "own": system(own, a_resource("iam.RolePolicyAttachment", "a", role="task", policy_arn="arn:own")),
        "by aws": system(
            a_resource(
                "iam.RolePolicyAttachment",
                "by aws",
                role="task",
                policy_arn="arn:aws:iam::aws:policy/AmazonKinesisFullAccess",
            )
        ),
        "on stream": system(
            a_resource(
                "kinesis.ResourcePolicy",
                "on stream",
                resource_arn=STREAM,
                policy=policy(allow("kinesis:*", Principal={"AWS": "arn:aws:iam::123456789012:role/task"})),
            )
        ),
    }
    for name, plan in ways.items():
        (role,) = intruder(plan).roles_for("task")
        assert role.policies_to_change == (name,), name


def test_an_exclusive_resource_removes_the_policies_that_it_does_not_list() -> None:
    broad, narrow = inline(allow("kinesis:*", "*"), name="broad"), inline(allow(), name="narrow")
    keeps = a_resource("iam.RolePoliciesExclusive", "only", role_name="task", policy_names=["narrow"])
    assert excess(intruder(system(broad, narrow))) != set()
    assert excess(intruder(system(broad, narrow, keeps))) == set()


def test_a_permissions_boundary_removes_grants_beyond_it() -> None:
    limit = a_resource("iam.Policy", "limit", id="arn:limit", arn="arn:limit", policy=policy(allow()))
    plan = system(
        limit, inline(allow("kinesis:*", "*")), task=a_role("task", permissions_boundary="arn:limit")
    )
    assert excess(intruder(plan)) == set()
    assert intruder(plan).missing_access == {}


@pytest.mark.parametrize(
    ("attached", "said"),
    [
        ("arn:aws:iam::aws:policy/SomethingNew", "whose content is not known here"),
        (UNKNOWN, "whose content is not known here"),
    ],
)
def test_a_policy_that_cannot_be_read_must_change(attached: Any, said: str) -> None:
    more = a_resource("iam.RolePolicyAttachment", "more", role="task", policy_arn=attached)
    (role,) = intruder(system(inline(allow()), more)).roles_for("task")
    assert role.policies_to_change == ("more",)
    assert said in role.beyond("more")


def test_an_execution_role_with_the_tasks_permissions_has_excess() -> None:
    report = intruder(system(inline(allow()), inline(allow(), role="execution", name="too much")))
    (execution,) = report.roles_for("execution")
    assert execution.policies_to_change == ("too much",)


def test_an_unused_role_that_ecs_may_assume_counts_as_a_task_role() -> None:
    spare = inline(allow("kinesis:*", "*"), role="spare", name="spare policy")
    report = intruder(system(inline(allow()), a_role("spare"), spare))
    assert [role.policies_to_change for role in report.roles_for("task")] == [(), ("spare policy",)]
    elsewhere = a_role("spare", assume_role_policy=TRUST.replace("ecs-tasks", "lambda"))
    assert len(intruder(system(inline(allow()), elsewhere, spare)).roles_for("task")) == 1


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        (system(), "is not allowed kinesis:DescribeStream"),
        (system(inline(allow()), task_role_arn=None), "runs without a role"),
        (
            system(
                inline(allow()), task=a_role("task", assume_role_policy=TRUST.replace("ecs-tasks", "ec2"))
            ),
            "ECS is not allowed",
        ),
        (system(inline(allow(NEEDS[1:]))), "is not allowed kinesis:DescribeStream on"),
    ],
)
def test_a_task_that_cannot_do_its_work_is_reported_with_the_reason(plan: Plan, reason: str) -> None:
    assert reason in intruder(plan).missing_access["tasks"]


def test_a_plan_without_streams_or_tasks_has_an_empty_report() -> None:
    report = intruder(a_plan())
    assert (report.stream, report.roles, report.task_definitions) == (None, (), ())
    assert "no task with a role" in show(report).text


def test_both_forms_of_the_view_say_the_same() -> None:
    view = show(intruder(system(inline(allow("kinesis:*", "*")))))
    for shown in (view.text, view.html):
        assert "another environment" in shown
        assert "kinesis:DeleteStream" in shown
        assert "✗ 21 not needed" in shown


def test_a_task_whose_policy_was_overwritten_cannot_do_that_part_of_its_work() -> None:
    first, second = inline(allow(NEEDS[:1]), name="first"), inline(allow(NEEDS[1:]), name="second")
    assert intruder(system(first, second)).missing_access == {}
    report = intruder(system(replace(first, overwritten_by=second.urn), second))
    assert NEEDS[0] in report.missing_access["tasks"]
