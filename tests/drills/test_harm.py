"""The worst actions of grants, and where they reach, in words."""

from __future__ import annotations

from lab_support.drills.grants import Grant, Where
from lab_support.drills.harm import HARM, in_words, places, worst


def a_grant(action: str, where: Where = Where.OWN, level: str = "Write") -> Grant:
    return Grant(action, level, where, "*", ("policy",))


def test_the_worst_actions_come_first_and_each_once() -> None:
    grants = [
        a_grant("kinesis:ListStreams", level="List"),
        a_grant("kinesis:PutRecord"),
        a_grant("kinesis:MergeShards"),
        a_grant("kinesis:DeleteStream"),
        a_grant("kinesis:DeleteStream", Where.OTHER),
    ]
    assert [grant.action for grant in worst(grants, 3)] == [
        "kinesis:DeleteStream",
        "kinesis:PutRecord",
        "kinesis:MergeShards",
    ]


def test_an_action_reads_as_its_name_with_its_harm_if_known() -> None:
    assert in_words(a_grant("kms:Decrypt")) == f"kms:Decrypt ({HARM['kms:Decrypt']})"
    assert in_words(a_grant("kinesis:MergeShards")) == "kinesis:MergeShards"


def test_the_places_that_an_action_reaches_are_listed() -> None:
    grants = [a_grant("kms:Decrypt", where) for where in (Where.OWN, Where.ENVIRONMENT, Where.OTHER)]
    assert places("kms:Decrypt", grants) == f"{Where.OWN}, {Where.ENVIRONMENT} and {Where.OTHER}"
    assert places("kms:Decrypt", grants[:1]) == Where.OWN
