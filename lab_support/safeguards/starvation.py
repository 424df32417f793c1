"""Whether a run was late because this process hardly got a processor: then it says nothing about the program.

Linux counts for each thread how long it was ready to run and had to wait.
https://www.kernel.org/doc/html/latest/scheduler/sched-stats.html
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

TOO_BUSY: Final = (
    "This machine was too busy: the time limit passed while the check mostly waited for a processor. Run it again when "
    "less is running, or with a higher limit (--timeout)."
)
_TASKS: Final = Path("/proc/self/task")


def is_starved(waited: float, time_limit: float) -> bool:
    """Whether a run that ended at its limit has waited for a processor for most of the time."""
    return waited >= 0.75 * time_limit


def seconds_waited(tasks: Path = _TASKS) -> float:
    """How long the threads of this process have waited for a processor, together; 0 where the system does not say."""
    waited = 0
    with suppress(OSError):
        for task in tasks.iterdir():
            with suppress(OSError, ValueError, IndexError):  # the thread has ended
                waited += int((task / "schedstat").read_text(encoding="ascii").split()[1])
    return waited / 1e9
