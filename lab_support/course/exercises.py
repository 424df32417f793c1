"""The catalogue of exercises: what each is about, and its cells as its author wrote them.

An exercise is a file, exercises/NN_name.py, in jupytext's percent format, and a folder NN_name/ with its solution and
other fixes. The part of the format that the exercises use is read here; a test compares the result with jupytext's,
whose import takes longer than a whole check.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import yaml

from lab_support.course.difference_format import PROGRAM
from lab_support.course.differences import read_cells
from lab_support.course.places import course_folder
from lab_support.course.places import root as root
from lab_support.errors import BriefError
from lab_support.program_code import NOT_CODE

POINTS: Final = {"Critical": 3, "High": 2, "Medium": 1}
# Tags that say what a cell is for. Solution cells are not in the file: they are read from the folder beside it.
SETUP, EXERCISE, SOLUTION, CHECK = "setup", "exercise", "solution", "check"
# Only the learner's notebook has the panel. It shows the cells of these tags, which only the solved notebook contains.
PANEL: Final = "panel"
DRILL, HINT, DEBRIEF = "drill", "hint", "debrief"
# Where learners write down what they find; the solved notebook has a reviewer's notes instead (`noted`). The list of
# what there is to find (`answers`) is in neither.
NOTES, NOTED, ANSWERS = "notes", "noted", "answers"
# The question before the drill (course/predictions.py), which is in neither notebook. (Cells tagged `attack`, in which
# learners play the drill's part themselves, are in both.)
PREDICTION: Final = "prediction"
TRACKS: Final = ("First track: five flaws and a review", "Second track: flaws between resources")
_LAST_OF_FIRST_TRACK: Final = 6
# On the start page: the cell that shows the exercises.
MAP: Final = "map"
HINTS: Final = 3
# How the organisation of the brief configures every stack: a resource without a physical name gets its logical name.
VERBATIM: Final = {"pulumi:autonaming": {"mode": "verbatim"}}
# How the name of a generated review begins, and the module that generates it.
REVIEW: Final = "review_"
_REVIEWS: Final = "lab_support.course.reviews.generate"

_MARKER = re.compile(r"^# %%(?P<kind> \[markdown\])?(?P<options>.*)$")
_OPTION = re.compile(r'(\w+)=(\[[^\]]*\]|"[^"]*"|true|false)')


class UnknownExercise(BriefError):
    """There is no exercise of this name; the text lists the known ones, or says why a review cannot be generated."""


@dataclass(frozen=True)
class Cell:
    """One cell: markdown or code, the tag that says what it is for, and the findings that a check expects."""

    kind: str
    source: str
    tag: str = ""
    expect: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise. `findings` are exactly those that the shipped program must raise; `config` is the stack's
    configuration beside the region; `ways` names the right fixes that learners see beside the solution, `repairs` the
    fixes that they compare after a pass (course/repairs.py). An exercise with several flaws gives the severity of each
    finding in `severities`; `severity` is then the highest. `record` has the texts of the review record (see
    record.py), an entry for each flaw, or the slug of the exercise that has them. `system` begins the names of its
    resources. `solved` has the cells of its solution where they are in no file."""

    slug: str
    title: str
    severity: str
    category: str
    minutes: int
    path: Path
    cells: tuple[Cell, ...]
    ways: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    record: tuple[Mapping[str, Any] | str, ...] = ()
    system: str = "emergency-alert"
    solved: tuple[str, ...] = ()

    @property
    def is_review(self) -> bool:
        """Whether it was generated (course/reviews/), so that what it asks for must not be written anywhere."""
        return self.slug.startswith(REVIEW)

    @property
    def track(self) -> str:
        """The part of the course that it belongs to, which follows from its number."""
        return TRACKS[int(self.slug[:2]) > _LAST_OF_FIRST_TRACK]

    @property
    def worth(self) -> Mapping[str, int]:
        """The points of each finding: Critical 3, High 2, Medium 1. Empty where the repair is scored as a whole."""
        return {finding: POINTS[severity] for finding, severity in self.severities.items()}

    @property
    def points(self) -> int:
        """The points of its severity, or the sum of those of its findings."""
        return sum(self.worth.values()) or POINTS[self.severity]

    def points_for(self, left: Collection[str]) -> int:
        """The points when these findings are left. A finding that the shipped program did not raise means that
        something else got worse or could not be checked: then the repair of the others earns nothing yet."""
        if not left:
            return self.points
        if not self.worth.keys() >= set(left):
            return 0
        return sum(points for finding, points in self.worth.items() if finding not in left)

    @property
    def version(self) -> str:
        """A digest of what the exercise asks: its program, its solution and its check."""
        solutions = iter(self.of_tag(SOLUTION))
        parts = []
        for cell in self.cells:
            if cell.tag in (EXERCISE, CHECK):
                parts.append((cell.tag, cell.source))
            if cell.tag == EXERCISE and (solved := next(solutions, None)):
                parts.append((solved.tag, solved.source))
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(finding for cell in self.cells for finding in cell.expect)

    def of_tag(self, tag: str) -> tuple[Cell, ...]:
        """The cells with this tag, in order; none where the exercise has no solution yet.

        Raises DifferenceError where the solution cannot be read or does not fit the program.
        """
        if tag == SOLUTION:
            return self._solution
        return tuple(cell for cell in self.cells if cell.tag == tag)

    def sources(self, tag: str) -> list[str]:
        """The sources of the cells with this tag. Raises what of_tag() raises."""
        return [cell.source for cell in self.of_tag(tag)]

    @property
    def fixes(self) -> Path:
        """The folder of its solution and its other fixes."""
        return self.path.with_suffix("")

    @cached_property
    def _solution(self) -> tuple[Cell, ...]:
        if self.solved:
            return tuple(Cell("code", source, SOLUTION) for source in self.solved)
        for path in (self.fixes / "solution.diff", self.fixes / "solution.py"):
            if path.is_file():
                sources = read_cells(path, {PROGRAM: self.sources(EXERCISE)})
                return tuple(Cell("code", source, SOLUTION) for source in sources)
        return ()


@dataclass(frozen=True)
class Guide:
    """A notebook that is read and run but asks for no repair, such as the start page."""

    slug: str
    title: str
    path: Path
    cells: tuple[Cell, ...]


@cache
def _read_all(folder: Path) -> Mapping[str, Exercise]:
    paths = sorted(folder.glob("[0-9][0-9]_*.py"))
    return {path.stem: read_exercise(path) for path in paths}


def catalogue() -> tuple[Exercise, ...]:
    """All exercises in the order in which a learner meets them."""
    return tuple(_read_all(course_folder() / "exercises").values())


def guides() -> tuple[Guide, ...]:
    """The notebooks in guides/. Raises ValueError, naming the file, where a title is missing."""
    found = []
    for path in sorted((course_folder() / "guides").glob("*.py")):
        header, cells = read_percent(path)
        try:
            title = str(header["lab"]["title"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"{path.name}: the header needs lab: title ({error})") from None
        found.append(Guide(path.stem, title, path, cells))
    return tuple(found)


def find_exercise(slug: str) -> Exercise:
    """The exercise of this name or number, or the only one whose name begins so. Raises UnknownExercise."""
    known = _read_all(course_folder() / "exercises")
    if slug in known:
        return known[slug]
    if slug.startswith(REVIEW):
        review: Exercise = import_module(_REVIEWS).review(slug)  # loaded here because it imports this module
        return review
    beginning = numbered(slug)
    matching = [exercise for name, exercise in known.items() if beginning and name.startswith(beginning)]
    if len(matching) == 1:
        return matching[0]
    raise UnknownExercise(f"there is no exercise {slug!r}; there are: {', '.join(known) or 'none'}")


def numbered(name: str) -> str:
    """A name in which a number has two digits, as in those of notebooks: `2` is `02`."""
    return f"{int(name):02}_" if name.isascii() and name.isdigit() else name


def read_exercise(path: Path) -> Exercise:
    """The exercise in a file. Raises ValueError, naming the file, where its header lacks something."""
    header, cells = read_percent(path)
    if any(cell.tag == SOLUTION for cell in cells):
        raise ValueError(
            f"{path.name}: a solution is no longer a cell but a difference, {path.stem}/solution.diff. Move the cell "
            f"into a file of its own; `lab fix edit {path.stem} solution --from FILE` then writes the difference"
        )
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
            repairs=tuple(map(str, facts.get("repairs", []))),
            config={**VERBATIM, **facts.get("config", {})},
            severities={
                finding: _one_of(severity, POINTS)
                for finding, severity in facts.get("severities", {}).items()
            },
            record=tuple(
                entry if isinstance(entry, str) else dict(entry) for entry in facts.get("record", [])
            ),
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


def tag_of_marker(line: str) -> str | None:
    """The tag of the cell that a line of a percent file begins, empty where it has none; None for any other line."""
    marker = _MARKER.match(line)
    return None if marker is None else _cell(marker, []).tag


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
    """Whether two lists of cells are the same program, compared as syntax trees: layout and comments do not count.

    Nor do imports at the top level, as a file may bring its own.
    """
    try:
        return _tree(left) == _tree(right)
    except NOT_CODE:
        return False


def _tree(cells: list[str]) -> list[str]:
    body = ast.parse("\n".join(cells)).body
    has_docstring = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    kept = body[1:] if has_docstring else body
    return [ast.dump(node) for node in kept if not isinstance(node, (ast.Import, ast.ImportFrom))]
