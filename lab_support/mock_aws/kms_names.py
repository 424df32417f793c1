"""Which key a name means to `aws.kms.get_key` and `get_alias`: one of the account's own, or one that AWS manages."""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.services.kms import key_behind


def key_description(account: Account, wanted: Any, region: str) -> dict[str, Any] | None:
    """What KMS says of a key id, key ARN, alias name or alias ARN; None where there is no such key.

    `alias/aws/SERVICE` are the AWS-managed keys: they exist in every account and are not customer-managed.
    """
    if not isinstance(wanted, str):
        return None
    key = key_behind(account, wanted, region)
    usable = True
    if key is not None:
        arn, manager = key.values["arn"], "CUSTOMER"
        usable = key.values.get("isEnabled", key.values.get("enabled")) is not False
    elif wanted.rpartition(":")[2].startswith("alias/aws/"):
        arn, manager = managed_key_arn(account.id, wanted.rpartition("alias/aws/")[2], region), "AWS"
    else:
        return None
    identity = arn.rpartition("/")[2]
    alias = wanted if wanted.startswith("alias/") else ""
    return {
        "id": identity,
        "keyId": wanted,
        "arn": f"arn:aws:kms:{region}:{account.id}:{alias}" if alias else arn,
        "targetKeyId": identity,
        "targetKeyArn": arn,
        "name": alias,
        "enabled": usable,
        "keyManager": manager,
        "keyState": "Enabled" if usable else "Disabled",
        "awsAccountId": account.id,
    }


def managed_key_arn(account_id: str, service: str, region: str) -> str:
    """The ARN of the key that AWS manages for a service in this account and region."""
    key_id = identifiers.uuid_of(f"{account_id}:{region}:aws/{service}")
    return f"arn:aws:kms:{region}:{account_id}:key/{key_id}"
