"""The settings of a run, looked up once for each question.

The SDK keeps them in context variables, so that several runs do not mix (pulumi 3.259.0, _utils.py), and looks twice.
"""

from __future__ import annotations

from typing import Any


def get(setting: Any, obj: Any, owner: Any = None) -> Any:
    """`ContextProperty.__get__`: the value in this context; the property itself where the SDK wants it."""
    value = setting._data.get(setting._ContextProperty__default)
    return setting if obj is None or isinstance(value, dict) else value
