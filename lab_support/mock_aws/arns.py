"""What the provider says of a text that is no ARN (internal/verify/validate.go in hashicorp/terraform-provider-aws)."""

from __future__ import annotations

from typing import Final

from lab_support.mock_aws.account import Account
from lab_support.plan.invalid_input import InvalidInput

# How many parts an ARN has: arn:partition:service:region:account:resource.
_SECTIONS: Final = 6


def check_arn(account: Account, name: str, spelled: str, value: str) -> None:
    """Raises InvalidInput for a text that is no ARN, unless it takes the place of something that is not known here.

    `name` is the input that has it, `spelled` its path as the provider writes it.
    """
    fault = "" if value.count(":") >= _SECTIONS - 1 else "not enough sections"
    if not value.startswith("arn:"):
        fault = "invalid prefix"
    if fault and not account.is_made_up(value):
        raise InvalidInput(name, f'"{spelled}" ({value}) is an invalid ARN: arn: {fault}')
