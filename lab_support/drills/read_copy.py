"""The thief's part, played by hand: what a stolen copy of a store's bytes shows to someone who has nothing else.

    files = plan.of_type("efs.FileSystem")[0]
    read_copy(plan, files)

Whether the bytes are encrypted follows from the plan, as in the drill (theft.py). Their content is an example.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from lab_support.drills.theft import Protection, Store, theft
from lab_support.errors import BriefError
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

__all__ = ["read_copy"]  # what notebooks import from lab_support

EXAMPLE: Final = """\
# rules/flood.yaml
when:  river_level_m >= 7.2 for 10 minutes
warn:  districts 4, 5, 9
never: before the duty officer confirms (code 4471)
"""


@dataclass(frozen=True)
class StolenCopy:
    """The bytes of a store in a thief's hands. `readable` is None if that is known only after the deployment."""

    store: Store
    readable: bool | None
    data: bytes


def read_copy(plan: Plan, store: Resource | str) -> StolenCopy:
    """What a thief reads in a copy of a store's bytes, without access to the account.

    `store` is a resource of the plan that stores data, or its logical name. Raises BriefError for anything else.
    """
    name = store.name if isinstance(store, Resource) else store
    stores = {known.resource.name: known for known in theft(plan).stores}
    if name not in stores:
        listed = f"It has: {', '.join(stores)}." if stores else "It has none."
        raise BriefError(f"{name!r} is not a store of data in this plan. {listed}")
    found = stores[name]
    if found.protection is Protection.UNKNOWN:
        return StolenCopy(found, None, b"")
    readable = found.protection is Protection.NONE
    return StolenCopy(found, readable, EXAMPLE.encode() if readable else _ciphertext(name))


def _ciphertext(name: str) -> bytes:
    """Bytes that look as encrypted ones do, the same each time."""
    return b"".join(hashlib.sha256(f"{name} {block}".encode()).digest() for block in range(4))
