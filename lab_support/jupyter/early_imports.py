"""In a kernel: loads what an exercise's first preview needs while the learner still reads.

`lab start` has its kernels run kernel_startup.py, which calls `begin`. The thread that it starts says nothing, raises
nothing and keeps no process from ending. A cell that needs the same modules meanwhile waits for them, as it would have
waited anyway. In a kernel without an exercise's notebook, such as a test runner's, nothing happens.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path


def begin() -> threading.Thread | None:
    """Starts to get ready for the exercise whose notebook this kernel serves; the thread, where there is a notebook."""
    notebook = os.environ.get("JPY_SESSION_NAME")  # a Jupyter server says so
    if not notebook:
        return None
    thread = threading.Thread(
        target=_get_ready, args=(Path(notebook).stem,), daemon=True, name="early imports"
    )
    thread.start()
    return thread


def _get_ready(slug: str) -> None:
    # What is wrong here is told where the learner needs it.
    with suppress(Exception):
        # start-up time: these load on this thread, while the learner reads
        from lab_support.course import exercises

        if slug not in {each.slug for each in exercises.catalogue()}:
            return
        # start-up time: these load Pulumi
        from lab_support.course.cells import shipped_program
        from lab_support.engine import vault
        from lab_support.engine.look_ahead import look_ahead
        from lab_support.engine.preload import preload
        from lab_support.engine.sdk_patches.apply import load_on_demand

        program = shipped_program(exercises.find_exercise(slug))
        if not load_on_demand():  # services load as a whole then, which two threads must not do at once
            return
        preload(program)
        vault.vault()
        look_ahead(program)
