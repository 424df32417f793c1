"""KMS: customer-managed keys and the names that point to them; which key a name means."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from lab_support.iam.actions import actions_in
from lab_support.iam.policy import Policy, PolicyError, Statement, parse
from lab_support.iam.regions import partition_of
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import STAND_IN, Account, StoredResource
from lab_support.mock_aws.arns import check_arn
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.lookup import DataSource, Lookup, Values, not_found
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Autoname, ResourceSpec, Unique
from lab_support.mock_aws.templates import fill
from lab_support.plan.invalid_input import InvalidInput
from lab_support.plan.values import UNKNOWN_MARK

KEY = "aws:kms/key:Key"

KEYS = (KEY, "aws:kms/replicaKey:ReplicaKey", "aws:kms/externalKey:ExternalKey")

ALIAS = "aws:kms/alias:Alias"


def key_arn_given(request: ResourceRequest) -> str | None:
    """The `kmsKeyId` of a request, where the provider takes ARNs only. Raises InvalidInput for anything else."""
    key = request.inputs.get("kmsKeyId")
    if not isinstance(key, str) or not key or request.account.is_made_up(key):
        return None
    check_arn(request.account, "kmsKeyId", "kms_key_id", key)
    return key


def key_behind(account: Account, value: Any, region: str) -> StoredResource | None:
    """The key of this account and region that a key id, key ARN, alias name or alias ARN means."""
    alias = account.find(value, ALIAS, region=region)
    if alias is not None:
        value = alias.values.get("targetKeyId")
    return account.find(value, *KEYS, region=region)


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
        "arn": f"arn:{partition_of(region).name}:kms:{region}:{account.id}:{alias}" if alias else arn,
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
    return f"arn:{partition_of(region).name}:kms:{region}:{account_id}:key/{key_id}"


def managed_key(flag: str, service: str) -> Any:
    """Where `flag` asks for encryption and no key is given: the key that AWS manages for the service."""

    def key(request: ResourceRequest, values: Values) -> Any:
        if values.get(flag) is True:
            return managed_key_arn(request.account.id, service, values["region"])
        return None

    return key


def _default_policy(request: ResourceRequest, values: Values) -> str:
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


# An account, a user or a role, as IAM writes them; a service by its name. Wildcards stand alone or not at all.
_PRINCIPALS: Final = {
    "AWS": re.compile(r"\*|\d{12}|arn:aws[\w-]*:(iam|sts)::\d{12}:[^*?]+|A[A-Z0-9]{15,}"),
    "Service": re.compile(r"[a-z0-9.-]+\.(amazonaws\.com(\.cn)?|aws\.internal|amazon\.com)"),
}


def _policy_is_accepted(request: ResourceRequest, values: Values) -> None:
    """A key's policy names principals in their own form, and lets the account change the policy again.

    AWS KMS API Reference, PutKeyPolicy. KMS wants the caller to be able to change it; the caller is not known here, so
    any principal of the account will do.
    """
    document = values.get("policy")
    if not isinstance(document, str) or UNKNOWN_MARK in document or request.account.is_made_up(document):
        return
    try:
        policy = parse(document)
    except PolicyError:
        return
    principals = [pair for statement in policy.statements for pair in statement.principals or ()]
    if any(not _PRINCIPALS[kind].fullmatch(value) for kind, value in principals if kind in _PRINCIPALS):
        text = "Policy contains a statement with one or more invalid principals."
        raise CreationRefused("MalformedPolicyDocumentException", text)
    if values.get("bypassPolicyLockoutSafetyCheck") is not True and not _can_be_changed(
        policy, request.account.id
    ):
        text = "The new key policy will not allow you to update the key policy in the future."
        raise CreationRefused("MalformedPolicyDocumentException", text)


def _can_be_changed(policy: Policy, account: str) -> bool:
    return any(
        statement.allows
        and statement.resource is not None
        and "kms:PutKeyPolicy" in actions_in(statement.action)
        and _names_account(statement, account)
        for statement in policy.statements
    )


def _names_account(statement: Statement, account: str) -> bool:
    """Whether a statement may be about a principal of the account."""
    if statement.not_principals:
        return True
    return any(
        value == "*" or (kind == "AWS" and (account in value or not value.startswith("arn:")))
        for kind, value in statement.principals or ()
    )


def _alias_name(request: ResourceRequest, values: Values) -> None:
    name = values.get("name")
    if isinstance(name, str) and (not name.startswith("alias/") or name.startswith("alias/aws/")):
        raise InvalidInput("name", f'"name" must begin with "alias/" and not with "alias/aws/", got {name!r}')


def _target_exists(request: ResourceRequest, values: Values) -> None:
    target = values.get("targetKeyId")
    if isinstance(target, str) and key_behind(request.account, target, values["region"]) is None:
        raise CreationRefused("NotFoundException", f"Key '{target}' does not exist")


def _target_arn(request: ResourceRequest, values: Values) -> Any:
    key = key_behind(request.account, values.get("targetKeyId"), values["region"])
    return key.values["arn"] if key else values.get("targetKeyId")


def _found_by(argument: str, missing: str) -> DataSource:
    def find(lookup: Lookup) -> Values:
        found = key_description(lookup.account, lookup.args.get(argument), lookup.region)
        if found is None:
            raise not_found(fill(missing, lookup.args))
        return found

    return find


def _plaintext(lookup: Lookup) -> Values:
    secrets: list[Any] = list(lookup.args.get("secrets") or ())
    return {"plaintext": {str(secret.get("name")): STAND_IN for secret in secrets}}


SPECS = {
    "kms.Key": ResourceSpec(
        creation=("KMS", "CreateKey", "creating KMS Key"),
        defaults={"policy": _default_policy, "description": ""},
        data_sources={"kms.getKey": _found_by("keyId", "reading KMS Key ({keyId}): couldn't find resource")},
        inline={"policy": "kms.KeyPolicy"},
        rules=(_policy_is_accepted,),
        force_new=("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"),
    ),
    "kms.ExternalKey": ResourceSpec(
        id="{uuid}",
        arn="arn:{partition}:kms:{region}:{account}:key/{id}",
        defaults={"enabled": False, "policy": _default_policy},
        inline={"policy": "kms.KeyPolicy"},
        force_new=("keyMaterialBase64", "keySpec", "keyUsage", "multiRegion"),
    ),
    "kms.ReplicaKey": ResourceSpec(
        id="mrk-{hex32}",
        arn="arn:{partition}:kms:{region}:{account}:key/{id}",
        defaults={"policy": _default_policy},
        computed={"keyId": "{id}"},
        inline={"policy": "kms.KeyPolicy"},
    ),
    "kms.Alias": ResourceSpec(
        creation=("KMS", "CreateAlias", "creating KMS Alias ({name})"),
        id="{name}",
        arn="arn:{partition}:kms:{region}:{account}:{name}",
        computed={"targetKeyArn": _target_arn},
        rules=(_alias_name, _target_exists),
        autoname=Autoname(longest=238, begins="alias/"),
        unique=Unique(
            "AlreadyExistsException",
            "An alias with the name arn:{partition}:kms:{region}:{account}:{name} already exists",
        ),
        data_sources={"kms.getAlias": _found_by("name", "reading KMS Alias ({name}): empty result")},
    ),
    "kms.Grant": ResourceSpec(
        id="{keyId}:{hex64}",
        defaults={"retireOnDelete": False},
        computed={"grantId": "{hex64}", "grantToken": "{hex32:token}"},
    ),
    "kms.KeyPolicy": ResourceSpec(
        creation=("KMS", "PutKeyPolicy", "attaching KMS Key policy ({keyId}): updating policy"),
        id="{keyId}",
        overwrites=("keyId",),
        rules=(_policy_is_accepted,),
    ),
}
DATA_SOURCES = {"kms.getSecrets": _plaintext}
