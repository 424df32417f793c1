"""Lambda: functions, who may call them, what triggers them.

Formats: Service Authorization Reference, "AWS Lambda"; defaults: Lambda API Reference, CreateFunction, and the
provider's documentation of `aws_lambda_function`.
"""

from __future__ import annotations

from typing import Any, Final

from lab_support.mock_aws.data.combinations import EXACTLY_ONE, REQUIRES, Combination
from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.lookup import Lookup, Values, is_called, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, NameForm, Reference, ResourceSpec, Unique
from lab_support.mock_aws.services import iam_rules
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN

_ARN = "arn:{partition}:lambda:{region}:{account}:"

# API Gateway calls a function through this path (API Gateway Developer Guide, "Lambda integrations").
_INVOKE = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/"


def _function_arn(request: ResourceRequest, values: Values) -> Any:
    """The ARN of the function that an input names by name or ARN."""
    given = values.get("functionName", values.get("function"))
    if not isinstance(given, str) or given.startswith("arn:"):
        return given if given is not None else UNKNOWN
    return f"arn:{request.partition}:lambda:{request.region}:{request.account.id}:function:{given}"


def _alias_arn(request: ResourceRequest, values: Values) -> Any:
    function, name = _function_arn(request, values), values.get("name")
    return f"{function}:{name}" if isinstance(function, str) and isinstance(name, str) else UNKNOWN


def _version(request: ResourceRequest, values: Values) -> Any:
    """A number where each change is published; else the one that can change."""
    published = values.get("publish")
    return published if published is UNKNOWN else "1" if published is True else "$LATEST"


def _zip_has_handler(request: ResourceRequest, values: Values) -> None:
    """The provider's own demand (checkHandlerRuntimeForZipFunction)."""
    if values.get("packageType") == "Zip":
        missing = next((name for name in ("handler", "runtime") if values.get(name) in (None, "")), None)
        if missing is not None:
            raise InvalidInput(missing, "handler and runtime must be set when PackageType is Zip")


_NAME_PATTERN: Final = r"[a-zA-Z0-9-_]+"

_NAME_OR_ARN: Final = (
    r"^(arn:[\w-]+:lambda:)?([a-z]{2}-(?:[a-z]+-){1,2}\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)"
    r"(:(\$LATEST|[a-zA-Z0-9-_]+))?$"
)


def _invocation(lookup: Lookup) -> Values:
    """What a function answers: no code is run. Of what is assumed to exist, only the function is."""
    name = str(lookup.args.get("functionName"))
    is_there = any(is_called(function, name) for function in lookup.resources("lambda.Function"))
    if not is_there and not lookup.account.may_hold(lookup.token, name, f"function {name}"):
        raise not_found(f"invoking Lambda Function ({name}): Function not found")
    return {"id": f"{name}_$LATEST", "result": "{}"}


SPECS = {
    "lambda.Function": ResourceSpec(
        creation=("Lambda", "CreateFunction", "creating Lambda Function ({name})"),
        defaults={
            "architectures": ["x86_64"],
            "ephemeralStorage": {"size": 512},
            "loggingConfig": {"logFormat": "Text", "logGroup": "/aws/lambda/{name}"},
            "memorySize": 128,
            "reservedConcurrentExecutions": -1,
            "timeout": 3,
            "tracingConfig": {"mode": "PassThrough"},
        },
        computed={
            "version": _version,
            "qualifiedArn": "{arn}:{version}",
            "invokeArn": _INVOKE + "{arn}/invocations",
            "qualifiedInvokeArn": _INVOKE + "{qualifiedArn}/invocations",
            "responseStreamingInvokeArn": (
                "arn:{partition}:apigateway:{region}:lambda:path/2021-11-15/functions/{arn}/"
                "response-streaming-invocations"
            ),
            "signingJobArn": "",
            "signingProfileVersionArn": "",
            "lastModified": "2025-01-01T00:00:00.000+0000",
        },
        autoname=Autoname(longest=64),
        combinations=(
            Combination(EXACTLY_ONE, ("code", "image_uri", "s3_bucket")),
            Combination(REQUIRES, ("s3_key", "s3_bucket")),
        ),
        rules=(_zip_has_handler,),
        unique=Unique("ResourceConflictException", "Function already exist: {name}"),
        name_forms=(
            NameForm(
                rf"(arn:[\w-]+:lambda:\S+|{_NAME_PATTERN})",
                f'"function_name" doesn\'t comply with restrictions ("{_NAME_OR_ARN}"): "{{name}}"',
            ),
            NameForm(r"(arn:.*|.{0,64})", '"function_name" cannot be longer than 64 characters: "{name}"'),
        ),
        references=(
            Reference(
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
                name="role",
                target=iam_rules.ROLE,
            ),
        ),
        data_sources={
            "lambda.getFunction": find_by("functionName", "Lambda Function", gives={"functionName": "name"})
        },
    ),
    "lambda.Permission": ResourceSpec(
        creation=("Lambda", "AddPermission", "adding Lambda Permission ({function}/{statementId})"),
        id="{statementId}",
        generated="terraform-",
        name="statementId",
        autoname=Autoname(longest=100),
        unique=Unique(
            "ResourceConflictException",
            "The statement id ({statementId}) provided already exists. Please provide a new "
            "statement id, or remove the "
            "existing statement.",
            within=("region", "function", "qualifier"),
        ),
        references=(
            Reference(
                "ResourceNotFoundException",
                "Function not found: arn:{partition}:lambda:{region}:{account}:function:{value}",
                name="function",
                target="lambda.Function",
            ),
        ),
        force_new=("function", "qualifier"),
    ),
    "lambda.EventSourceMapping": ResourceSpec(
        id="{uuid}",
        arn=_ARN + "event-source-mapping:{uuid}",
        defaults={"tumblingWindowInSeconds": 0},
        computed={
            "uuid": "{id}",
            "functionArn": _function_arn,
            "lastProcessingResult": "No records processed",
            "state": "Enabled",
            "stateTransitionReason": "USER_INITIATED",
        },
        force_new=("queues",),
    ),
    "lambda.LayerVersion": ResourceSpec(
        id="{arn}",
        arn=_ARN + "layer:{layerName}:1",
        computed={
            "layerArn": _ARN + "layer:{layerName}",
            "version": "1",
            "createdDate": "2025-01-01T00:00:00.000+0000",
            "signingJobArn": "",
            "signingProfileVersionArn": "",
        },
        force_new=("code", "s3Bucket", "s3Key", "s3ObjectVersion", "sourceCodeHash"),
    ),
    "lambda.Alias": ResourceSpec(
        id="{arn}", defaults={"arn": _alias_arn}, computed={"invokeArn": _INVOKE + "{arn}/invocations"}
    ),
    "lambda.FunctionUrl": ResourceSpec(
        id="{functionName}",
        defaults={"invokeMode": "BUFFERED"},
        computed={
            "functionArn": _function_arn,
            "urlId": "{lower32}",
            "functionUrl": "https://{lower32}.lambda-url.{region}.on.aws/",
        },
        force_new=("qualifier",),
    ),
    "lambda.FunctionEventInvokeConfig": ResourceSpec(
        id="{functionName}", defaults={"maximumRetryAttempts": 2}, overwrites=("functionName", "qualifier")
    ),
    "lambda.CodeSigningConfig": ResourceSpec(computed={"configId": "csc-{hex17}"}),
}

# What pulumi-aws called it first.
ALIASES = {"lambda.MicrovmsImage": "lambdamicrovms.Image"}

DATA_SOURCES = {"lambda.getInvocation": _invocation}
