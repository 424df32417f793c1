"""The tags that a policy's conditions see on streams and keys: `aws:ResourceTag/Environment`.

The plan shows the tags of its own streams and keys. In another environment they have the same tags, for that
environment. Anything else may have any tag, except those that the plan's own have.
"""

from __future__ import annotations

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

_KINDS: Final = {"kinesis": ("kinesis.Stream",), "kms": ("kms.Key", "kms.ReplicaKey", "kms.ExternalKey")}

Tags = Mapping[str, tuple[str, ...]]  # by key of a context, in lower case


class ResourceTags:
    """The tags of a plan's streams and keys, and of those that resemble them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def seen_in(self, context: Context, arn: str) -> Context:
        """The context of a request for this ARN, with what is known of its tags.

        A stream of another account may have any tags: what is written to it leaves the account. A key of another
        account opens nothing that belongs to the system, so it counts as one of this account.
        """
        service, account = arn.split(":")[2], arn.split(":")[4]
        if service not in _KINDS or (service == "kinesis" and account != self.plan.account):
            return context
        own = self.plan.resolve(arn, *_KINDS[service])
        if own is not None:
            tags = tags_of(RESOURCE_TAGS, own)
            if tags is None:
                return context
            return replace(context, values={**context.values, **tags}, never=(*context.never, RESOURCE_TAGS))
        known = [tags_of(RESOURCE_TAGS, resource) for resource in self._of_service(service)]
        if None in known:
            return context
        names = frozenset(name for tags in known for name in tags or ())
        values = {**context.values, **self.elsewhere.get(arn, {})}
        return replace(context, values=values, absent=context.absent | names - values.keys())

    @cached_property
    def elsewhere(self) -> Mapping[str, Tags]:
        """The tags of the plan's tagged streams and keys in other environments, by ARN.

        The ids of those keys are not known, so each has a made-up ARN.
        """
        found: dict[str, Tags] = {}
        environment = self.plan.stack
        for resource in (resource for service in _KINDS for resource in self._of_service(service)):
            for other in other_environments(environment):
                is_stream = resource.kind == "kinesis.Stream"
                arn = str(resource["arn"])
                lead, _, name = arn.rpartition("/")
                there = f"{lead}/{name.replace(environment, other)}" if is_stream else f"{arn}-{other}"
                tags = tags_of(RESOURCE_TAGS, resource)
                if there != arn and tags:
                    found[there] = {
                        name: tuple(value.replace(environment, other) for value in values)
                        for name, values in tags.items()
                    }
        return found

    def _of_service(self, service: str) -> tuple[Resource, ...]:
        resources = self.plan.of_type(*_KINDS[service])
        return tuple(resource for resource in resources if isinstance(resource.get("arn"), str))


def tags_of(prefix: str, resource: Resource) -> Tags | None:
    """The tags of a resource as keys of a context; None where they are unknown."""
    tags = resource.get("tags_all")
    if tags is not UNKNOWN and not tags:
        tags = resource.get("tags")
    if tags is UNKNOWN or any(value is UNKNOWN for value in (tags or {}).values()):
        return None
    return {f"{prefix}{name}".lower(): (str(value),) for name, value in (tags or {}).items()}
