"""What is known of a type stands in one file of mock_aws/, and the mechanisms name no type."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import lab_support.mock_aws
from lab_support.mock_aws import services
from lab_support.plan.resource import kind_of
from lab_support.toolchain.sdk_types import resource_tokens

ROOM = Path(str(lab_support.mock_aws.__file__)).parent
# What a new account has is of several types; the table of force-new inputs is data.
SHARED = {"default_network.py"}
DATA = {"force_new.py"}


def texts_in(path: Path) -> Iterator[str]:
    """The strings of a file's code, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in statements:
            yield node.value


@cache
def types() -> Mapping[str, str]:
    """The type that a text names: as a program writes it, or as a token."""
    return {text: kind_of(token) for token in resource_tokens() for text in (token, kind_of(token))}


@cache
def files_by_type() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in ROOM.rglob("*.py"):
        for text in texts_in(path):
            if text in types() and path.name not in DATA:
                found[types()[text]].add(path.relative_to(ROOM).as_posix())
    return found


def test_no_mechanism_names_a_type() -> None:
    outside = {
        file: type
        for type, files in files_by_type().items()
        for file in files
        if not file.startswith("services/") and file not in SHARED
    }
    assert outside == {}


def test_no_type_is_named_in_three_files() -> None:
    assert {type: sorted(files) for type, files in files_by_type().items() if len(files) > 2} == {}


def test_a_type_has_its_entry_in_a_file_that_names_it() -> None:
    assert {type for type in services.specs() if not files_by_type()[type]} == set()


def test_most_types_are_named_in_one_file_only() -> None:
    named = [files for files in files_by_type().values() if files]
    assert sum(len(files) == 1 for files in named) / len(named) > 0.9


def test_most_files_are_short() -> None:
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in ROOM.glob("services/*.py")]
    assert sum(length <= 250 for length in lengths) / len(lengths) > 0.9
