"""Which inputs of each resource type force a replacement, as far as anything published says so.

Pulumi's schema, where `willReplaceOnChanges` says it, is not part of the Python package. What is:

| source | where | what it says |
|---|---|---|
| documentation | an input's own text in pulumi_aws | "Changing this forces a new resource." |
| identity | "Identity Schema" in the class's text | another value identifies another resource |
| cloudformation | cfn-lint's copy of AWS's resource schemas | `createOnlyProperties` ("Update requires: Replacement") |

An entry of a type in services/ corrects and completes this; it knows the provider's own schema.
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from lab_support.mock_aws.naming import autonamed_property
from lab_support.toolchain.sdk_defaults import documentation
from lab_support.toolchain.sdk_source import Registered, registered_resources, resource_file
from lab_support.toolchain.sdk_types import ResourceType, resource_type
from tools.data_file import DataFile

# CloudFormation's names of a service, where they are not the SDK's.
_SERVICES: Final[Mapping[str, tuple[str, ...]]] = {
    "acm": ("CertificateManager",),
    "alb": ("ElasticLoadBalancingV2",),
    "amp": ("APS",),
    "appautoscaling": ("ApplicationAutoScaling",),
    "bedrock": ("Bedrock", "BedrockAgentCore"),
    "cfg": ("Config",),
    "cloudhsmv2": ("CloudHSM",),
    "cloudwatch": ("CloudWatch", "Events", "Logs"),
    "costexplorer": ("CE",),
    "ebs": ("EC2",),
    "ec2clientvpn": ("EC2",),
    "ec2transitgateway": ("EC2",),
    "elb": ("ElasticLoadBalancing",),
    "inspector2": ("InspectorV2",),
    "keyspaces": ("Cassandra",),
    "kinesis": ("Kinesis", "KinesisFirehose"),
    "lb": ("ElasticLoadBalancingV2",),
    "macie2": ("Macie",),
    "mq": ("AmazonMQ",),
    "mskconnect": ("KafkaConnect",),
    "opensearch": ("OpenSearchService", "OpenSearchServerless"),
    "opensearchingest": ("OSIS",),
    "resourceexplorer": ("ResourceExplorer2",),
    "s3control": ("S3",),
    "sesv2": ("SES",),
    "sfn": ("StepFunctions",),
    "ssoadmin": ("SSO",),
    "timestreamwrite": ("Timestream",),
    "verifiedaccess": ("EC2",),
    "vpc": ("EC2",),
}
# What CloudFormation puts before a type's name (`DBSubnetGroup`, `CacheCluster`, `TransitGatewayRoute`).
_PREFIXES: Final = ("", "DB", "Cache", "VPC", "TransitGateway", "VerifiedAccess", "ClientVpn")

_STATEMENT: Final = re.compile(
    r"\bforc(?:e|es|ing) (?:\w+ )*?(?:new|replacement|re-?creation)\b|"
    r"\b(?:chang|modify|updat)\w* .*\b(?:new resource|new tenant|new cluster|replacement|replaced|re-?creat\w+)\b|"
    r"\bcreates a new resource\b|"
    r"\bcan(?:no|')t be (?:changed|modified)\b",
    re.I,
)
_ON_CHANGE: Final = re.compile(
    r"\bif changed\b|\bwhen changed\b|\bif modified\b|^If (`\w+`) is changed, ", re.I
)
_CONDITION: Final = re.compile(
    r"\b(?:if|when|unless|between|disabl\w+|remov\w+|adding|from|downgrading|lower|decreased|enabl\w+|exception|"
    r"empty|either|because|option|multiple|during|combination|attempt|try)\b|^For |\(Forces new for|identifier for",
    re.I,
)
_IDENTITY: Final = re.compile(r"### Identity Schema\s+#### Required\s+((?: *\* .*\n)+)")
# The provider changes tags in place, and the mechanism knows of regions.
_NEVER: Final = frozenset({"tags", "tagsAll", "region"})


def sources() -> dict[str, dict[str, list[str]]]:
    """By type token and source: the inputs (wire names) that force a replacement, each under its best source.

    Under `in_place`: the input that names the resource, where CloudFormation changes it without a replacement.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for token, resource in registered_resources().items():
        described = resource_type(token)
        if described is None:
            continue
        inputs = dict(_inputs(token, resource, described))
        for name, source in sorted(inputs.items()):
            found.setdefault(token, {}).setdefault(source, []).append(name)
        named = autonamed_property(token, described) or "name"
        if named not in inputs and named in _listed(resource, described, "changeable"):
            found.setdefault(token, {})["in_place"] = [named]
    return found


def _inputs(token: str, resource: Registered, described: ResourceType) -> Iterator[tuple[str, str]]:
    by_source = {  # the last one wins
        "cloudformation": _listed(resource, described, "created_once"),
        "identity": _identity(resource, described),
        "documentation": _documented(token, described),
    }
    for source, names in by_source.items():
        for name in names:
            if name not in _NEVER and name in described.inputs:
                yield name, source
                if f"{name}Prefix" in described.inputs:
                    yield f"{name}Prefix", source


def _documented(token: str, described: ResourceType) -> Iterator[str]:
    documents = documentation(token)
    for name, prop in described.inputs.items():
        if any(
            _says_so(sentence, prop.python_name)
            for sentence in _sentences(documents.get(prop.python_name, ""))
        ):
            yield name


def _sentences(text: str) -> list[str]:
    """The sentences of an input's own text, without the list of an object's fields behind it."""
    return re.split(r"(?<=[.)])\s+(?=[A-Z*`>])|\n", text.split("\n*")[0])


def _says_so(sentence: str, name: str) -> bool:
    """Whether a sentence says of this input, without a condition, that another value needs another resource."""
    sentence = _ON_CHANGE.sub(r"changing \1 ", sentence)
    others = set(re.findall(r"`(\w+)`", sentence)) - {name}
    return bool(_STATEMENT.search(sentence)) and not _CONDITION.search(sentence) and not others


def _identity(resource: Registered, described: ResourceType) -> Iterator[str]:
    text = resource_file(resource).read_text(encoding="utf-8")
    listed = _IDENTITY.search(text)
    required = re.findall(r"\* `(\w+)`", listed[1]) if listed else []
    for name, prop in described.inputs.items():
        if prop.python_name in required:
            yield name


def _listed(resource: Registered, described: ResourceType, kind: str) -> set[str]:
    """The inputs that are among CloudFormation's properties of this kind: `created_once` or `changeable`."""
    own = _plain(resource.class_name)
    found = set()
    for wanted in _schema_of(resource).get(kind, ()):
        prop = _plain(wanted)
        for name in described.inputs:
            plain = _plain(name)
            # CloudFormation's RoleName is `name`, its BucketName `bucket`; lists are plural in Pulumi.
            is_text = described.inputs[name].type.kind == "string"
            is_its_name = is_text and plain == own and prop == f"{plain}name"
            if prop in (plain, own + plain) or is_its_name or f"{prop}s" == plain:
                found.add(name)
    return found


def _schema_of(resource: Registered) -> Mapping[str, set[str]]:
    """What CloudFormation says of a type; empty where it has no such type, or where ours cannot be matched with it."""
    module = resource.module.rstrip("_")
    name = resource.class_name
    for service in _SERVICES.get(module, (module,)):
        for wanted in (name, name.removesuffix("V2")):
            for prefix in (*_PREFIXES, module):
                schema = _schemas().get((_plain(service), _plain(prefix + wanted)))
                if schema is not None:
                    return schema
    return {}


@cache
def _schemas() -> Mapping[tuple[str, str], Mapping[str, set[str]]]:
    """By service and type, the properties that are for good and those that can be changed.

    Read from the files of the package, because importing it takes its dependencies. A type whose schema differs
    between regions has several: what is for good in one of them counts.
    """
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("cfn-lint is not installed: it is part of the dev extra")
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for path in (Path(spec.origin).parent / "data" / "schemas" / "resources").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        _, service, name = schema["typeName"].split("::")
        entry = found.setdefault(
            (_plain(service), _plain(name)), {"created_once": set(), "changeable": set()}
        )
        entry["created_once"] |= _whole(schema.get("createOnlyProperties", ()))
        if "update" in schema.get("handlers", ()):
            entry["changeable"] |= {*schema["properties"]} - _whole(schema.get("readOnlyProperties", ()))
    for entry in found.values():
        entry["changeable"] -= entry["created_once"]
    return found


def _whole(pointers: Iterable[str]) -> set[str]:
    """The properties that such pointers name as a whole (`/properties/Name`), not a part of an object."""
    return {pointer.split("/")[2] for pointer in pointers if pointer.count("/") == 2}


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


DATA_FILE: Final = DataFile(
    "lab_support/mock_aws/data/force_new.json",
    ("pulumi-aws", "cfn-lint"),
    lambda: {"types": sources()},
)
