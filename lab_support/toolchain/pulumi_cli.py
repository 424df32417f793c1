"""Says which Pulumi CLI the lab needs, what is known of one that was found, and what is raised without."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# The one place where the version stands. Go reads it in cli/go.mod, too; a test compares them.
PULUMI_VERSION = "3.259.0"

PROGRAM = "pulumi.exe" if os.name == "nt" else "pulumi"

Source = Literal["PATH", "environment", "cache", "downloaded", "built"]


@dataclass(frozen=True)
class Toolchain:
    """A Pulumi CLI of the right version: where it is, and how it came to be there."""

    path: Path
    version: str
    source: Source


class ToolchainError(Exception):
    """No way to the Pulumi CLI worked; the text lists every way with its command and why it failed."""


class MethodFailed(Exception):
    """One way to the Pulumi CLI did not work; the text says why in one line, and the next way is tried."""
