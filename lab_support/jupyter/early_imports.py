"""In a kernel: loads what an exercise's first preview needs while the learner still reads.

`lab start` has its kernels run kernel_startup.py, which calls `begin`. Nothing of it shows: no message, no error, and
it keeps no process from ending. A cell that needs the same modules waits for them, as it would have to anyway. In a
kernel without an exercise's notebook, such as a test runner's, nothing happens.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any


def begin() -> threading.Thread | None:
    """Starts loading for the exercise whose notebook this kernel runs; returns the thread, if there is a notebook."""
    notebook = os.environ.get("JPY_SESSION_NAME")  # set by the Jupyter server
    if not notebook:
        return None
    thread = threading.Thread(target=_load, args=(Path(notebook).stem,), daemon=True, name="early imports")
    thread.start()
    return thread


def _load(slug: str) -> None:
    # An error is reported where the learner needs what is missing.
    with suppress(Exception):
        # start-up time: these load on this thread, while the learner reads
        from lab_support.course import exercises

        if slug not in {exercise.slug for exercise in exercises.catalogue()}:
            return
        # start-up time: these load Pulumi; the services of pulumi_aws can be loaded afterwards
        import pulumi_aws  # noqa: F401

        # start-up time: what a preview needs
        import lab_support.engine.operations  # noqa: F401
        from lab_support.engine import vault
        from lab_support.engine.preload import services_in
        from lab_support.mock_aws.services import specs

        loop = _loop_of_cells()
        if loop is not None:
            program = exercises.find_exercise(slug).sources(exercises.EXERCISE)
            loop.add_callback(_load_in_turn, loop, services_in(program))
        vault.vault()
        specs()


def _loop_of_cells() -> Any:
    """The event loop on which the kernel runs its cells; None where there is none within five seconds."""
    from ipykernel.kernelapp import IPKernelApp  # start-up time: runs on the thread of this module

    for _ in range(50):
        kernel = IPKernelApp.instance().kernel if IPKernelApp.initialized() else None
        if (loop := getattr(kernel, "io_loop", None)) is not None:
            return loop
        time.sleep(0.1)  # the kernel is still starting
    return None


def _load_in_turn(loop: Any, services: list[ModuleType]) -> None:
    """Loads one service, and lets cells run before the next one.

    On the thread of the cells, because before Python 3.11.9 and 3.12.3 another thread could see a half-loaded service.
    """
    from lab_support.engine.preload import load  # start-up time: loads Pulumi

    if services:
        load(services.pop())
        loop.add_callback(_load_in_turn, loop, services)
