"""The message of a ToolchainError: four ways to get the Pulumi CLI by hand, and why each has failed so far."""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab_support.toolchain.build import command_to_build
from lab_support.toolchain.cache import VARIABLE, pulumi_in
from lab_support.toolchain.download import command_to_download
from lab_support.toolchain.find import why_not_in_cache, why_not_on_path
from lab_support.toolchain.go import MODULE, needed_go
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION

LONGEST_REASON = 360


def manual_ways(cache: Path, why_not_downloaded: str, why_not_built: str) -> str:
    """The four ways, with commands, for a lab that keeps its Pulumi CLI in `cache`."""
    program = pulumi_in(cache)
    windows = os.name == "nt"
    on_path = "set PATH=C:\\folder\\of\\pulumi;%PATH%" if windows else 'export PATH="/folder/of/pulumi:$PATH"'
    copy = (
        f"mkdir {_shell([str(program.parent)])} & copy pulumi.exe {_shell([str(program)])}"
        if windows
        else f"mkdir -p {_shell([str(program.parent)])} && cp /folder/of/pulumi {_shell([str(program)])}"
    )
    without_c = "set CGO_ENABLED=0 &&" if windows else "CGO_ENABLED=0"
    build = f"cd {_shell([str(MODULE)])} && {without_c} {_shell(command_to_build('go', program))}"
    return f"""\
The lab needs the Pulumi CLI {PULUMI_VERSION} and could not get it. One of these four ways is enough:

1. Put pulumi {PULUMI_VERSION} on PATH (`pulumi version` shows which one is there):
     {on_path}
   Now: {_line(why_not_on_path())}
2. Copy it into the cache folder, {cache} ({VARIABLE} sets another one):
     {copy}
   Now: {_line(why_not_in_cache())}
3. Let the Pulumi SDK download it from the internet:
     {_shell(command_to_download(program.parent.parent))}
   Now: {_line(why_not_downloaded)}
4. Build it with Go {needed_go()} or later, which takes some minutes:
     {build}
   Now: {_line(why_not_built)}

Then run `python -m lab_support.toolchain` once."""


def _shell(command: Sequence[str]) -> str:
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


def _line(reason: str) -> str:
    words = " ".join(reason.split())
    return words if len(words) <= LONGEST_REASON else words[: LONGEST_REASON - 1] + "…"
