"""Shows progress: on a terminal as a line that is updated, in a log as a new line now and then."""

import shutil
import time
from typing import TextIO

SECONDS_BETWEEN_LINES = 15


class ProgressLine:
    """Call it with each progress message. The text before a colon is the stage; each stage has its own line."""

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
        """Keeps the last line and moves the cursor below it."""
        if self._width:
            print(file=self._stream, flush=True)
        self._width = 0

    def _rewrite(self, text: str, same_stage: bool) -> None:
        if not same_stage:
            self.close()
            print(text, end="", file=self._stream, flush=True)
        else:
            # A line longer than the terminal would wrap and could not be overwritten.
            text = text[: shutil.get_terminal_size().columns - 1]
            print("\r" + text.ljust(self._width), end="", file=self._stream, flush=True)
        self._width = len(text)
