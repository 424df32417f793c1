"""`python -m tools` writes every data file anew; with `--check` it writes nothing and fails if one is out of date."""

from __future__ import annotations

import argparse
import sys
from typing import Final

from tools import aws_errors, combinations, force_new, name_limits, partitions
from tools.data_file import DataFile

DATA_FILES: Final[tuple[DataFile, ...]] = (
    aws_errors.DATA_FILE,
    combinations.DATA_FILE,
    force_new.DATA_FILE,
    name_limits.DATA_FILE,
    partitions.DATA_FILE,
)


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit code 1 if a file is out of date"
    )
    options = parser.parse_args(arguments)
    outdated = 0
    for data_file in DATA_FILES:
        if options.check and not data_file.is_current():
            outdated += 1
            print(f"{data_file.path} is out of date: run `python -m tools`", file=sys.stderr)
        elif not options.check and data_file.write():
            print(f"{data_file.path} was written")
    return 1 if outdated else 0


if __name__ == "__main__":
    sys.exit(main())
