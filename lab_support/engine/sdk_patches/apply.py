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

from lab_support.engine.sdk_patches import (
    debug_messages,
    on_demand,
    outputs,
    outstanding,
    positions,
    type_hints,
)
from lab_support.engine.sdk_patches.debug_messages import drop_debug_logs
from lab_support.engine.sdk_patches.on_demand import load_on_demand

AS_IS: Final = "PULUMI_REVIEW_LAB_SDK_AS_IS"
# The files of pulumi 3.259.0 that replacements were written for: what comes out of sha256 for each.
KNOWN: Final = {
    "pulumi._types": "922eb6b2e0a4c1adef3ef1291df6d45db906b1e48d7026d4dbc11c9f5fc3be83",
    "pulumi.automation._server": "ee4c4b3f22700dadb4a96c3d19bad78f6987a881ddc1c968be9027c17d7617d3",
    "pulumi.log": "17dc3212d697c23b16d2ffe14cc34965c95ba0656fa5d56c8a03636faba454c2",
    "pulumi.output": "393329dc781aa0753165e0646c6a3808490393c7dd72fa8ebe49d84058757e7e",
    "pulumi.runtime.known_types": "5175a326dbd7ed949ed54d2a8e8f0b2e74fedd8065843d9ad382676ac18fcb2d",
    "pulumi.runtime.resource": "713e504dd70219764618f74f960a13116e0eb01d8643124dcbbb70ab9bbf4cf4",
    "pulumi.runtime.rpc": "57cf91e2de3d753db012d0a8df9ba436001d8aa4c3ff1d7a699605220c0af3a5",
    "pulumi.runtime.settings": "48e6b2a04a0ae8ccd1b2dc305a2be47217706effafd3af08aa4e6eff194f67f2",
    "pulumi.runtime.stack": "63da519f8d1042a92f67440cd5c66a5f0213f7484a925b49cc406d26e30811eb",
}


@dataclass(frozen=True)
class Replacement:
    """A function of ours for the one that the SDK looks up as `name` in `module`; `needs`: what else must be known."""

    module: str
    name: str
    by: Callable[..., Any]
    needs: tuple[str, ...] = ()


_RPC: Final = "pulumi.runtime.rpc"
_TYPES: Final = "pulumi._types"
_OF_OUTPUTS: Final = (
    "pulumi.output",
    "pulumi.runtime.known_types",
    "pulumi.runtime.resource",
    "pulumi.runtime.settings",
)
REPLACEMENTS: Final = (
    Replacement("pulumi.runtime.stack", "wait_for_rpcs", outstanding.wait_for_rpcs),
    Replacement("pulumi.log", "debug", debug_messages.debug),
    Replacement(
        "pulumi.automation._server",
        "run_in_stack",
        debug_messages.run_in_stack,
        needs=("pulumi.runtime.stack",),
    ),
    Replacement("pulumi.runtime.resource", "_get_stack_trace", positions.get_stack_trace),
    Replacement("pulumi.runtime.resource", "create_urn", outputs.create_urn, needs=("pulumi.output",)),
    Replacement(_RPC, "transfer_properties", outputs.transfer_properties, needs=_OF_OUTPUTS),
    Replacement(_RPC, "contains_unknowns", outputs.contains_unknowns, needs=_OF_OUTPUTS),
    Replacement("pulumi.output", "Output._track", outputs.track, needs=_OF_OUTPUTS),
    Replacement(_TYPES, "unwrap_type", type_hints.unwrap_type),
    Replacement(_TYPES, "unwrap_optional_type", type_hints.unwrap_optional_type),
    Replacement(_TYPES, "resource_types", type_hints.resource_types),
    Replacement(_TYPES, "resource_pulumi_to_py_names", type_hints.resource_pulumi_to_py_names),
    Replacement(_TYPES, "input_type_py_to_pulumi_names", type_hints.input_type_py_to_pulumi_names),
    Replacement(_TYPES, "_globals_for_cls", on_demand.globals_for_class),
)


def speed_up(replacements: Iterable[Replacement] = REPLACEMENTS) -> tuple[Replacement, ...]:
    """Puts those replacements in place that fit the installed SDK, and returns them. Doing it twice is harmless."""
    if os.environ.get(AS_IS, "") not in ("", "0"):
        return ()
    fitting = tuple(each for each in replacements if all(map(_is_known, (each.module, *each.needs))))
    for each in fitting:
        owner, _, name = each.name.rpartition(".")
        module = importlib.import_module(each.module)
        setattr(getattr(module, owner) if owner else module, name, each.by)
    return fitting


def _is_known(module: str) -> bool:
    return module in KNOWN and _digest(importlib.import_module(module)) == KNOWN[module]


@cache
def _digest(module: ModuleType) -> str:
    try:
        return hashlib.sha256(Path(str(module.__file__)).read_bytes()).hexdigest()
    except OSError:  # an SDK without its sources
        return ""


__all__ = [
    "AS_IS",
    "KNOWN",
    "REPLACEMENTS",
    "Replacement",
    "drop_debug_logs",
    "load_on_demand",
    "speed_up",
]
