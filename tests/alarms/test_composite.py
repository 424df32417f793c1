"""The rules of composite alarms: how they are read, and when they hold."""

from __future__ import annotations

from itertools import product

import pytest

from lab_support.alarms.composite import InvalidAlarmRule, parse_alarm_rule
from lab_support.alarms.evaluation import State

ARN = "arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:a"


def test_names_and_arns_with_and_without_quotes() -> None:
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
def test_rules_bind_as_python_does(text: str, python: str) -> None:
    rule = parse_alarm_rule(text)
    for a, b, c in product((True, False), repeat=3):
        states = {n: State.ALARM if v else State.OK for n, v in {"a": a, "b": b, "c": c}.items()}
        assert rule.holds(states) == eval(python, {"a": a, "b": b, "c": c})


def test_states_are_told_apart() -> None:
    rule = parse_alarm_rule("INSUFFICIENT_DATA(a)")
    assert [state for state in State if rule.holds({"a": state})] == [State.INSUFFICIENT_DATA]


@pytest.mark.parametrize(
    "text",
    ["", "ALARM(a) AND", "ALARM(a) ALARM(b)", "(ALARM(a)", "BROKEN(a)", "AND ALARM(a)", "ALARM(a) XOR TRUE"],
)
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(InvalidAlarmRule):
        parse_alarm_rule(text)
