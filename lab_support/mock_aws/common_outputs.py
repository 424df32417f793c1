"""Outputs that are plain from their name, their type or the documentation, whatever the resource type.

An owner, a date, a state: these are filled in for every type. Outputs of which nothing is known are left out, which the
engine shows as unknown: better than an invented value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lab_support.mock_aws.account import Account
from lab_support.mock_aws.existing import subnet_of
from lab_support.mock_aws.fallback import arn_template
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_defaults import documentation
from lab_support.toolchain.sdk_types import ResourceType

# When everything in the account was created.
CREATED: Final = "2025-01-01T00:00:00Z"

# Outputs that mean the same wherever they appear.
_PLAIN: Final[Mapping[str, str | bool]] = {
    **dict.fromkeys(
        ("ownerId", "ownerAccountId", "accountId", "awsAccountId", "registryId", "owner", "resourceOwner"),
        "{account}",
    ),
    **dict.fromkeys(
        (
            *("createDate", "createTime", "createdAt", "createdDate", "createdTime", "createdTimestamp"),
            *("creationDate", "creationTime", "dateCreated", "lastModified", "lastModifiedDate"),
            *("lastModifiedTime", "lastModifiedTimestamp", "lastUpdatedDate", "lastUpdatedTime"),
            *("lastUpdatedTimestamp", "modifiedAt", "updateTime", "updatedAt"),
        ),
        CREATED,
    ),
    **dict.fromkeys(("failureReason", "outpostArn", "statusMessage", "statusReason"), ""),
    "customerAwsId": "{account}",
    "etag": "{hex32:etag}",
    "resourceArn": "{arn}",
    "resourceId": "{id}",
    "revisionId": "{uuid:revision}",
    "updateToken": "{uuid:token}",
}
# What no new resource is.
_NOT_YET: Final = frozenset(
    {
        *("defaultAssociationRouteTable", "defaultControlPanel", "defaultPropagationRouteTable", "expired"),
        *("hasAssociatedService", "hasPublicAccessPolicy", "isDefault", "isStaticIp", "isTestDomain"),
        *("keyRotationEnabled", "lockedForModification", "managesVpcEndpoints", "maxAccountLimitReached"),
        *("public", "publiclyAccessible", "requestCharged", "verifiedForSendingStatus"),
    }
)
# Numbers that begin with one.
_COUNTED: Final = frozenset({"latestRevision", "latestVersion", "revision", "version", "versionNumber"})
# The state of a resource that is ready, as the documentation of `status` and `state` spells it.
_AT_REST: Final = re.compile(
    r"`\"?(ACTIVE|Active|active|AVAILABLE|Available|available|ENABLED|Enabled|enabled|RUNNING|Running|running|"
    r"READY|Ready|IN_SERVICE|InService|DEPLOYED|Deployed|CREATED|Created|associated|ASSOCIATED)\"?`"
)


def common_outputs(described: ResourceType) -> Mapping[str, str | bool | int]:
    """Templates and values for the outputs of a type that are plain from their name, type or documentation."""
    found: dict[str, str | bool | int] = {}
    own = {f"{described.class_name[:1].lower()}{described.class_name[1:]}{end}": end for end in ("Id", "Arn")}
    for name, output in described.outputs.items():
        if not output.required:
            continue
        if name in described.inputs:
            if name.endswith("Prefix") and name.removesuffix("Prefix") in described.inputs:
                found[name] = ""  # it is what the name begins with, where the program gives that and no name
        elif output.type.kind == "boolean" and name in _NOT_YET:
            found[name] = False
        elif output.type.kind == "integer" and name in _COUNTED:
            found[name] = 1
        elif output.type.kind == "string" and name in _PLAIN:
            found[name] = _PLAIN[name]
        elif output.type.kind == "string" and name in own:
            own_arn = "{arn}" if "arn" in described.outputs else arn_template(described)
            found[name] = own_arn if own[name] == "Arn" else "{id}"
        elif name in ("state", "status"):
            at_rest = _AT_REST.search(documentation(described.token).get(output.python_name, ""))
            if at_rest:
                found[name] = at_rest[1]
    return found


def vpc_of(account: Account, region: str, values: Mapping[str, Any]) -> Any:
    """The VPC of the subnets that a resource is in; UNKNOWN where the account does not know them."""
    for name in ("subnetIds", "subnets", "subnetId"):
        subnet = subnet_of(account, region, values.get(name))
        if subnet is not None:
            return subnet.values.get("vpcId", UNKNOWN)
    return UNKNOWN


def account_defaults(described: ResourceType) -> dict[str, str]:
    """Inputs that stand for the account where the program leaves them out."""
    names = ("accountId", "awsAccountId", "catalogId")
    return {n: "{account}" for n in names if n in described.inputs and not described.inputs[n].required}
