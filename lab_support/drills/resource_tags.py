"""The tags that a policy's conditions see on streams, keys and secrets: `aws:ResourceTag/Environment`.

The plan shows the tags of its own streams, keys and secrets. In another environment they have the same tags, for that
environment. Anything else may have any tag, except those that the plan's own have. A secret in which RDS keeps a
password has RDS's tags.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from lab_support.drills.streams import other_environments
from lab_support.iam.conditions import Context
from lab_support.iam.evaluate import RESOURCE_TAGS
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN

_KINDS: Final = {
    "kinesis": ("kinesis.Stream",),
    "kms": ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey"),
    "secretsmanager": ("secretsmanager.Secret",),
}
# Secrets Manager has a key of its own for tags, beside the global one (Service Authorization Reference, "Actions,
# resources, and condition keys for AWS Secrets Manager").
_OWN_PREFIX: Final = {"secretsmanager": (RESOURCE_TAGS, "secretsmanager:resourcetag/")}
# The tag that names the database of a secret that RDS manages.
_OF_DATABASE: Final = {
    "rds.Instance": "aws:rds:primarydbinstancearn",
    "rds.Cluster": "aws:rds:primarydbclusterarn",
}

Tags = Mapping[str, tuple[str, ...]]  # by key of a context, in lower case


class ResourceTags:
    """The tags of a plan's streams, keys and secrets, and of those that resemble them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def seen_in(self, context: Context, arn: str) -> Context:
        """The context of a request for this ARN, with what is known of its tags.

        A stream of another account may have any tags: what is written to it leaves the account. A key or a secret of
        another account opens nothing that belongs to the system, so it counts as one of this account.
        """
        service, account = arn.split(":")[2], arn.split(":")[4]
        if service not in _KINDS or (service == "kinesis" and account != self.plan.account):
            return context
        own = self._own(service, arn)
        if own is not None:
            (tags,) = own
            never = (*context.never, *_prefixes(service))
            return (
                context if tags is None else replace(context, values={**context.values, **tags}, never=never)
            )
        known = [_tags(service, resource) for resource in self._of_service(service)]
        if None in known:
            return context
        if service == "secretsmanager":
            known += [_tags_of_rds(database.kind, "") for database in self._databases.values()]
        names = frozenset(name for tags in known for name in tags or ())
        values = {**context.values, **self.elsewhere.get(arn, {})}
        return replace(context, values=values, absent=context.absent | names - values.keys())

    @cached_property
    def elsewhere(self) -> Mapping[str, Tags]:
        """The tags of the plan's tagged streams, keys and secrets in other environments, by ARN.

        The ids of those keys, and of the secrets that RDS manages, are not known, so each has a made-up ARN.
        """
        found: dict[str, Tags] = {}
        environment = self.plan.stack
        for service, resource in ((s, resource) for s in _KINDS for resource in self._of_service(s)):
            for other in other_environments(environment):
                arn = str(resource["arn"])
                there = f"{arn}-{other}" if service == "kms" else _renamed(arn, environment, other)
                tags = _tags(service, resource)
                if there != arn and tags:
                    found[there] = {
                        name: tuple(value.replace(environment, other) for value in values)
                        for name, values in tags.items()
                    }
        for arn, database in self._databases.items():
            of = str(database.get("arn"))
            for other in other_environments(environment):
                there = _renamed(of, environment, other)
                tags = _tags_of_rds(database.kind, there if there != of else f"{of}-{other}")
                found[re.sub(r"rds!\w+-", rf"\g<0>{other}-", arn)] = tags
        return found

    @cached_property
    def _databases(self) -> Mapping[str, Resource]:
        """The databases whose passwords RDS manages, by the ARN of the secret."""
        found = {}
        for database in self.plan.of_type(*_OF_DATABASE):
            secrets = database.get("master_user_secrets")
            for secret in secrets if isinstance(secrets, (list, tuple)) else ():
                arn = secret.get("secret_arn") if isinstance(secret, Mapping) else None
                if isinstance(arn, str):
                    found[arn] = database
        return found

    def _own(self, service: str, arn: str) -> tuple[Tags | None] | None:
        """The tags of what has this ARN, if it is the plan's own."""
        if database := self._databases.get(arn):
            return (_tags_of_rds(database.kind, str(database.get("arn"))),)
        own = self.plan.resolve(arn, *_KINDS[service])
        return (_tags(service, own),) if own is not None else None

    def _of_service(self, service: str) -> tuple[Resource, ...]:
        resources = self.plan.of_type(*_KINDS[service])
        return tuple(resource for resource in resources if isinstance(resource.get("arn"), str))


def _renamed(arn: str, environment: str, other: str) -> str:
    """The ARN of the same thing in another environment."""
    lead, _, name = arn.rpartition(":")
    return f"{lead}:{name.replace(environment, other)}"


def _prefixes(service: str) -> tuple[str, ...]:
    return _OWN_PREFIX.get(service, (RESOURCE_TAGS,))


def _tags(service: str, resource: Resource) -> Tags | None:
    """The tags of a resource under each key that the service has for them; None where they are unknown."""
    found = [tags_of(prefix, resource) for prefix in _prefixes(service)]
    return (
        None if None in found else {name: values for tags in found for name, values in (tags or {}).items()}
    )


def _tags_of_rds(kind: str, database: str) -> Tags:
    """The tags of the secret in which RDS keeps a database's password: the database's ARN, and who manages the secret.

    AWS Managed Policy Reference, AmazonRDSServiceRolePolicy; AWS Secrets Manager User Guide, "AWS Secrets Manager
    secrets managed by other AWS services".
    """
    tags = {_OF_DATABASE[kind]: database, "aws:secretsmanager:owningservice": "rds"}
    prefixes = _prefixes("secretsmanager")
    return {f"{prefix}{name}": (value,) for prefix in prefixes for name, value in tags.items()}


def tags_of(prefix: str, resource: Resource) -> Tags | None:
    """The tags of a resource as keys of a context; None where they are unknown."""
    tags = resource.get("tags_all")
    if tags is not UNKNOWN and not tags:
        tags = resource.get("tags")
    if tags is UNKNOWN or any(value is UNKNOWN for value in (tags or {}).values()):
        return None
    return {f"{prefix}{name}".lower(): (str(value),) for name, value in (tags or {}).items()}
