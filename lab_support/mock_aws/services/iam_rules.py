"""When IAM refuses: the rules of its API that a repair of permissions can run into, with its own codes and texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lab_support.iam.document_faults import identity_fault, json_fault, size_of, trust_fault
from lab_support.iam.managed_policies import is_managed_arn, known_arns
from lab_support.mock_aws.account import StoredResource
from lab_support.mock_aws.arns import check_arn
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.plan.invalid_input import InvalidInput

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/policy:Policy"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

_INLINE_SIZE, _MANAGED_SIZE, _TRUST_SIZE = 10240, 6144, 2048


def _malformed(fault: str | None) -> None:
    if fault:
        raise CreationRefused("MalformedPolicyDocument", fault)


def policy_is_json(request: ResourceRequest, values: Values) -> None:
    """The provider itself looks whether a document is a JSON object."""
    for prop, name in (("policy", "policy"), ("assumeRolePolicy", "assume_role_policy")):
        text = values.get(prop)
        fault = json_fault(name, text) if isinstance(text, str) else None
        if fault:
            raise InvalidInput(prop, fault)


def policy_is_well_formed(request: ResourceRequest, values: Values) -> None:
    text = values.get("policy")
    if isinstance(text, str):
        _malformed(identity_fault(text, managed=request.type == POLICY))


def managed_policy_fits(request: ResourceRequest, values: Values) -> None:
    if size_of(values.get("policy")) > _MANAGED_SIZE:
        raise CreationRefused("LimitExceeded", f"Cannot exceed quota for PolicySize: {_MANAGED_SIZE}")


def trust_is_well_formed(request: ResourceRequest, values: Values) -> None:
    text = values.get("assumeRolePolicy")
    if not isinstance(text, str):
        return
    _malformed(trust_fault(text))
    if size_of(text) > _TRUST_SIZE:
        raise CreationRefused("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {_TRUST_SIZE}")


def policies_in_role(request: ResourceRequest, values: Values) -> None:
    """What a role brings along: its inline policies, the managed ones by ARN, and its boundary."""
    for inline in values.get("inlinePolicies") or ():
        text = inline.get("policy") if isinstance(inline, dict) else None
        if isinstance(text, str):
            fault = json_fault("inline_policy.0.policy", text)
            if fault:
                raise InvalidInput("inlinePolicies", fault)
            _malformed(identity_fault(text))
    for arn in values.get("managedPolicyArns") or ():
        _policy_exists(request, values, arn)
    boundary = values.get("permissionsBoundary")
    if isinstance(boundary, str) and boundary and not request.account.is_made_up(boundary):
        check_arn(request.account, "permissionsBoundary", "permissions_boundary", boundary)
        _is_of_partition(request, boundary)
        if not _is_there(request, boundary):
            text = f"Scope ARN: {boundary} does not exist or is not attachable."
            raise CreationRefused("NoSuchEntity", text)


def role_exists(request: ResourceRequest, values: Values) -> None:
    for name in _roles_in(values):
        if not re.fullmatch(r"[\w+=,.@-]+", name):
            raise InvalidInput("role", "invalid value for role (must match [\\w+=,.@-])")
        if request.account.find(name, ROLE) is None:
            raise CreationRefused("NoSuchEntity", f"The role with name {name} cannot be found.")


def attached_policy_exists(request: ResourceRequest, values: Values) -> None:
    _policy_exists(request, values, values.get("policyArn"))


def inline_policies_fit(request: ResourceRequest, values: Values) -> None:
    """All inline policies of a role together have room for 10,240 characters."""
    role = values.get("role")
    others = (policy.values.get("policy") for policy in _inline_of(request, role))
    if size_of(values.get("policy")) + sum(map(size_of, others)) > _INLINE_SIZE:
        text = f"Maximum policy size of {_INLINE_SIZE} bytes exceeded for role {role}"
        raise CreationRefused("LimitExceeded", text)


def name_fits(request: ResourceRequest, values: Values) -> None:
    """How long a name may be, and of which characters."""
    name = values.get("name")
    longest = 64 if request.type == ROLE else 128
    if not isinstance(name, str):
        return
    if not 1 <= len(name) <= longest:
        raise InvalidInput("name", f"expected length of name to be in the range (1 - {longest}), got {name}")
    if not re.fullmatch(r"[\w+=,.@-]+", name):
        raise InvalidInput("name", "invalid value for name (must match [\\w+=,.@-])")


def _roles_in(values: Values) -> Iterator[str]:
    given = values.get("roles", [values.get("role")])
    yield from (role for role in given or () if isinstance(role, str))


def _inline_of(request: ResourceRequest, role: Any) -> Iterator[StoredResource]:
    for policy in request.account.of_type(ROLE_POLICY):
        if policy.values.get("role") == role and policy.urn != request.urn:
            yield policy


def _is_of_partition(request: ResourceRequest, arn: str) -> None:
    """Each partition has managed policies of its own: IAM in China takes no `arn:aws:iam::aws:policy/...`.

    AWS's words as in pulumi/pulumi-aws-apigateway, issue 347.
    """
    if is_managed_arn(arn) and arn.split(":")[1] != request.partition:
        raise CreationRefused("ValidationError", "Invalid ARN partition")


def _policy_exists(request: ResourceRequest, values: Values, arn: Any) -> None:
    if not isinstance(arn, str) or request.account.is_made_up(arn):
        return
    check_arn(request.account, "policyArn", "policy_arn", arn)
    _is_of_partition(request, arn)
    if not _is_there(request, arn):
        raise CreationRefused("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")


def _is_there(request: ResourceRequest, arn: str) -> bool:
    """Whether a managed policy exists. Of AWS's own only a part is known here; of those, the path must be right."""
    if not is_managed_arn(arn):
        return request.account.find(arn, POLICY) is not None
    name = arn.rpartition("/")[2]
    paths = [known for known in known_arns() if known.rpartition("/")[2] == name]
    return not paths or in_commercial_partition(arn) in paths


def in_commercial_partition(arn: str) -> str:
    """The ARN as it is in the partition `aws`: AWS's managed policies are known by that."""
    return re.sub("^arn:[^:]+:", "arn:aws:", arn)
