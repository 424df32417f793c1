"""What `lab review --strict` adds: choices that are a matter of policy. They are Notes and make no review fail.

- AWS-MANAGED-KEY: data whose key AWS holds, although a customer managed key is possible (NIST SP 800-53 SC-12; AWS KMS
  Developer Guide, "AWS KMS keys").
- ANY-RESOURCE: actions on all resources that could be limited to some (AC-6; IAM User Guide, "Security best practices
  in IAM", and the resource types in the Service Authorization Reference).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lab_support.drills.theft import Protection, theft
from lab_support.iam.actions import actions_in, find_action
from lab_support.iam.policy import Policy
from lab_support.plan.resource import Resource
from lab_support.reporting import counted
from lab_support.review import excess_privilege
from lab_support.review.findings import NOTE
from lab_support.review.policy_documents import policy_documents
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject
from lab_support.review.wording import listed
from lab_support.toolchain.sdk_types import resource_type

# The argument that names the key, by whichever name a type has it.
_KEY_ARGUMENTS: Final = ("kms_key_id", "kms_master_key_id", "kms_key_arn")


def check_keys(subject: ReviewSubject) -> Iterator[Observation]:
    """Data stores that are encrypted with a key that AWS holds."""
    for store in theft(subject.plan).stores:
        resource, argument = store.resource, _key_argument(store.resource)
        if not argument or resource.op in ("read", "delete"):
            continue
        # A deployed resource names the key that AWS has chosen; the program did not.
        is_default = store.protection is Protection.EXTERNAL and not resource.inputs.get(argument)
        if is_default or store.protection in (Protection.AWS_MANAGED, Protection.AWS_OWNED):
            elsewhere = (
                ", unless the account has another default key for EBS"
                if resource.kind == "ebs.Volume"
                else ""
            )
            whose = store.protection if not is_default else Protection.AWS_MANAGED
            yield Observation(
                resource,
                f"{resource.name} is encrypted with an {whose}{elsewhere}: this account can neither disable it nor "
                "change its policy.",
                f"Set {argument} to a customer managed key, if your policy requires one.",
                arguments=(argument,),
            )


def _key_argument(resource: Resource) -> str:
    described = resource_type(resource.type)
    names = {prop.python_name for prop in described.inputs.values()} if described else set()
    return next((name for name in _KEY_ARGUMENTS if name in names), "")


def check_resources(subject: ReviewSubject) -> Iterator[Observation]:
    """Policies that allow actions on all resources, although the actions can be limited to some."""
    told = {
        observation.resource.urn
        for observation in excess_privilege.check(subject)
        if observation.resource is not None and not observation.unknown
    }
    for document in policy_documents(subject.plan):
        if isinstance(document, Observation) or document.resource.urn in told:
            continue
        if names := _on_all(document.policy, subject.plan.account):
            count = counted(len(names), "action")
            yield Observation(
                document.resource,
                f"It allows {count} on all resources of the account, although each can be limited to some: "
                f"{listed(names, 6)}.",
                "Name the ARNs of the resources that the work uses in Resource.",
                arguments=("policy", "inline_policies"),
            )


def _on_all(policy: Policy, account: str) -> tuple[str, ...]:
    """The actions that a policy allows on all resources without a condition, although they have resource types."""
    found: set[str] = set()
    for statement in policy.statements:
        resource = statement.resource
        if not statement.allows or statement.conditions or resource is None or resource.negated:
            continue
        if any(_is_all(value, account) for value in resource.values):
            found |= {
                name
                for name in actions_in(statement.action)
                if (action := find_action(name)) and action.acts_on
            }
    return tuple(sorted(found))


def _is_all(value: str, account: str) -> bool:
    """Whether an ARN of a policy matches all resources of a service in the account."""
    parts = value.split(":", 5)
    return value == "*" or (len(parts) == 6 and parts[5] == "*" and parts[4] in ("", "*", account))


AWS_MANAGED_KEY: Final = ReviewRule(
    "AWS-MANAGED-KEY",
    NOTE,
    "encryption",
    "SC-12, SC-28",
    "Data is encrypted with a key that AWS manages",
    "Where a policy requires keys that you can revoke and audit, create an aws.kms.Key and name it in the argument "
    "that the note names. Otherwise the data is still encrypted: accept the note.",
    check_keys,
)

ANY_RESOURCE: Final = ReviewRule(
    "ANY-RESOURCE",
    NOTE,
    "least privilege",
    "AC-6",
    "Actions are allowed on all resources that could be limited to some",
    "Name the ARNs of the resources that the work uses in the statement's Resource. Actions that only accept * are not "
    "reported.",
    check_resources,
)
