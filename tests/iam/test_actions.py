"""Actions, their access levels and resource types, as listed in the Service Authorization Reference."""

from __future__ import annotations

import pytest

from lab_support.iam.actions import actions_in, expand, find_action
from lab_support.iam.policy import Clause


def test_a_wildcard_expands_to_every_action_of_the_service() -> None:
    assert len(expand("kinesis:*")) == 47


@pytest.mark.parametrize(
    ("pattern", "actions"),
    [
        ("KINESIS:putrecord?", {"kinesis:PutRecords"}),
        ("no-such-service:*", set()),
        ("kinesis:[GP]*", set()),
    ],
    ids=["ignoring case", "unknown service", "no character sets"],
)
def test_a_pattern_expands_as_in_iam(pattern: str, actions: set[str]) -> None:
    assert expand(pattern) == actions


def test_not_action_matches_all_other_actions() -> None:
    others = actions_in(Clause(("kinesis:*",), negated=True))
    assert "s3:GetObject" in others
    assert not others & expand("kinesis:*")


@pytest.mark.parametrize(
    ("name", "level", "acts_on"),
    [
        ("kinesis:GetRecords", "Read", ("arn:*:kinesis:*:*:stream/*",)),
        ("kinesis:AddTagsToStream", "Tagging", ("arn:*:kinesis:*:*:stream/*",)),
        # The reference lists a key, too, but the action does not act on a key alone.
        ("kinesis:StartStreamEncryption", "Write", ("arn:*:kinesis:*:*:stream/*",)),
        # The reference lists no resource type.
        ("kinesis:UpdateShardCount", "Write", ("arn:*:kinesis:*:*:stream/*",)),
    ],
)
def test_an_action_has_a_level_and_the_resources_it_acts_on(
    name: str, level: str, acts_on: tuple[str, ...]
) -> None:
    action = find_action(name)
    assert action is not None
    assert (action.level, action.acts_on) == (level, acts_on)


def test_an_unknown_action_is_not_found() -> None:
    assert find_action("kinesis:NoSuchAction") is None
    assert find_action("no-such-service:Get") is None
