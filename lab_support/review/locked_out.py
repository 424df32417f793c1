"""LOCKED-OUT: code that may use an encrypted store, but not the key that encrypts it. The work drill as a rule.

NIST SP 800-53 AC-6 (least privilege) and SC-12 (key management). It is about the roles of ECS tasks, Lambda functions,
EC2 instances and API Gateway's integrations, and about the program's own streams, queues, topics, secrets and buckets
that one of its keys encrypts. The policy must name the store: a role that may read everything need not be meant to read
this. What depends on a condition that is not known counts as allowed. If a policy of the role or of the key is not
known, so is the result.

Each service calls KMS in the caller's name: Kinesis Data Streams Developer Guide, "Permissions to use user-generated
KMS keys"; Amazon SQS and SNS Developer Guides, "Key management"; AWS Secrets Manager User Guide, "Secret encryption
and decryption"; Amazon S3 User Guide, "Using server-side encryption with AWS KMS keys".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lab_support.drills.ecs_roles import task_definitions
from lab_support.drills.key_use import KEY_ACTIONS
from lab_support.drills.keys import declared_key
from lab_support.drills.task_requests import TaskRequests
from lab_support.iam.actions import actions_in
from lab_support.iam.evaluate import AccessRequest, decide
from lab_support.iam.principals import Attached, policies_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN_MARK
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created
from lab_support.review.wording import listed


@dataclass(frozen=True)
class _Kind:
    """How a kind of store uses its key: the service that calls KMS, and what each action takes of the key."""

    service: str
    key: str
    actions: Mapping[str, tuple[str, ...]]


_READ, _WRITE = ("kms:Decrypt",), ("kms:GenerateDataKey",)
_KINDS: Final[Mapping[str, _Kind]] = {
    "kinesis.Stream": _Kind(
        "kinesis", "kms_key_id", {action: (of_key,) for action, of_key in KEY_ACTIONS.items()}
    ),
    "sqs.Queue": _Kind(
        "sqs", "kms_master_key_id", {"sqs:ReceiveMessage": _READ, "sqs:SendMessage": (*_WRITE, *_READ)}
    ),
    "sns.Topic": _Kind("sns", "kms_master_key_id", {"sns:Publish": (*_WRITE, *_READ)}),
    "secretsmanager.Secret": _Kind("secretsmanager", "kms_key_id", {"secretsmanager:GetSecretValue": _READ}),
}
# What makes requests with a role, beside tasks and instances, and the property that names the role.
_USERS: Final = {
    "lambda.Function": "role",
    "apigateway.Integration": "credentials",
    "apigatewayv2.Integration": "credentials_arn",
}
_KEYS: Final = ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey")
_OF_BUCKETS: Final = _Kind("s3", "", {"s3:GetObject": _READ, "s3:PutObject": _WRITE})


@dataclass(frozen=True)
class _Store:
    resource: Resource
    arn: str
    key: Resource
    kind: _Kind


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Roles of code that may use a store, and not its key."""
    plan = subject.plan
    stores = [*_stores(plan), *_buckets(plan)]
    for role in _roles(plan) if stores else ():
        attached = policies_of(plan, role)
        requests = TaskRequests(plan, role, unknown=True)
        for store in stores:
            missing = _missing(attached, requests, store)
            if not missing:
                continue
            unknown = _unknown(plan, attached, store.key)
            if unknown:
                why = f"the policy of {unknown[0]} is not known, so whether it may use {store.key.name} is unknown"
                yield Observation(role, unknown=why)
            else:
                yield _observation(role, store, missing)


def _observation(role: Resource, store: _Store, missing: Mapping[str, tuple[str, ...]]) -> Observation:
    actions = listed(missing)
    of_key = listed(dict.fromkeys(action for found in missing.values() for action in found))
    what = (
        f"{role.name} may call {actions} on {store.resource.name}, but may not call {of_key} on {store.key.name}, "
        "the key that encrypts it: each such request is refused."
    )
    where = "in a policy of the role, on the key's ARN, or in the key's policy"
    repair = f"Allow the role {of_key} on {store.key.name}, {where}."
    return Observation(role, what, repair)


def _missing(attached: Attached, requests: TaskRequests, store: _Store) -> dict[str, tuple[str, ...]]:
    """For each action on the store that the role certainly has, what it certainly lacks on the key."""
    policies, key = attached.policies, str(store.key.get("arn"))
    missing = {}
    for action, of_key in store.kind.actions.items():
        named = any(
            statement.allows
            and action in actions_in(statement.action)
            and not statement.conditions
            and statement.resource is not None
            and any(_names(pattern, store.arn) for pattern in statement.resource.values)
            for policy in policies.identity
            for statement in policy.policy.statements
        )
        if not named or not decide(AccessRequest(action, store.arn, requests(store.arn)), policies).allowed:
            continue
        through = requests.through(store.kind.service, key)
        lacking = [name for name in of_key if not decide(AccessRequest(name, key, through), policies).allowed]
        if lacking:
            missing[action] = tuple(lacking)
    return missing


def _names(pattern: str, arn: str) -> bool:
    """Whether a resource in a policy names this store, and not just everything of its kind."""
    return pattern == arn or (arn.endswith("/*") and pattern.startswith(arn[:-1]))


def _roles(plan: Plan) -> tuple[Resource, ...]:
    """The roles of the program with which requests for data are made."""
    users = [(definition, "task_role_arn") for definition in task_definitions(plan)]
    users += [(user, prop) for kind, prop in _USERS.items() for user in created(plan, kind)]
    for instance in created(plan, "ec2.Instance"):
        profiles = plan.referenced(instance, "iam_instance_profile", "iam.InstanceProfile")
        users += [(profile, "role") for profile in profiles]
    roles = (role for user, prop in users for role in plan.referenced(user, prop, "iam.Role"))
    return tuple(dict.fromkeys(role for role in roles if role.op not in ("read", "delete")))


def _stores(plan: Plan) -> Iterator[_Store]:
    for name, kind in _KINDS.items():
        for resource in created(plan, name):
            key = declared_key(plan, resource, kind.key)
            arn = resource.get("arn")
            encrypted = name != "kinesis.Stream" or resource.get("encryption_type") == "KMS"
            if key is not None and key.op != "read" and isinstance(arn, str) and encrypted:
                yield _Store(resource, arn, key, kind)


def _buckets(plan: Plan) -> Iterator[_Store]:
    for settings in created(
        plan,
        "s3.BucketServerSideEncryptionConfiguration",
        "s3.BucketServerSideEncryptionConfigurationV2",
    ):
        for bucket in plan.referenced(settings, "bucket", "s3.Bucket", "s3.BucketV2"):
            key = _bucket_key(plan, settings)
            if key is not None and key.op != "read" and isinstance(bucket.get("arn"), str):
                yield _Store(bucket, f"{bucket.get('arn')}/*", key, _OF_BUCKETS)


def _bucket_key(plan: Plan, settings: Resource) -> Resource | None:
    for rule in _items(settings.get("rules")):
        default: Any = rule.get("apply_server_side_encryption_by_default") or {}
        if isinstance(default, Mapping) and default.get("sse_algorithm") in ("aws:kms", "aws:kms:dsse"):
            return plan.resolve(default.get("kms_master_key_id"), "kms.Key", "kms.ReplicaKey")
    return None


def _items(value: Any) -> list[Mapping[str, Any]]:
    items = value if isinstance(value, (list, tuple)) else ()
    return [item for item in items if isinstance(item, Mapping)]


def _unknown(plan: Plan, attached: Attached, key: Resource) -> list[str]:
    """The policies of the role or of the key that are not known, or only in part."""
    of_key = {key.name}
    of_key |= {
        policy.name
        for policy in plan.of_type("kms.KeyPolicy", "kms.Grant")
        if key in plan.referenced(policy, "key_id", key.kind)
    }
    of_keys = {policy.name for policy in plan.of_type(*_KEYS, "kms.KeyPolicy", "kms.Grant")}
    found = [name for name, _ in attached.unreadable if name in of_key or name not in of_keys]
    policies = attached.policies
    known = (*policies.identity, *(named for named in policies.resource if named.name in of_key))
    return [*found, *(named.name for named in known if UNKNOWN_MARK in str(named.policy))]


RULE: Final = ReviewRule(
    "LOCKED-OUT",
    "High",
    "encryption",
    "AC-6, SC-12",
    "Code may use an encrypted store, but not its key",
    "Allow the role that reads kms:Decrypt on the key, and the role that writes kms:GenerateDataKey, in the role's own "
    "policy on the key's ARN or in the key's policy. Do not allow kms:* or every key: that opens more than the store.",
    check,
)
