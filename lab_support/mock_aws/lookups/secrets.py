"""Secrets, parameters and tokens. What the account does not hold itself is a stand-in, never a real secret."""

from __future__ import annotations

import base64
import json
import string
from typing import Any, Final

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.lookups.lookup import DataSource, Lookup, Values, has_tags, is_called, not_found

STAND_IN: Final = "stand-in-for-a-secret"
_CREATED: Final = "2025-01-01T00:00:00Z"


def _secret(lookup: Lookup) -> Values:
    wanted = lookup.args.get("arn") or lookup.args.get("name")
    secret = _find(lookup, wanted)
    if secret is None or not has_tags(secret, lookup.args.get("tags")):
        raise not_found(f"reading Secrets Manager Secret ({wanted}): couldn't find resource")
    facts = {"createdDate": _CREATED, "lastChangedDate": _CREATED, "policy": "", "description": ""}
    return {**facts, **secret.values, "id": secret.id}


def _secret_version(lookup: Lookup) -> Values:
    """The newest value that was put into a secret."""
    wanted = lookup.args.get("secretId")
    secret = _find(lookup, wanted)
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
    """A secret that somebody's account has: its value reads as JSON, as programs often take it."""
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


def _parameter(lookup: Lookup) -> Values:
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
    """A parameter that somebody's account has."""
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


def _parameters(lookup: Lookup) -> Values:
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


def _registry_token(lookup: Lookup) -> Values:
    """What `docker login` would be given."""
    registry = lookup.args.get("registryId") or lookup.account.id
    return {
        "authorizationToken": base64.b64encode(f"AWS:{STAND_IN}".encode()).decode(),
        "expiresAt": "2099-01-01T00:00:00Z",
        "password": STAND_IN,
        "userName": "AWS",
        "proxyEndpoint": f"https://{registry}.dkr.ecr.{lookup.region}.{lookup.partition.dns_suffix}",
    }


def _plaintext(lookup: Lookup) -> Values:
    secrets: list[Any] = list(lookup.args.get("secrets") or ())
    return {"plaintext": {str(each.get("name")): STAND_IN for each in secrets}}


def _find(lookup: Lookup, wanted: Any) -> StoredResource | None:
    return next((s for s in lookup.resources("secretsmanager.Secret") if is_called(s, wanted)), None)


DATA_SOURCES: Final[dict[str, DataSource]] = {
    "ecr.getAuthorizationToken": _registry_token,
    "ecr.getCredentials": _registry_token,
    "ecrpublic.getAuthorizationToken": _registry_token,
    "eks.getClusterAuth": lambda lookup: {"id": lookup.args.get("name"), "token": f"k8s-aws-v1.{STAND_IN}"},
    "kms.getSecrets": _plaintext,
    "secretsmanager.getRandomPassword": _random_password,
    "secretsmanager.getSecret": _secret,
    "secretsmanager.getSecretVersion": _secret_version,
    "ssm.getParameter": _parameter,
    "ssm.getParametersByPath": _parameters,
}
# What takes their place when somebody's account is taken to hold what is looked up.
ASSUMED: Final[dict[str, DataSource]] = {
    "secretsmanager.getSecretVersion": assumed_secret,
    "ssm.getParameter": assumed_parameter,
}
