"""KMS: customer-managed keys and the names that point to them; whether a key may be used."""

from __future__ import annotations

import json
from typing import Any

from lab_support.mock_aws.account import Account, Thing
from lab_support.mock_aws.answers import Answer, Computed, Request, Values
from lab_support.mock_aws.refusal import InvalidInput, Refusal

KEY = "aws:kms/key:Key"
KEYS = (KEY, "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey")
ALIAS = "aws:kms/alias:Alias"


def key_arn_given(request: Request) -> str | None:
    """The `kmsKeyId` of a request, where the provider takes ARNs only. Raises InvalidInput for anything else."""
    key = request.inputs.get("kmsKeyId")
    if not isinstance(key, str) or not key:
        return None
    if not key.startswith("arn:"):
        raise InvalidInput("kmsKeyId", f'"kms_key_id" ({key}) is an invalid ARN: arn: invalid prefix')
    return key


def key_behind(account: Account, value: Any, region: str) -> Thing | None:
    """The key of this account and region that a key id, key ARN, alias name or alias ARN stands for."""
    alias = account.find(value, ALIAS, region=region)
    if alias is not None:
        value = alias.values.get("targetKeyId")
    return account.find(value, *KEYS, region=region)


def _default_policy(request: Request, values: Values) -> str:
    """The policy that KMS gives a key created without one: the account may use and manage it through IAM.

    AWS KMS Developer Guide, "Default key policy".
    """
    root = f"arn:{request.partition}:iam::{request.account.id}:root"
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": "kms:*",
        "Resource": "*",
    }
    return json.dumps({"Id": "key-default-1", "Version": "2012-10-17", "Statement": [statement]})


def _alias_name(request: Request, values: Values) -> None:
    name = values.get("name")
    if isinstance(name, str) and (not name.startswith("alias/") or name.startswith("alias/aws/")):
        raise InvalidInput("name", f'"name" must begin with "alias/" and not with "alias/aws/", got {name!r}')


def _target_exists(request: Request, values: Values) -> None:
    target = values.get("targetKeyId")
    if isinstance(target, str) and key_behind(request.account, target, values["region"]) is None:
        raise Refusal(
            "KMS",
            "CreateAlias",
            "NotFoundException",
            f"Key '{target}' does not exist",
            doing=f"creating KMS Alias ({values.get('name')})",
        )


def _target_arn(request: Request, values: Values) -> Any:
    key = key_behind(request.account, values.get("targetKeyId"), values["region"])
    return key.values["arn"] if key else values.get("targetKeyId")


_KEY_DEFAULTS: dict[str, Computed] = {
    "isEnabled": True,
    "keyUsage": "ENCRYPT_DECRYPT",
    "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
    "policy": _default_policy,
    "multiRegion": False,
    "description": "",
}

ROWS = {
    "kms.Key": Answer(
        id="{uuid}",
        arn="arn:{partition}:kms:{region}:{account}:key/{id}",
        name="",
        defaults={**_KEY_DEFAULTS, "enableKeyRotation": False, "bypassPolicyLockoutSafetyCheck": False},
        computed={"keyId": "{id}"},
    ),
    "kms.ReplicaKey": Answer(
        id="mrk-{hex32}",
        arn="arn:{partition}:kms:{region}:{account}:key/{id}",
        name="",
        defaults={"enabled": True, "policy": _default_policy},
        computed={"keyId": "{id}"},
    ),
    "kms.Alias": Answer(
        id="{name}",
        arn="arn:{partition}:kms:{region}:{account}:{name}",
        computed={"targetKeyArn": _target_arn},
        rules=(_alias_name, _target_exists),
    ),
    "kms.Grant": Answer(
        id="{keyId}:{hex64}",
        defaults={"retireOnDelete": False},
        computed={"grantId": "{hex64}", "grantToken": "{hex32}"},
    ),
    "kms.KeyPolicy": Answer(id="{keyId}", name=""),
}
