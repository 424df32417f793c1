"""Which managed policy is attached to whom: what a resource that attaches policies adds, reads back and detaches.

hashicorp/terraform-provider-aws, internal/service/iam/policy_attachment.go: a resource that attaches one policy to
lists of entities then reads who has the policy, whoever attached it, and keeps all of them as its state. Its next
update detaches what the program does not list; its deletion detaches everyone in its state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lab_support.mock_aws.account import Account, StoredResource
from lab_support.mock_aws.request import Values
from lab_support.mock_aws.services.iam_rules import ROLE

ENTITIES = ("roles", "users", "groups")
Pair = tuple[str, str, str]  # the policy's ARN, one of ENTITIES, the entity's name
_Pairs = Callable[[Mapping[str, Any]], Iterator[Pair]]


def one_entity(values: Mapping[str, Any]) -> Iterator[Pair]:
    """The pair of a resource with a `role`, a `user` or a `group`."""
    for entity in ENTITIES:
        if name := values.get(entity[:-1]):
            yield str(values.get("policyArn")), entity, str(name)


def listed_entities(values: Mapping[str, Any]) -> Iterator[Pair]:
    """The pairs of a resource with lists of entities."""
    for entity in ENTITIES:
        yield from ((str(values.get("policyArn")), entity, str(name)) for name in values.get(entity) or ())


def policies_of_role(policies: str, role: str) -> _Pairs:
    """The pairs of a resource with a list of policies for one role, by its properties."""

    def pairs(values: Mapping[str, Any]) -> Iterator[Pair]:
        yield from ((str(arn), "roles", str(values.get(role))) for arn in values.get(policies) or ())

    return pairs


def attaching(pairs: _Pairs, *, reads_back: bool = False, rest_of_role: bool = False) -> dict[str, Any]:
    """What a spec says of a resource that attaches these pairs.

    With `reads_back`, its state is everyone who has the policy. With `rest_of_role`, every other policy of the role is
    detached, and nothing is when the resource is deleted.
    """

    def write(resource: StoredResource, account: Account, former: Mapping[str, Any] | None) -> Values:
        wanted, before = set(pairs(resource.values)), set(pairs(former or {}))
        account.attached -= before - wanted
        if rest_of_role:
            roles = {name for _, _, name in wanted | before}
            account.attached -= {pair for pair in account.attached if pair[1] == "roles" and pair[2] in roles}
        account.attached |= wanted
        if not reads_back:
            return {}
        return {entity: _holders(account, resource.values.get("policyArn"), entity) for entity in ENTITIES}

    def delete(resource: StoredResource, account: Account) -> tuple[StoredResource, ...]:
        account.attached -= set(pairs(resource.values))
        return ()

    return {
        "on_write": write,
        "on_delete": None if rest_of_role else delete,
        "reads_back": ENTITIES if reads_back else (),
    }


def _holders(account: Account, policy: Any, entity: str) -> list[str]:
    """Who has a policy, by name; a role that is gone has none."""
    return sorted(
        name
        for arn, of, name in account.attached
        if (arn, of) == (policy, entity) and (of != "roles" or account.find(name, ROLE) is not None)
    )
