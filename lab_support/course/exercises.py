"""The catalogue of exercises: what each is about, and its cells as its author wrote them.

An exercise is one file, exercises/NN_name.py, in jupytext's percent format. This reads the part of the format
that the exercises use; a test holds it against jupytext itself, whose import would cost more than a whole check.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

POINTS: Final = {"Critical": 3, "High": 2, "Medium": 1}
# Tags that say what a cell is for.
SETUP, EXERCISE, SOLUTION, CHECK, HINT = "setup", "exercise", "solution", "check", "hint"
# The learner's notebook has a panel of buttons; the solved one has no use for it.
PANEL: Final = "panel"
# The learner's notebook opens the debrief by a call (`reveal`); the solved one has it to read (`debrief`).
REVEAL, DEBRIEF = "reveal", "debrief"
# What a learner writes down before the repair; in its place, the solved one has a reviewer's (`noted`). What there was
# to be found (`answers`) stands in neither.
NOTES, NOTED, ANSWERS = "notes", "noted", "answers"
HINTS: Final = 3

_MARKER = re.compile(r"^# %%(?P<kind> \[markdown\])?(?P<options>.*)$")
_OPTION = re.compile(r'(\w+)=(\[[^\]]*\]|"[^"]*"|true|false)')


class UnknownExercise(Exception):
    """There is no exercise of this name; the text lists those that there are."""


@dataclass(frozen=True)
class Cell:
    """One cell: markdown or code, the tag that says what it is for, and the findings that a check expects."""

    kind: str
    source: str
    tag: str = ""
    expect: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise. `findings` are those that the shipped program must raise, no more and no less; `config` is the
    stack's configuration beside the region; `ways` names other right fixes that stand beside the solution. One with
    several flaws says in `severities` how severe each is, by its finding; `severity` is then that of the worst."""

    slug: str
    title: str
    severity: str
    category: str
    minutes: int
    path: Path
    cells: tuple[Cell, ...]
    ways: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)

    @property
    def worth(self) -> Mapping[str, int]:
        """What each of its findings is worth: Critical 3, High 2, Medium 1. Empty where a repair counts whole."""
        return {finding: POINTS[severity] for finding, severity in self.severities.items()}

    @property
    def points(self) -> int:
        """What it is worth: its severity's points, or those of all its findings."""
        return sum(self.worth.values()) or POINTS[self.severity]

    def points_for(self, left: Collection[str]) -> int:
        """The points when these findings are left. With one that the shipped program did not raise, something else got
        worse or could not be looked at: then a repair of the others earns nothing yet."""
        if not left:
            return self.points
        return (
            sum(n for each, n in self.worth.items() if each not in left)
            if self.worth.keys() >= set(left)
            else 0
        )

    @property
    def version(self) -> str:
        """A digest of what the exercise asks: its program, its solution and its check."""
        exercise = [(cell.tag, cell.source) for cell in self.cells if cell.tag in (EXERCISE, SOLUTION, CHECK)]
        return hashlib.sha256(json.dumps(exercise).encode()).hexdigest()[:12]

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(finding for cell in self.cells for finding in cell.expect)

    def of_tag(self, tag: str) -> tuple[Cell, ...]:
        """The cells with this tag, in order."""
        return tuple(cell for cell in self.cells if cell.tag == tag)

    def sources(self, tag: str) -> list[str]:
        return [cell.source for cell in self.of_tag(tag)]

    @property
    def fixes(self) -> Path:
        """The folder of its other fixes: right_*, wrong_* and error_*.py."""
        return self.path.with_suffix("")


@dataclass(frozen=True)
class Guide:
    """A notebook beside the exercises, such as the start page: it is read and run, and asks for no repair."""

    slug: str
    title: str
    path: Path
    cells: tuple[Cell, ...]


def root() -> Path:
    """The clone that this package lies in: exercises/, notebooks/ and solutions/ are beside lab_support/."""
    return Path(os.environ.get("PULUMI_REVIEW_LAB_ROOT") or Path(__file__).parents[2])


@cache
def _read_all(folder: Path) -> Mapping[str, Exercise]:
    paths = sorted(folder.glob("[0-9][0-9]_*.py"))
    return {path.stem: read_exercise(path) for path in paths}


def catalogue() -> tuple[Exercise, ...]:
    """All exercises in the order in which a learner meets them."""
    return tuple(_read_all(root() / "exercises").values())


def guides() -> tuple[Guide, ...]:
    """The notebooks beside the exercises, from guides/. Raises ValueError, naming the file, for one without a title."""
    found = []
    for path in sorted((root() / "guides").glob("[0-9][0-9]_*.py")):
        header, cells = read_percent(path)
        try:
            title = str(header["lab"]["title"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path.name}: the header needs lab: title ({error})") from None
        found.append(Guide(path.stem, title, path, cells))
    return tuple(found)


def find_exercise(slug: str) -> Exercise:
    """The exercise of this name; a beginning that only one has, such as `02`, will do. Raises UnknownExercise."""
    known = _read_all(root() / "exercises")
    if slug in known:
        return known[slug]
    matching = [each for name, each in known.items() if name.startswith(slug)] if slug else []
    if len(matching) == 1:
        return matching[0]
    raise UnknownExercise(f"there is no exercise {slug!r}; there are: {', '.join(known) or 'none'}")


def read_exercise(path: Path) -> Exercise:
    """The exercise in a file. Raises ValueError, naming the file and the line, where it is not well formed."""
    header, cells = read_percent(path)
    try:
        facts = header["lab"]
        return Exercise(
            slug=path.stem,
            title=str(facts["title"]),
            severity=_one_of(facts["severity"], POINTS),
            category=str(facts["category"]),
            minutes=int(facts["minutes"]),
            path=path,
            cells=cells,
            ways=tuple(map(str, facts.get("ways", []))),
            config=dict(facts.get("config", {})),
            severities={
                finding: _one_of(each, POINTS) for finding, each in facts.get("severities", {}).items()
            },
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{path.name}: the header needs lab: title, severity, category, minutes ({error})"
        ) from None


def _one_of(value: Any, choices: Mapping[str, int]) -> str:
    if value not in choices:
        raise ValueError(f"severity must be one of {', '.join(choices)}, not {value!r}")
    return str(value)


def read_percent(path: Path) -> tuple[dict[str, Any], tuple[Cell, ...]]:
    """The YAML header (below `jupyter:`) and the cells of a file in the percent format."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header: dict[str, Any] = {}
    if lines and lines[0] == "# ---":
        end = lines.index("# ---", 1)
        header = yaml.safe_load("\n".join(line[2:] for line in lines[1:end])) or {}
        lines = lines[end + 1 :]
    cells: list[Cell] = []
    body: list[str] = []
    marker: re.Match[str] | None = None
    for line in [*lines, "# %%"]:
        found = _MARKER.match(line)
        if found is None:
            body.append(line)
            continue
        if marker is not None:
            cells.append(_cell(marker, body))
        marker, body = found, []
    return header.get("jupyter", {}), tuple(cells)


def _cell(marker: re.Match[str], body: list[str]) -> Cell:
    options = {name: json.loads(value) for name, value in _OPTION.findall(marker["options"])}
    text = "\n".join(body).strip("\n")
    if marker["kind"]:
        text = "\n".join(
            line[2:] if line.startswith("# ") else line.removeprefix("#") for line in text.splitlines()
        )
    tags = options.get("tags", [])
    kind = "markdown" if marker["kind"] else "code"
    return Cell(kind, text, tags[0] if tags else "", tuple(options.get("expect", [])))


def same_program(left: list[str], right: list[str]) -> bool:
    """Whether two lists of cells hold the same program: compared as syntax trees, so layout does not count.

    Imports at the top do not count either: a file brings its own.
    """
    try:
        return _tree(left) == _tree(right)
    except SyntaxError:
        return False


def _tree(cells: list[str]) -> list[str]:
    body = ast.parse("\n".join(cells)).body
    docstring = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    kept = body[1:] if docstring else body
    return [ast.dump(node) for node in kept if not isinstance(node, (ast.Import, ast.ImportFrom))]
