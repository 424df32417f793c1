"""The version of the Pulumi CLI that the lab needs, a CLI that was found, and the errors without one."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# The only place that defines the version. cli/go.mod repeats it for Go; a test compares them.
PULUMI_VERSION = "3.259.0"

PROGRAM = "pulumi.exe" if os.name == "nt" else "pulumi"

Source = Literal["PATH", "environment", "cache", "downloaded", "built"]


@dataclass(frozen=True)
class Toolchain:
    """A Pulumi CLI of the right version: its path, and how it was obtained."""

    path: Path
    version: str
    source: Source


class ToolchainError(Exception):
    """No method to get the Pulumi CLI worked; the message lists ways to get it by hand and why each failed."""


class MethodFailed(Exception):
    """One method to get the Pulumi CLI failed; the message says why in one line, and the next method is tried."""
