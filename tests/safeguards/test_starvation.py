"""How long a process has waited for a processor."""

from __future__ import annotations

from pathlib import Path

from lab_support.safeguards.starvation import seconds_waited


def test_the_waiting_of_all_threads_counts(tmp_path: Path) -> None:
    for thread, text in (("1", "9 1500000000 3"), ("2", "9 500000000 3"), ("3", "")):
        (tmp_path / thread).mkdir()
        (tmp_path / thread / "schedstat").write_text(text, encoding="ascii")
    (tmp_path / "4").mkdir()
    assert seconds_waited(tmp_path) == 2.0


def test_a_system_that_does_not_say_counts_as_no_waiting(tmp_path: Path) -> None:
    assert seconds_waited(tmp_path / "nowhere") == 0.0
