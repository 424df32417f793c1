"""IAM: policies, inline and managed, and what attaches them."""

from __future__ import annotations

import json

from lab_support.iam.managed_policies import known_arns, managed_document
from lab_support.iam.policy_document import InvalidArgument, policy_document
from lab_support.mock_aws import identifiers
from lab_support.mock_aws.lookup import Lookup, Values, not_found
from lab_support.mock_aws.resource_spec import DeletionGuard, ResourceSpec
from lab_support.mock_aws.services import iam_rules
from lab_support.mock_aws.services.iam_attachments import (
    attaching,
    listed_entities,
    one_entity,
    policies_of_role,
)
from lab_support.mock_aws.services.iam_common import named_spec, principal_exists, unique_name
from lab_support.plan.invalid_input import InvalidInput

_POLICY = (
    iam_rules.name_fits,
    iam_rules.policy_is_json,
    iam_rules.policy_is_well_formed,
    iam_rules.managed_policy_fits,
)

_ROLE_POLICY = (
    iam_rules.name_fits,
    iam_rules.policy_is_json,
    iam_rules.role_exists,
    iam_rules.policy_is_well_formed,
    iam_rules.inline_policies_fit,
)


def _find_policy(lookup: Lookup) -> Values:
    """A managed policy by ARN or name: one of the account's, or one that AWS manages."""
    wanted = str(lookup.args.get("arn") or lookup.args.get("name"))
    for own in lookup.resources():
        if wanted in (own.id, own.values.get("arn"), own.values.get("name")):
            return {"attachmentCount": 0, "description": "", **own.values, "id": own.id}
    in_aws = iam_rules.in_commercial_partition(wanted)
    known = next((known for known in known_arns() if in_aws in (known, known.rpartition("/")[2])), None)
    if known is None:
        if in_aws.startswith("arn:aws:iam::aws:policy/"):
            # AWS has more policies than the lab knows the documents of.
            return {"id": wanted, "arn": wanted, "name": wanted.rpartition("/")[2], "path": "/"}
        raise not_found("no matching IAM Policy found")
    path = known.removeprefix("arn:aws:iam::aws:policy").rpartition("/")[0]
    arn = known.replace("arn:aws:", f"arn:{lookup.partition.name}:", 1)
    return {
        "id": arn,
        "arn": arn,
        "name": arn.rpartition("/")[2],
        "path": f"{path}/",
        "policy": json.dumps(managed_document(known)),
        "policyId": f"ANPA{identifiers.upper(known, 17)}",
        "attachmentCount": 0,
        "description": "",
        "tags": {},
    }


def _policy_document(lookup: Lookup) -> Values:
    try:
        return policy_document(lookup.args)
    except InvalidArgument as fault:
        raise InvalidInput(fault.argument, str(fault)) from None


SPECS = {
    "iam.Policy": named_spec(
        "Policy",
        "policy",
        "ANPA",
        id="{arn}",
        rules=_POLICY,
        computed={"attachmentCount": 0},
        creation=("IAM", "CreatePolicy", "creating IAM Policy ({name})"),
        unique=unique_name(
            "Policy", "A policy called {name} already exists. Duplicate names are not allowed."
        ),
        deletion=("IAM", "DeletePolicy", "deleting IAM Policy ({arn})"),
        guards=(
            DeletionGuard(
                "DeleteConflict",
                "Cannot delete a policy attached to entities.",
                users=(
                    ("iam.RolePolicyAttachment", "policyArn"),
                    ("iam.UserPolicyAttachment", "policyArn"),
                    ("iam.GroupPolicyAttachment", "policyArn"),
                    ("iam.PolicyAttachment", "policyArn"),
                ),
            ),
        ),
        data_sources={"iam.getPolicy": _find_policy},
        force_new=("description", "name"),
    ),
    "iam.UserPolicy": ResourceSpec(
        generated="terraform-",
        creation=("IAM", "PutUserPolicy", "putting IAM User ({user}) Policy ({name})"),
        references=(principal_exists("user", "User"),),
        overwrites=("user", "name"),
    ),
    "iam.GroupPolicy": ResourceSpec(
        id="{group}:{name}", generated="terraform-", overwrites=("group", "name")
    ),
    "iam.UserPolicyAttachment": ResourceSpec(
        id="{user}/{policyArn}",
        creation=("IAM", "AttachUserPolicy", "attaching IAM Policy ({policyArn}) to IAM User ({user})"),
        references=(principal_exists("user", "User"),),
        **attaching(one_entity),
    ),
    "iam.GroupPolicyAttachment": ResourceSpec(id="{group}/{policyArn}", **attaching(one_entity)),
    "iam.RolePolicy": ResourceSpec(
        creation=("IAM", "PutRolePolicy", "putting IAM Role ({role}) Policy ({name})"),
        generated="terraform-",
        rules=_ROLE_POLICY,
        awaits=lambda request: [(request.inputs.get("role"), iam_rules.ROLE)],
        overwrites=("role", "name"),
    ),
    "iam.RolePolicyAttachment": ResourceSpec(
        creation=("IAM", "AttachRolePolicy", "attaching IAM Policy ({policyArn}) to IAM Role ({role})"),
        id="{role}/{policyArn}",
        rules=(iam_rules.role_exists, iam_rules.attached_policy_exists),
        awaits=lambda request: [
            (request.inputs.get("role"), iam_rules.ROLE),
            (request.inputs.get("policyArn"), iam_rules.POLICY),
        ],
        **attaching(one_entity),
    ),
    "iam.PolicyAttachment": ResourceSpec(
        creation=("IAM", "AttachRolePolicy", "creating IAM Policy Attachment ({name})"),
        id="{name}",
        rules=(iam_rules.role_exists, iam_rules.attached_policy_exists),
        awaits=lambda request: [(request.inputs.get("policyArn"), iam_rules.POLICY)],
        force_new=("policyArn",),
        **attaching(listed_entities, reads_back=True),
    ),
    "iam.RolePoliciesExclusive": ResourceSpec(id="{roleName}"),
    "iam.RolePolicyAttachmentsExclusive": ResourceSpec(
        id="{roleName}", **attaching(policies_of_role("policyArns", "roleName"), rest_of_role=True)
    ),
}
DATA_SOURCES = {"iam.getPolicyDocument": _policy_document}
