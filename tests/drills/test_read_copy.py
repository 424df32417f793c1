"""A stolen copy: whether a thief reads plain text."""

from __future__ import annotations

from typing import Any

import pytest

from lab_support.display.show import show
from lab_support.drills.read_copy import EXAMPLE, read_copy
from lab_support.errors import BriefError
from lab_support.plan.plan import Plan
from lab_support.plan.values import UNKNOWN
from tests.drills.test_theft import DISABLED, DISABLED_ARN, KEY, KEY_ARN
from tests.plans import a_plan, a_resource


def files(**properties: Any) -> Plan:
    return a_plan(KEY, DISABLED, a_resource("efs.FileSystem", "files", **properties))


def test_a_copy_of_an_unencrypted_store_is_plain_text() -> None:
    plan = files()
    copy = read_copy(plan, plan.named("files"))
    assert (copy.readable, copy.data) == (True, EXAMPLE.encode())
    assert "river_level_m" in str(show(copy))


@pytest.mark.parametrize("properties", [{}, {"kms_key_id": KEY_ARN}, {"kms_key_id": DISABLED_ARN}])
def test_a_copy_of_an_encrypted_store_is_ciphertext(properties: dict[str, Any]) -> None:
    copy = read_copy(files(encrypted=True, **properties), "files")
    assert copy.readable is False
    assert len(copy.data) >= len(EXAMPLE) / 2
    assert copy.data == read_copy(files(encrypted=True), "files").data
    assert "river_level_m" not in str(show(copy))


def test_what_is_known_only_after_the_deployment_is_not_claimed() -> None:
    copy = read_copy(files(encrypted=True, kms_key_id=UNKNOWN), "files")
    assert (copy.readable, copy.data) == (None, b"")
    assert "known only after the deployment" in str(show(copy))


def test_what_stores_nothing_is_refused_with_the_stores_that_there_are() -> None:
    with pytest.raises(BriefError, match="It has: files"):
        read_copy(files(), "key")
