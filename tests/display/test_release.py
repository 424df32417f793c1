"""The view of the release drill: a card for each store, and the same as text."""

from __future__ import annotations

import pytest

from lab_support.display.show import show
from lab_support.drills.release import release
from lab_support.plan.plan import Plan
from tests.markup import all_words, body
from tests.plans import a_plan, a_resource

CARDS = ".//ol[@role='list']/li"


def stores(name: str = "db") -> Plan:
    return a_plan(
        a_resource("rds.Instance", name, final_snapshot_identifier="last"),
        a_resource("efs.FileSystem", "files"),
        a_resource("dynamodb.Table", "log", retain_on_delete=True),
    )


def test_each_store_has_a_card_with_its_fate() -> None:
    view = show(release(stores()))
    assert all_words(view, f"{CARDS}/h5") == ["db: database", "files: file system", "log: table"]
    assert all_words(view, f"{CARDS}/div/b") == [
        "✓ its data survives",
        "✗ its data is lost",
        "✓ its data survives",
    ]


def test_the_pictures_show_both_stores_the_copy_and_what_is_gone() -> None:
    view = show(release(stores()))
    boxes = [all_words(view, f"{CARDS}[{number}]/ul/li") for number in (1, 2, 3)]
    assert boxes == [
        ["Release 1 with data", "Release 2 ✗ gone copy is left new, empty", "Destroy ✗ gone copy is left"],
        ["Release 1 with data", "Release 2 ✗ gone new, empty", "Destroy ✗ gone"],
        [
            "Release 1 with data",
            "Release 2 stays, outside of Pulumi new, empty",
            "Destroy stays, outside of Pulumi",
        ],
    ]


def test_text_says_what_the_cards_say() -> None:
    view = show(release(stores()))
    text = " ".join(view.text.split())
    for fact in all_words(view, f"{CARDS}/div/ul/li"):
        assert fact in text
    assert view.text.splitlines()[0] == "Environment dev: data of 2 of 3 stores survives"


def test_text_fits_into_a_terminal() -> None:
    assert all(len(line) <= 100 for line in show(release(stores())).text.splitlines())


def test_a_plan_without_a_store_says_so() -> None:
    view = show(release(a_plan()))
    assert "no data store" in view.text


@pytest.mark.parametrize("name", ["<b>db</b>", 'a&b"c'])
def test_names_are_escaped(name: str) -> None:
    heading = body(show(release(stores(name)))).find(f"{CARDS}/h5")
    assert heading is not None
    assert heading.text == f"{name}: database"
