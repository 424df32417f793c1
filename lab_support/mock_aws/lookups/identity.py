"""IAM and KMS: managed policies, policy documents, sessions, keys and their aliases."""

from __future__ import annotations

import json
from typing import Any, Final

from lab_support.iam.managed import known_arns, managed_document
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.lookups.lookup import DataSource, Lookup, Values, not_found
from lab_support.mock_aws.policy_document import policy_document
from lab_support.mock_aws.services.kms import key_description


def _policy(lookup: Lookup) -> Values:
    """A managed policy by ARN or name: one of the account's, or one that AWS manages."""
    wanted = lookup.args.get("arn") or lookup.args.get("name")
    for own in lookup.resources("iam.Policy", everywhere=True):
        if wanted in (own.id, own.values.get("arn"), own.values.get("name")):
            return {"attachmentCount": 0, "description": "", **own.values, "id": own.id}
    arn = next((each for each in known_arns() if wanted in (each, each.rpartition("/")[2])), None)
    if arn is None:
        if str(wanted).startswith("arn:aws:iam::aws:policy/"):
            # AWS has more policies than the lab knows the documents of.
            return {"id": wanted, "arn": wanted, "name": str(wanted).rpartition("/")[2], "path": "/"}
        raise not_found("no matching IAM Policy found")
    path = arn.removeprefix("arn:aws:iam::aws:policy").rpartition("/")[0]
    return {
        "id": arn,
        "arn": arn,
        "name": arn.rpartition("/")[2],
        "path": f"{path}/",
        "policy": json.dumps(managed_document(arn)),
        "policyId": f"ANPA{identifiers.upper(arn, 17)}",
        "attachmentCount": 0,
        "description": "",
        "tags": {},
    }


def _session(lookup: Lookup) -> Values:
    """The role behind a session's ARN; any other ARN stands for itself."""
    arn = str(lookup.args.get("arn"))
    if ":assumed-role/" not in arn:
        return {"id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
    _, role, session = arn.split("/", 2)
    held = next(
        (r for r in lookup.resources("iam.Role", everywhere=True) if r.values.get("name") == role), None
    )
    if held is None:
        raise not_found(f"unable to get role ({role}): couldn't find resource")
    return {
        "id": arn,
        "issuerArn": held.values.get("arn"),
        "issuerId": held.values.get("uniqueId"),
        "issuerName": role,
        "sessionName": session,
    }


def _key(lookup: Lookup) -> Values:
    wanted = lookup.args.get("keyId")
    return _described(lookup, wanted, f"reading KMS Key ({wanted}): couldn't find resource")


def _alias(lookup: Lookup) -> Values:
    wanted = lookup.args.get("name")
    return _described(lookup, wanted, f"reading KMS Alias ({wanted}): empty result")


def _described(lookup: Lookup, wanted: Any, missing: str) -> Values:
    found = key_description(lookup.account, wanted, lookup.region)
    if found is None:
        raise not_found(missing)
    return found


def _organization(lookup: Lookup) -> Values:
    organization = next(lookup.resources("organizations.Organization", everywhere=True), None)
    if organization is not None:
        return {**organization.values, "id": organization.id}
    raise AwsApiError(
        "Organizations",
        "DescribeOrganization",
        "AWSOrganizationsNotInUseException",
        "Your account is not a member of an organization.",
        "reading Organizations Organization",
    )


DATA_SOURCES: Final[dict[str, DataSource]] = {
    "iam.getPolicy": _policy,
    "iam.getPolicyDocument": lambda lookup: policy_document(lookup.args),
    "iam.getSessionContext": _session,
    "kms.getAlias": _alias,
    "kms.getKey": _key,
    "organizations.getOrganization": _organization,
}
