"""What the account answers when a program looks something up: `aws.get_caller_identity()` and the like.

The table at the end names the lookups that are answered with care. The others find what the account holds of the
type they ask for, and otherwise give back what they were asked with, completed by an id and an ARN.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab_support.iam.managed import known_arns, managed_document
from lab_support.mock_aws import identifiers, inputs, made_up
from lab_support.mock_aws.account import Account
from lab_support.mock_aws.kms_names import key_description
from lab_support.mock_aws.policy_document import policy_document
from lab_support.mock_aws.refusal import Refusal
from lab_support.mock_aws.sdk_types import function_type
from lab_support.mock_aws.zones import zone_id, zone_named, zones_of
from lab_support.plan import kind_of

Values = dict[str, Any]


@dataclass(frozen=True)
class Lookup:
    """One call of a data source: `args` by wire name, in one region of the account."""

    token: str
    args: Mapping[str, Any]
    account: Account
    region: str


def look_up(token: str, args: Mapping[str, Any], account: Account, region: str) -> Values:
    """The result of a data source by wire name. Raises Refusal where AWS finds nothing."""
    return _looked_up(_TABLE.get(kind_of(token), _generic), token, args, account, region)


def assumed(token: str, args: Mapping[str, Any], account: Account, region: str) -> Values:
    """The result for something that the account does not have and that is taken to exist."""
    return _looked_up(_generic, token, args, account, region)


def _looked_up(
    answer: Callable[[Lookup], Values], token: str, args: Mapping[str, Any], account: Account, region: str
) -> Values:
    """A result with a value for each of its fields: what exists is complete, what does not is an empty list."""
    described = function_type(token)
    given, _ = inputs.converted({k: v for k, v in args.items() if v is not None}, described)
    lookup = Lookup(token, given, account, region)
    found = answer(lookup)
    if described is None:
        return found
    known = {"id": lookup.region, **lookup.args, **found}
    if "region" in described.outputs and described.outputs["region"].type.kind == "string":
        known["region"] = region
    if account.holds_everything:
        return made_up.with_empty_lists(known, described.outputs)
    service = kind_of(token).partition(".")[0].lower()
    return made_up.filled(known, described.outputs, made_up.Where(service, account.id, region, _seed(lookup)))


def _zones(lookup: Lookup) -> Values:
    names = [n for n in zones_of(lookup.region) if n not in (lookup.args.get("excludeNames") or ())]
    return {"names": names, "zoneIds": [zone_id(name) for name in names], "groupNames": [lookup.region]}


def _zone(lookup: Lookup) -> Values:
    wanted = lookup.args.get("zoneId")
    name = zone_named(wanted, lookup.region) if wanted else lookup.args.get("name", f"{lookup.region}a")
    return {
        "name": name,
        "zoneId": zone_id(name),
        "nameSuffix": str(name)[-1],
        "state": "available",
        "groupName": lookup.region,
    }


def _caller(lookup: Lookup) -> Values:
    account = lookup.account.id
    return {
        "id": account,
        "accountId": account,
        "arn": f"arn:aws:iam::{account}:user/reviewer",
        "userId": "AIDAREVIEWER",
    }


def _region(lookup: Lookup) -> Values:
    name = lookup.args.get("region") or lookup.args.get("name") or lookup.region
    return {
        "id": name,
        "name": name,
        "region": name,
        "endpoint": f"ec2.{name}.amazonaws.com",
        "description": name,
    }


def _partition(lookup: Lookup) -> Values:
    return {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    }


def _engine_version(lookup: Lookup) -> Values:
    wanted = lookup.args.get("version") or lookup.args.get("preferredMajorVersion") or "17.6"
    return {"version": wanted, "versionActual": wanted, "engine": lookup.args.get("engine", "postgres")}


def _key(lookup: Lookup) -> Values:
    wanted = lookup.args.get("keyId") or lookup.args.get("name")
    found = key_description(lookup.account, wanted, lookup.region)
    if found is None:
        raise Refusal("KMS", "DescribeKey", "NotFoundException", f"Key '{wanted}' does not exist")
    return found


def _iam_policy(lookup: Lookup) -> Values:
    """A managed policy by ARN or name: one of the account's, or one that AWS manages."""
    wanted = lookup.args.get("arn") or lookup.args.get("name")
    own = lookup.account.find(wanted, "aws:iam/policy:Policy")
    if own is not None:
        return {**own.values, "id": own.id}
    arn = next((each for each in known_arns() if wanted in (each, each.rpartition("/")[2])), None)
    if arn is None:
        raise Refusal("IAM", "GetPolicy", "NoSuchEntity", f"Policy {wanted} was not found.", status=404)
    path = arn.removeprefix("arn:aws:iam::aws:policy").rpartition("/")[0]
    text = json.dumps(managed_document(arn))
    return {"id": arn, "arn": arn, "name": arn.rpartition("/")[2], "path": f"{path}/", "policy": text}


def _iam_role(lookup: Lookup) -> Values:
    name = lookup.args.get("name")
    role = lookup.account.find(name, "aws:iam/role:Role")
    if role is None:
        text = f"The role with name {name} cannot be found."
        raise Refusal("IAM", "GetRole", "NoSuchEntity", text, doing=f"reading IAM Role ({name})", status=404)
    return {**role.values, "id": role.id}


def _random_password(lookup: Lookup) -> Values:
    length = int(lookup.args.get("passwordLength") or 32)
    return {"randomPassword": identifiers.lower(f"{lookup.account.id}:password", length)}


def _parameter(lookup: Lookup) -> Values:
    value = identifiers.lower(f"{lookup.account.id}:{lookup.args.get('name')}", 24)
    return {"value": value, "insecureValue": value, "type": "SecureString", "version": 1}


def _secret_version(lookup: Lookup) -> Values:
    return {"secretString": identifiers.lower(f"{lookup.account.id}:{lookup.args.get('secretId')}", 24)}


def _subnets(lookup: Lookup) -> Values:
    """The subnets that the filters leave; the filters that programs use ask for a VPC, a zone or an address range."""
    found = [s for s in lookup.account.of_type("aws:ec2/subnet:Subnet") if s.region == lookup.region]
    for each in lookup.args.get("filters") or ():
        name = _FILTERS.get(str(each.get("name")))
        if name:
            found = [s for s in found if s.values.get(name) in each.get("values", ())]
    return {"ids": sorted(subnet.id for subnet in found)}


_FILTERS = {"vpc-id": "vpcId", "availability-zone": "availabilityZone", "cidr-block": "cidrBlock"}


def _generic(lookup: Lookup) -> Values:
    """What the account holds of the type that `getX` asks for; else the question, with an id and an ARN."""
    service, _, function = kind_of(lookup.token).rpartition(".")
    wanted = function.removeprefix("get")
    for thing in lookup.account.things.values():
        if (
            kind_of(thing.type) == f"{service}.{wanted}"
            and thing.region == lookup.region
            and _matches(thing, lookup)
        ):
            return {**thing.values, "id": thing.id}
    name = next((v for k, v in lookup.args.items() if k in ("name", "id") and isinstance(v, str)), "")
    identity = name or made_up.identifier(wanted, _seed(lookup))
    arn = f"arn:aws:{service}:{lookup.region}:{lookup.account.id}:{wanted.lower()}/{identity}"
    return {"id": identity, "arn": arn}


def _seed(lookup: Lookup) -> str:
    asked = json.dumps(dict(lookup.args), sort_keys=True, default=str)
    return f"{lookup.account.id}:{lookup.token}:{asked}"


def _matches(thing: Any, lookup: Lookup) -> bool:
    values = {**thing.values, "id": thing.id}
    return all(values.get(name) == value for name, value in lookup.args.items() if name in values)


_TABLE: Mapping[str, Callable[[Lookup], Values]] = {
    "getAvailabilityZones": _zones,
    "getAvailabilityZone": _zone,
    "getCallerIdentity": _caller,
    "getRegion": _region,
    "getPartition": _partition,
    "iam.getPolicy": _iam_policy,
    "iam.getPolicyDocument": lambda lookup: policy_document(lookup.args),
    "iam.getRole": _iam_role,
    "kms.getKey": _key,
    "kms.getAlias": _key,
    "rds.getEngineVersion": _engine_version,
    "ec2.getSubnets": _subnets,
    "secretsmanager.getRandomPassword": _random_password,
    "secretsmanager.getSecretVersion": _secret_version,
    "ssm.getParameter": _parameter,
}
