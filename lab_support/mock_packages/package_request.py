"""A request to a package for one resource, and what it answers."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_support.plan.wire import has_unknown


@dataclass(frozen=True)
class PackageRequest:
    """A resource to make, with its inputs by wire name."""

    type: str
    urn: str
    inputs: Mapping[str, Any]

    @property
    def name(self) -> str:
        return self.urn.rpartition("::")[2]

    @property
    def chance(self) -> random.Random:
        """Chance that is always the same for this resource, until its keepers change."""
        keepers = json.dumps(self.inputs.get("keepers"), sort_keys=True, default=str)
        return random.Random(f"{self.urn} {keepers} {self.inputs.get('seed') or ''}")

    def get(self, name: str, default: Any) -> Any:
        value = self.inputs.get(name)
        return default if value is None else value

    @property
    def is_known(self) -> bool:
        """Whether none of its inputs is unknown, on any level."""
        return not has_unknown(self.inputs)


@dataclass(frozen=True)
class PackageResource:
    """A resource that was made: its id and what it has beside its inputs; `secrets` names outputs."""

    id: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
