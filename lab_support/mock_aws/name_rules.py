"""Which names a type may have: of which characters, how long. The provider says no, or AWS where it does not look.

Patterns and lengths of AWS: botocore's service models; the provider's: the validators of its schemas
(hashicorp/terraform-provider-aws, internal/service). The types whose names have rules of their own (databases, streams,
roles, topics, aliases, alarms) keep them in services/*_rules.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lab_support.mock_aws.aws_errors import AwsApiError, InvalidInput
from lab_support.mock_aws.kinds import one_kind
from lab_support.mock_aws.request import ResourceRequest


@dataclass(frozen=True)
class Form:
    """The form of a name: a pattern that the whole of it must match, and the sentence when it does not.

    `{name}` in the sentence is the name. Without a `call` the provider says it before it calls AWS; with one (service,
    operation, code) it is AWS's answer, and `doing` how the provider begins its sentence about it.
    """

    property: str
    pattern: str
    says: str
    call: tuple[str, str, str] | None = None
    doing: str = ""


def _constraint(parameter: str, pattern: str) -> str:
    """How services that check their input against their model say it."""
    return (
        f"1 validation error detected: Value '{{name}}' at '{parameter}' failed to satisfy constraint: Member must "
        f"satisfy regular expression pattern: {pattern}"
    )


def _between(spelled: str, shortest: int, longest: int, property: str = "name") -> Form:
    """The provider's check of a length (validation.StringLenBetween)."""
    says = f"expected length of {spelled} to be in the range ({shortest} - {longest}), got {{name}}"
    return Form(property, rf"(?s).{{{shortest},{longest}}}", says)


_LOAD_BALANCER: Final = (
    Form("name", r".{0,32}", '"name" cannot be longer than 32 characters: "{name}"'),
    Form("name", r"[0-9A-Za-z-]*", 'only alphanumeric characters and hyphens allowed in "name": "{name}"'),
    Form("name", r"(?!-).*", '"name" cannot begin with a hyphen: "{name}"'),
    Form("name", r".*(?<!-)", '"name" cannot end with a hyphen: "{name}"'),
)
_CACHE_ID: Final = tuple(
    Form("replicationGroupId", pattern, f"invalid value for replication_group_id ({says})")
    for pattern, says in (
        (r"[0-9A-Za-z-]*", "must contain only alphanumeric characters and hyphens"),
        (r"[A-Za-z].*", "must begin with a letter"),
        (r"(?!.*--).*", "cannot contain two consecutive hyphens"),
        (r".*(?<!-)", "cannot end with a hyphen"),
    )
)
_DYNAMODB: Final = ("DynamoDB", "CreateTable", "ValidationException")
_BUCKET: Final = "validating S3 Bucket ({name}) name: "
_LAMBDA_PATTERN: Final = r"[a-zA-Z0-9-_]+"
_LAMBDA_FULL: Final = (
    r"^(arn:[\w-]+:lambda:)?([a-z]{2}-(?:[a-z]+-){1,2}\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
    r"(:(\$LATEST|[a-zA-Z0-9-_]+))?$"
)

FORMS: Final[Mapping[str, tuple[Form, ...]]] = {
    "backup.Vault": (
        Form(
            "name",
            r"[a-zA-Z0-9_-]{1,50}",
            "invalid value for name (must consist of letters, numbers, and hyphens.)",
        ),
    ),
    "cloudwatch.EventRule": (
        _between("name", 1, 64),
        Form("name", r"[0-9A-Za-z_.-]*", "invalid value for name (must match [0-9A-Za-z_.-])"),
    ),
    "cloudwatch.LogGroup": (
        Form("name", r".{0,512}", '"name" cannot be longer than 512 characters: "{name}"'),
        Form(
            "name",
            r"[A-Za-z0-9\-_/#.]+",
            '"name" isn\'t a valid log group name (alphanumeric characters, underscores, hyphens, slashes, hash signs '
            'and dots are allowed): "{name}"',
        ),
    ),
    "dynamodb.Table": (
        Form(
            "name",
            r"[a-zA-Z0-9_.-]*",
            _constraint("tableName", "[a-zA-Z0-9_.-]+"),
            _DYNAMODB,
            "creating AWS DynamoDB Table ({name})",
        ),
        Form(
            "name",
            r".{3,255}",
            "TableName must be at least 3 characters long and at most 255 characters long",
            _DYNAMODB,
            "creating AWS DynamoDB Table ({name})",
        ),
    ),
    "ec2.SecurityGroup": (
        _between("name", 0, 255),
        Form("name", r"(?!sg-).*", "invalid value for name (cannot begin with sg-)"),
    ),
    "ecr.Repository": (
        Form(
            "name",
            r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*",
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression "
            r"'(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
            ("ECR", "CreateRepository", "InvalidParameterException"),
            "creating ECR Repository ({name})",
        ),
    ),
    "ecs.Cluster": (
        _between("name", 1, 255),
        Form(
            "name",
            r"[0-9A-Za-z_-]*",
            "invalid value for name (The cluster name must consist of alphanumerics, hyphens, and underscores.)",
        ),
    ),
    "efs.FileSystem": (_between("creation_token", 0, 64, "creationToken"),),
    "eks.Cluster": (
        _between("name", 1, 100),
        Form(
            "name",
            r"[0-9A-Za-z][A-Za-z0-9_-]*",
            "invalid value for name (must begin with alphanumeric character and contain only alphanumeric "
            "characters, dashes and underscores)",
        ),
    ),
    "elasticache.ReplicationGroup": (
        _between("replication_group_id", 1, 40, "replicationGroupId"),
        *_CACHE_ID,
    ),
    "lambda.Function": (
        Form(
            "name",
            rf"(arn:[\w-]+:lambda:\S+|{_LAMBDA_PATTERN})",
            f'"function_name" doesn\'t comply with restrictions ("{_LAMBDA_FULL}"): "{{name}}"',
        ),
        Form(
            "name",
            r"(arn:.*|.{0,64})",
            '"function_name" cannot be longer than 64 characters: "{name}"',
        ),
    ),
    "lb.LoadBalancer": (
        *_LOAD_BALANCER,
        Form("name", r"(?!internal-).*", '"name" cannot begin with "internal-": "{name}"'),
    ),
    "lb.TargetGroup": _LOAD_BALANCER,
    "rds.SubnetGroup": (
        Form(
            "name",
            r"[ 0-9a-z._-]*",
            'only lowercase alphanumeric characters, hyphens, underscores, periods, and spaces allowed in "name"',
        ),
        Form("name", r".{0,255}", '"name" cannot be longer than 255 characters'),
        Form("name", r"(?i)(?!default$).*", '"name" is not allowed as "Default"'),
    ),
    "s3.Bucket": (
        _between("bucket", 0, 63, "bucket"),
        Form("bucket", r".{3,63}", _BUCKET + '"{name}" must contain from 3 to 63 characters'),
        Form(
            "bucket",
            r"[0-9a-z.-]*",
            _BUCKET + 'only lowercase alphanumeric characters and hyphens allowed in "{name}"',
        ),
        Form(
            "bucket",
            r"(?!\d+\.\d+\.\d+\.\d+$).*",
            _BUCKET + '"{name}" must not be formatted as an IP address',
        ),
        Form("bucket", r"(?!\.).*", _BUCKET + '"{name}" cannot start with a period'),
        Form("bucket", r".*(?<!\.)", _BUCKET + '"{name}" cannot end with a period'),
        Form("bucket", r"(?!.*\.\.).*", _BUCKET + '"{name}" can be only one period between labels'),
    ),
    "secretsmanager.Secret": (
        Form(
            "name",
            r"[0-9A-Za-z_/+=.@!-]{1,512}",
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
            ("Secrets Manager", "CreateSecret", "ValidationException"),
            "creating Secrets Manager Secret ({name})",
        ),
    ),
    "sfn.StateMachine": (
        Form(
            "name",
            r"[0-9A-Za-z_-]{1,80}",
            "invalid value for name (the name should only contain 0-9, A-Z, a-z, - and _)",
        ),
    ),
    "sqs.Queue": (
        Form("name", r"[0-9A-Za-z_-]{1,80}|[0-9A-Za-z_-]{1,75}\.fifo", "invalid queue name: {name}"),
    ),
}


def check_name(request: ResourceRequest) -> None:
    """Raises InvalidInput or AwsApiError for a name that the type may not have."""
    for form in FORMS.get(one_kind(request.type), ()):
        name = request.inputs.get(form.property)
        if not isinstance(name, str) or re.fullmatch(form.pattern, name):
            continue
        says, doing = form.says.replace("{name}", name), form.doing.replace("{name}", name)
        if form.call is None:
            raise InvalidInput(form.property, says)
        service, operation, code = form.call
        raise AwsApiError(service, operation, code, says, doing)
