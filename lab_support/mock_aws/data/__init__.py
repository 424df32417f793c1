"""What AWS and Pulumi publish as data, in JSON files that the scripts in tools/ write; never edited by hand.

Each file has a small module here that reads it. An entry in services/ comes first where the two differ: it knows what
the provider itself does.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """The sections of a data file (`force_new` for force_new.json)."""
    sections: dict[str, Any] = json.loads((files(__name__) / f"{name}.json").read_text(encoding="utf-8"))
    return sections
