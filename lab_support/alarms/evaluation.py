"""When an alarm changes its state: M of N datapoints, and what CloudWatch makes of datapoints that are missing.

CloudWatch User Guide, "Alarm evaluation" (alarm-evaluation.html) and "Configuring how CloudWatch alarms treat missing
data" (alarms-and-missing-data.html). The tables of the latter are the tests of this file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """The states of an alarm."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Missing(StrEnum):
    """What `treat_missing_data` may say."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


# How many datapoints CloudWatch retrieves beyond the evaluation periods. It says only that there are more; in its
# examples, which are what we can hold on to, they are two.
EXTRA_POINTS: Final = 2

COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def evaluate(
    points: Sequence[bool | None],
    evaluation_periods: int,
    datapoints_to_alarm: int,
    treatment: Missing,
    current: State,
) -> State:
    """The state after one evaluation.

    `points` are the evaluation range, the most recent last: True breaches, False does not, None is missing.
    `current` is the state before, which `ignore` keeps where the data does not decide.
    """
    real = [point for point in points if point is not None]
    if len(real) >= evaluation_periods:
        # Enough real data: the setting for missing data is not needed.
        breaching = sum(real[len(real) - evaluation_periods :])
        return State.ALARM if breaching >= datapoints_to_alarm else State.OK
    filled = evaluation_periods - len(real)
    if treatment is Missing.BREACHING:
        return State.ALARM if sum(real) + filled >= datapoints_to_alarm else State.OK
    if sum(real) >= datapoints_to_alarm:
        return State.ALARM
    if treatment is Missing.NOT_BREACHING or False in real:
        return State.OK
    if treatment is Missing.IGNORE:
        return current
    return State.ALARM if _oldest(points) >= datapoints_to_alarm else State.INSUFFICIENT_DATA


def _oldest(points: Sequence[bool | None]) -> int:
    """How many periods ago the oldest breaching point was; 0 when there is none.

    With nothing but breaching and missing points, an alarm goes to ALARM once the oldest breaching point is at least
    as old as the datapoints to alarm (the section on premature transitions in the page above).
    """
    return next((len(points) - n for n, point in enumerate(points) if point), 0)
