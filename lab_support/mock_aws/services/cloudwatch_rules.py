"""When CloudWatch refuses an alarm: a fault in its definition (alarms/definition_faults.py), an action elsewhere.

CloudWatch does not check whether the topic of an action exists, and neither do these rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Final

from lab_support.alarms import definition_faults
from lab_support.mock_aws.arns import check_arn
from lab_support.mock_aws.aws_errors import CreationRefused
from lab_support.mock_aws.request import ResourceRequest, Values
from lab_support.mock_aws.resource_spec import ApiRule
from lab_support.plan.invalid_input import InvalidInput

_ACTIONS: Final = ("alarmActions", "okActions", "insufficientDataActions")


def _accepted_by(check: Callable[[definition_faults.Values], None]) -> ApiRule:
    """The rule that a definition passes a check."""

    @wraps(check)
    def rule(request: ResourceRequest, values: Values) -> None:
        try:
            check(values)
        except definition_faults.InvalidDefinition as fault:
            if fault.argument:
                raise InvalidInput(fault.argument, str(fault)) from None
            raise _refusal(str(fault)) from None

    return rule


def actions(request: ResourceRequest, values: Values) -> None:
    """An action is an ARN in the region of the alarm, at most five of a kind; CloudWatch does not look behind it."""
    for name in _ACTIONS:
        given = values.get(name)
        spelled = re.sub(r"(?=[A-Z])", "_", name).lower()
        listed = given if isinstance(given, list) else []
        for n, action in enumerate(listed):
            if not isinstance(action, str) or request.account.is_made_up(action):
                continue
            check_arn(request.account, name, f"{spelled}.{n}", action)
            parts = action.split(":")
            if parts[2] == "sns" and parts[3] != request.region:
                raise _refusal(f"Invalid region {parts[3]} specified. Only {request.region} is supported.")
        if len(listed) > 5:
            text = (
                f"1 validation error detected: Value at '{name}' failed to satisfy constraint: "
                "Member must have length less than or equal to 5"
            )
            raise _refusal(text)


def _refusal(text: str) -> CreationRefused:
    return CreationRefused("ValidationError", text)


METRIC_ALARM: Final = (*map(_accepted_by, definition_faults.METRIC_ALARM), actions)
COMPOSITE_ALARM: Final = (_accepted_by(definition_faults.composite_rule), actions)
