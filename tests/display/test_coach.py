"""Hints, differences and resets as a learner sees them."""

from __future__ import annotations

from lab_support.course import exercises
from lab_support.course.coach import Hint, Reset
from lab_support.display.coach import hints_view, reset_link, resets_view, source_diff
from tests.markup import all_words

PLACE = exercises.root() / "notebooks" / "02_database_zone.ipynb"
COPY = PLACE.with_name("02_database_zone.mine.ipynb")


def test_hints_are_markdown_in_their_order() -> None:
    hints = (Hint("02", 1, 3, "Hint 1", "Look *here*."), Hint("02", 2, 3, "Hint 2", "Think."))
    assert hints_view(hints).markdown == "**Hint 1**\n\nLook *here*.\n\n**Hint 2**\n\nThink."


def test_a_difference_marks_what_is_added_and_removed() -> None:
    assert source_diff(["@@ -1,2 +1,2 @@", " a", "-b < c", "+d"]) == (
        '<pre class="lab-source" tabindex="0"><span class="lab-dim">⋯</span>\n'
        " a\n<del>-b &lt; c</del>\n<ins>+d</ins>\n</pre>"
    )


def test_without_a_difference_nothing_is_drawn() -> None:
    assert source_diff([]) == ""


def test_a_reset_names_the_copy_that_is_kept() -> None:
    view = resets_view((Reset("02", PLACE, COPY),))
    assert all_words(view, ".//p") == [view.text]
    assert "notebooks/02_database_zone.mine.ipynb" in view.text
    assert "notebooks/02_database_zone.ipynb is as shipped" in view.text


def test_a_reset_without_a_copy_names_none() -> None:
    assert "kept" not in resets_view((Reset("02", PLACE, None),)).text


def test_a_button_reloads_the_notebook() -> None:
    view = reset_link(Reset("02", PLACE, None))
    assert 'data-commandlinker-command="docmanager:reload"' in view.html
    assert all_words(view, ".//button") == ["Reload the notebook"]
