"""Progress during long work: what is running, for how long, and how to stop it."""

from __future__ import annotations

import pytest

from lab_support.display.waiting import HOW_TO_STOP, Waiting, waiting_view
from tests.markup import all_words, body


def test_it_says_what_is_running_for_how_long_and_how_to_stop_it() -> None:
    view = waiting_view("Checking <02>", "2 of 4 environments", 3.4)
    (said,) = all_words(view, ".//p")
    for part in ("Checking <02>", "2 of 4 environments · 3 s", HOW_TO_STOP):
        assert part in said
        assert part in view.text


def test_without_a_message_it_gives_the_time_alone() -> None:
    assert waiting_view("Checking", "", 2.0).text == f"Checking: 2 s. {HOW_TO_STOP}"


def test_a_screen_reader_reads_it_as_a_status() -> None:
    paragraph = body(waiting_view("Checking", "", 2.0)).find(".//p")
    assert paragraph is not None
    assert paragraph.get("role") == "status"


def test_short_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = Waiting("Checking")
    waiting.report("2 of 4 environments")
    waiting.end()
    assert capsys.readouterr().out == ""
