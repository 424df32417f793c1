"""Changes Pulumi's SDK where programs run in this process: the table of all patches, and the one way to apply them.

    apply_patches()  # once, before a program runs

A patch replaces one name in one module of the SDK. A `speed` patch makes the SDK faster and changes no answer; it is
applied only if the SDK's files that it relies on are, byte for byte, the ones it was written for, and not at all with
PULUMI_REVIEW_LAB_SDK_AS_IS=1. A `repair` mends a defect that would change an answer, so it is always applied; a test
fails when the SDK's file is another one. docs/sdk_patches.md says what each is worth.
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
from typing import Any, Final, Literal

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
# The SHA-256 digests of those files of pulumi 3.259.0 that patches were written for.
KNOWN_FILES: Final = {
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
KNOWN = KNOWN_FILES


@dataclass(frozen=True)
class Patch:
    """`value` takes the place of what the SDK looks up as `name` in `module`; `needs` are other files it relies on."""

    kind: Literal["speed", "repair"]
    module: str
    name: str
    value: Callable[..., Any]
    needs: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the files that it relies on are the ones it was written for."""
        return all(map(_is_known, (self.module, *self.needs)))

    def put(self, value: Any) -> Any:
        """Puts a value in the place of the name and returns what was there."""
        *owner, name = self.name.split(".")
        place: Any = importlib.import_module(self.module)
        for part in owner:
            place = getattr(place, part)
        before = getattr(place, name)
        setattr(place, name, value)
        return before


_RPC: Final = "pulumi.runtime.rpc"
_TYPES: Final = "pulumi._types"
_OF_OUTPUTS: Final = (
    "pulumi.output",
    "pulumi.runtime.known_types",
    "pulumi.runtime.resource",
    "pulumi.runtime.settings",
)
PATCHES: Final = (
    Patch("speed", "pulumi.runtime.stack", "wait_for_rpcs", outstanding.wait_for_rpcs),
    Patch("speed", "pulumi.log", "debug", debug_messages.debug),
    Patch(
        "speed",
        "pulumi.automation._server",
        "run_in_stack",
        debug_messages.run_in_stack,
        needs=("pulumi.runtime.stack",),
    ),
    Patch("speed", "pulumi.runtime.resource", "_get_stack_trace", positions.get_stack_trace),
    Patch("speed", "pulumi.runtime.resource", "create_urn", outputs.create_urn, needs=("pulumi.output",)),
    Patch("speed", _RPC, "transfer_properties", outputs.transfer_properties, needs=_OF_OUTPUTS),
    Patch("speed", _RPC, "contains_unknowns", outputs.contains_unknowns, needs=_OF_OUTPUTS),
    Patch("speed", "pulumi.output", "Output._track", outputs.track, needs=_OF_OUTPUTS),
    Patch("speed", _TYPES, "unwrap_type", type_hints.unwrap_type),
    Patch("speed", _TYPES, "unwrap_optional_type", type_hints.unwrap_optional_type),
    Patch("speed", _TYPES, "resource_types", type_hints.resource_types),
    Patch("speed", _TYPES, "resource_pulumi_to_py_names", type_hints.resource_pulumi_to_py_names),
    Patch("speed", _TYPES, "input_type_py_to_pulumi_names", type_hints.input_type_py_to_pulumi_names),
    Patch("speed", _TYPES, "_globals_for_cls", on_demand.globals_for_class),
)
REPLACEMENTS, Replacement = PATCHES, Patch
_originals: dict[Patch, Any] = {}


def apply_patches(patches: Iterable[Patch] = PATCHES) -> tuple[Patch, ...]:
    """Applies the repairs and those speed patches that fit the installed SDK; returns them. Idempotent."""
    as_is = os.environ.get(AS_IS, "") not in ("", "0")
    applied = tuple(patch for patch in patches if patch.kind == "repair" or (patch.fits and not as_is))
    for patch in applied:
        before = patch.put(patch.value)
        if before is not patch.value:
            _originals[patch] = before
    return applied


def take_back(patches: Iterable[Patch]) -> None:
    """Gives the SDK its own functions back; for measurements of what a patch is worth."""
    for patch in patches:
        if patch in _originals:
            patch.put(_originals[patch])


speed_up = apply_patches


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
