"""The side-by-side drill's picture and text: the same facts in the same order."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.display.view import View
from lab_support.drills.side_by_side import side_by_side
from tests.drills.test_side_by_side import an_environment


def test_picture_and_text_say_who_loses_what_and_whose_tasks_start() -> None:
    report = side_by_side(an_environment(stack, "PolicyAttachment") for stack in ("dev", "prod"))
    view = show(report)
    assert isinstance(view, View)
    for words in (
        "2 environments in one account: at the end, tasks start in 1 of 2",
        "PolicyAttachment-prod takes AmazonECSTaskExecutionRolePolicy from role-dev (dev)",
        "✗ dev: tasks of task-dev do not start",
        "✓ prod: tasks of task-prod start",
    ):
        assert words in " ".join(str(view).split())
        assert words in view.html


def test_without_a_task_definition_nothing_could_fail_to_start() -> None:
    assert "no task definition" in str(show(side_by_side([])))
