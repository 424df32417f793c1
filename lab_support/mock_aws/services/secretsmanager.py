"""Secrets Manager: secrets and their versions. A value that the account does not hold is a stand-in."""

from __future__ import annotations

import json
import string
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import STAND_IN, Account, StoredResource
from lab_support.mock_aws.lookup import Lookup, Values, has_tags, is_called, not_found
from lab_support.mock_aws.resource_spec import NameForm, Reference, ResourceSpec, Unique

_CREATED: Final = "2025-01-01T00:00:00Z"


def _find_secret(lookup: Lookup) -> Values:
    wanted = lookup.args.get("arn") or lookup.args.get("name")
    secret = _secret_called(lookup, wanted)
    if secret is None and (managed := _managed_by_rds(lookup, wanted)):
        return managed
    if secret is None or not has_tags(secret, lookup.args.get("tags")):
        raise not_found(f"reading Secrets Manager Secret ({wanted}): couldn't find resource")
    facts = {"createdDate": _CREATED, "lastChangedDate": _CREATED, "policy": "", "description": ""}
    return {**facts, **secret.values, "id": secret.id}


def _find_version(lookup: Lookup) -> Values:
    """The newest value that was put into a secret."""
    wanted = lookup.args.get("secretId")
    secret = _secret_called(lookup, wanted)
    stage = lookup.args.get("versionId") or lookup.args.get("versionStage") or "AWSCURRENT"
    handles = {wanted, secret.id, secret.values.get("name")} if secret else {wanted}
    version = next(
        (v for v in lookup.resources("secretsmanager.SecretVersion") if v.values.get("secretId") in handles),
        None,
    )
    if secret is None or version is None:
        missing = f"reading Secrets Manager Secret Version ({wanted}|{stage}): couldn't find resource"
        raise not_found(missing)
    return {
        **version.values,
        "id": f"{wanted}|{stage}",
        "arn": secret.id,
        "secretArn": secret.id,
        "createdDate": _CREATED,
        "versionStages": ["AWSCURRENT"],
    }


def assumed_secret(lookup: Lookup) -> Values:
    """A secret that the account is taken to have: its value is JSON, as programs often expect."""
    wanted = str(lookup.args.get("secretId"))
    arn = wanted if wanted.startswith("arn:") else lookup.arn("secretsmanager", f"secret:{wanted}")
    value = dict.fromkeys(("username", "password", "host", "dbname", "token", "api_key"), STAND_IN)
    return {
        "id": f"{wanted}|AWSCURRENT",
        "arn": arn,
        "secretArn": arn,
        "secretString": json.dumps({**value, "port": 5432}),
        "versionStages": ["AWSCURRENT"],
        "createdDate": _CREATED,
    }


def _random_password(lookup: Lookup) -> Values:
    """Characters of the kinds that are not excluded; the same for the same arguments."""
    kinds = {
        "excludeLowercase": string.ascii_lowercase,
        "excludeUppercase": string.ascii_uppercase,
        "excludeNumbers": string.digits,
        "excludePunctuation": string.punctuation,
    }
    allowed = "".join(kind for name, kind in kinds.items() if lookup.args.get(name) is not True)
    allowed += " " if lookup.args.get("includeSpace") is True else ""
    allowed = "".join(c for c in allowed if c not in str(lookup.args.get("excludeCharacters") or "")) or "x"
    length = int(lookup.args.get("passwordLength") or 32)
    seed = f"{lookup.account.id}:password:{sorted(lookup.args.items(), key=str)}"
    drawn = bytes.fromhex(identifiers.hexadecimal(seed, 2 * length))
    return {"randomPassword": "".join(allowed[byte % len(allowed)] for byte in drawn)}


def _secret_called(lookup: Lookup, wanted: Any) -> StoredResource | None:
    return next((s for s in lookup.resources("secretsmanager.Secret") if is_called(s, wanted)), None)


def _managed_by_rds(lookup: Lookup, wanted: Any) -> Values | None:
    """The secret in which RDS keeps the password of a database, by ARN or name."""
    for database in (*lookup.account.resources.values(), *lookup.account.existing):
        secrets = database.values.get("masterUserSecrets") if database.region == lookup.region else None
        for secret in secrets or ():
            arn = str(secret.get("secretArn"))
            name = arn.split(":")[-1].rpartition("-")[0]
            if wanted in (arn, name):
                facts = {"createdDate": _CREATED, "lastChangedDate": _CREATED, "policy": ""}
                return {**facts, "id": arn, "arn": arn, "name": name, "kmsKeyId": secret.get("kmsKeyId")}
    return None


def _keep_name(resource: StoredResource, account: Account) -> tuple[StoredResource, ...]:
    """A deleted secret keeps its name until its recovery window ends."""
    if resource.values.get("recoveryWindowInDays") != 0:
        account.scheduled[resource.id] = resource
    return ()


SPECS = {
    "secretsmanager.Secret": ResourceSpec(
        creation=("Secrets Manager", "CreateSecret", "creating Secrets Manager Secret ({name})"),
        id="{arn}",
        arn="arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-{lower6}",
        generated="terraform-",
        defaults={"forceOverwriteReplicaSecret": False, "policy": ""},
        unique=Unique(
            "ResourceExistsException",
            "The operation failed because the secret {name} already exists.",
            scheduled="You can't create this secret because a secret with this name is already scheduled for deletion.",
        ),
        name_forms=(
            NameForm(
                r"[0-9A-Za-z_/+=.@!-]{1,512}",
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of "
                "the following: -/_+=.@!",
                "ValidationException",
            ),
        ),
        on_delete=_keep_name,
        inline={"policy": "secretsmanager.SecretPolicy"},
        data_sources={"secretsmanager.getSecret": _find_secret},
    ),
    "secretsmanager.SecretVersion": ResourceSpec(
        creation=("Secrets Manager", "PutSecretValue", "putting Secrets Manager Secret ({secretId}) value"),
        id="{secretId}|terraform-{hex26}",
        arn="{secretId}",
        defaults={"versionStages": ["AWSCURRENT"]},
        computed={"hasSecretStringWo": False, "secretArn": "{secretId}", "versionId": "terraform-{hex26}"},
        references=(
            Reference(
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret.",
                name="secretId",
                target="secretsmanager.Secret",
            ),
        ),
        data_sources={"secretsmanager.getSecretVersion": _find_version},
    ),
    "secretsmanager.SecretPolicy": ResourceSpec(
        id="{secretArn}", defaults={"blockPublicPolicy": False}, overwrites=("secretArn",)
    ),
    "secretsmanager.SecretRotation": ResourceSpec(
        id="{secretId}", computed={"rotationEnabled": True}, overwrites=("secretId",)
    ),
}
DATA_SOURCES = {"secretsmanager.getRandomPassword": _random_password}
# What the account is taken to hold where a program reads a secret that is not known here.
ASSUMED = {"secretsmanager.getSecretVersion": assumed_secret}
