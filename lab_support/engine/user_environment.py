"""Which of the user's environment variables a program sees: none for real accounts (AWS_*, PULUMI_*), all others.

Imports next to nothing, because the process of a check starts before everything else.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_PRIVATE = ("AWS_", "PULUMI_")
_LABS_OWN = "PULUMI_REVIEW_LAB_"


def is_private(name: str) -> bool:
    """Whether a variable may hold credentials or settings for real accounts."""
    return name.startswith(_PRIVATE) and not name.startswith(_LABS_OWN)


def without_private() -> dict[str, str]:
    """This process's variables that a program may see."""
    return {name: value for name, value in os.environ.items() if not is_private(name)}


@contextmanager
def withheld(but: Collection[str] = ()) -> Iterator[None]:
    """Removes the private variables, but for some, from this process and its children until the block ends."""
    before = {name: value for name, value in os.environ.items() if is_private(name) and name not in but}
    for name in before:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(before)
