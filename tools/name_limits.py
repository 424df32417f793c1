"""Length and pattern of the input that names a thing, from the parameter of the call that creates it.

AWS's own limits, from botocore's models; the provider's validators, which see a name first, are in services/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from lab_support.mock_aws.data.name_limits import limit_in
from lab_support.mock_aws.naming import autonamed_property
from lab_support.toolchain.sdk_source import Registered, registered_resources
from lab_support.toolchain.sdk_types import resource_type
from tools.botocore_models import Service, folders, service
from tools.data_file import DataFile
from tools.examples import Example, examples

# botocore's folders of a service, where they are not called as the SDK's module.
_FOLDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "alb": ("elbv2",),
    "appautoscaling": ("application-autoscaling",),
    "bedrock": ("bedrock", "bedrock-agent", "bedrock-agentcore-control"),
    "cfg": ("config",),
    "cloudwatch": ("cloudwatch", "events", "logs"),
    "codestarconnections": ("codestar-connections",),
    "cognito": ("cognito-idp", "cognito-identity"),
    "costexplorer": ("ce",),
    "directoryservice": ("ds",),
    "ebs": ("ec2",),
    "ec2clientvpn": ("ec2",),
    "ec2transitgateway": ("ec2",),
    "ecrpublic": ("ecr-public",),
    "elasticsearch": ("es",),
    "emrcontainers": ("emr-containers",),
    "emrserverless": ("emr-serverless",),
    "iot": ("iot",),
    "kinesis": ("kinesis", "firehose", "kinesisvideo"),
    "lb": ("elbv2",),
    "lex": ("lexv2-models", "lex-models"),
    "licensemanager": ("license-manager",),
    "msk": ("kafka",),
    "mskconnect": ("kafkaconnect",),
    "networkfirewall": ("network-firewall",),
    "opensearch": ("opensearch", "opensearchserverless"),
    "opensearchingest": ("osis",),
    "redshiftserverless": ("redshift-serverless",),
    "resourcegroups": ("resource-groups",),
    "sfn": ("stepfunctions",),
    "ssoadmin": ("sso-admin",),
    "ssmincidents": ("ssm-incidents",),
    "timestreamwrite": ("timestream-write",),
    "vpc": ("ec2",),
    "vpclattice": ("vpc-lattice",),
    "wafregional": ("waf-regional",),
}
_VERBS: Final = ("Create", "Put", "Register", "Import", "Request", "Add")
# How a service refuses what its own model rules out, where the call declares it.
_REFUSAL: Final = "ValidationException"
_PREFIXES: Final = ("", "DB", "Cache", "Delivery", "User")


@cache
def limits() -> dict[str, dict[str, Any]]:
    """By type token: the input, the call and its parameter, what AWS demands of it, and how it refuses another.

    `error` is there only where the call's model declares it and no example of the documentation contradicts.
    """
    known = set(folders().values())
    found = {}
    for token, resource in registered_resources().items():
        described = resource_type(token)
        named = autonamed_property(token, described) or "name"
        if described is None or named not in described.inputs:
            continue
        module = resource.module.rstrip("_")
        for folder in _FOLDERS.get(module, (module, module.replace("_", "-"))):
            entry = _entry(service(folder), resource, named) if folder in known else None
            if entry:
                if any(_is_refused(example, token, entry) for example in examples()):
                    entry.pop("error", None)
                found[token] = entry
                break
    return found


def _is_refused(example: Example, token: str, entry: Mapping[str, Any]) -> bool:
    """Whether the limits rule out the name in an example of the type's documentation."""
    name = example.inputs.get(entry["input"]) if example.token == token else None
    return isinstance(name, str) and bool(limit_in(entry).fault(name))


def _entry(known: Service, resource: Registered, named: str) -> dict[str, Any] | None:
    by_name = {_plain(operation): operation for operation in known.operations}
    for verb in _VERBS:
        for prefix in _PREFIXES:
            operation = by_name.get(_plain(f"{verb}{prefix}{resource.class_name}"))
            if operation is None:
                continue
            parameters = known.inputs_of(operation)
            for parameter in _matching(parameters, prefix, resource.class_name, named):
                shape = known.shape(parameters[parameter])
                demands = {name: shape[name] for name in ("min", "max", "pattern") if name in shape}
                if not _is_readable(demands.get("pattern", "")):
                    del demands["pattern"]
                if shape["type"] == "string" and demands:
                    declared = any(code == _REFUSAL for code, _ in known.errors_of(operation))
                    return {
                        "input": named,
                        "call": f"{known.id}.{operation}",
                        "parameter": parameter,
                        **demands,
                        **({"error": _REFUSAL} if declared else {}),
                    }
    return None


def _matching(parameters: Mapping[str, str], prefix: str, class_name: str, named: str) -> Iterator[str]:
    """The parameters that may be this input: `name` is RoleName, Name or Bucket."""
    wanted = (f"{prefix}{class_name}{named}", f"{class_name}{named}", named, class_name, f"{named}Name")
    by_name = {_plain(parameter): parameter for parameter in parameters}
    for name in wanted:
        if _plain(name) in by_name:
            yield by_name[_plain(name)]


def _is_readable(pattern: str) -> bool:
    """Whether Python can read it: a few patterns use what only Java knows (`\\p{L}`, surrogate pairs)."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


DATA_FILE: Final = DataFile(
    "lab_support/mock_aws/data/name_limits.json", ("botocore", "pulumi-aws"), lambda: {"types": limits()}
)
