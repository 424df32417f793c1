"""Progress of long work on a terminal, as one line that is rewritten."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from lab_support.reporting import reporting_to
from lab_support.safeguards.printing import printable
from lab_support.toolchain.progress_line import ProgressLine


@contextmanager
def on_terminal(title: str) -> Iterator[None]:
    """Shows the progress of work in this block, if standard error is a terminal."""
    if not sys.stderr.isatty():
        yield
        return

    line = ProgressLine(sys.stderr)
    try:
        with reporting_to(lambda message: line(printable(f"{title}: {message}").replace("\n", " "))):
            yield
    finally:
        line.close()
