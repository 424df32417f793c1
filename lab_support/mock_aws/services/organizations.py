"""AWS Organizations."""

from __future__ import annotations

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.aws_errors import AwsApiError
from lab_support.mock_aws.lookup import Lookup, Values
from lab_support.mock_aws.resource_spec import ResourceSpec


def _organization(lookup: Lookup) -> Values:
    organization = next(lookup.resources(), None)
    if organization is not None:
        return {**organization.values, "id": organization.id}
    code, text = "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."
    doing = "reading Organizations Organization"
    raise AwsApiError("Organizations", "DescribeOrganization", code, text, doing)


def _assumed_organization(lookup: Lookup) -> Values:
    """An organization that the account manages, with one other account (forms: Organizations API Reference)."""
    account = lookup.account.id
    identity = f"o-{identifiers.lower(f'{account}:organization', 10)}"
    root = f"r-{identifiers.lower(f'{account}:root', 4)}"
    accounts = [
        _account(lookup, identity, id) for id in (account, identifiers.digits(f"{account}:member", 12))
    ]
    return {
        "id": identity,
        "arn": lookup.arn("organizations", f"organization/{identity}", is_global=True),
        "featureSet": "ALL",
        "masterAccountId": account,
        "masterAccountArn": accounts[0]["arn"],
        "masterAccountEmail": accounts[0]["email"],
        "masterAccountName": accounts[0]["name"],
        "accounts": accounts,
        "nonMasterAccounts": accounts[1:],
        "roots": [
            {
                "id": root,
                "arn": lookup.arn("organizations", f"root/{identity}/{root}", is_global=True),
                "name": "Root",
                "policyTypes": [],
            }
        ],
    }


def _account(lookup: Lookup, organization: str, id: str) -> Values:
    return {
        "id": id,
        "arn": lookup.arn("organizations", f"account/{organization}/{id}", is_global=True),
        "email": f"account-{id}@example.com",
        "name": f"account-{id}",
        "joinedMethod": "CREATED",
        "joinedTimestamp": "2025-01-01T00:00:00Z",
        "state": "ACTIVE",
        "status": "ACTIVE",
    }


SPECS = {
    "organizations.Organization": ResourceSpec(
        is_global=True, data_sources={"organizations.getOrganization": _organization}
    )
}

ASSUMED = {"organizations.getOrganization": _assumed_organization}
