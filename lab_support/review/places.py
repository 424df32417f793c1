"""Where a finding is shown: the line of the argument in question, in a file below the repository's root."""

from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from lab_support.plan.diagnostic import Location
from lab_support.program_code import parsed


@dataclass(frozen=True)
class Origin:
    """What was reviewed, and the folder `root` to which file names are relative.

    `file` is a program, its folder, or an export of a stack; None is standard input. `lines` are the lines of an
    export's resources, by URN.
    """

    file: Path | None
    root: Path
    lines: Mapping[str, int] = field(default_factory=dict)

    def position(self, source: Location | None, urn: str) -> tuple[Path, int] | None:
        """The file and the line to show: of the source, of the resource in an export, or else the first line."""
        if source is not None:
            return Path(source.file), source.line
        if self.file is None:
            return None
        file = self.file if self.file.is_file() or self.lines else self.file / "__main__.py"
        return file, self.lines.get(urn, 1)


def place_of(source: Location | None, arguments: tuple[str, ...]) -> Location | None:
    """The line of the first of these arguments in the call at `source`; `source` itself if the call has none."""
    if source is None or not arguments:
        return source
    calls = sorted(_calls(source.file, source.line), key=lambda call: (call.end_lineno or 0) - call.lineno)
    for call in calls[:1]:
        nested = [node for node in ast.walk(call) if isinstance(node, ast.keyword)]
        for name in arguments:
            for keyword in (*call.keywords, *nested):
                if keyword.arg == name:
                    return at_line(source, keyword.lineno)
    return source


def at_line(source: Location, line: int) -> Location:
    """Another line of the same file."""
    return replace(source, line=line, code=linecache.getline(source.file, line).strip())


def _calls(file: str, line: int) -> Iterator[ast.Call]:
    """The calls that contain a line of a file and have keyword arguments."""
    tree = parsed(Path(file))
    for node in ast.walk(tree) if tree else ():
        if (
            isinstance(node, ast.Call)
            and node.keywords
            and node.lineno <= line <= (node.end_lineno or node.lineno)
        ):
            yield node


def root_of(program: Path) -> Path:
    """The root of the repository that holds a program; without a repository, the working folder."""
    start = Path(os.path.realpath(program))
    return next(
        (folder for folder in (start, *start.parents) if (folder / ".git").exists()), Path.cwd().resolve()
    )


def relative(file: str | Path, root: Path) -> str:
    """A file's path below `root`, with slashes; its absolute path if it is elsewhere."""
    path = Path(file).resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
