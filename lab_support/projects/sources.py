"""Reads a program's source without running it: its region, and the configuration that it reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab_support.program_code import parsed, unparsed

_REGION: Final = (
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?-"
    r"(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d"
)
_ZONE: Final = re.compile(rf"\b({_REGION})[a-f]\b")
_WHOLE_REGION: Final = re.compile(_REGION)


def region_in(folder: Path, main: Path) -> tuple[str, str] | None:
    """The only region whose zones the program mentions, or the only one that it mentions at all; and where.

    None if there is no such region, or several.
    """
    texts = [
        (file, node.value)
        for file, tree in _trees(folder, main)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    for pattern in (_ZONE, _WHOLE_REGION):
        found: dict[str, str] = {}
        for file, text in texts:
            for region in _regions(pattern, text):
                found.setdefault(region, f"{text!r} in {file.name}" if len(text) < 40 else file.name)
        if len(found) == 1:
            return next(iter(found.items()))
        if found:
            return None
    return None


def mentions_aws(folder: Path, main: Path) -> bool:
    """Whether the program's own source imports a package for AWS."""
    modules = {
        name.partition(".")[0]
        for _, tree in _trees(folder, main)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    return any(name.startswith("pulumi_aws") for name in modules)


def _regions(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    if pattern is _ZONE:
        yield from (match[1] for match in _ZONE.finditer(text))
    elif pattern.fullmatch(text):
        yield text


def said_in(folder: Path, main: Path) -> dict[str, tuple[str, ...]]:
    """What a program says of things that it looks up: texts that it compares an attribute with, by attribute (`name`),
    and the keys that it reads of one (`tags[]`)."""
    found: dict[str, dict[str, None]] = {}
    for _, tree in _trees(folder, main):
        for node in ast.walk(tree):
            for name, text in _said(node):
                found.setdefault(name, {})[text] = None
    return {name: tuple(texts) for name, texts in found.items()}


def _said(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        sides = (node.left, node.comparators[0])
        for attribute, text in (sides, sides[::-1]):
            name = attribute.attr if isinstance(attribute, ast.Attribute) else _key(attribute)
            if name and isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield name, text.value
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and _key(node):
        yield f"{node.value.attr}[]", _key(node)


def _key(node: ast.expr) -> str:
    """`b` of `a["b"]`; empty for other expressions."""
    key = node.slice if isinstance(node, ast.Subscript) else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def required_keys(folder: Path, main: Path, name: str) -> tuple[str, ...]:
    """The full keys for which the program calls `config.require(...)` or one of its variants."""
    keys = []
    for _, tree in _trees(folder, main):
        spaces = _namespaces(tree)
        for node in ast.walk(tree):
            found = _config_call(node)
            if found and isinstance(node, ast.Call) and ".require" in unparsed(node.func):
                owner, key = found
                keys.append(f"{_namespace(owner) or spaces.get(unparsed(owner)) or name}:{key}")
    return tuple(dict.fromkeys(keys))


def kinds_read(folder: Path, main: Path, name: str) -> dict[str, str]:
    """As what the program reads configuration, by full key: `object`, `int`, `float` or `bool`, where it is no text."""
    kinds = {}
    for _, tree in _trees(folder, main):
        spaces = _namespaces(tree)
        for node in ast.walk(tree):
            found = _config_call(node)
            if found and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                kind = node.func.attr.rpartition("_")[2]
                if kind in ("object", "int", "float", "bool"):
                    owner, key = found
                    kinds[f"{_namespace(owner) or spaces.get(unparsed(owner)) or name}:{key}"] = kind
    return kinds


@dataclass(frozen=True)
class ConfigReads:
    """What a program reads: configuration by full key, environment variables, and default texts for configuration."""

    keys: tuple[str, ...]
    variables: tuple[str, ...]
    defaults: frozenset[str]


def config_reads(folder: Path, main: Path, name: str) -> ConfigReads:
    """What the program's source reads with `config.get(...)`, `config.require(...)` and `os.environ`."""
    keys, variables, defaults = [], [], set()
    for _, tree in _trees(folder, main):
        spaces = _namespaces(tree)
        for node in ast.walk(tree):
            if variable := _variable(node):
                variables.append(variable)
            elif (found := _config_call(node)) is not None:
                owner, key = found
                keys.append(f"{_namespace(owner) or spaces.get(unparsed(owner)) or name}:{key}")
            defaults |= _default_texts(node)
    return ConfigReads(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(variables)), frozenset(defaults))


def _config_call(node: ast.AST) -> tuple[ast.expr, str] | None:
    """The object and the key of a call such as `config.get("key")`, or None."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    key = node.args[0]
    if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
        return None
    return (node.func.value, key.value) if re.match(r"get(_|$)|require", node.func.attr) else None


def _variable(node: ast.AST) -> str:
    """The environment variable that an expression reads: `os.getenv("X")`, `os.environ.get("X")`, `os.environ["X"]`."""
    if isinstance(node, ast.Call) and node.args:
        function, key = node.func, node.args[0]
        reads = _last_name(function) == "getenv" or (
            isinstance(function, ast.Attribute)
            and function.attr == "get"
            and _last_name(function.value) == "environ"
        )
    elif isinstance(node, ast.Subscript):
        reads, key = _last_name(node.value) == "environ", node.slice
    else:
        return ""
    return key.value if reads and isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _last_name(node: ast.expr) -> str:
    """`c` of `a.b.c` and of `c`; empty for other expressions."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _default_texts(node: ast.AST) -> set[str]:
    """The default texts in `config.get("key") or "text"` and `config.get("key", "text")`."""
    values: list[ast.expr] = []
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) and _config_call(node.values[0]):
        values = node.values[1:]
    elif _config_call(node) and isinstance(node, ast.Call):
        values = [*node.args[1:], *(keyword.value for keyword in node.keywords)]
    constants = [value.value for value in values if isinstance(value, ast.Constant)]
    return {text for text in constants if isinstance(text, str)}


def _namespaces(tree: ast.Module) -> dict[str, str]:
    """The namespaces of variables to which a `pulumi.Config("namespace")` is assigned."""
    return {
        unparsed(node.targets[0]): space
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and (space := _namespace(node.value))
    }


def _namespace(node: ast.expr) -> str:
    """`aws` for `pulumi.Config("aws")`, otherwise an empty string."""
    if isinstance(node, ast.Call) and unparsed(node.func) in ("Config", "pulumi.Config") and node.args:
        space = node.args[0]
        return space.value if isinstance(space, ast.Constant) and isinstance(space.value, str) else ""
    return ""


def _trees(folder: Path, main: Path) -> Iterator[tuple[Path, ast.Module]]:
    """The syntax trees of the program: its main file, and the files in its folder that this imports."""
    found: dict[Path, ast.Module] = {}
    waiting = [main]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        if (tree := parsed(file)) is not None:  # else running the program reports the error
            found[file] = tree
            waiting += (path for path in _imported(tree, file, folder) if path.is_file())
    yield from sorted(found.items())


def _imported(tree: ast.Module, file: Path, folder: Path) -> Iterator[Path]:
    """The files that the imports of a file may mean, if they are in its program's folder."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _files_of(folder, alias.name)
        elif isinstance(node, ast.ImportFrom):
            place = file.parents[node.level - 1] if node.level else folder
            for alias in node.names:
                yield from _files_of(place, ".".join(filter(None, (node.module, alias.name))))


def _files_of(place: Path, module: str) -> Iterator[Path]:
    """The files that `import a.b` runs: `a/__init__.py` and `a/b.py`, `a/b/__init__.py` or `a.py`."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        path = place.joinpath(*parts[:count])
        yield path / "__init__.py"
        yield path.with_suffix(".py")
