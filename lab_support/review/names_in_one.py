"""NAME-COLLISION for what is deployed: names without the environment, where only one environment is known.

Whether another environment has the same name, only the program says. So these are questions, never findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_support.mock_aws.uniqueness import unique_of
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import python_name
from lab_support.review.environment_pair import FEWEST, SCOPES, SHARE, has_chosen_name, is_created, names_of
from lab_support.review.findings import Undecided

_RULE = "NAME-COLLISION"


def open_questions(plan: Plan) -> Iterator[Undecided]:
    """The names that must be unique and do not contain the stack's, if at least half of the others do."""
    created = list(filter(is_created, plan))
    word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(plan.stack)}(?![A-Za-z0-9])")
    named = [resource for resource in created if any(map(word.search, names_of(resource)))]
    is_convention = len(named) >= FEWEST and len(named) >= SHARE * len(created)
    others = [resource for resource in created if resource not in named]
    found = [(resource, why) for resource in others if (why := _why(resource, is_convention))]
    if len(named) * 2 < len(created) or not found:
        yield Undecided(_RULE, "", "", "an export or a preview shows the names of one environment only")
        return
    for resource, why in found:
        share = f"{len(named)} of the other {len(created) - 1} resources have {plan.stack} in their names"
        yield Undecided(_RULE, resource.name, resource.urn, f"{share}, but {why}")


def _why(resource: Resource, is_convention: bool) -> str:
    """Why a name may collide: the program's own or, against a convention, the one that Pulumi derives; or nothing."""
    unique = unique_of(resource.type)
    if unique is None or unique.within not in SCOPES or unique.takes_equals:
        return ""
    name = python_name(unique.name)
    if has_chosen_name(resource):
        return (
            f"{resource.get(name)!r} does not; AWS refuses it in a second environment of the account if it is the same "
            "there"
        )
    if is_convention and name in resource.defaults:
        return f"{resource.name!r} does not; a second environment may differ only in the random suffix of its name"
    return ""
