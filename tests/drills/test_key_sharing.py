"""Whether another environment's tasks may use a key of this one, by its policy alone."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.drills.key_sharing import shared_with
from tests.drills.test_outsiders import ADMINISTRATION, KEY, USE, statement
from tests.plans import a_plan, a_resource

LEAD = "arn:aws:iam::123456789012:role"
OWN = {"StringEquals": {"kms:CallerAccount": "123456789012"}}


def shared(*statements: dict[str, Any], name: str = "task-role-dev") -> tuple[str, ...]:
    role = a_resource("iam.Role", "role", arn=f"{LEAD}/{name}", tags={"Environment": "dev"})
    policy = {"Statement": [ADMINISTRATION, *statements]}
    key = a_resource("kms.Key", "key", id="k", arn=KEY, policy=policy)
    return shared_with(a_plan(role, key), key)


@pytest.mark.parametrize(
    "conditions",
    [
        {"ArnLike": {"aws:PrincipalArn": f"{LEAD}/task-role-*"}},
        {"StringLike": {"aws:PrincipalArn": "*/task-role-*"}},
        {},
        {"StringLike": {"aws:PrincipalTag/Environment": "*"}},
    ],
)
def test_a_pattern_for_every_environment_shares_the_key(conditions: dict[str, Any]) -> None:
    (arn,) = shared(statement("*", USE, OWN | conditions))
    assert arn.startswith(f"{LEAD}/task-role-")
    assert not arn.endswith("-dev")


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [statement({"AWS": f"{LEAD}/task-role-dev"}, USE)],
        [statement("*", USE, {"ArnLike": {"aws:PrincipalArn": f"{LEAD}/*-dev"}})],
        [statement("*", USE, {"StringLike": {"aws:userid": "AROATASK:*"}})],
        [statement("*", USE, {"StringEquals": {"aws:PrincipalTag/Environment": "dev"}})],
        [
            statement(
                "*", USE, OWN | {"StringEquals": {"kms:ViaService": "kinesis.ap-southeast-1.amazonaws.com"}}
            )
        ],
        [
            statement("*", USE, OWN),
            statement("*", USE, {"ArnNotLike": {"aws:PrincipalArn": f"{LEAD}/*-dev"}}, Effect="Deny"),
        ],
    ],
)
def test_a_key_for_this_environments_roles_is_not_shared(statements: list[dict[str, Any]]) -> None:
    assert shared(*statements) == ()


def test_roles_that_no_environment_has_in_its_name_are_left_out() -> None:
    assert shared(statement("*", USE, OWN), name="task-role") == ()
