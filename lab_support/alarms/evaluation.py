"""When an alarm changes its state: M out of N datapoints, and how CloudWatch treats missing data.

CloudWatch User Guide, "Alarm evaluation" (alarm-evaluation.html) and "Configuring how CloudWatch alarms treat missing
data" (alarms-and-missing-data.html). The tests of this module are the tables of the latter.
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


class MissingData(StrEnum):
    """The values of `treat_missing_data`."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


# How many datapoints CloudWatch retrieves beyond the evaluation periods. The guide only says that it retrieves more;
# in its examples, there are two.
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
    treatment: MissingData,
    current: State,
) -> State:
    """The state after one evaluation.

    `points` is the evaluation range, the most recent last: True is breaching, False is not, None is missing.
    `current` is the state before, which `ignore` keeps if the data does not decide.
    """
    real = [point for point in points if point is not None]
    if len(real) >= evaluation_periods:
        # There is enough real data; the treatment of missing data does not matter.
        breaching = sum(real[len(real) - evaluation_periods :])
        return State.ALARM if breaching >= datapoints_to_alarm else State.OK
    filled = evaluation_periods - len(real)
    if treatment is MissingData.BREACHING:
        return State.ALARM if sum(real) + filled >= datapoints_to_alarm else State.OK
    if sum(real) >= datapoints_to_alarm:
        return State.ALARM
    if treatment is MissingData.NOT_BREACHING or False in real:
        return State.OK
    if treatment is MissingData.IGNORE:
        return current
    return State.ALARM if _oldest(points) >= datapoints_to_alarm else State.INSUFFICIENT_DATA


def _oldest(points: Sequence[bool | None]) -> int:
    """How many periods ago the oldest breaching point was; 0 if there is none.

    With only breaching and missing points, an alarm goes to ALARM once the oldest breaching point is at least as old
    as the number of datapoints to alarm (the page above, section on premature transitions).
    """
    return next((len(points) - n for n, point in enumerate(points) if point), 0)
