"""Gets the Pulumi CLI from a shell: `python -m lab_support.toolchain`, once when the lab is set up."""

import argparse
import signal
import sys
from types import FrameType

from lab_support.toolchain import ToolchainError, link_into_environment, obtain_pulumi
from lab_support.toolchain.environment import pulumi_in_environment
from lab_support.toolchain.progress_line import ProgressLine

SOURCES = {
    "PATH": "found on PATH",
    "environment": "found in this Python environment",
    "cache": "found in the cache",
    "downloaded": "downloaded just now",
    "built": "built just now",
}


def main() -> int:
    """Obtains the Pulumi CLI, links it into the environment and reports the result; returns the exit code."""
    argparse.ArgumentParser(prog="python -m lab_support.toolchain", description=__doc__).parse_args()
    signal.signal(signal.SIGTERM, _stop)  # so that a build's processes are stopped, too
    progress = ProgressLine(sys.stderr)
    try:
        _obtain_and_link(progress)
        return 0
    except ToolchainError as error:
        progress.close()
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        progress.close()
        print("stopped; no partial files are left, and the next run starts from scratch", file=sys.stderr)
        return 130


def _obtain_and_link(progress: ProgressLine) -> None:
    toolchain = obtain_pulumi(progress)
    progress.close()
    print(f"Pulumi CLI {toolchain.version}, {SOURCES[toolchain.source]}: {toolchain.path}")
    linked = link_into_environment(toolchain)
    if linked.path == pulumi_in_environment():
        print(f"linked into this Python environment: {linked.path}")
    else:
        print(f"it could not be linked into this Python environment as {pulumi_in_environment()}")


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
