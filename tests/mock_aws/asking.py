"""Asks the mock account without an engine: one request, and the resource that it creates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab_support.mock_aws import services
from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.answers import answer
from lab_support.mock_aws.request import ResourceRequest
from lab_support.toolchain.sdk_types import resource_type, token_of

REGION = "ap-southeast-1"


def a_request(
    kind: str, logical_name: str, /, account: Account | None = None, region: str = REGION, **inputs: Any
) -> ResourceRequest:
    """A request for a resource of this kind (`rds.Instance`); inputs by wire name."""
    token = token_of(kind)
    assert token is not None, f"{kind} is not a type of the SDK"
    urn = f"urn:pulumi:dev::p::{token}::{logical_name}"
    return ResourceRequest(token, urn, inputs, account if account is not None else Account(), region)


def answered(request: ResourceRequest) -> tuple[Any, Mapping[str, Any]]:
    """The id and the outputs; raises what the account raises."""
    return answer(request, services.spec_of(request.type), resource_type(request.type))


def created(
    kind: str, logical_name: str, /, account: Account, region: str = REGION, **inputs: Any
) -> StoredResource:
    """A resource that is added to the account."""
    request = a_request(kind, logical_name, account=account, region=region, **inputs)
    identity, outputs = answered(request)
    resource = StoredResource(
        request.urn, services.canonical_token(request.type), str(identity), region, outputs, given=inputs
    )
    account.add(resource)
    return resource
