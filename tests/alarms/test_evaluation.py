"""CloudWatch's own tables of states and datapoints, row by row."""

from __future__ import annotations

import pytest

from lab_support.alarms.evaluation import COMPARISONS, MissingData, State, evaluate

OK, ALARM, NO_DATA = State.OK, State.ALARM, State.INSUFFICIENT_DATA
KEPT = None  # "Retain current state"
TREATMENTS = (MissingData.MISSING, MissingData.IGNORE, MissingData.BREACHING, MissingData.NOT_BREACHING)
POINTS = {"0": False, "X": True, "-": None}

# CloudWatch User Guide, alarms-and-missing-data.html: the 5 most recent datapoints, and the state for each way to
# treat missing data. In the first table 3 of 3 datapoints must breach, in the second 2 of 3.
THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (NO_DATA, KEPT, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, KEPT, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, KEPT, ALARM, OK),
}
# The section on premature transitions: with 3 of 3, the alarm does not go to ALARM yet.
NOT_YET = ("- - - - X", "- - - X -", "- - - X 0", "- - X - 0")
ROWS = [
    (needed, points, treatment, expected)
    for needed, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for points, states in table.items()
    for treatment, expected in zip(TREATMENTS, states, strict=True)
]


def points(text: str) -> list[bool | None]:
    return [POINTS[mark] for mark in text.split()]


@pytest.mark.parametrize(("needed", "text", "treatment", "expected"), ROWS)
@pytest.mark.parametrize("current", State)
def test_the_state_is_that_of_the_user_guides_tables(
    needed: int, text: str, treatment: MissingData, expected: State | None, current: State
) -> None:
    assert evaluate(points(text), 3, needed, treatment, current) == (expected or current)


@pytest.mark.parametrize("text", NOT_YET)
def test_a_recent_breach_among_missing_data_is_no_alarm_yet(text: str) -> None:
    assert evaluate(points(text), 3, 3, MissingData.MISSING, OK) is not ALARM


def test_without_missing_data_only_the_most_recent_points_count() -> None:
    assert evaluate(points("X X 0 0 0"), 3, 1, MissingData.BREACHING, ALARM) is OK
    assert evaluate(points("0 0 0 0 X"), 3, 1, MissingData.NOT_BREACHING, OK) is ALARM


def test_comparisons_differ_at_the_threshold_only() -> None:
    at = {name: compare(80.0, 80.0) for name, compare in COMPARISONS.items()}
    assert at == {
        "GreaterThanThreshold": False,
        "GreaterThanOrEqualToThreshold": True,
        "LessThanThreshold": False,
        "LessThanOrEqualToThreshold": True,
    }
    above = {name: compare(81.0, 80.0) for name, compare in COMPARISONS.items()}
    assert [name for name, holds in above.items() if holds] == list(COMPARISONS)[:2]
