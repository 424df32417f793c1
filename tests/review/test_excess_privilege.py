"""EXCESS-PRIVILEGE on small plans: the rule judges the effect of policies, not their spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.iam.actions import actions_of
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.excess_privilege import check
from lab_support.review.rule import Observation, ReviewSubject
from tests.plans import a_plan, a_resource

STREAM = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/events"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def observations(*resources: Resource) -> list[Observation]:
    return list(check(ReviewSubject(a_plan(*resources))))


def allowing(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def a_role(trusts: Any = None, **more: Any) -> Resource:
    principal = trusts or {"Service": "ecs-tasks.amazonaws.com"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    arn = "arn:aws:iam::123456789012:role/task"
    return a_resource(
        "iam.Role", "task-role", id="task", name="task", arn=arn, assume_role_policy=document(trust), **more
    )


def inline(*statements: dict[str, Any]) -> Resource:
    return a_resource("iam.RolePolicy", "task-policy", role="task", policy=document(*statements))


def test_a_whole_service_on_any_resource_is_a_finding() -> None:
    stream = a_resource("kinesis.Stream", "events", arn=STREAM)
    (found,) = observations(a_role(), inline(allowing("kinesis:*")), stream)
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    for named in ("task-role", "kinesis actions", "kinesis:DeleteStream"):
        assert named in found.what
    assert "(here: events)" in found.repair


@pytest.mark.parametrize(
    "statement",
    [
        allowing("KINESIS:*"),
        allowing("kinesis:*", "arn:aws:kinesis:*:*:*"),
        allowing("kinesis:*", [STREAM, "arn:aws:kinesis:ap-southeast-1:123456789012:stream/*"]),
        allowing(
            [
                *("kinesis:[A-Z]*", "kinesis:A*", "kinesis:C*", "kinesis:D*", "kinesis:E*", "kinesis:I*"),
                *("kinesis:M*", "kinesis:P*", "kinesis:R*", "kinesis:S*", "kinesis:T*", "kinesis:U*"),
            ]
        ),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "kinesis:*", "NotResource": STREAM},
        allowing("kinesis:*", Condition={"StringEquals": {"aws:RequestedRegion": "ap-southeast-1"}}),
    ],
    ids=["case", "arn", "list", "letters", "not-action", "not-resource", "region"],
)
def test_a_whole_service_is_a_finding_however_it_is_written(statement: dict[str, Any]) -> None:
    (found,) = observations(a_role(), inline(statement), a_resource("kinesis.Stream", "events", arn=STREAM))
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    assert not found.unknown


@pytest.mark.parametrize(
    "statements",
    [
        [allowing(["kinesis:GetRecords", "kinesis:PutRecord"])],
        [allowing("kinesis:*", STREAM)],
        [allowing("kinesis:*", "arn:aws:kinesis:*:*:stream/events-*")],
        [allowing(["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"])],
        [allowing("kinesis:*", Condition={"StringEquals": {"aws:ResourceTag/team": "alerts"}})],
        [allowing("kinesis:*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
        [allowing("kinesis:*"), {"Effect": "Deny", "Action": "kinesis:*", "NotResource": STREAM}],
        [allowing(["ssmmessages:*", "xray:*", "ce:*", "pricing:*", "textract:*"])],
        [allowing(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])],
        [allowing("ec2:Describe*")],
        [{"Effect": "Deny", "Action": "*", "Resource": "*"}],
    ],
    ids=[
        *("named", "own stream", "prefix", "reads", "tag", "mfa", "denied elsewhere", "not limitable"),
        *("logs", "describe", "deny"),
    ],
)
def test_a_policy_that_the_work_may_need_is_no_finding(statements: list[dict[str, Any]]) -> None:
    assert observations(a_role(), inline(*statements)) == []


def test_a_boundary_limits_and_an_unreadable_one_makes_the_result_unknown() -> None:
    boundary = a_resource(
        "iam.Policy",
        "boundary",
        arn="arn:aws:iam::123456789012:policy/boundary",
        policy=document(allowing("kinesis:*", STREAM)),
    )
    role = a_role(permissions_boundary=boundary["arn"])
    assert observations(role, inline(allowing("kinesis:*")), boundary) == []
    (found,) = observations(a_role(permissions_boundary=UNKNOWN), inline(allowing("kinesis:*")))
    assert "permissions boundary of task-role" in found.unknown


def test_a_policy_that_is_only_a_boundary_allows_nothing() -> None:
    arn = "arn:aws:iam::123456789012:policy/boundary"
    boundary = a_resource("iam.Policy", "boundary", arn=arn, policy=document(allowing(["kinesis:*", "s3:*"])))
    role = a_role(permissions_boundary=arn)
    assert observations(role, boundary, inline(allowing("kinesis:GetRecords", STREAM))) == []
    for kind in ("iam.RolePolicyAttachment", "iam.UserPolicyAttachment", "iam.GroupPolicyAttachment"):
        (found,) = observations(role, boundary, a_resource(kind, "both", policy_arn=arn, role="task-role"))
        assert found.resource == boundary


def test_a_policy_that_allows_everything_is_one_finding() -> None:
    (found,) = observations(a_role(), inline(allowing("*")))
    assert "task-role can do anything in the account" in found.what


@pytest.mark.parametrize("kind", ["iam.UserPolicy", "iam.GroupPolicy", "iam.Policy"])
def test_a_policy_of_no_role_is_a_finding(kind: str) -> None:
    policy = a_resource(
        kind, "s3", arn="arn:aws:iam::123456789012:policy/s3", policy=document(allowing("s3:*"))
    )
    (found,) = observations(policy)
    assert found.resource == policy
    assert "this policy" in found.what


def test_for_an_inline_policy_of_a_role_the_role_must_change() -> None:
    (found,) = observations(a_role(inline_policies=[{"name": "all", "policy": document(allowing("sqs:*"))}]))
    assert found.resource is not None
    assert found.resource.name == "task-role"


def test_for_an_attached_policy_the_policy_must_change() -> None:
    arn = "arn:aws:iam::123456789012:policy/p"
    policy = a_resource("iam.Policy", "policy", arn=arn, policy=document(allowing("dynamodb:*")))
    attachment = a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn)
    (found,) = observations(a_role(), policy, attachment)
    assert found.resource == policy
    assert "task-role" in found.what


def attached(arn: str, role: Resource) -> list[Observation]:
    return observations(role, a_resource("iam.RolePolicyAttachment", "attached", role="task", policy_arn=arn))


@pytest.mark.parametrize(
    "trusts",
    [
        {"Service": "ec2.amazonaws.com"},
        {"Service": "ec2.amazonaws.com", "AWS": "arn:aws:iam::123456789012:root"},
        {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
    ],
)
def test_for_a_workload_with_administrator_access_the_attachment_must_change(trusts: dict[str, str]) -> None:
    (found,) = attached(ADMINISTRATOR, a_role(trusts))
    assert found.resource is not None
    assert found.resource.name == "attached"
    assert "can do anything in the account" in found.what


MANAGED = "arn:aws:iam::aws:policy/"


@pytest.mark.parametrize(
    "name",
    [
        *("AmazonKinesisFullAccess", "AmazonS3FullAccess", "AmazonDynamoDBFullAccess", "IAMFullAccess"),
        *("PowerUserAccess", "AdministratorAccess"),
    ],
)
def test_an_aws_managed_policy_for_a_whole_service_is_a_finding_for_a_workload_only(name: str) -> None:
    (found,) = attached(MANAGED + name, a_role())
    assert found.resource is not None
    assert found.resource.name == "attached"
    assert "task-role" in found.what
    assert attached(MANAGED + name, a_role({"AWS": "arn:aws:iam::123456789012:root"})) == []


@pytest.mark.parametrize(
    "name",
    [
        *("AmazonKinesisReadOnlyAccess", "AmazonSSMManagedInstanceCore", "AmazonEKSWorkerNodePolicy"),
        *("AmazonEKSClusterPolicy", "CloudWatchAgentServerPolicy", "AmazonEC2ContainerRegistryReadOnly"),
        "service-role/AmazonECSTaskExecutionRolePolicy",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSGlueServiceRole",
    ],
)
def test_an_aws_managed_policy_that_a_service_needs_is_no_finding(name: str) -> None:
    assert attached(MANAGED + name, a_role()) == []


def test_listed_actions_that_are_nearly_all_of_a_service_are_a_finding() -> None:
    listed = sorted(name for name, action in actions_of("kinesis").items() if action.acts_on)
    (found,) = observations(a_role(), inline(allowing(listed)))
    assert "kinesis actions" in found.what


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:PrincipalArn": "*"}},
        {"StringEqualsIfExists": {"aws:ResourceTag/team": "alerts"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
        {"StringNotEquals": {"aws:PrincipalAccount": "999999999999"}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}},
        {"Bool": {"aws:SecureTransport": "true"}},
        {"NumericGreaterThan": {"aws:EpochTime": "1"}},
        {"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}},
        {"StringLike": {"aws:userid": "*"}},
        {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/task"}},
    ],
)
def test_a_condition_that_limits_nothing_changes_nothing(condition: dict[str, Any]) -> None:
    (found,) = observations(a_role(), inline(allowing("kinesis:*", Condition=condition)))
    assert "kinesis actions" in found.what


@pytest.mark.parametrize(
    "condition",
    [
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
        {"DateLessThan": {"aws:CurrentTime": "2027-01-01T00:00:00Z"}},
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/admin-*"}},
    ],
)
def test_a_condition_that_limits_something_is_a_limit(condition: dict[str, Any]) -> None:
    assert observations(a_role(), inline(allowing("kinesis:*", Condition=condition))) == []


@pytest.mark.parametrize(
    "actions",
    [
        *("iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:UpdateLoginProfile", "iam:AttachUserPolicy"),
        *("iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:PutUserPolicy", "iam:PutGroupPolicy"),
        *("iam:PutRolePolicy", "iam:AddUserToGroup", "iam:UpdateAssumeRolePolicy", "iam:CreatePolicyVersion"),
        *("iam:SetDefaultPolicyVersion", "lambda:UpdateFunctionCode"),
        ["iam:PassRole", "ec2:RunInstances"],
        ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        ["iam:PassRole", "ecs:RunTask"],
        ["iam:PassRole", "cloudformation:CreateStack"],
        ["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
        *("ssm:SendCommand", "ssm:StartSession", "ecs:ExecuteCommand", "glue:UpdateDevEndpoint"),
        *("sagemaker:CreatePresignedNotebookInstanceUrl", "sso:CreateAccountAssignment"),
        ["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"],
        ["lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion"],
        ["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"],
        ["iam:PassRole", "ec2:RequestSpotInstances"],
        ["iam:PassRole", "cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
        ["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"],
        ["iam:PassRole", "glue:CreateSession", "glue:RunStatement"],
        ["iam:PassRole", "codebuild:UpdateProject", "codebuild:StartBuild"],
        ["iam:PassRole", "sagemaker:CreateProcessingJob"],
        ["iam:PassRole", "batch:RegisterJobDefinition", "batch:SubmitJob"],
        [
            *("iam:PassRole", "datapipeline:CreatePipeline", "datapipeline:PutPipelineDefinition"),
            "datapipeline:ActivatePipeline",
        ],
        ["iam:PassRole", "elasticmapreduce:RunJobFlow"],
        ["iam:PassRole", "scheduler:CreateSchedule"],
        ["iam:PassRole", "ssm:StartAutomationExecution"],
    ],
    ids=str,
)
def test_a_way_to_become_administrator_is_a_finding_of_a_workload_only(actions: str | list[str]) -> None:
    (found,) = observations(a_role(), inline(allowing(actions)))
    assert "Anyone acting as task-role can become administrator" in found.what
    assert (actions if isinstance(actions, str) else actions[0]) in found.what
    people = a_role({"AWS": "arn:aws:iam::123456789012:root"})
    assert observations(people, inline(allowing(actions))) == []


@pytest.mark.parametrize(
    "statements",
    [
        [allowing("iam:PassRole")],
        [allowing("iam:PassRole", "arn:aws:iam::123456789012:role/tasks-*"), allowing("ecs:RunTask")],
        [
            allowing("ecs:RunTask"),
            allowing(
                "iam:PassRole",
                Condition={"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            ),
        ],
        [allowing("lambda:UpdateFunctionCode", "arn:aws:lambda:ap-southeast-1:123456789012:function:own")],
        [allowing("iam:CreateAccessKey", "arn:aws:iam::123456789012:user/${aws:username}")],
        [allowing("iam:PutRolePolicy", "arn:aws:iam::123456789012:role/tasks/*")],
        [allowing(["iam:GetRole", "iam:ListRoles", "iam:CreateServiceLinkedRole"])],
        [allowing("iam:PutRolePolicy"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
        [allowing(["ec2:StopInstances", "ec2:StartInstances"])],
        [allowing("ssm:SendCommand", Condition={"StringEquals": {"ssm:resourceTag/team": "own"}})],
        [allowing("iam:PassRole"), allowing(["lambda:CreateFunction", "glue:StartJobRun"])],
    ],
    ids=[
        *("pass alone", "own roles", "to a service", "own function", "own keys", "path", "reads", "denied"),
        *("part of a way", "own instances", "half ways"),
    ],
)
def test_what_is_limited_to_the_workloads_own_is_no_way(statements: list[dict[str, Any]]) -> None:
    assert observations(a_role(), inline(*statements)) == []


def test_what_one_policy_passes_and_another_runs_is_a_way() -> None:
    running = a_resource(
        "iam.RolePolicy", "running", role="task", policy=document(allowing("ec2:RunInstances"))
    )
    (found,) = observations(a_role(), inline(allowing("iam:PassRole")), running)
    assert found.resource is not None
    assert found.resource.name == "task-policy"


@pytest.mark.parametrize(
    ("action", "resources"),
    [
        ("s3:*", ["arn:aws:s3:::*", "arn:aws:s3:::*/*"]),
        ("dynamodb:*", ["arn:aws:dynamodb:*:*:table/*"]),
        ("lambda:*", ["arn:aws:lambda:*:*:function:*"]),
    ],
)
def test_everything_on_any_resource_of_the_main_kind_is_a_finding(action: str, resources: list[str]) -> None:
    assert len(observations(a_role(), inline(allowing(action, resources)))) == 1


@pytest.mark.parametrize(
    ("action", "resources"),
    [
        ("s3:*", ["arn:aws:s3:::own", "arn:aws:s3:::own/*"]),
        (["s3:*Object", "s3:*ObjectTagging"], ["arn:aws:s3:::*/*"]),
        (
            "glue:*",
            ["arn:aws:glue:*:*:catalog", "arn:aws:glue:*:*:database/own", "arn:aws:glue:*:*:table/own/*"],
        ),
    ],
)
def test_what_is_limited_to_own_resources_or_to_objects_is_no_finding(
    action: Any, resources: list[str]
) -> None:
    assert observations(a_role(), inline(allowing(action, resources))) == []


KINESIS_WRITES = sorted(
    action.name
    for action in actions_of("kinesis").values()
    if action.level in ("Write", "Permissions management")
)


def test_what_two_policies_of_a_role_allow_only_together_is_one_finding() -> None:
    half = len(KINESIS_WRITES) // 2
    second = a_resource(
        "iam.RolePolicy", "second", role="task", policy=document(allowing(KINESIS_WRITES[half:]))
    )
    first = inline(allowing(KINESIS_WRITES[:half]))
    assert observations(a_role(), first) == observations(a_role(), second) == []
    (found,) = observations(a_role(), first, second)
    assert found.resource == first
    assert "task-policy and second do together" in found.what


def test_what_one_policy_allows_and_another_denies_is_no_finding_together() -> None:
    half = len(KINESIS_WRITES) // 2
    denied = {"Effect": "Deny", "Action": KINESIS_WRITES[half:], "Resource": "*"}
    second = a_resource(
        "iam.RolePolicy", "second", role="task", policy=document(allowing(KINESIS_WRITES[half:]), denied)
    )
    assert observations(a_role(), inline(allowing(KINESIS_WRITES[:half])), second) == []


def test_an_aws_managed_policy_that_an_exclusive_resource_attaches_is_a_finding() -> None:
    exclusive = a_resource(
        "iam.RolePolicyAttachmentsExclusive",
        "all",
        role_name="task",
        policy_arns=["arn:aws:iam::aws:policy/AmazonKinesisFullAccess"],
    )
    (found,) = observations(a_role(), exclusive)
    assert found.resource == exclusive


def a_power(trusts: Any, name: str = "power", **more: Any) -> Resource:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": trusts, **more}
    arn = f"arn:aws:iam::123456789012:role/{name}"
    return a_resource("iam.Role", name, id=name, name=name, arn=arn, assume_role_policy=document(trust))


TASK = {"AWS": "arn:aws:iam::123456789012:role/task"}
ROOT = {"AWS": "arn:aws:iam::123456789012:root"}


def attachment_to(role: str, policy: str) -> Resource:
    return a_resource("iam.RolePolicyAttachment", f"all-{role}", role=role, policy_arn=MANAGED + policy)


@pytest.mark.parametrize("policy", ["AdministratorAccess", "IAMFullAccess", "PowerUserAccess"])
def test_a_role_reached_in_two_steps_is_a_finding_of_the_policy_that_allows_it(policy: str) -> None:
    hop = inline(allowing("sts:AssumeRole"))
    (found,) = observations(a_role(), hop, a_power(ROOT), attachment_to("power", policy))
    assert found.resource == hop
    assert "task-role can assume power" in found.what


def test_a_role_that_trusts_a_workload_is_a_finding_without_any_policy_of_the_workload() -> None:
    power = a_power(TASK)
    (found,) = observations(a_role(), power, attachment_to("power", "AdministratorAccess"))
    assert found.resource == power


def test_a_role_reached_in_three_steps_is_a_finding() -> None:
    middle = a_power(TASK, "middle")
    power = a_power({"AWS": middle["arn"]})
    (found,) = observations(a_role(), middle, power, attachment_to("power", "AdministratorAccess"))
    assert "can assume middle, and then power" in found.what


def test_a_role_that_the_workload_cannot_assume_or_that_may_do_little_is_no_finding() -> None:
    everything = attachment_to("power", "AdministratorAccess")
    hop = inline(allowing("sts:AssumeRole", "arn:aws:iam::123456789012:role/power"))
    other = {"AWS": "arn:aws:iam::123456789012:role/someone"}
    outside = {"Condition": {"StringEquals": {"sts:ExternalId": "x"}}}
    assert observations(a_role(), a_power(ROOT), everything) == []
    assert observations(a_role(), hop, a_power(other), everything) == []
    assert observations(a_role(), hop, a_power(ROOT, **outside), everything) == []
    assert observations(a_role(), hop, a_power(ROOT), attachment_to("power", "ReadOnlyAccess")) == []


ROLES = "arn:aws:iam::123456789012:role/"


@pytest.mark.parametrize(
    "statement",
    [
        allowing("sts:AssumeRole"),
        allowing("sts:AssumeRole", "arn:aws:iam::*:role/*"),
        allowing("sts:AssumeRole", f"{ROLES}*"),
        allowing("sts:AssumeRole", f"{ROLES}a*"),
        allowing("STS:assumerole"),
        allowing(["kinesis:GetRecords", "sts:AssumeRole"]),
        allowing("sts:AssumeRole", Condition={"StringEquals": {"aws:ResourceAccount": "123456789012"}}),
    ],
)
def test_assuming_any_role_is_a_finding_of_a_workload_only(statement: dict[str, Any]) -> None:
    (found,) = observations(a_role(), inline(statement))
    assert "sts:AssumeRole" in found.what
    people = a_role({"AWS": "arn:aws:iam::123456789012:root"})
    assert observations(people, inline(statement)) == []


@pytest.mark.parametrize(
    "statement",
    [
        allowing("sts:AssumeRole", f"{ROLES}deploy"),
        allowing("sts:AssumeRole", f"{ROLES}deploy-*"),
        allowing("sts:AssumeRole", f"{ROLES}teams/own/*"),
        allowing("sts:AssumeRole", "arn:aws:iam::*:role/deploy"),
        allowing("sts:AssumeRole", Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        allowing("sts:AssumeRole", Condition={"StringEquals": {"iam:ResourceTag/team": "own"}}),
        allowing(["sts:GetCallerIdentity", "sts:GetServiceBearerToken"]),
    ],
)
def test_assuming_named_roles_is_no_finding(statement: dict[str, Any]) -> None:
    assert observations(a_role(), inline(statement)) == []


STREAMS = "arn:aws:kinesis:ap-southeast-1:123456789012:stream/"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("kinesis:D*", "*"),
        ("kinesis:D*", f"{STREAMS}e*"),
        ("kinesis:De*", f"{STREAMS}ev*"),
        ("kinesis:?elete*", f"{STREAMS}*"),
        ("kinesis:U*", f"{STREAMS}*"),
        ("kinesis:Put*", f"{STREAMS}*"),
        ("kinesis:*Policy", f"{STREAMS}*-?"),
        ("kinesis:*", f"{STREAMS}e*"),
        ("kinesis:*", f"{STREAMS}*e*"),
        ("kinesis:*", f"{STREAMS}??????"),
        ("kinesis:*", f"{STREAMS}emer*"),
        ("*", f"{STREAMS}e*"),
        ("sqs:*", "arn:aws:sqs:*:*:q*"),
        ("s3:*", ["arn:aws:s3:::b*", "arn:aws:s3:::b*/*"]),
        ("secretsmanager:*", "arn:aws:secretsmanager:*:*:secret:*-??????"),
        ("s3:Put*", "*"),
        ("ec2:T*", "*"),
    ],
)
def test_a_wildcard_that_says_neither_what_nor_whose_is_a_finding(action: str, resource: Any) -> None:
    own = a_resource("kinesis.Stream", "own", arn=f"{STREAMS}emergency-alerts")
    (found,) = observations(a_role(), inline(allowing(action, resource)), own)
    assert "any resource of the account" in found.what or "whatever matches arn:" in found.what


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("kinesis:*", f"{STREAMS}emergency-*"),
        ("kinesis:*", f"{STREAMS}emergency*"),
        ("kinesis:*", f"{STREAMS}emergenc*"),
        ("kinesis:D*", f"{STREAMS}own"),
        ("kinesis:Put*", f"{STREAMS}emergency-alerts"),
        ("kinesis:PutRecord*", "*"),
        ("kinesis:G*", "*"),
        ("dynamodb:*Item", "*"),
        ("s3:PutObject*", "*"),
        ("s3:*", "arn:aws:s3:::e*/*"),
        ("logs:Put*", "*"),
        ("lambda:Invoke*", "*"),
        ("kinesis:*", f"{STREAMS}${{aws:PrincipalTag/s}}*"),
        ("dynamodb:*", "arn:aws:dynamodb:*:*:table/t1/*"),
        ("glue:D*", ["arn:aws:glue:*:*:catalog", "arn:aws:glue:*:*:database/own"]),
    ],
)
def test_a_wildcard_that_says_what_or_whose_is_no_finding(action: str, resource: Any) -> None:
    own = a_resource("kinesis.Stream", "own", arn=f"{STREAMS}emergency-alerts")
    assert observations(a_role(), inline(allowing(action, resource)), own) == []


def test_a_document_that_is_unknown_until_deployment_is_reported_as_unknown() -> None:
    (found,) = observations(a_role(), a_resource("iam.RolePolicy", "p", role="task", policy=UNKNOWN))
    assert "document" in found.unknown
    assert not found.what


@pytest.mark.parametrize(
    "statements",
    [
        [allowing("KINESIS:dELETE*")],
        [allowing("kinesis:Delete*", "arn:aws:kinesis:*:123456789012:stream/*")],
        [allowing(["kinesis:Put*", "kinesis:Delete*", "kinesis:Update*"], "arn:aws:kinesis:*:*:stream/*")],
        [allowing("ec2:Terminate*")],
    ],
    ids=["any spelling", "any stream of the account", "with others", "terminate"],
)
def test_all_that_a_service_can_delete_is_a_finding_wherever_it_is(statements: list[dict[str, Any]]) -> None:
    (found,) = observations(a_role(), inline(*statements))
    assert found.resource is not None
    assert found.resource.name == "task-policy"
    assert "Delete" in found.what or "Terminate" in found.what


@pytest.mark.parametrize(
    ("statements", "role"),
    [
        ([allowing("kinesis:Delete*", STREAM)], a_role()),
        ([allowing("kinesis:Delete*", STREAM + "-*")], a_role()),
        ([allowing("kinesis:DeleteStream")], a_role()),
        ([allowing("kinesis:Describe*")], a_role()),
        ([allowing("kinesis:Delete*", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})], a_role()),
        (
            [allowing("kinesis:Delete*"), {**allowing("kinesis:Delete*"), "Effect": "Deny"}],
            a_role(),
        ),
        ([allowing("kinesis:Delete*")], a_role({"AWS": "arn:aws:iam::123456789012:root"})),
    ],
    ids=[
        "one stream",
        "streams of one name",
        "listed",
        "reading",
        "limited by a tag",
        "denied",
        "for people",
    ],
)
def test_what_a_workload_may_delete_of_its_own_and_what_people_may_delete_is_none(
    statements: list[dict[str, Any]], role: Resource
) -> None:
    assert observations(role, inline(*statements)) == []
