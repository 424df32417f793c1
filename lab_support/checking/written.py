"""Whether a value is written in a program's code, as literals, with or without the environment in it."""

from __future__ import annotations

import re
from typing import Any, Final

from lab_support.program_code import names_around

_LEAST: Final = 4  # letters and digits of a value; fewer are in any program


def is_written_in(program: Any, value: str, environment: str) -> bool:
    """Whether all words of a value, but for the environment, are in texts of a program or of what it calls."""
    left = re.sub(re.escape(environment), " ", value, flags=re.IGNORECASE)
    words = [word for word in re.findall(r"[^\W_]+", left) if len(word) > 1]
    known = names_around(program)
    is_long = sum(map(len, words)) >= _LEAST
    return is_long and all(any(word in text for text in known) for word in words)
