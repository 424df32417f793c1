"""The context of a request that a task makes: it comes over TLS, with the credentials of the task's role.

context_of = TaskRequests(plan, role, unknown=False)
context_of(stream_arn)               # the context of a request for this ARN; unknown keys count as absent
context_of.through("kinesis", key)   # the context of the request that Kinesis sends to KMS for it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from lab_support.drills.resource_tags import ResourceTags, tags_of
from lab_support.drills.streams import other_environments
from lab_support.iam.conditions import Context
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# Keys that a task's request never has: they are for users, federation, or calls by an AWS service.
_NEVER: Final = (
    "aws:username",
    "aws:multifactorauth",
    "aws:federatedprovider",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorg",
    "aws:calledvia",
    "aws:principalservicename",
    "aws:principaltag/",
    "kms:resourcetag/",  # no key of AWS: KMS knows tags as aws:ResourceTag
    "saml:",
    "cognito-identity.",
)


class TaskRequests:
    """The contexts of requests with a task's role, by ARN. With `unknown`, keys that are not known may be present."""

    def __init__(self, plan: Plan, role: Resource, *, unknown: bool) -> None:
        self.plan, self.unknown = plan, unknown
        self.tags = ResourceTags(plan)
        self._contexts: dict[str, Context] = {}
        now = datetime.now(UTC)
        self.known = {
            "aws:securetransport": ("true",),
            "aws:principalarn": (str(role.get("arn", "")),),
            "aws:principalaccount": (plan.account,),
            "aws:principaltype": ("AssumedRole",),
            "aws:userid": (
                f"{role.get('unique_id')}:task",
            ),  # of an assumed role: its id and the session's name
            "aws:principalisawsservice": ("false",),
            "aws:viaawsservice": ("false",),
            "kms:calleraccount": (plan.account,),
            "aws:currenttime": (now.strftime("%Y-%m-%dT%H:%M:%SZ"),),
            "aws:epochtime": (str(int(now.timestamp())),),
            **(tags_of("aws:principaltag/", role) or {}),
        }

    def __call__(self, arn: str) -> Context:
        if arn not in self._contexts:
            self._contexts[arn] = self._context(arn)
        return self._contexts[arn]

    def to_kms(self, key: str) -> Context:
        """The context of a request that the task itself sends to KMS: no service is in between."""
        context = self(key)
        return replace(context, never=(*context.never, "kms:viaservice"))

    def through(self, service: str, key: str, encryption_context: Mapping[str, str] | None = None) -> Context:
        """The context of a request to KMS that a service (`kinesis`) sends in the task's name."""
        context = self(key)
        values = {
            **context.values,
            "aws:viaawsservice": ("true",),
            "kms:viaservice": (f"{service}.{key.split(':')[3]}.amazonaws.com",),
        }
        for name, value in (encryption_context or {}).items():
            values[f"kms:encryptioncontext:{name}".lower()] = (value,)
        return replace(context, values=values)

    @cached_property
    def without_alias(self) -> tuple[str, ...]:
        """A made-up key that has no alias, where the plan has any: a condition on aliases may be true for it, too.

        `ForAllValues` is true where a request lacks the key (IAM User Guide, "Set operators for multivalued context
        keys").
        """
        lead = f"arn:aws:kms:{self.plan.region}:{self.plan.account}:key"
        return (f"{lead}/without-alias",) if self.plan.of_type("kms.Alias") else ()

    def _aliases(self, key: Resource | None) -> tuple[str, ...]:
        """The aliases of a key of the plan; for any other key, those that another environment's key may have.

        An alias is unique in an account and region (AWS KMS Developer Guide, "Aliases in AWS KMS").
        """
        aliases = {str(alias.get("name")): alias for alias in self.plan.of_type("kms.Alias")}
        if key is not None:
            return tuple(
                name
                for name, alias in aliases.items()
                if key in self.plan.referenced(alias, "target_key_id", "kms.Key")
            )
        environment = self.plan.stack
        others = (
            name.replace(environment, other) for name in aliases for other in other_environments(environment)
        )
        return tuple(name for name in others if name not in aliases)

    def _context(self, arn: str) -> Context:
        parts = arn.split(":", 5)
        values = dict(self.known)
        never: tuple[str, ...] = _NEVER
        if len(parts) == 6:
            values |= {"aws:requestedregion": (parts[3],)} if parts[3] else {}
            values |= {"aws:resourceaccount": (parts[4],)} if parts[4] else {}
            tagged = self.plan.resolve(arn, "kinesis.Stream", "kms.Key")
            is_named = parts[2] == "kms" and arn not in self.without_alias
            aliases = self._aliases(tagged) if is_named else ()
            if aliases:
                values["kms:resourcealiases"] = aliases
            elif tagged is not None or arn in self.without_alias:
                never = (*never, "kms:resourcealiases")
        context = Context(values, self.unknown, never)
        return self.tags.seen_in(context, arn) if len(parts) == 6 else context
