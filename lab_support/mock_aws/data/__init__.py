"""What AWS and Pulumi publish as data, in JSON files.

Files that begin with `made_from` are written by the scripts in tools/, never edited by hand. What AWS publishes only as
text in its guides is copied from there; `sources` says from which. An entry in services/ comes first where the two
differ: it knows what the provider itself does.
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
