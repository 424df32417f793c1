"""The program of a batch: it runs in all environments while the engine starts."""

from __future__ import annotations

import contextvars
import threading
import time
from typing import Any
from unittest.mock import Mock

from pulumi.runtime import reset_options
from pulumi.runtime.settings import SETTINGS

from lab_support.engine.batch.program import BatchProgram
from lab_support.engine.batch.urns import Urns

ENVIRONMENTS = ("dev", "qa", "prod")


def test_the_engines_own_run_keeps_its_connection_while_the_program_runs() -> None:
    # The SDK asks for the connection on a thread without a context of its own, where the default of the process counts.
    own: Any = object()
    seen = []

    def program(environment: str) -> None:
        if environment == "dev":
            contextvars.Context().run(
                reset_options, monitor_address=own
            )  # as the SDK does when the engine calls
        thread = threading.Thread(target=lambda: seen.append(SETTINGS.monitor))
        thread.start()
        thread.join()

    batch = BatchProgram(program, ENVIRONMENTS, Urns("shop", ENVIRONMENTS), {})
    batch.engine.resolve(Mock())  # to which the SDK sends debug messages, where it is not patched
    with batch.running(5, lambda: None):
        until = time.monotonic() + 10
        while len(seen) < len(ENVIRONMENTS) and time.monotonic() < until:
            time.sleep(0.01)
    assert seen == [own] * len(ENVIRONMENTS)
