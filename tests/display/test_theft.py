"""The theft drill's view: stores by protection, the worst first, and locks with words beside them."""

from __future__ import annotations

import pytest

from lab_support.display.show import show
from lab_support.drills.theft import EXPOSURES, Protection, theft
from lab_support.plan.resource import Resource
from tests.markup import all_words, body, words
from tests.plans import a_plan, a_resource

KEY_ARN = "arn:aws:kms:ap-southeast-1:123456789012:key/0d5f1c9e-1111-2222-3333-444455556666"
KEY = a_resource("kms.Key", "the-key", arn=KEY_ARN, is_enabled=True, key_usage="ENCRYPT_DECRYPT")


def some_files(name: str, **properties: object) -> Resource:
    return a_resource("efs.FileSystem", name, **properties)


def test_the_worst_protected_come_first_with_each_answer_once() -> None:
    safe = [some_files(name, encrypted=True, kms_key_id=KEY_ARN) for name in ("b", "a")]
    view = show(theft(a_plan(KEY, *safe, some_files("bare"))))
    assert all_words(view, ".//h4") == ["3 stores of data at rest, 1 not encrypted"]
    assert all_words(view, ".//h5") == ["✗ Not encrypted", "✓ Customer managed key of this program"]
    assert all_words(view, ".//ul/li") == [
        "bare efs.FileSystem : files",
        "a efs.FileSystem : files key the-key",
        "b efs.FileSystem : files key the-key",
    ]
    for shown in (words(body(view)), " ".join(view.text.split())):
        for protection in (Protection.NONE, Protection.CUSTOMER):
            for answer in (
                EXPOSURES[protection].readers,
                EXPOSURES[protection].holder,
                EXPOSURES[protection].revoked_by,
            ):
                assert answer in shown
        assert shown.count(EXPOSURES[Protection.CUSTOMER].readers) == 1


def test_locks_only_repeat_what_the_words_say() -> None:
    view = show(
        theft(a_plan(KEY, some_files("safe", encrypted=True, kms_key_id=KEY_ARN), some_files("bare")))
    )
    locks = body(view).findall(".//svg")
    assert [lock.get("aria-hidden") for lock in locks] == ["true", "true"]
    open_lock, closed_lock = ([path.get("d") for path in lock.findall("path")] for lock in locks)
    assert open_lock != closed_lock


def test_an_aws_managed_key_is_marked_neither_good_nor_bad() -> None:
    view = show(theft(a_plan(some_files("aws", encrypted=True))))
    assert all_words(view, ".//h5") == ["· AWS managed key"]
    assert body(view).findall(".//li")[0].get("class") == "lab-card"
    assert "1 store of data at rest, all encrypted" in view.text


def test_a_plan_without_data_stores_says_so() -> None:
    view = show(theft(a_plan(KEY)))
    assert view.text == words(body(view)) == "Nothing in this plan stores data"


@pytest.mark.parametrize("name", ["<b>x</b>", "a&b"])
def test_names_are_escaped(name: str) -> None:
    assert name in words(body(show(theft(a_plan(some_files(name))))))
