"""Systems Manager: parameters, an account's own and those that AWS publishes."""

from __future__ import annotations

import json
from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import STAND_IN
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Lookup, Values, is_called, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import ResourceSpec, Unique
from lab_support.plan.values import UNKNOWN


def _parameter_arn(request: ResourceRequest, values: Values) -> Any:
    """`parameter/NAME`, with one slash whether or not the name begins with one."""
    name = values.get("name")
    if not isinstance(name, str):
        return UNKNOWN
    place = f"arn:{request.partition}:ssm:{request.region}:{request.account.id}"
    return f"{place}:parameter/{name.removeprefix('/')}"


def _find_parameter(lookup: Lookup) -> Values:
    """A parameter of the account, or one that AWS publishes under /aws/service."""
    name = str(lookup.args.get("name"))
    for held in lookup.resources("ssm.Parameter"):
        if is_called(held, name):
            value = held.values.get("value", held.values.get("insecureValue", ""))
            return {"version": 1, **held.values, "id": name, "value": value, "insecureValue": value}
    if not name.startswith("/aws/"):
        raise not_found(f"reading SSM Parameter ({name}): couldn't find resource")
    return _parameter_of(lookup, name, _published(name, lookup.region), "String")


def assumed_parameter(lookup: Lookup) -> Values:
    """A parameter that the account is taken to have."""
    return _parameter_of(lookup, str(lookup.args.get("name")), STAND_IN, "SecureString")


def _parameter_of(lookup: Lookup, name: str, value: str, kind: str) -> Values:
    return {
        "id": name,
        "arn": lookup.arn("ssm", f"parameter/{name.removeprefix('/')}"),
        "value": value,
        "insecureValue": value,
        "type": kind,
        "version": 1,
    }


def _published(name: str, region: str) -> str:
    """What AWS says under a public parameter (Systems Manager User Guide, "Working with public parameters")."""
    seed = f"{region}:{name.removesuffix('/image_id')}"
    image = f"ami-{identifiers.hexadecimal(seed, 17)}"
    if name.startswith("/aws/service/ecs/") and name.endswith("/recommended"):
        about = {
            "schema_version": 1,
            "image_name": name.split("/")[5],
            "image_id": image,
            "os": "Amazon Linux",
        }
        return json.dumps(about)
    if name.startswith("/aws/service/global-infrastructure/"):
        return name.rpartition("/")[2]
    return image


def _find_parameters(lookup: Lookup) -> Values:
    path = str(lookup.args.get("path")).rstrip("/") + "/"
    deep = lookup.args.get("recursive") is True
    found = [
        held
        for held in lookup.resources("ssm.Parameter")
        if (name := str(held.values.get("name"))).startswith(path) and (deep or "/" not in name[len(path) :])
    ]
    return {
        "names": [held.values.get("name") for held in found],
        "arns": [held.values.get("arn") for held in found],
        "types": [held.values.get("type") for held in found],
        "values": [held.values.get("value", "") for held in found],
    }


SPECS = {
    "ssm.Parameter": ResourceSpec(
        creation=("SSM", "PutParameter", "creating SSM Parameter ({name})"),
        id="{name}",
        defaults={
            "arn": _parameter_arn,
            "dataType": "text",
            "keyId": when("type", "SecureString", "alias/aws/ssm"),
            "tier": "Standard",
        },
        computed={"hasValueWo": False},
        unique=Unique(
            "ParameterAlreadyExists",
            "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
            unless="overwrite",
        ),
        data_sources={"ssm.getParameter": _find_parameter, "ssm.getParametersByPath": _find_parameters},
        overwrites=("name",),
        force_new=("dataType",),
    )
}
# What the account is taken to hold where a program reads a parameter that is not known here.
ASSUMED = {"ssm.getParameter": assumed_parameter}
