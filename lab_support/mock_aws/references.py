"""What a resource names must exist: AWS looks it up when it creates the resource.

Only values that this account and region could hold are looked up; what belongs to another account or region is taken
as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_support.mock_aws.existing import find_existing
from lab_support.mock_aws.request import ResourceRequest
from lab_support.mock_aws.resource_spec import Reference, ResourceSpec
from lab_support.mock_aws.services import canonical_token, spec_of
from lab_support.plan.resource import kind_of


def await_what_is_named(request: ResourceRequest) -> None:
    """Waits a moment for resources that a plain name means: the engine may be creating both at the same time."""
    spec = spec_of(request.type) or ResourceSpec()
    for value, type in spec.awaits(request):
        request.account.await_resource(value, canonical_token(type))
    for reference in spec.references:
        for value in _named(request, reference):
            if ":" not in value and not re.fullmatch(r"[a-z]+-[0-9a-f]{8,17}", value):
                request.account.await_resource(value, canonical_token(reference.target))


def refuse_missing(request: ResourceRequest) -> None:
    """Raises AWS's answer to the first name that leads nowhere, unless the account may hold what is named."""
    spec = spec_of(request.type) or ResourceSpec()
    for reference in spec.references:
        handles: set[str] | None = None
        for value in _named(request, reference):
            handles = _handles(request, reference) if handles is None else handles
            if not {value, value.rpartition(":function:")[2], value.removesuffix(":$LATEST")} & handles:
                facts = {"account": request.account.id, "partition": request.partition, "value": value}
                error = reference.error({**request.inputs, **facts}, spec.creation)
                if not request.account.may_hold(
                    request.urn, error.text, f"{kind_of(canonical_token(reference.target))} {value}"
                ):
                    raise error


def _named(request: ResourceRequest, reference: Reference) -> Iterator[str]:
    given = request.inputs.get(reference.name)
    for value in given if isinstance(given, (list, tuple)) else (given,):
        if isinstance(value, str) and value and _is_local(request, value):
            yield value


def _is_local(request: ResourceRequest, value: str) -> bool:
    """Whether a name could be one of this account and region: no ARN of another."""
    if not value.startswith("arn:"):
        return True
    parts = [*value.split(":"), "", "", "", ""]
    return parts[3] in ("", request.region) and parts[4] in ("", request.account.id)


def _handles(request: ResourceRequest, reference: Reference) -> set[str]:
    """Everything that names a resource of the target's type."""
    spec, token = spec_of(reference.target), canonical_token(reference.target)
    if spec is not None and spec.is_global:
        found = request.account.of_type(token)
    else:
        found = find_existing(request.account, request.region, token)
    return {handle for resource in found for handle in resource.handles}
