"""Several previews at once, and `preview_all`: each environment gets its own plan or error."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pulumi
import pulumi_aws as aws
import pytest

from lab_support import VERBATIM
from lab_support.engine.operations import preview, preview_all
from lab_support.errors import PreviewFailed, ProgramError
from lab_support.plan.plan import Plan
from tests.programs import two_streams


def test_a_preview_runs_inside_a_running_event_loop() -> None:
    async def cell() -> Plan:
        return preview(two_streams)

    assert len(asyncio.run(cell())) == 2


@pytest.mark.parametrize("count", [2, 8])
def test_previews_on_several_threads_do_not_mix(count: int) -> None:
    start = threading.Barrier(count)

    def one(number: int) -> Plan:
        def program(suffix: str) -> None:
            queues = [aws.sqs.Queue(f"q-{number}-{n}-{suffix}") for n in range(number + 1)]
            pulumi.export("number", queues[-1].arn.apply(lambda arn: number))

        start.wait(30)
        return preview(program, f"env{number}")

    with ThreadPoolExecutor(count) as threads:
        plans = list(threads.map(one, range(count)))
    for number, found in enumerate(plans):
        assert {resource.name for resource in found} == {
            f"q-{number}-{n}-env{number}" for n in range(number + 1)
        }
        assert found.outputs == {"number": number}


def test_an_error_in_one_environment_leaves_the_others_their_plans() -> None:
    def program(suffix: str) -> None:
        aws.sqs.Queue(f"q-{suffix}")
        if suffix == "two":
            raise ValueError(suffix)
        if suffix == "three":
            aws.kinesis.Stream("s", shard_count=1, retention_period=1)

    found = preview_all(program, ("one", "two", "three", "four"))
    assert list(found) == ["one", "two", "three", "four"]
    kinds = [type(result) for result in found.values()]
    assert kinds == [Plan, ProgramError, PreviewFailed, Plan]


def test_all_environments_get_the_same_settings() -> None:
    found = preview_all(two_streams, ["dev", "prod"], config=VERBATIM)
    names = {
        name: plan.named(f"audit-{name}")["name"] for name, plan in found.items() if isinstance(plan, Plan)
    }
    assert names == {"dev": "audit-dev", "prod": "audit-prod"}


def test_no_environments_have_no_plans() -> None:
    assert preview_all(two_streams, []) == {}
