"""What IAM in the mock account takes, fills in and refuses, and what ECS and the provider refuse before it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.data_sources import look_up
from lab_support.mock_aws.request import ResourceRequest
from lab_support.plan.inputs import checked
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type, token_of

REGION = "ap-southeast-1"
STREAM = f"arn:aws:kinesis:{REGION}:123456789012:stream/alerts"
GOOD: dict[str, Any] = {"Effect": "Allow", "Action": "kinesis:GetRecords", "Resource": STREAM}
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
    "Action": "sts:AssumeRole",
}


def text(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def created(kind: str, inputs: dict[str, Any], account: Account) -> dict[str, Any]:
    """The outputs of a resource of this kind, by wire name; the account has it afterwards."""
    token = token_of(kind)
    assert token is not None
    urn = f"urn:pulumi:dev::emergency-alert::{token}::{inputs.get('name', 'thing')}"
    asked = ResourceRequest(token, urn, inputs, account, REGION)
    identity, outputs = answer(asked, services.specs()[kind], resource_type(token))
    account.add(StoredResource(urn, token, str(identity), REGION, outputs))
    return {**outputs, "id": identity}


@pytest.fixture
def account() -> Account:
    """An account with a role called `task`."""
    made = Account()
    created("iam.Role", {"name": "task", "assumeRolePolicy": text(TRUST)}, made)
    return made


def put(account: Account, policy: str, **more: Any) -> dict[str, Any]:
    return created("iam.RolePolicy", {"name": "p", "role": "task", "policy": policy, **more}, account)


def test_policies_have_the_ids_and_arns_that_iam_gives(account: Account) -> None:
    policy = created("iam.Policy", {"name": "p", "path": "/team/", "policy": text(GOOD)}, account)
    assert policy["id"] == policy["arn"] == "arn:aws:iam::123456789012:policy/team/p"
    assert put(account, text(GOOD))["id"] == "task:p"
    prefixed = created("iam.RolePolicy", {"namePrefix": "x-", "role": "task", "policy": text(GOOD)}, account)
    assert prefixed["name"].startswith("x-")
    assert len(prefixed["name"]) == 28


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({**GOOD, "Resource": "alerts"}, 'Resource alerts must be in ARN format or "*".'),
        ({**GOOD, "Resource": []}, "Policy statement must contain resources."),
        ({**GOOD, "Resource": "arn:aws:*:::x"}, "Resource vendor must be fully qualified"),
        ({**GOOD, "Resource": "arn:amazon:kinesis:::x"}, 'Partition "amazon" is not valid for resource'),
        ({**GOOD, "Resource": "arn:aws:kinesis:*"}, "The policy failed legacy parsing"),
        ({**GOOD, "Action": "GetRecords"}, "Actions/Conditions must be prefaced by a vendor"),
        ({**GOOD, "Action": "kinesis:Get:Records"}, "Actions/Condition can contain only one colon."),
        ({**GOOD, "Action": "k*:GetRecords"}, "Vendor k* is not valid"),
        ({**GOOD, "Principal": "*"}, "Policy document should not specify a principal."),
        ({**GOOD, "Sid": "Read and write"}, "Statement IDs (SID) must be alpha-numeric."),
        ({**GOOD, "Condition": {"StringEqual": {"a": "b"}}}, "Invalid Condition type : StringEqual."),
        ({**GOOD, "Effect": "allow"}, "The policy failed legacy parsing"),
        ({"Effect": "Allow", "Resource": "*"}, "Policy statement must contain actions."),
    ],
)
def test_documents_that_iam_refuses(account: Account, statement: Any, said: str) -> None:
    with pytest.raises(AwsApiError) as refused:
        put(account, text(statement))
    assert said in str(refused.value)
    assert "MalformedPolicyDocument" in str(refused.value)
    assert str(refused.value).startswith(
        "putting IAM Role (task) Policy (p): operation error IAM: PutRolePolicy"
    )


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "is an empty string"),
        ("policy.json", "not a JSON object"),
        ("[]", "contains a JSON array"),
        ('"{}"', "contains a JSON-encoded string"),
        (str({"a": 1}), "contains an invalid JSON policy"),
    ],
)
def test_what_the_provider_does_not_take_for_json(account: Account, document: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        put(account, document)


def test_sids_are_unique_in_a_policy(account: Account) -> None:
    with pytest.raises(AwsApiError, match=r"Statement IDs \(SID\) in a single policy must be unique"):
        put(account, text({**GOOD, "Sid": "A"}, {**GOOD, "Sid": "A"}))


def test_only_a_managed_policy_must_name_its_version(account: Account) -> None:
    old = json.dumps({"Statement": GOOD})
    assert put(account, old)["role"] == "task"
    with pytest.raises(AwsApiError, match="Policy document must be version 2012-10-17 or greater"):
        created("iam.Policy", {"name": "p", "policy": old}, account)


def test_sizes_count_no_white_space(account: Account) -> None:
    long = [{**GOOD, "Resource": [f"{STREAM}-{n}" for n in range(90)]}]
    assert put(account, text(*long) + " " * 9000)
    with pytest.raises(AwsApiError, match="Maximum policy size of 10240 bytes exceeded for role task"):
        put(account, text(*long), name="second")
    with pytest.raises(AwsApiError, match="Cannot exceed quota for PolicySize: 6144"):
        created("iam.Policy", {"name": "p", "policy": text(*long, *long)}, account)


@pytest.mark.parametrize(
    ("role", "arn", "said"),
    [
        ("nobody", "arn:aws:iam::aws:policy/ReadOnlyAccess", "The role with name nobody cannot be found."),
        ("task", "arn:aws:iam::123456789012:policy/none", "does not exist or is not attachable."),
        (
            "task",
            "arn:aws:iam::aws:policy/AmazonECSTaskExecutionRolePolicy",
            "does not exist or is not attachable.",
        ),
    ],
)
def test_what_does_not_exist_cannot_be_attached(account: Account, role: str, arn: str, said: str) -> None:
    with pytest.raises(AwsApiError) as refused:
        created("iam.RolePolicyAttachment", {"role": role, "policyArn": arn}, account)
    assert "StatusCode: 404" in str(refused.value)
    assert said in str(refused.value)


def test_names_are_names_and_arns_are_arns(account: Account) -> None:
    with pytest.raises(InvalidInput, match="invalid value for role"):
        put(account, text(GOOD), role="arn:aws:iam::123456789012:role/task")
    with pytest.raises(InvalidInput, match="is an invalid ARN"):
        created("iam.RolePolicyAttachment", {"role": "task", "policyArn": "ReadOnlyAccess"}, account)
    with pytest.raises(InvalidInput, match=r"range \(1 - 64\)"):
        created("iam.Role", {"name": "x" * 65, "assumeRolePolicy": text(TRUST)}, account)
    token = token_of("iam.Role") or ""
    asked = {"name": "task", "assumeRolePolicy": text(TRUST)}
    with pytest.raises(AwsApiError, match="EntityAlreadyExists"):
        answer(
            ResourceRequest(token, "urn::other", asked, account, REGION), services.specs()["iam.Role"], None
        )


@pytest.mark.parametrize(
    ("trust", "said"),
    [
        ({**TRUST, "Resource": "*"}, "Has prohibited field Resource"),
        ({**TRUST, "Action": "kinesis:*"}, "may only specify STS AssumeRole actions"),
        ({"Effect": "Allow", "Action": "sts:AssumeRole"}, "Missing required field Principal"),
    ],
)
def test_a_broken_trust_policy_is_refused(trust: Any, said: str) -> None:
    with pytest.raises(AwsApiError, match=said):
        created("iam.Role", {"name": "r", "assumeRolePolicy": text(trust)}, Account())


GITHUB = "token.actions.githubusercontent.com"


def github_trust(condition: Any, **more: Any) -> dict[str, Any]:
    principal = {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"}
    action = "sts:AssumeRoleWithWebIdentity"
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition, **more}


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringEquals": {f"{GITHUB}:repository": "us/system"}},
        {"StringLike": {f"{GITHUB}:sub": "*"}},
        {"StringNotLike": {f"{GITHUB}:sub": "repo:them/*"}},
    ],
    ids=str,
)
def test_a_role_for_github_without_a_condition_on_the_subject_is_refused(condition: Any) -> None:
    with pytest.raises(AwsApiError, match="must evaluate, using StringEquals, StringLike"):
        created("iam.Role", {"name": "r", "assumeRolePolicy": text(github_trust(condition))}, Account())


@pytest.mark.parametrize(
    "trust",
    [
        github_trust({"StringLike": {f"{GITHUB}:sub": "repo:*"}}),
        github_trust({"StringLike": {f"{GITHUB}:sub": ["repo:us/system:*", "*"]}}),
        github_trust({"StringEquals": {f"{GITHUB}:job_workflow_ref": "us/system/.github/workflows/w.yml@x"}}),
        github_trust({"ForAnyValue:StringLike": {f"{GITHUB}:sub": "repo:us/*"}}),
    ],
    ids=str,
)
def test_iam_does_not_ask_whom_a_subject_fits(trust: Any) -> None:
    assert created("iam.Role", {"name": "r", "assumeRolePolicy": text(trust)}, Account())


def test_a_role_looks_at_what_it_brings_along() -> None:
    role = {"name": "r", "assumeRolePolicy": text(TRUST)}
    with pytest.raises(AwsApiError, match="must be in ARN format"):
        created(
            "iam.Role", {**role, "inlinePolicies": [{"policy": text({**GOOD, "Resource": "x"})}]}, Account()
        )
    with pytest.raises(AwsApiError, match="Scope ARN: arn:aws:iam::123456789012:policy/x does not exist"):
        created("iam.Role", {**role, "permissionsBoundary": "arn:aws:iam::123456789012:policy/x"}, Account())


def test_a_policy_may_be_given_as_an_object() -> None:
    described = resource_type(token_of("iam.RolePolicy") or "")
    document = {"Version": "2012-10-17", "Statement": [GOOD]}
    values, failures = checked({"role": "task", "policy": document}, described)
    assert json.loads(values["policy"]) == document
    assert not failures
    unknown = {"Statement": [{**GOOD, "Resource": UNKNOWN}]}
    assert checked({"role": "task", "policy": unknown}, described)[0]["policy"] is UNKNOWN
    assert checked({"role": {"a": "b"}, "policy": "{}"}, described)[1], "a role's name is no object"


def test_policies_and_roles_are_found_by_name(account: Account) -> None:
    found = look_up("aws:iam/getPolicy:getPolicy", {"name": "AmazonKinesisFullAccess"}, account, REGION)
    assert found["arn"] == "arn:aws:iam::aws:policy/AmazonKinesisFullAccess"
    assert "kinesis:*" in found["policy"]
    role = look_up("aws:iam/getRole:getRole", {"name": "task"}, account, REGION)
    assert role["arn"] == "arn:aws:iam::123456789012:role/task"
    for token, words in (
        ("aws:iam/getRole:getRole", "reading IAM Role \\(x\\): couldn't find resource"),
        ("aws:iam/getPolicy:getPolicy", "no matching IAM Policy found"),
    ):
        with pytest.raises(AwsApiError, match=words):
            look_up(token, {"name": "x"}, account, REGION)


TASK: dict[str, Any] = {
    "family": "tasks",
    "containerDefinitions": "[]",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "256",
    "memory": "512",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"networkMode": "bridge"}, "Fargate only supports network mode"),
        ({"cpu": None}, "Fargate requires that 'cpu' be defined"),
        ({"containerDefinitions": "{}"}, "container_definitions is invalid"),
        ({"containerDefinitions": "no"}, "container_definitions is invalid"),
    ],
)
def test_task_definitions(changed: dict[str, Any], said: str) -> None:
    assert created("ecs.TaskDefinition", TASK, Account())["arn"].endswith(":task-definition/tasks:1")
    with pytest.raises((AwsApiError, InvalidInput), match=said):
        created("ecs.TaskDefinition", {**TASK, **changed}, Account())


def test_a_role_that_is_on_its_way_is_waited_for() -> None:
    import threading

    account = Account()
    role = {"name": "late", "assumeRolePolicy": text(TRUST)}
    threading.Timer(0.1, created, ("iam.Role", role, account)).start()
    account.await_resource("late", "aws:iam/role:Role")
    assert account.find("late", "aws:iam/role:Role") is not None
