"""A diagnostic knows which resource it is about."""

from __future__ import annotations

import pytest

from lab_support.plan.diagnostic import Diagnostic


@pytest.mark.parametrize(
    ("urn", "resource"),
    [("urn:pulumi:dev::shop::aws:rds/instance:Instance::db", "db"), ("", "")],
)
def test_a_diagnostic_names_its_resource(urn: str, resource: str) -> None:
    assert Diagnostic("error", "It failed.", urn).resource == resource
