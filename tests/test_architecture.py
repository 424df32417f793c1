"""docs/architecture.md describes the rooms that exist, and imports inside functions are few and give their reason."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.programs import ROOT

PACKAGE = ROOT / "lab_support"
NO_FLOOR = "–"
# The most imports inside functions that each room may have. Lower a number when one goes; do not raise it.
INSIDE_FUNCTIONS = {
    "__main__.py": 1,
    "checking": 5,
    "cli": 6,
    "course": 2,
    "display": 4,
    "engine": 1,
    "jupyter": 8,
    "reporting.py": 3,
    "review": 1,
    "toolchain": 1,
}
REASON = "start-up time"


def table() -> dict[str, str]:
    """The floor of each room in the page's table, by the name of the folder or file."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    _, found, section = page.partition("\n## The rooms\n")
    assert found, "docs/architecture.md has no section 'The rooms'"
    rows = re.findall(r"^\| *([^|]+?) *\| *(`[^|]+`) *\|", section.partition("\n## ")[0], re.MULTILINE)
    rooms = [(room.rstrip("/"), floor) for floor, cell in rows for room in re.findall("`([^`]+)`", cell)]
    assert len(rooms) == len(dict(rooms)), "a room is listed twice"
    return dict(rooms)


def layers() -> list[list[str]]:
    """The rooms of each layer of the import-linter contract, the lowest layer first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        contract for contract in settings["tool"]["importlinter"]["contracts"] if contract["type"] == "layers"
    )
    return [re.split(r" *[|:] *", layer) for layer in reversed(contract["layers"])]


def test_the_table_of_rooms_lists_exactly_the_folders_and_files_of_the_package() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    files = {path.name for path in PACKAGE.glob("*.py")}
    assert table().keys() == folders | files


def test_every_place_to_look_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = page.partition("\n## Where to look\n")[2].partition("\n## ")[0]
    named = {path for path in re.findall(r"`([\w./]+(?:\.py|/))`", section) if "NN_" not in path}
    assert "checking/verdict.py" in named
    assert {path for path in named if not (PACKAGE / path).exists() and not (ROOT / path).exists()} == set()


def test_the_floors_in_the_table_are_the_layers_of_the_import_contract() -> None:
    floors = {name.removesuffix(".py"): floor for name, floor in table().items() if floor != NO_FLOOR}
    expected = {room: str(number) for number, layer in enumerate(layers(), start=1) for room in layer}
    assert floors == {**expected, "__main__": str(len(layers()))}


def room_of(path: Path) -> str:
    """The folder or top file of the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0]


def imports_in_functions(source: str) -> Iterator[tuple[int, str]]:
    """The line of each import inside a function, and the comment with its reason: beside it, or above its group."""
    lines = source.splitlines()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = {
        node.lineno: node.end_lineno or node.lineno
        for function in ast.walk(ast.parse(source))
        if isinstance(function, functions)
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    ends = {end: first for first, end in inside.items()}
    for first, end in sorted(inside.items()):
        beside = " ".join(lines[first - 1 : end])
        above = first - 1
        while above in ends:  # the line above is the end of another import of the same group
            above = ends[above] - 1
        comment = lines[above - 1].strip()
        yield first, f"{beside.partition('#')[2]} {comment if comment.startswith('#') else ''}"


FILES = sorted(PACKAGE.rglob("*.py"))


def test_an_import_inside_a_function_is_found_with_its_reason() -> None:
    source = (
        "import a\n\ndef f():\n    import b  # start-up time: slow\n    x = 1\n    # start-up time: slow, too\n"
        "    import c\n    from d import (\n        e,\n    )\n    y = 2\n    import g\n"
    )
    found = list(imports_in_functions(source))
    assert [line for line, _ in found] == [4, 7, 8, 12]
    assert [REASON in reason for _, reason in found] == [True, True, True, False]


def test_every_import_inside_a_function_says_what_it_saves() -> None:
    without = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        for line, reason in imports_in_functions(path.read_text(encoding="utf-8"))
        if REASON not in reason
    ]
    assert not without, f"move to the top of the file, or give the reason (# {REASON}: …): {without}"


def test_imports_inside_functions_do_not_multiply() -> None:
    found = Counter(
        room_of(path) for path in FILES for _ in imports_in_functions(path.read_text(encoding="utf-8"))
    )
    assert {room: count for room, count in found.items() if count > INSIDE_FUNCTIONS.get(room, 0)} == {}
