"""IAM Identity Center: its instances."""

from __future__ import annotations

from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Lookup, Values, not_found


def _instances(lookup: Lookup) -> Values:
    """None in an account that is known; another one is taken to have it."""
    if lookup.account.holds_everything:
        return {"arns": [], "identityStoreIds": []}
    raise not_found("reading SSO Instances: empty result")


def _assumed_instances(lookup: Lookup) -> Values:
    """The one instance of an organization (forms: IAM Identity Center API Reference, InstanceMetadata)."""
    account = lookup.account.id
    instance = f"ssoins-{identifiers.hexadecimal(f'{account}:identity-center', 16)}"
    store = f"d-{identifiers.hexadecimal(f'{account}:identity-store', 10)}"
    return {"arns": [f"arn:{lookup.partition.name}:sso:::instance/{instance}"], "identityStoreIds": [store]}


DATA_SOURCES = {"ssoadmin.getInstances": _instances}
ASSUMED = {"ssoadmin.getInstances": _assumed_instances}
