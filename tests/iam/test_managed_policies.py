"""The AWS-managed policies that the lab knows."""

from __future__ import annotations

from lab_support.iam.managed_policies import known_arns, managed_policy


def test_every_managed_policy_can_be_parsed() -> None:
    assert len(known_arns()) > 90
    for arn in known_arns():
        assert managed_policy(arn) is not None, arn
    assert managed_policy("arn:aws:iam::aws:policy/NoSuchPolicy") is None
