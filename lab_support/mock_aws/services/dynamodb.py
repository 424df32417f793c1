"""DynamoDB: tables and items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws.find_resources import find_by
from lab_support.mock_aws.follows import when
from lab_support.mock_aws.lookup import Values
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import DeletionGuard, NameForm, ResourceSpec, Unique
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN
from lab_support.plan.wire import has_unknown

_CREATED = "2025-01-01T00:00:00.000"


def _item_id(request: ResourceRequest, values: Values) -> Any:
    """Table, key and the key's value, with bars between them, as the provider puts them together."""
    table, key, item = values.get("tableName"), values.get("hashKey"), values.get("item")
    if not isinstance(table, str) or not isinstance(key, str) or not isinstance(item, str):
        return UNKNOWN
    return "|".join((table, key, _key_value(item, key)))


def _key_of_item(name: str) -> Any:
    def found(request: ResourceRequest, values: Values) -> Any:
        key, item = values.get(name, ""), values.get("item")
        if not isinstance(key, str) or not isinstance(item, str):
            return UNKNOWN
        return _key_value(item, key)

    return found


def _key_value(item: str, key: str) -> str:
    try:
        value = json.loads(item).get(key, {})
    except (ValueError, AttributeError):
        return ""
    return str(next(iter(value.values()), "")) if isinstance(value, Mapping) else ""


def _attributes_are_keys(request: ResourceRequest, values: Values) -> None:
    """The provider's own demand: every attribute is a key of the table or of an index, and the other way round."""
    if has_unknown(request.inputs) or values.get("restoreSourceName") or values.get("restoreSourceTableArn"):
        return
    owners = [
        values,
        *(values.get("localSecondaryIndexes") or ()),
        *(values.get("globalSecondaryIndexes") or ()),
    ]
    keys = {owner.get(name) for owner in owners for name in ("hashKey", "rangeKey")}
    keys |= {key.get("attributeName") for owner in owners for key in owner.get("keySchemas") or ()}
    attributes = {attribute["name"] for attribute in values.get("attributes") or ()}
    faults = (
        ("all attributes must be indexed. Unused attributes", attributes - keys),
        ("all indexes must match a defined attribute. Unmatched indexes", keys - attributes - {None, ""}),
    )
    for text, names in faults:
        if names:
            listed = " ".join(f'"{name}"' for name in sorted(names))
            raise InvalidInput("attributes", f"{text}: [{listed}]")


def _constraint(parameter: str, pattern: str) -> str:
    """How services that check their input against their model say it."""
    return (
        f"1 validation error detected: Value '{{name}}' at '{parameter}' failed to satisfy constraint: Member must "
        f"satisfy regular expression pattern: {pattern}"
    )


SPECS = {
    "dynamodb.Table": ResourceSpec(
        computed_inside={"replicas": ("arn", "streamArn", "streamLabel")},
        creation=("DynamoDB", "CreateTable", "creating AWS DynamoDB Table ({name})"),
        defaults={
            "pointInTimeRecovery": {"enabled": False},
            "readCapacity": 0,
            "serverSideEncryption": {"enabled": False, "kmsKeyArn": ""},
            "streamEnabled": False,
            "streamViewType": "",
            "ttl": {"attributeName": "", "enabled": False},
            "writeCapacity": 0,
        },
        computed={
            "streamArn": when("streamEnabled", True, "{arn}/stream/" + _CREATED),
            "streamLabel": when("streamEnabled", True, _CREATED),
        },
        rules=(_attributes_are_keys,),
        unique=Unique("ResourceInUseException", "Table already exists: {name}"),
        name_forms=(
            NameForm(r"[a-zA-Z0-9_.-]*", _constraint("tableName", "[a-zA-Z0-9_.-]+"), "ValidationException"),
            NameForm(
                r".{3,255}",
                "TableName must be at least 3 characters long and at most 255 characters long",
                "ValidationException",
            ),
        ),
        deletion=("DynamoDB", "DeleteTable", "deleting AWS DynamoDB Table ({id})"),
        guards=(
            DeletionGuard(
                "ValidationException",
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
                "first.",
                flag=("deletionProtectionEnabled", True),
            ),
        ),
        data_sources={"dynamodb.getTable": find_by("name", "Amazon DynamoDB Table")},
        force_new=("hashKey", "importTable", "localSecondaryIndexes", "rangeKey"),
    ),
    "dynamodb.TableItem": ResourceSpec(
        id=_item_id,
        computed={"hashKeyValue": _key_of_item("hashKey"), "rangeKeyValue": _key_of_item("rangeKey")},
        force_new=("hashKey", "rangeKey"),
    ),
    "dynamodb.ResourcePolicy": ResourceSpec(overwrites=("resourceArn",)),
}
