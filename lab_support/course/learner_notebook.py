"""What a learner's notebook holds: the program, with the helpers that it uses, and the notes.

The program is in the cells tagged `exercise`. Where tags and ids are lost (Colab strips them, splitting a cell may) or
a later cell defines `program` again, the last definition before the check counts, as when the notebook is run from top
to bottom. Of the learner's other cells, only the statements that define what the program uses are taken.
"""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from lab_support.course.cells import without_magics
from lab_support.course.exercises import CHECK, EXERCISE, NOTES, SETUP, Exercise
from lab_support.course.notebooks import notebook
from lab_support.program_code import NOT_CODE
from lab_support.safeguards.files import UnreadableFile, read_json

_PROGRAM: Final = "program"
SEVERAL: Final = "Several cells define `program`; the last one before the check counts."


@dataclass(frozen=True)
class _Cell:
    """A code cell. `role` is `exercise` for the exercise's own, `own` for the learner's, and else empty."""

    source: str
    role: str = ""
    is_check: bool = False

    @cached_property
    def statements(self) -> list[_Statement]:
        """Its statements; none where it is no Python."""
        try:
            return [_Statement(node) for node in ast.parse(without_magics(self.source)).body]
        except NOT_CODE:
            return []

    @property
    def may_define_program(self) -> bool:
        if self.role == EXERCISE and self.source.strip() and not self.statements:
            return _PROGRAM in self.source  # what is wrong with it should be said
        return bool(self.role) and any(_PROGRAM in statement.binds for statement in self.statements)


@dataclass(frozen=True)
class _Statement:
    """A statement of a cell."""

    node: ast.stmt

    @cached_property
    def _tables(self) -> tuple[symtable.SymbolTable, ...]:
        try:
            return tuple(_all_tables(symtable.symtable(ast.unparse(self.node), "<cell>", "exec")))
        except NOT_CODE:
            return ()

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it defines for the whole notebook."""
        symbols = [symbol for table in self._tables[:1] for symbol in table.get_symbols()]
        return frozenset(s.get_name() for s in symbols if s.is_assigned() or s.is_imported())

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names of the whole notebook that it uses."""
        return frozenset(
            symbol.get_name()
            for table in self._tables
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        )


@dataclass
class LearnerProgram:
    """The cells of a learner's program, and what is to be said about how they were found."""

    cells: list[str]
    notes: list[str] = field(default_factory=list)


def learner_program(path: Path, exercise: Exercise) -> LearnerProgram:
    """The program in a notebook. Raises ValueError with a sentence where it cannot be read or has no program."""
    cells = _code_cells(path, exercise)
    tagged = [cell for cell in cells if cell.role == EXERCISE]
    defining = [cell for cell in cells if cell.may_define_program]
    check = next((number for number, cell in enumerate(cells) if cell.is_check), len(cells))
    before_check = [cell for cell in cells[:check] if cell.may_define_program]
    last = next(reversed(before_check or defining), None)
    chosen = tagged if last is None or any(cell is last for cell in tagged) else [last]
    if not chosen:
        raise UnreadableFile(
            path, "it has no exercise cell: no cell is tagged `exercise`, and none defines `program`"
        )
    return LearnerProgram(_with_helpers(cells, chosen), [SEVERAL] if len(defining) > 1 else [])


def exercise_cells(path: Path, exercise: Exercise) -> list[str]:
    """The cells of the learner's program. Raises what learner_program() raises."""
    return learner_program(path, exercise).cells


def notes_in(path: Path) -> Any:
    """What the cell tagged `notes` assigns to `found`, read without running anything.

    Raises ValueError with a sentence where there is no such notebook or cell, or where the value is not plain data.
    """
    try:
        sources = [source for source, tags, _ in _sources(path) if NOTES in tags]
        nodes = [
            node for source in sources for node in ast.parse(source).body if isinstance(node, ast.Assign)
        ]
        values = [node.value for node in nodes if getattr(node.targets[0], "id", "") == "found"]
        return ast.literal_eval(values[-1])
    except UnreadableFile:
        raise
    except IndexError:
        raise ValueError(f"{path} has no cell tagged `notes` that says `found = [...]`") from None
    except (*NOT_CODE, TypeError) as error:
        raise ValueError(f"the notes in {path} cannot be read ({type(error).__name__}: {error})") from None


def _sources(path: Path) -> list[tuple[str, tuple[str, ...], str]]:
    """Source, tags and id of each code cell. Raises UnreadableFile."""
    try:
        document = read_json(path)
    except UnreadableFile as error:
        if "JSON" not in error.reason:
            raise
        raise UnreadableFile(path, "it is not a notebook") from None
    try:
        return [
            ("".join(cell["source"]), tuple(cell.get("metadata", {}).get("tags", [])), str(cell.get("id")))
            for cell in document["cells"]
            if cell["cell_type"] == "code"
        ]
    except (KeyError, TypeError, AttributeError):
        raise UnreadableFile(path, "it is not a notebook") from None


def _code_cells(path: Path, exercise: Exercise) -> list[_Cell]:
    """The code cells, each with its role: by tag, or by id where no tag is left."""
    shipped = notebook(exercise)["cells"]
    tags = {cell["id"]: cell["metadata"].get("tags", []) for cell in shipped}
    sources = {"".join(cell["source"]): cell["metadata"].get("tags", []) for cell in shipped}
    found = _sources(path)
    is_tagged = any(EXERCISE in cell_tags for _, cell_tags, _ in found)
    cells = []
    for source, cell_tags, name in found:
        known = cell_tags or sources.get(source) or (() if is_tagged else tags.get(name, ()))
        if EXERCISE in known:
            role = EXERCISE
        else:
            is_own = set(known) <= {SETUP} and source not in sources and not _runs_elsewhere(source)
            role = "own" if is_own else ""
        cells.append(_Cell(source, role, CHECK in known))
    return cells


def _runs_elsewhere(source: str) -> bool:
    """Whether a cell's first line hands the rest to a magic, such as %%writefile."""
    return source.lstrip().startswith("%%") and not source.lstrip().startswith(("%%time", "%%capture"))


def _with_helpers(cells: list[_Cell], chosen: list[_Cell]) -> list[str]:
    """The chosen cells and, in the notebook's order, what they use of the others; lines keep their numbers."""
    statements = [statement for cell in chosen for statement in cell.statements]
    bound = frozenset[str]().union(*(statement.binds for statement in statements))
    needed = frozenset[str]().union(*(statement.uses for statement in statements)) - bound
    helpers = [cell for cell in cells if cell.role and not any(cell is one for one in chosen)]
    taken: list[_Statement] = []
    while new := [
        statement
        for cell in helpers
        for statement in cell.statements
        if statement.binds & needed and not any(statement is known for known in taken)
    ]:
        taken += new
        needed |= frozenset[str]().union(*(statement.uses for statement in new)) - bound
    result = []
    for cell in cells:
        if any(cell is one for one in chosen):
            result.append(cell.source)
        elif lines := _lines_of(statement for statement in cell.statements if statement in taken):
            text = without_magics(cell.source).splitlines()
            result.append("\n".join(line if n in lines else "" for n, line in enumerate(text, 1)))
    return result


def _lines_of(statements: Iterator[_Statement]) -> Collection[int]:
    """The lines of some statements, decorators included."""
    lines: set[int] = set()
    for statement in statements:
        node = statement.node
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        lines.update(range(first, (node.end_lineno or node.lineno) + 1))
    return lines


def _all_tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _all_tables(child)


__all__ = ["SEVERAL", "LearnerProgram", "exercise_cells", "learner_program", "notes_in"]
