"""Builds notebooks/ and solutions/ from exercises/: the learner's notebook, and the solved one with its debrief.

Cell ids are fixed, and there are no outputs but the start page's map, so that building twice gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lab_support.course import exercises
from lab_support.course.difference_format import DifferenceError
from lab_support.course.exercises import (
    ANSWERS,
    CHECK,
    DEBRIEF,
    DRILL,
    EXERCISE,
    HINT,
    MAP,
    NOTED,
    NOTES,
    PANEL,
    POINTS,
    PREDICTION,
    SETUP,
    SOLUTION,
    Cell,
    Exercise,
    Guide,
)
from lab_support.course.places import is_learner_course
from lab_support.course.record import with_record
from lab_support.safeguards.files import read_json

_START_PAGE: Final = "00_start_here"
_WAY_BACK: Final = f"[← All exercises]({_START_PAGE}.ipynb)"
_BETWEEN: Final = " &nbsp;·&nbsp; "
_LOCKED: Final = {"editable": False, "deletable": False}
_METADATA: Final = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BACKUPS: Final = ".backup"


@dataclass(frozen=True)
class Built:
    """What `build` did with one file: written, unchanged, or kept because it has been edited.

    `newer` is the text of a version that an edited notebook is not based on.
    """

    path: Path
    state: str
    newer: str | None = None


def notebook(exercise: Exercise) -> dict[str, Any]:
    """The notebook that a learner opens, as nbformat 4.5 JSON: without what its panel shows."""
    cells = [
        cell for cell in exercise.cells if cell.tag not in (DRILL, HINT, DEBRIEF, NOTED, ANSWERS, PREDICTION)
    ]
    if cells and cells[0].kind == "markdown":
        facts = f"**Time:** about {exercise.minutes} minutes{_BETWEEN}{_WAY_BACK}"
        cells[0] = replace(cells[0], source=f"{cells[0].source}\n\n{facts}")
    document = _document(exercise.slug, cells, severity=exercise.severity, category=exercise.category)
    is_set_up = False
    for cell in document["cells"]:
        tags = cell["metadata"].get("tags", [])
        # What matters of a check is the verdict; what the lab imports for it would give away what there is to find.
        if CHECK in tags or (SETUP in tags and is_set_up):
            cell["metadata"]["jupyter"] = {"source_hidden": True}
        if CHECK in tags and exercise.is_review:
            del cell["metadata"]["lab"]  # it would say what there is to find
        is_set_up = is_set_up or SETUP in tags
    return document


def guide(page: Guide) -> dict[str, Any]:
    """The notebook of a guide. The cell of the exercises' map has the map as it is before any progress as its output,
    so that it is there before anything is run."""
    cells = list(page.cells)
    if page.slug != _START_PAGE:
        cells[0] = replace(cells[0], source=f"{cells[0].source}\n\n{_WAY_BACK}")
    document = _document(page.slug, cells)
    for cell in document["cells"]:
        if MAP in cell["metadata"].get("tags", []):
            data = {"text/markdown": _map().splitlines(keepends=True)}
            cell["execution_count"] = 1  # nbval refuses outputs of a cell that was not run
            cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return document


def _map() -> str:
    """The exercises as a list with links."""
    return "\n".join(
        f"- {exercise.slug[:2]} [{exercise.title}]({exercise.slug}.ipynb), about {exercise.minutes} minutes"
        for exercise in exercises.catalogue()
    )


def solution(exercise: Exercise) -> dict[str, Any]:
    """The solved notebook: the solution in place of the program, and the debrief to read, with the review's record.

    Raises DifferenceError where there is no solution that fits the program, and RecordError where the record does not.
    """
    cells: list[Cell] = []
    solved = list(exercise.sources(SOLUTION))
    if len(solved) != len(exercise.of_tag(EXERCISE)):
        what = f"the solution has {len(solved)} cells, the program {len(exercise.of_tag(EXERCISE))}"
        raise DifferenceError(exercise.slug, 0, what, f"`lab fix edit {exercise.slug} solution` writes one")
    facts = f"**Severity:** {_severity(exercise)}{_BETWEEN}**Category:** {exercise.category}"
    for cell in with_record(exercise):
        if not cells and cell.kind == "markdown":
            cells.append(replace(cell, source=f"{cell.source}\n\n{facts}"))
        elif cell.tag == EXERCISE:
            cells.append(Cell("code", solved.pop(0), EXERCISE))
        elif cell.tag not in (PANEL, NOTES, ANSWERS, PREDICTION):
            if cell.tag == DEBRIEF and cells[-1].tag != DEBRIEF:
                cells.append(Cell("markdown", "## Debrief", DEBRIEF))
            cells.append(cell)
    return _document(exercise.slug, cells, severity=exercise.severity, category=exercise.category)


def _severity(exercise: Exercise) -> str:
    """The severity of an exercise in words; of several flaws, the lowest and the highest."""
    found = sorted({*exercise.severities.values(), exercise.severity}, key=lambda severity: POINTS[severity])
    return found[0] if len(found) == 1 else f"{found[0]} to {found[-1]}"


def text_of(document: dict[str, Any]) -> str:
    """A notebook as the text of its file."""
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def build(force: bool = False, slugs: Iterable[str] = ()) -> list[Built]:
    """Writes notebooks/ and solutions/. An edited notebook is kept; with `force` it is replaced and a copy is kept.

    Raises DifferenceError where a solution does not fit its program.
    """
    done = []
    for path, text in _wanted(slugs):
        if _holds(path, text):
            done.append(Built(path, "unchanged"))
            continue
        if path.parent.name == "notebooks" and path.is_file() and is_edited(path):
            if not force:
                state = "kept: it has been edited (--force replaces it and keeps a copy)"
                done.append(Built(path, state, None if _is_based_on(path, text) else text))
                continue
            keep_copy(path)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        done.append(Built(path, "written"))
    return done


def stale(slugs: Iterable[str] = ()) -> list[Path]:
    """The generated files that differ from what exercises/ would give. Raises DifferenceError as build() does."""
    return [path for path, text in _wanted(slugs) if not _holds(path, text)]


def _holds(path: Path, text: str) -> bool:
    """Whether a file has exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def is_edited(path: Path) -> bool:
    """Whether the code or the text of a notebook has been changed; outputs do not count.

    A notebook built by an earlier version of the lab carries the fingerprint of that version, so it does not count
    as edited.
    """
    try:
        document = read_json(path)
        return bool(document["metadata"]["lab"]["fingerprint"] != fingerprint(document["cells"]))
    except (ValueError, KeyError, TypeError):
        return True


def _is_based_on(path: Path, text: str) -> bool:
    """Whether an edited notebook began as this text; a notebook that does not say what it began as did not."""
    try:
        began: object = read_json(path)["metadata"]["lab"]["fingerprint"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(began == json.loads(text)["metadata"]["lab"]["fingerprint"])


def fingerprint(cells: Iterable[dict[str, Any]]) -> str:
    """A digest of the cells' sources."""
    sources = ["".join(cell["source"]).strip() for cell in cells]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:16]


def keep_copy(path: Path) -> Path:
    """Copies a file into .backup/ beside it, with the time in its name; returns the copy."""
    folder = path.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    copy = folder / f"{path.stem}-{stamp}{path.suffix}"
    copy.write_bytes(path.read_bytes())
    return copy


def _wanted(slugs: Iterable[str]) -> Iterable[tuple[Path, str]]:
    """The generated files of some exercises, or of all and the guides, with the text that they should have."""
    named = tuple(slugs)
    learners, solved = exercises.root() / "notebooks", exercises.root() / "solutions"
    for slug, text in learners_texts(named):
        yield learners / f"{slug}.ipynb", text
    if is_learner_course():
        return
    for exercise in map(exercises.find_exercise, named) if named else exercises.catalogue():
        yield solved / f"{exercise.slug}.ipynb", text_of(solution(exercise))


def learners_texts(slugs: Iterable[str] = ()) -> Iterable[tuple[str, str]]:
    """The slug and text of the notebooks of some exercises, or of all and the guides."""
    named = tuple(slugs)
    for page in () if named else exercises.guides():
        yield page.slug, text_of(guide(page))
    for exercise in map(exercises.find_exercise, named) if named else exercises.catalogue():
        yield exercise.slug, text_of(notebook(exercise))


def _document(slug: str, cells: list[Cell], **facts: str) -> dict[str, Any]:
    written = [_cell(slug, cell, name) for cell, name in _numbered(cells)]
    metadata = {**_METADATA, "lab": {"slug": slug, **facts, "fingerprint": fingerprint(written)}}
    return {"cells": written, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _numbered(cells: list[Cell]) -> list[tuple[Cell, str]]:
    """The cells with ids that remain the same when other cells come and go: the tag or kind, and a number."""
    counts: dict[str, int] = {}
    named = []
    for cell in cells:
        name = cell.tag or ("text" if cell.kind == "markdown" else "run")
        counts[name] = counts.get(name, 0) + 1
        named.append((cell, f"{name}-{counts[name]}"))
    return named


def _cell(slug: str, cell: Cell, name: str) -> dict[str, Any]:
    metadata: dict[str, Any] = {"tags": [cell.tag]} if cell.tag else {}
    if cell.tag == CHECK:
        metadata |= {"lab": {"expect": list(cell.expect)}, **_LOCKED}
    elif cell.kind == "markdown" or cell.tag == DEBRIEF:
        metadata |= {"editable": False}
    written = {
        "cell_type": cell.kind,
        "id": f"{slug[:2]}-{name}",
        "metadata": metadata,
        "source": cell.source.splitlines(keepends=True),
    }
    return written if cell.kind == "markdown" else {**written, "execution_count": None, "outputs": []}
