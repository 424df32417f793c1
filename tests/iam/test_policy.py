"""Documents that IAM rejects are rejected with IAM's messages."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.iam.policy import PolicyError, parse


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("{", "Syntax errors in policy."),
        ('{"Statement": [], "Statement": []}', "Syntax errors in policy."),
        ({"Statement": {"Effect": "Permit", "Action": "*", "Resource": "*"}}, "Syntax errors in policy."),
        (
            {"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}},
            "The policy failed legacy parsing",
        ),
        ({"Statement": {"Effect": "Allow", "Resource": "*"}}, "Policy statement must contain actions."),
        ({"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*"}}, "Syntax errors in policy."),
        ({"Statement": {"Effect": "Allow", "Action": "*", "Resources": "*"}}, "Syntax errors in policy."),
    ],
)
def test_a_document_that_iam_rejects_raises_iams_message(document: Any, text: str) -> None:
    with pytest.raises(PolicyError, match=f"^{text}$"):
        parse(document)
