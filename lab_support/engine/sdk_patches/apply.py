"""The table of everything that the lab changes in Pulumi's SDK, and the one way to apply it.

    apply_patches()  # once, before a program runs

A patch replaces one name in one module of the SDK. A `speed` patch changes no answer, only the time it takes. It is
applied only while the SDK's files that it was written for are installed, byte for byte, and not at all with
PULUMI_REVIEW_LAB_SDK_AS_IS=1. A `repair` fixes a defect that changes answers, so it is always applied, and one test
fails for each repair when the SDK is of another version. docs/sdk_patches.md has what each is worth, and when it can
go.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

from lab_support.engine.sdk_patches import (
    failed_applies,
    fresh_connections,
    outputs,
    own_servers,
    pending_tasks,
    positions,
    stack_references,
    unknowns_in_lists,
)

AS_IS: Final = "PULUMI_REVIEW_LAB_SDK_AS_IS"
VERSION: Final = "3.259.0"  # of pulumi; all patches were written for it
# SHA-256 of those of its files that speed patches rely on.
KNOWN_FILES: Final = {
    "pulumi.output": "393329dc781aa0753165e0646c6a3808490393c7dd72fa8ebe49d84058757e7e",
    "pulumi.runtime.resource": "713e504dd70219764618f74f960a13116e0eb01d8643124dcbbb70ab9bbf4cf4",
    "pulumi.runtime.rpc": "57cf91e2de3d753db012d0a8df9ba436001d8aa4c3ff1d7a699605220c0af3a5",
    "pulumi.runtime.stack": "63da519f8d1042a92f67440cd5c66a5f0213f7484a925b49cc406d26e30811eb",
}


@dataclass(frozen=True, eq=False)
class Patch:
    """Puts `value` where the SDK looks up `name` in `module`; `files` are the modules on whose source it relies."""

    kind: Literal["speed", "repair"]
    module: str
    name: str
    value: Any
    files: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the installed SDK is the one it was written for: its files, or its version where it names none."""
        if not self.files:
            return version("pulumi") == VERSION
        return all(_digest(file) == KNOWN_FILES.get(file) for file in self.files)

    def put(self, value: Any) -> Any:
        """Puts a value in the name's place; returns the one that was there."""
        place: Any = importlib.import_module(self.module)
        *owners, name = self.name.split(".")
        for owner in owners:
            place = getattr(place, owner)
        before = getattr(place, name)
        setattr(place, name, value)
        return before


_STACK: Final = "pulumi.runtime.stack"
_RPC: Final = "pulumi.runtime.rpc"
_RESOURCE: Final = "pulumi.runtime.resource"
_OUTPUT: Final = "pulumi.output"
PATCHES: Final = (
    Patch("speed", _STACK, "wait_for_rpcs", pending_tasks.wait_for_rpcs, (_STACK,)),
    Patch("speed", _RPC, "transfer_properties", outputs.transfer_properties, (_RPC, _OUTPUT)),
    Patch("speed", _RPC, "contains_unknowns", outputs.contains_unknowns, (_RPC, _OUTPUT)),
    Patch("speed", _OUTPUT, "Output._track", outputs.track, (_RPC, _OUTPUT)),
    Patch("speed", _RESOURCE, "_get_stack_trace", positions.get_stack_trace, (_RESOURCE,)),
    Patch("repair", _RPC, "struct_contains_unknowns", unknowns_in_lists.struct_contains_unknowns),
    Patch(
        "repair",
        "pulumi.runtime.settings",
        "_GRPC_CHANNEL_OPTIONS",
        fresh_connections.CHANNEL_OPTIONS,
    ),
    Patch("repair", "pulumi.automation._stack", "grpc", own_servers.OwnUsersGrpc),
    Patch("repair", _OUTPUT, "Output.apply", failed_applies.apply),
    Patch("repair", "pulumi.stack_reference", "StackReference.__init__", stack_references.initialize),
)
_originals: dict[str, Any] = {}


def apply_patches(patches: Iterable[Patch] = PATCHES) -> tuple[Patch, ...]:
    """Applies all repairs, and the speed patches that fit the installed SDK; returns what it applied. Idempotent."""
    wants_speed = not sdk_is_as_is()
    applied = tuple(patch for patch in patches if patch.kind == "repair" or (wants_speed and patch.fits))
    for patch in applied:
        before = patch.put(patch.value)
        if before is not patch.value:
            _originals[patch.name] = before
    return applied


def take_back(patches: Iterable[Patch]) -> None:
    """Gives the SDK back what patches have replaced, to measure what they are worth."""
    for patch in patches:
        if patch.name in _originals:
            patch.put(_originals[patch.name])


def sdk_is_as_is() -> bool:
    """Whether the environment asks for the SDK without anything that only makes it faster."""
    return os.environ.get(AS_IS, "") not in ("", "0")


@cache
def _digest(module: str) -> str:
    try:
        return hashlib.sha256(Path(str(importlib.import_module(module).__file__)).read_bytes()).hexdigest()
    except OSError:  # an SDK without its sources
        return ""


__all__ = [
    "AS_IS",
    "KNOWN_FILES",
    "PATCHES",
    "VERSION",
    "Patch",
    "apply_patches",
    "sdk_is_as_is",
    "take_back",
]
