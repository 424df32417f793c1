"""Resources that exist before anything is deployed, for tests and for programs that refer to a real account.

account = Account(existing=(make_existing("route53.Zone", name="example.com"),))
"""

from __future__ import annotations

from typing import Any

from lab_support.mock_aws import services
from lab_support.mock_aws.account import ACCOUNT_ID, REGION, Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.request import ResourceRequest
from lab_support.toolchain.sdk_types import resource_type, token_of


def make_existing(
    kind: str, region: str = REGION, account_id: str = ACCOUNT_ID, **values: Any
) -> StoredResource:
    """Something that is in the account already: its kind, and its properties by wire name.

    Its id and what else AWS would answer follow from its properties, as if it had been created. Raises LookupError for
    a kind that the SDK does not have.
    """
    token = token_of(kind)
    if token is None:
        raise LookupError(f"pulumi_aws has no type {kind}")
    name = next((str(value) for value in values.values() if isinstance(value, str)), "")
    urn = f"urn:pulumi:already-there::{account_id}::{token}::{name}"
    given = {name_: value for name_, value in values.items() if name_ != "id"}
    request = ResourceRequest(token, urn, given, Account(account_id), region, reads=True)
    identity, outputs = answer(request, services.spec_of(token), resource_type(token))
    return StoredResource(
        urn, services.canonical_token(token), str(values.get("id", identity)), region, {**outputs, **given}
    )
