"""Shows how far something is: on a terminal one line that changes, in a log a new line now and then."""

import shutil
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 15


class ProgressLine:
    """Call it with each piece of news. What stands before a colon is the stage; each stage has a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._rewrites = stream.isatty()
        self._stage = ""
        self._shown = 0.0
        self._width = 0

    def __call__(self, text: str) -> None:
        stage, colon, _ = text.partition(": ")
        same_stage = bool(colon) and stage == self._stage
        if self._rewrites:
            self._rewrite(text, same_stage)
        elif not same_stage or time.monotonic() - self._shown >= SECONDS_BETWEEN_LINES:
            print(text, file=self._stream, flush=True)
            self._shown = time.monotonic()
        self._stage = stage

    def close(self) -> None:
        """Leaves the last line as it is, and the cursor below it."""
        if self._width:
            print(file=self._stream, flush=True)
        self._width = 0

    def _rewrite(self, text: str, same_stage: bool) -> None:
        if not same_stage:
            self.close()
            print(text, end="", file=self._stream, flush=True)
        else:
            # A line longer than the terminal is wide would wrap, and then could not be written over.
            text = text[: shutil.get_terminal_size().columns - 1]
            print("\r" + text.ljust(self._width), end="", file=self._stream, flush=True)
        self._width = len(text)
