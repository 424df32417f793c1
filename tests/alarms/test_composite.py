"""The rules of composite alarms: how they are parsed, and when they hold."""

from __future__ import annotations

from itertools import product

import pytest

from lab_support.alarms.composite import InvalidAlarmRule, parse_alarm_rule
from lab_support.alarms.evaluation import State

ARN = "arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:a"


def test_a_rule_refers_to_alarms_by_name_or_arn_with_or_without_quotes() -> None:
    rule = parse_alarm_rule(f'ALARM("a b") OR OK(c) AND INSUFFICIENT_DATA( {ARN} ) OR ALARM("c")')
    assert rule.alarms == ("a b", "c", ARN)


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("ALARM(a)", "a"),
        ("ALARM(a) OR ALARM(b) AND ALARM(c)", "a or b and c"),
        ("(ALARM(a) OR ALARM(b)) AND ALARM(c)", "(a or b) and c"),
        ("NOT ALARM(a) AND ALARM(b)", "not a and b"),
        ("NOT (ALARM(a) AND ALARM(b)) OR FALSE", "not (a and b)"),
        ("TRUE AND NOT OK(c)", "c"),
    ],
)
def test_operators_of_a_rule_have_the_precedence_of_pythons(text: str, python: str) -> None:
    rule = parse_alarm_rule(text)
    for a, b, c in product((True, False), repeat=3):
        states = {n: State.ALARM if v else State.OK for n, v in {"a": a, "b": b, "c": c}.items()}
        assert rule.holds(states) == eval(python, {"a": a, "b": b, "c": c})


def test_a_rule_distinguishes_all_states() -> None:
    rule = parse_alarm_rule("INSUFFICIENT_DATA(a)")
    assert [state for state in State if rule.holds({"a": state})] == [State.INSUFFICIENT_DATA]


@pytest.mark.parametrize(
    "text",
    ["", "ALARM(a) AND", "ALARM(a) ALARM(b)", "(ALARM(a)", "BROKEN(a)", "AND ALARM(a)", "ALARM(a) XOR TRUE"],
)
def test_an_invalid_rule_is_rejected(text: str) -> None:
    with pytest.raises(InvalidAlarmRule):
        parse_alarm_rule(text)
