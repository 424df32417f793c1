"""What checkov's own examples for these subjects are to a review: the same verdict, or a reason for another one.

The facts of the examples of checkov 3 (bridgecrewio/checkov, tests/terraform/checks), written as resources of a plan.
checkov says `fail` or `pass`; a review says `finding`, `note` (with --strict only) or nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from lab_support.plan.resource import Resource
from lab_support.review.findings import NOTE
from lab_support.review.rules import review_plan
from tests.alarm_plans import a_database, a_topic, an_alarm
from tests.plans import a_plan, a_resource

ONE_BUCKET = "arn:aws:s3:::my-corporate-bucket"
KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/1"
# The rules that are about a check's subject; all others are about policies.
RULES = {
    157: {"SINGLE-ZONE"},
    42: {"UNENCRYPTED-AT-REST", "AWS-MANAGED-KEY"},
    184: {"UNENCRYPTED-AT-REST", "AWS-MANAGED-KEY"},
    319: {"NOBODY-PAGED"},
}
ABOUT_POLICIES = {"EXCESS-PRIVILEGE", "ANY-RESOURCE"}


@dataclass(frozen=True)
class Example:
    """An example of one of checkov's checks; `why` says why a review judges otherwise."""

    check: int  # the number of CKV_AWS_…
    name: str
    resources: tuple[Resource, ...]
    checkov: str
    review: str
    why: str = ""


def policy(actions: Any, resource: Any = "*", effect: str = "Allow", **more: Any) -> tuple[Resource, ...]:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
    arn = "arn:aws:iam::123456789012:role/r"
    role = a_resource("iam.Role", "r", id="r", name="r", arn=arn, assume_role_policy=document(trust))
    statement = {"Effect": effect, "Action": actions, "Resource": resource, **more}
    return role, a_resource("iam.RolePolicy", "p", role="r", policy=document(statement))


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def database(**more: Any) -> tuple[Resource, ...]:
    return (a_resource("rds.Instance", "db", id="db", engine="mysql", **more),)


def files(**more: Any) -> tuple[Resource, ...]:
    key = a_resource("kms.Key", "key", id="1", key_id="1", arn=KEY)
    return a_resource("efs.FileSystem", "files", id="fs-1", **{"encrypted": False, **more}), key


def alarm(**more: Any) -> tuple[Resource, ...]:
    other = an_alarm(
        "other", namespace="AWS/Kinesis", metric_name="PutRecord.Success", dimensions={"StreamName": "s"}
    )
    return a_database(), a_topic(), other, an_alarm(**more)


EXAMPLES = (
    # Administrators and wildcards.
    Example(62, "* on *", policy("*"), "fail", "finding"),
    Example(62, "* on *, listed", policy(["s3:GetObject", "*"]), "fail", "finding"),
    Example(
        62,
        "reads on *",
        policy("s3:Describe*"),
        "pass",
        "note",
        "no administrator; --strict notes that the actions could name resources, as CKV_AWS_355 does",
    ),
    Example(62, "a denial", policy("*", effect="Deny"), "pass", ""),
    Example(63, "a service on one bucket's objects", policy("s3:*", f"{ONE_BUCKET}/*"), "pass", ""),
    Example(
        63,
        "* on one bucket's objects",
        policy("*", f"{ONE_BUCKET}/*"),
        "fail",
        "",
        "only S3's actions on objects have such a resource: it is s3:* on them, which checkov passes",
    ),
    # Ways to become administrator.
    Example(
        286,
        "functions without a role to pass",
        policy(["lambda:CreateFunction", "lambda:CreateEventSourceMapping", "dynamodb:CreateTable"]),
        "pass",
        "note",
        "no way to become administrator; --strict notes that the actions could name resources, as CKV_AWS_355 does",
    ),
    Example(
        286,
        "a function with any role",
        policy(["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"]),
        "fail",
        "finding",
    ),
    Example(286, "a rewritten policy", policy("iam:CreatePolicyVersion"), "fail", "finding"),
    Example(286, "an attached policy", policy("iam:AttachRolePolicy"), "fail", "finding"),
    Example(
        286, "a trust policy", policy(["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"]), "fail", "finding"
    ),
    Example(
        286,
        "a stack with any role",
        policy(["iam:PassRole", "cloudformation:CreateStack"]),
        "fail",
        "finding",
    ),
    Example(
        286,
        "an instance with any role",
        policy(["iam:PassRole", "ec2:RunInstances"], Condition={"StringEquals": {"aws:ResourceTag/a": "b"}}),
        "pass",
        "",
    ),
    # Credentials.
    Example(287, "an access key of anyone", policy("iam:CreateAccessKey"), "fail", "finding"),
    Example(287, "a login of anyone", policy("iam:UpdateLoginProfile"), "fail", "finding"),
    Example(287, "a token for a registry", policy("ecr:GetAuthorizationToken"), "pass", ""),
    # Data.
    Example(
        288,
        "objects and secrets of all",
        policy(["s3:GetObject", "ssm:GetParameter", "secretsmanager:GetSecretValue"]),
        "fail",
        "note",
        "whether the work reads all of them cannot be known: a backup does. A matter of policy, so a note",
    ),
    Example(288, "objects of one bucket", policy("s3:GetObject", f"{ONE_BUCKET}/*"), "pass", ""),
    # Permissions management and writing.
    Example(289, "all of IAM", policy("iam:*"), "fail", "finding"),
    Example(289, "all of S3 on one bucket", policy("s3:*", ONE_BUCKET), "pass", ""),
    Example(290, "all of S3", policy("s3:*"), "fail", "finding"),
    Example(
        290,
        "all of S3, by its ARNs",
        policy("s3:*", ["arn:aws:s3:::*"]),
        "pass",
        "finding",
        "every bucket and every object of the account matches arn:aws:s3:::*; checkov only reads `*`",
    ),
    Example(290, "traces", policy(["xray:PutTelemetryRecords", "xray:PutTraceSegments"]), "pass", ""),
    Example(355, "an object of any bucket", policy("s3:PutObject"), "fail", "note", "a matter of policy"),
    Example(355, "a list of buckets", policy("s3:ListAllMyBuckets"), "pass", ""),
    Example(356, "a message to any queue", policy("sqs:SendMessage"), "fail", "note", "a matter of policy"),
    # Databases.
    Example(157, "no standby", database(multi_az=False), "fail", "finding"),
    Example(157, "a standby", database(multi_az=True), "pass", ""),
    Example(
        157,
        "an instance of Aurora",
        (
            a_resource(
                "rds.ClusterInstance", "one", id="one", engine="aurora-mysql", cluster_identifier="other"
            ),
        ),
        "pass",
        "",
    ),
    # Files.
    Example(42, "not encrypted", files(encrypted=False), "fail", "finding"),
    Example(42, "encrypted", files(encrypted=True, kms_key_id=KEY), "pass", ""),
    Example(
        184,
        "encrypted with a key of AWS's",
        files(encrypted=True),
        "fail",
        "note",
        "the data is encrypted; who holds the key is a matter of policy",
    ),
    Example(184, "encrypted with an own key", files(encrypted=True, kms_key_id=KEY), "pass", ""),
    # Alarms.
    Example(319, "actions enabled", alarm(), "pass", ""),
    Example(319, "actions disabled", alarm(actions_enabled=False), "fail", "finding"),
    Example(
        319,
        "no action at all",
        alarm(alarm_actions=[]),
        "pass",
        "finding",
        "enabled actions that do not exist notify nobody",
    ),
    Example(
        319,
        "a threshold of 101 %",
        alarm(threshold=101),
        "pass",
        "finding",
        "the alarm never triggers",
    ),
)


def verdict(example: Example) -> str:
    rules = RULES.get(example.check, ABOUT_POLICIES)
    review = review_plan(a_plan(*example.resources), strict=True)
    findings = [finding for finding in review.findings if finding.id in rules]
    if any(finding.severity != NOTE for finding in findings):
        return "finding"
    return "note" if findings else ""


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"CKV_AWS_{example.check} {example.name}")
def test_a_review_agrees_with_checkov_or_has_a_reason(example: Example) -> None:
    assert verdict(example) == example.review
    agrees = {"fail": "finding", "pass": ""}[example.checkov] == example.review
    assert agrees == (not example.why)
