"""The reader drill: which secrets does someone see who has read-only access and can decrypt nothing?

    for secret in reader(plan).secrets:
        print(secret.name, secret.is_exposed, [sight.where for sight in secret.seen])

The reader has the state file, the stack's exports and the log of the deployment, and in the account AWS's policy
ReadOnlyAccess with a Deny for kms:Decrypt. In the state, Pulumi encrypts the values that are marked as secret, and
nothing else; a function in `apply` gets the plain text and is responsible for it (Pulumi documentation, "Secrets
Handling"). What it prints is in the log, and so are the stack's outputs, those that are secret as `[secret]` (Pulumi
documentation, "Understanding Stack Outputs"). AWS shows the settings of a resource to everyone who may read them,
except for those that a service never returns, such as a password.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from lab_support.drills.databases import databases
from lab_support.drills.secret_policies import policies_on
from lab_support.drills.secret_values import SecretValue, parts_of, secret_properties, secret_values, shown_in
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import AccessRequest, Policies, decide
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

__all__ = ["reader"]  # what notebooks import from lab_support

# The request that shows a kind's settings; of other kinds, one whose name begins with Describe, Get or List.
REQUESTS: Final[Mapping[str, str]] = {
    "ecs.TaskDefinition": "ecs:DescribeTaskDefinition",
    "ecs.Service": "ecs:DescribeServices",
    "lambda.Function": "lambda:GetFunctionConfiguration",
    "ec2.Instance": "ec2:DescribeInstanceAttribute",
    "ec2.LaunchTemplate": "ec2:DescribeLaunchTemplateVersions",
    "ssm.Parameter": "ssm:GetParameter",
    "s3.BucketObject": "s3:GetObject",
    "s3.BucketObjectv2": "s3:GetObject",
    "codebuild.Project": "codebuild:BatchGetProjects",
    "batch.JobDefinition": "batch:DescribeJobDefinitions",
    "apprunner.Service": "apprunner:DescribeService",
    "dynamodb.TableItem": "dynamodb:GetItem",
    "appconfig.HostedConfigurationVersion": "appconfig:GetHostedConfigurationVersion",
    "secretsmanager.Secret": "secretsmanager:DescribeSecret",
    "rds.Instance": "rds:DescribeDBInstances",
}
_READ_SECRET: Final = "secretsmanager:GetSecretValue"
_OBJECTS: Final = ("s3.BucketObject", "s3.BucketObjectv2")
_DERIVED: Final = ("tags_all",)  # repeats what another property has
_LOGICAL_NAME: Final = "the logical name"


class Place(StrEnum):
    """Where a reader looks."""

    STATE = "the state file"
    EXPORTS = "the stack's exports"
    LOG = "the deployment's log"
    AWS = "the AWS account"


@dataclass(frozen=True)
class Sight:
    """One place where a secret is kept: `where` names a resource or an export, `what` the value that has it.

    `request` shows the value to a reader. `written` says how it is encoded. If it `is_sealed`, nothing is seen.
    `urn` and `prop` name the resource and its property, if it is one.
    """

    place: Place
    where: str
    what: str
    request: str
    written: str = ""
    is_sealed: bool = False
    urn: str = ""
    prop: str = ""


@dataclass(frozen=True)
class ReadSecret:
    """A secret, where a reader sees it, and where it is kept so that they do not."""

    secret: SecretValue
    seen: tuple[Sight, ...]
    sealed: tuple[Sight, ...]

    @property
    def name(self) -> str:
        return self.secret.name

    @property
    def owner(self) -> str:
        return self.secret.owner

    @property
    def value(self) -> str:
        return self.secret.value

    @property
    def is_exposed(self) -> bool:
        return bool(self.seen)

    @property
    def seen_at(self) -> dict[str, str]:
        """The places in words, by the resource or export: `the state file and the AWS account, in tags › Password`."""
        found: dict[str, list[Sight]] = {}
        for sight in self.seen:
            found.setdefault(sight.where, []).append(sight)
        return {
            where: f"{' and '.join(dict.fromkeys(sight.place for sight in sights))}, "
            f"in {sights[0].what.replace(', ', ' › ')}"
            for where, sights in found.items()
        }


@dataclass(frozen=True)
class Reading:
    """What a reader finds. `managed` names the databases whose password RDS generates and keeps in Secrets Manager."""

    secrets: tuple[ReadSecret, ...]
    managed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every secret is kept from the reader."""
        return not any(secret.is_exposed for secret in self.secrets)


def reader(plan: Plan, configured: Mapping[str, Any] | None = None) -> Reading:
    """Where a reader sees each secret whose value is known, whole or in part, and however it is encoded.

    Those are the secrets of the plan's resources, and the texts in `configured`, by key.
    """
    return Reading(
        tuple(
            read_secret(plan, secret, parts_of(secret.value, plan))
            for secret in secret_values(plan, configured)
        ),
        tuple(
            database.name
            for database in databases(plan)
            if database.resource.get("manage_master_user_password") is True
        ),
    )


def read_secret(plan: Plan, secret: SecretValue, parts: tuple[str, ...] = ()) -> ReadSecret:
    """Where a reader sees one secret, or one of the `parts` of it."""
    sights = tuple(dict.fromkeys(_sights(plan, secret.value, parts)))
    return ReadSecret(
        secret,
        tuple(sight for sight in sights if not sight.is_sealed),
        tuple(sight for sight in sights if sight.is_sealed),
    )


def _sights(plan: Plan, secret: str, parts: tuple[str, ...]) -> Iterator[Sight]:
    for resource in plan:
        if resource.op != "delete":
            yield from _sights_of(plan, resource, secret, parts)
    for name, value in plan.outputs.items():
        for what, written in _shown(name, value, secret, parts) if name not in plan.output_secrets else ():
            yield Sight(Place.EXPORTS, name, what, "pulumi stack output", written)
            yield Sight(Place.LOG, name, f"{name}, the outputs at its end", "pulumi up", written)
    for diagnostic in plan.diagnostics:
        written_in_log = shown_in(diagnostic.text, secret, parts)
        if written_in_log is not None:
            where = diagnostic.resource or "the program"
            yield Sight(Place.LOG, where, "a message", "pulumi up", written_in_log)
    for line in dict.fromkeys(plan.printed.splitlines()):
        printed = shown_in(line, secret, parts)
        if printed is not None:
            yield Sight(Place.LOG, "the program", "what it prints", "pulumi up", printed)


def _sights_of(plan: Plan, resource: Resource, secret: str, parts: tuple[str, ...]) -> Iterator[Sight]:
    """Where the state and the account have a secret in one resource."""
    declared = secret_properties(resource)
    is_in_account = resource.is_custom and resource.type.startswith("aws:")
    values = {**resource.inputs, **resource.outputs, _LOGICAL_NAME: resource.name, "id": resource.id}
    for name, value in values.items():
        for what, written in _shown(name, value, secret, parts) if name not in _DERIVED else ():
            at = {"urn": resource.urn, "prop": name}
            hidden = name in resource.secrets
            yield Sight(Place.STATE, resource.name, what, "pulumi stack export", written, hidden, **at)
            if is_in_account and name != _LOGICAL_NAME:
                request, hidden = _in_account(plan, resource, name, declared)
                yield Sight(Place.AWS, resource.name, what, request, written, hidden, **at)


def _in_account(plan: Plan, resource: Resource, name: str, declared: Iterable[str]) -> tuple[str, bool]:
    """The request that a reader sends for a property, and whether AWS keeps it from them."""
    is_sealed = _is_sealed(plan, resource, name, declared)
    if is_sealed and resource.kind == "secretsmanager.SecretVersion":
        return _READ_SECRET, not _policy_lets_in(plan, resource)
    return REQUESTS.get(resource.kind, "the console, or AWS's API"), is_sealed


def _shown(name: str, value: Any, secret: str, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Where in a property the secret is, and how it is written."""
    for path, text in leaves(value, name):
        written = shown_in(text, secret, parts)
        if written is not None:
            yield path, written


def leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The texts in a value, with their places: `container_definitions, processor, DATABASE_URL`."""
    if value is UNKNOWN or value is None or isinstance(value, bool):
        return
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield f"{path}, a name", str(name)
            yield from leaves(inner, f"{path}, {name}")
    elif isinstance(value, (list, tuple)):
        for inner in value:
            label = inner.get("name") if isinstance(inner, Mapping) else None
            if isinstance(label, str) and isinstance(inner, Mapping):
                yield f"{path}, a name", label
                yield from leaves({k: v for k, v in inner.items() if k != "name"}, f"{path}, {label}")
            else:
                yield from leaves(inner, path)
    elif isinstance(value, str):
        read = _read_json(value)
        yield from leaves(read, path) if isinstance(read, (dict, list)) else ((path, value),)
    elif isinstance(value, int | float):
        yield path, str(value)


def _read_json(text: str) -> Any:
    if text[:1] not in "[{":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_sealed(plan: Plan, resource: Resource, name: str, declared: Iterable[str]) -> bool:
    """Whether AWS keeps a property from someone who may read settings and decrypt nothing.

    AWS Systems Manager User Guide, "SecureString parameters"; AWS Lambda Developer Guide, "Securing Lambda environment
    variables"; Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys"; AWS AppConfig User Guide, "Data
    encryption at rest for AWS AppConfig".
    """
    if resource.kind == "ssm.Parameter":
        return resource.get("type") == "SecureString" and name in declared
    if resource.kind == "lambda.Function" and name == "environment":
        return bool(resource.get("kms_key_arn"))
    if resource.kind in _OBJECTS and name in ("content", "content_base64"):
        return _is_object_encrypted(plan, resource)
    if resource.kind == "appconfig.HostedConfigurationVersion" and name == "content":
        profiles = plan.referenced(resource, "configuration_profile_id", "appconfig.ConfigurationProfile")
        return any(profile.get("kms_key_identifier") for profile in profiles)
    return name in declared


def _is_object_encrypted(plan: Plan, resource: Resource) -> bool:
    """Whether KMS encrypts an object: by its own setting or by its bucket's."""
    if resource.get("kms_key_id") or str(resource.get("server_side_encryption", "")).startswith("aws:kms"):
        return True
    kinds = ("s3.BucketServerSideEncryptionConfiguration", "s3.BucketServerSideEncryptionConfigurationV2")
    buckets = plan.referenced(resource, "bucket", "s3.Bucket", "s3.BucketV2")
    return any(
        "aws:kms" in str(configuration.get("rules"))
        for configuration in plan.of_type(*kinds)
        if set(buckets) & set(plan.referenced(configuration, "bucket", "s3.Bucket", "s3.BucketV2"))
    )


def _policy_lets_in(plan: Plan, version: Resource) -> bool:
    """Whether a policy of the secret itself lets everyone in the account read its value.

    A policy that names the account's root leaves the decision to the reader's own policies, which do not allow it.
    """
    for secret in plan.referenced(version, "secret_id", "secretsmanager.Secret"):
        arn, me = str(secret.get("arn")), f"arn:aws:iam::{plan.account}:role/reader"
        context = Context({"aws:principalaccount": (plan.account,), "aws:principalarn": (me,)})
        policies = Policies(me, resource=policies_on(plan, secret))
        if decide(AccessRequest(_READ_SECRET, arn, context), policies).allowed:
            return True
    return False
