"""Recognises names that hold the environment: `env`, `stage`, `environment_suffix`, `ENVIRONMENT`, `deployEnv`."""

from __future__ import annotations

import re
from typing import Final

from lab_support.plan.values import python_name

_NAME: Final = re.compile(
    r"((app|aws|deploy|deployment|project|pulumi|resource|stack|target)_)?"
    r"((env|environment|stage)(_(id|name|suffix|tag|type))?|suffix)"
)


def names_environment(name: str) -> bool:
    """Whether an argument, a configuration key or an environment variable of this name holds the environment."""
    words = name.lower() if name.isupper() else python_name(name.replace("-", "_"))
    return _NAME.fullmatch(words) is not None
