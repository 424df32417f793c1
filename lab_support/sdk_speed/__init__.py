"""Makes the Pulumi SDK's own work small and linear in the number of resources, while programs run in this process.

    speed_up()                                  # once, before a program runs

The SDK's cost grows with the square of the resources (docs/performance.md, "Why the SDK is super-linear"). What the
engine is asked and told stays the same; only how the SDK goes about it changes. Each replacement stands in for one
function of one file of the SDK, and only if that file is, byte for byte, the one it was written for: with any other
the SDK works as it is. PULUMI_REVIEW_LAB_SDK_AS_IS=1 leaves it as it is, too.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from lab_support.sdk_speed import outstanding, unread_messages
from lab_support.sdk_speed.unread_messages import hears_no_debug_messages

AS_IS: Final = "PULUMI_REVIEW_LAB_SDK_AS_IS"
# The files of pulumi 3.259.0 that replacements were written for: what comes out of sha256 for each.
KNOWN: Final = {
    "pulumi.automation._server": "ee4c4b3f22700dadb4a96c3d19bad78f6987a881ddc1c968be9027c17d7617d3",
    "pulumi.log": "17dc3212d697c23b16d2ffe14cc34965c95ba0656fa5d56c8a03636faba454c2",
    "pulumi.runtime.stack": "63da519f8d1042a92f67440cd5c66a5f0213f7484a925b49cc406d26e30811eb",
}


@dataclass(frozen=True)
class Replacement:
    """A function of ours for the one that the SDK looks up as `name` in `module`; `needs`: what else must be known."""

    module: str
    name: str
    by: Callable[..., Any]
    needs: tuple[str, ...] = ()


REPLACEMENTS: Final = (
    Replacement("pulumi.runtime.stack", "wait_for_rpcs", outstanding.wait_for_rpcs),
    Replacement("pulumi.log", "debug", unread_messages.debug),
    Replacement(
        "pulumi.automation._server",
        "run_in_stack",
        unread_messages.run_in_stack,
        needs=("pulumi.runtime.stack",),
    ),
)


def speed_up(replacements: Iterable[Replacement] = REPLACEMENTS) -> tuple[Replacement, ...]:
    """Puts those replacements in place that fit the installed SDK, and returns them. Doing it twice is harmless."""
    if os.environ.get(AS_IS, "") not in ("", "0"):
        return ()
    fitting = tuple(each for each in replacements if all(map(_is_known, (each.module, *each.needs))))
    for each in fitting:
        setattr(importlib.import_module(each.module), each.name, each.by)
    return fitting


def _is_known(module: str) -> bool:
    return module in KNOWN and _digest(importlib.import_module(module)) == KNOWN[module]


@cache
def _digest(module: ModuleType) -> str:
    try:
        return hashlib.sha256(Path(str(module.__file__)).read_bytes()).hexdigest()
    except OSError:  # an SDK without its sources
        return ""


__all__ = ["AS_IS", "KNOWN", "REPLACEMENTS", "Replacement", "hears_no_debug_messages", "speed_up"]
