"""The mock AWS account: which things exist in it, where, and under which names.

An account starts empty. A deployment adds to it; a preview works on a copy, so that it can see what is there
and leaves nothing behind.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ACCOUNT_ID: Final = "123456789012"
REGION: Final = "ap-southeast-1"
# How long a resource waits for another that it names, in seconds.
_PATIENCE: Final = 1.0


@dataclass(frozen=True)
class Thing:
    """Something that exists in the account: `values` are its properties by wire name."""

    urn: str
    type: str
    id: str
    region: str
    values: Mapping[str, Any]

    @property
    def logical_name(self) -> str:
        return self.urn.rpartition("::")[2]


@dataclass
class Account:
    """One AWS account. `stacks` keeps the engine's own state of each deployed stack, by stack name."""

    id: str = ACCOUNT_ID
    region: str = REGION
    things: dict[str, Thing] = field(default_factory=dict)
    stacks: dict[str, bytes] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def copy(self) -> Account:
        """An account with the same things in it, for a preview to play with."""
        with self.lock:
            return Account(self.id, self.region, dict(self.things), dict(self.stacks))

    def add(self, thing: Thing) -> None:
        with self.lock:
            self.things[thing.urn] = thing

    def remove(self, urn: str) -> None:
        with self.lock:
            self.things.pop(urn, None)

    def await_thing(self, value: Any, *types: str) -> None:
        """Waits a moment for what a plain name means: the engine may be creating both at the same time.

        Without this the order of two calls would decide whether a program is refused. AWS's own things are there.
        """
        ends = time.monotonic() + _PATIENCE
        while isinstance(value, str) and ":iam::aws:" not in value and self.find(value, *types) is None:
            if time.monotonic() > ends:
                return
            time.sleep(0.01)

    def of_type(self, *types: str) -> Iterator[Thing]:
        """The things of these type tokens."""
        with self.lock:
            things = list(self.things.values())
        return (thing for thing in things if thing.type in types)

    def find(self, value: Any, *types: str, region: str | None = None) -> Thing | None:
        """The thing of these types whose id, ARN or name this is (in `region`, if given), or None."""
        if not isinstance(value, str) or not value:
            return None
        for thing in self.of_type(*types):
            if region is not None and thing.region != region:
                continue
            handles = (thing.id, *(thing.values.get(name) for name in ("arn", "name", "identifier", "keyId")))
            if value in handles:
                return thing
        return None
