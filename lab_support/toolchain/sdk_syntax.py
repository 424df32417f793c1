"""What a class or function of the SDK says about properties, read from its source.

The SDK is generated code of one shape. A property is a getter, and its annotation says the type:

    @pulumi.getter(name="multiAz")
    def multi_az(self) -> pulumi.Input[Optional[_builtins.bool]]:

Of a class, only these lines are looked at: the syntax tree of one with a hundred properties takes 50 ms.
"""

from __future__ import annotations

import ast
import inspect
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

# A getter's decorator, whatever is between, its name and its annotation.
_GETTER: Final = re.compile(
    r'^    @pulumi\.getter(?:\(name="(\w+)"\))?\n(?:(?!    def ).*\n)*    def (\w+)\(self\) -> (.+):$',
    re.MULTILINE,
)
_DOCUMENTED: Final = re.compile(
    r'^    def (\w+)\(self\) -> .+:\n {8}"""((?:[^"]|"(?!""))*)"""$', re.MULTILINE
)
_SECRET_INPUT: Final = re.compile(r'__props__\.__dict__\["(\w+)"\] = .*\.secret\b')
_SECRET_OUTPUTS: Final = re.compile(r"\badditional_secret_outputs=(\[[^\]]*\])")
_ONE_TREE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True)
class TypeRef:
    """The type of a property.

    `kind` is string, boolean, integer, number, any, asset (or archive), archive, list, map, object or enum.
    `element` is the type in a list or a map. `object` names the type of an object or an enum, as a program
    would after `aws.` (`rds.InstanceBlueGreenUpdateArgs`, `rds.outputs.InstanceBlueGreenUpdate`).

    A string with an `object` or an `element` may be given as that, too: an IAM policy is a string of JSON or
    an `iam.PolicyDocumentArgs`, an IAM action a string or a list of them.
    """

    kind: str
    element: TypeRef | None = None
    object: str | None = None


@dataclass(frozen=True)
class Property:
    """One property: `name` is its wire name, `python_name` what a program writes.

    `required` says of an input that the program must give it, of an output that it always has a value.
    """

    name: str
    python_name: str
    type: TypeRef
    required: bool


Properties = Mapping[str, Property]

_WRAPPERS: Final = frozenset({"Input", "Output", "Optional"})
_PLAIN_KINDS: Final = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "Any": "any",
    "Asset": "asset",
    "Archive": "archive",
}


def properties_of(declared: str, module: str) -> Properties:
    """The properties of a class by wire name: its getters. `module` is the one that holds the class (`rds`)."""
    properties = {}
    for wire_name, name, annotation in _GETTER.findall(declared):
        type_, layers = _read(annotation, module)
        properties[wire_name or name] = Property(wire_name or name, name, type_, required=layers == 0)
    return MappingProxyType(properties)


def documentation_of(declared: str) -> Mapping[str, str]:
    """What a class says of each of its properties, by Python name; nothing of one without documentation."""
    documents = dict(_DOCUMENTED.findall(declared))
    return MappingProxyType(
        {name: inspect.cleandoc(_text_of(document)) for name, document in documents.items()}
    )


def arguments_of(function: ast.FunctionDef, module: str) -> Properties:
    """The arguments of a data source's `get_..._output` function by wire name.

    All of them default to None, even the required ones; what is optional is `Optional` twice.
    """
    annotations = {
        argument.arg: argument.annotation for argument in (*function.args.args, *function.args.kwonlyargs)
    }
    properties = {}
    for wire_name, value in _assigned_items(function, "__args__"):
        annotation = annotations.get(value.id) if isinstance(value, ast.Name) else None
        if annotation is not None and isinstance(value, ast.Name):
            properties[wire_name] = Property(
                name=wire_name,
                python_name=value.id,
                type=type_of(annotation, module),
                required=_optional_layers(annotation) < 2,
            )
    return MappingProxyType(properties)


def secrets_of(resource: str) -> tuple[frozenset[str], frozenset[str]]:
    """The Python names of inputs that the resource's class makes secret; the wire names of secret outputs."""
    begins = resource.find("\n    def _internal_init(")
    ends = resource.find("\n    @", begins)
    body = resource[begins : ends if ends >= 0 else len(resource)] if begins >= 0 else ""
    marked = _SECRET_OUTPUTS.search(body)
    outputs = ast.literal_eval(marked[1]) if marked else ()
    return frozenset(_SECRET_INPUT.findall(body)), frozenset(outputs)


@lru_cache(maxsize=4096)  # a few dozen annotations make up most of the SDK
def _read(annotation: str, module: str) -> tuple[TypeRef, int]:
    """The type that an annotation names, and how often it is optional."""
    expression = parsed(annotation, "eval").body
    return type_of(expression, module), _optional_layers(expression)


def _text_of(literal: str) -> str:
    return str(ast.literal_eval(parsed(f'"""{literal}"""', "eval"))) if "\\" in literal else literal


def parsed(source: str, mode: str = "exec") -> Any:
    """The syntax tree of a piece of source."""
    # Python 3.11 counts the depth of all trees that are being built together (python/cpython#106905). The lock keeps
    # ours apart; a traceback that the garbage collector has logged in between builds one, too, and then a second try
    # succeeds.
    with _ONE_TREE_AT_A_TIME:
        try:
            return ast.parse(source, mode=mode)
        except SystemError:
            return ast.parse(source, mode=mode)


def type_of(annotation: ast.expr, module: str) -> TypeRef:
    """The type that an annotation in this module names; `any` where it is of no known form."""
    match annotation:
        case ast.Constant(value=str(name)):
            return _named(name, module)
        case ast.Subscript(value=head, slice=inside):
            return _generic(_last_name(head), inside, module)
        case _:
            return TypeRef(_PLAIN_KINDS.get(_last_name(annotation), "any"))


def _generic(head: str, inside: ast.expr, module: str) -> TypeRef:
    if head in _WRAPPERS:
        return type_of(inside, module)
    if head == "Sequence":
        return TypeRef("list", element=type_of(inside, module))
    if head == "Mapping" and isinstance(inside, ast.Tuple):
        return TypeRef("map", element=type_of(inside.elts[1], module))
    if head == "Union" and isinstance(inside, ast.Tuple):
        return _one_of([type_of(part, module) for part in inside.elts])
    return TypeRef("any")


def _one_of(alternatives: list[TypeRef]) -> TypeRef:
    # An object is followed by its other spellings (its TypedDict, its output type), so the first one counts.
    first = alternatives[0]
    others = [alternative for alternative in alternatives[1:] if alternative.kind in ("object", "list")]
    if first.kind == "string" and others:
        return TypeRef("string", element=others[0].element, object=others[0].object)
    return first


def _named(name: str, module: str) -> TypeRef:
    """The type that a name in quotes refers to: `XArgs`, `outputs.X`, `_iam.PolicyStatementArgs`, an enum."""
    *qualifiers, last = name.split(".")
    is_output = qualifiers[-1:] == ["outputs"]
    if is_output:
        del qualifiers[-1]
    # Modules are imported under a private name (`_iam`) or their own (`iam`).
    home = qualifiers[0].removeprefix("_") if qualifiers else module
    kind = "object" if is_output or last.endswith("Args") else "enum"
    return TypeRef(
        kind, object=".".join(part for part in (home, "outputs" if is_output else "", last) if part)
    )


def _optional_layers(annotation: ast.expr) -> int:
    """How many `Optional` surround the type proper; `Input` and `Output` may come between."""
    layers = 0
    while isinstance(annotation, ast.Subscript) and _last_name(annotation.value) in _WRAPPERS:
        layers += _last_name(annotation.value) == "Optional"
        annotation = annotation.slice
    return layers


def _assigned_items(function: ast.FunctionDef, target: str) -> Iterator[tuple[str, ast.expr]]:
    """Key and value of every `target["key"] = value` in the function."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(
                targets=[ast.Subscript(value=place, slice=ast.Constant(value=str(key)))], value=value
            ) if ast.unparse(place) == target:
                yield key, value


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
