"""The view of a review: the same findings in the same order in HTML and text."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from lab_support import show
from lab_support.display.review import review_text
from lab_support.display.view import View
from lab_support.plan.diagnostic import Location
from lab_support.review.findings import Accepted, Review, ReviewFinding, Undecided

STORE = ReviewFinding(
    "UNENCRYPTED-AT-REST", "Critical", "encryption", "files", "u", "Read <it>.", "SC-28", "Encrypt it."
)
NAME = ReviewFinding(
    *("NAME-COLLISION", "Medium", "naming", "events", "u", "Same.", "CM-2", "Rename it."),
    source=Location("/shop/infra/__main__.py", 7, ""),
)
REVIEW = Review(
    findings=(STORE, NAME),
    unknown=(Undecided("SINGLE-ZONE", "db", "u", "multi_az is unknown"),),
    accepted=(Accepted(replace(NAME, resource="old"), "It goes soon.", date(2027, 6, 30)),),
    mocked_packages=("random",),
    resources=75,
    notes=("A note.",),
)


def test_notes_are_counted_apart_from_findings() -> None:
    note = replace(STORE, id="ANY-RESOURCE", severity="Note")
    only_note = Review(findings=(note,), resources=3)
    assert review_text(only_note).startswith(
        "No findings in 3 resources; 1 note\n\nNOTE\nANY-RESOURCE  files"
    )
    assert review_text(replace(only_note, findings=(STORE, note))).startswith(
        "1 finding in 3 resources: 1 Critical; 1 note\n"
    )
    assert "lab-is-good" in show(only_note).html


def test_the_text_is_grouped_by_severity() -> None:
    assert review_text(REVIEW, Path("/shop")).splitlines() == [
        "2 findings in 75 resources: 1 Critical, 1 Medium",
        "Mocked packages, of which nothing is real: random",
        "A note.",
        "",
        "CRITICAL",
        "UNENCRYPTED-AT-REST  files",
        "  Read <it>.",
        "  Repair: Encrypt it. [SC-28]",
        "",
        "MEDIUM",
        "NAME-COLLISION  events  (infra/__main__.py:7)",
        "  Same.",
        "  Repair: Rename it. [CM-2]",
        "",
        "ACCEPTED",
        "NAME-COLLISION  old, until 2027-06-30: It goes soon.",
        "",
        "UNKNOWN",
        "SINGLE-ZONE  db: multi_az is unknown",
    ]


def test_html_and_text_say_the_same_in_the_same_order() -> None:
    view = show(REVIEW)
    assert isinstance(view, View)
    assert str(view) == review_text(REVIEW)
    told = [
        *(
            "2 findings in 75 resources",
            "nothing is real: random",
            "A note.",
            ">Critical<",
            "UNENCRYPTED-AT-REST",
            "files",
        ),
        *("Read &lt;it&gt;.", "Repair: Encrypt it. [SC-28]", ">Medium<", "NAME-COLLISION", "events"),
        *("Repair: Rename it.", "Accepted", "It goes soon.", "Unknown", "multi_az is unknown"),
    ]
    body = view.html.partition("</style>")[2]
    places = [body.index(text) for text in told]
    assert places == sorted(places)


def test_a_review_without_findings_says_so() -> None:
    view = show(Review(resources=1))
    assert str(view) == "No findings in 1 resource"
    assert isinstance(view, View)
    assert "✓ No findings in 1 resource" in view.html
    assert "lab-is-good" in view.html
