"""The work drill's view: the stages of a task's work, and where it is stopped."""

from __future__ import annotations

from lab_support.display.show import show
from lab_support.drills.work import work
from lab_support.plan.resource import Resource
from tests.drills.test_work import ON_STREAM, USE
from tests.markup import all_words, body, words
from tests.plans import a_plan
from tests.review.test_locked_out import KEY, a_key, a_stream, a_task, allow


def styles(*resources: Resource) -> list[str]:
    stops = body(show(work(a_plan(*resources)))).findall(".//ol/li")
    return [str(stop.get("class")).removeprefix("lab-stop lab-") for stop in stops]


def test_each_stage_of_a_task_that_does_its_work_is_passed() -> None:
    resources = (a_key(), a_stream(), *a_task(ON_STREAM, allow(USE, KEY)))
    view = show(work(a_plan(*resources)))
    assert styles(*resources) == ["passed"] * 4
    assert all_words(view, ".//h5") == [
        "Task starts",
        "Task finds its stream",
        "Task reads events",
        "Task writes events",
    ]
    assert "✓ the task does its work" in view.text


def test_a_task_is_stopped_at_the_first_refusal() -> None:
    without_key = (a_key(), a_stream(), *a_task(ON_STREAM))
    assert styles(*without_key) == ["passed", "passed", "ended", "unreached"]
    assert styles(*a_task(ON_STREAM)) == ["ended"]
    view = show(work(a_plan(*without_key)))
    for shown in (words(body(view)), " ".join(view.text.split())):
        for fact in (
            "✗ the task is stopped by KMS",
            "✗ kms:Decrypt on the key key",
            "KMSAccessDeniedException",
            "2 more requests would be refused.",
        ):
            assert fact in shown


def test_a_plan_without_tasks_says_so() -> None:
    view = show(work(a_plan(a_stream())))
    assert view.text == words(body(view)) == "The plan has no task definition, so no task does any work."
