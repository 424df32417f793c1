"""What each AWS resource and data source accepts and returns, as the installed SDK (`pulumi_aws`) says.

    database = resource_type("aws:rds/instance:Instance")
    database.inputs["multiAz"]                        # its Python name, its type, whether it is required
    python_names({"multiAz": True}, database.inputs)  # {"multi_az": True}

The engine speaks wire names (`multiAz`), a Python program Python names (`multi_az`). Both are read from
the SDK's source, because neither follows from the other (`from_` is `from`, IAM's `aws` is `AWS`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from lab_support.toolchain import sdk_source
from lab_support.toolchain.sdk_syntax import (
    Properties,
    Property,
    TypeRef,
    arguments_of,
    documentation_of,
    parsed,
    properties_of,
    secrets_of,
)

__all__ = [
    "FunctionType",
    "ObjectType",
    "Properties",
    "Property",
    "ResourceType",
    "TypeRef",
    "function_type",
    "object_documentation",
    "object_type",
    "python_names",
    "resource_tokens",
    "resource_type",
    "token_of",
    "wire_names",
]


@dataclass(frozen=True)
class ObjectType:
    """A nested type; `properties` by wire name. An enum has none."""

    name: str
    properties: Properties


@dataclass(frozen=True)
class ResourceType:
    """A resource type; inputs and outputs by wire name, secrets as sets of wire names.

    `module` is the one that a program names (`rds`, `lambda_`). `secret_inputs` are those that the SDK itself
    makes secret before it sends them. `id` and `urn` are not among the outputs: every resource has them.
    """

    token: str
    module: str
    class_name: str
    inputs: Properties
    outputs: Properties
    secret_inputs: frozenset[str]
    secret_outputs: frozenset[str]

    @cached_property
    def properties(self) -> Properties:
        """Inputs and outputs by wire name."""
        return {**self.inputs, **self.outputs}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The Python name of each property, by wire name."""
        return {property.name: property.python_name for property in self.properties.values()}


@dataclass(frozen=True)
class FunctionType:
    """A data source; inputs and outputs (the fields of its result) by wire name."""

    token: str
    inputs: Properties
    outputs: Properties


@cache
def resource_tokens() -> frozenset[str]:
    """The tokens of all resources that the SDK knows."""
    return frozenset(sdk_source.registered_resources())


def token_of(qualified_name: str) -> str | None:
    """The token of a class as a program names it (`aws.rds.Instance`, `rds.Instance`), or None.

    A class's full name (`pulumi_aws.rds.instance.Instance`) and a token's own module name (`lambda.Function`
    beside `lambda_.Function`) will do too.
    """
    *modules, class_name = qualified_name.split(".")
    if modules[:1] in (["aws"], ["pulumi_aws"]):
        del modules[0]
    return _tokens_by_name().get(f"{modules[0]}.{class_name}" if modules else class_name)


@cache
def _tokens_by_name() -> Mapping[str, str]:
    names = {}
    for token, resource in sdk_source.registered_resources().items():
        names[resource.qualified_name] = token
        names[f"{token.split(':')[1].partition('/')[0]}.{resource.class_name}"] = token
    return names


@cache
def resource_type(token: str) -> ResourceType | None:
    """The resource type of a token such as `aws:rds/instance:Instance`; None if the SDK has no such resource.

    Raises ModuleNotFoundError where the SDK is missing, LookupError where its source is not as expected.
    """
    resource = sdk_source.registered_resources().get(token)
    if resource is None:
        return None
    path = sdk_source.resource_file(resource)
    declared = sdk_source.class_in(path, resource.class_name)
    accepted = sdk_source.class_in(path, sdk_source.inputs_class_of(path))
    if declared is None or accepted is None:
        raise LookupError(f"{path} does not declare {resource.class_name} and its inputs")
    inputs = properties_of(accepted, resource.module)
    outputs = properties_of(declared, resource.module)
    wrapped, marked = secrets_of(declared)
    secret_inputs = frozenset(name for name, prop in inputs.items() if prop.python_name in wrapped)
    return ResourceType(
        token=token,
        module=resource.module,
        class_name=resource.class_name,
        inputs=inputs,
        outputs=outputs,
        secret_inputs=secret_inputs,
        secret_outputs=(secret_inputs | marked) & frozenset(outputs),
    )


@cache
def function_type(token: str) -> FunctionType | None:
    """The data source of a token such as `aws:index/getRegion:getRegion`; None if the SDK has none.

    Raises ModuleNotFoundError where the SDK is missing, LookupError where its source is not as expected.
    """
    found = sdk_source.function_file(token)
    if found is None:
        return None
    module, path = found
    # Not `get_region` but `get_region_output`: only its annotations tell required and optional inputs apart.
    source = sdk_source.function_in(path, f"{path.stem}_output")
    function = parsed(source).body[0] if source else None
    if not isinstance(function, ast.FunctionDef) or not isinstance(function.returns, ast.Subscript):
        raise LookupError(f"{path} does not declare {path.stem}_output")
    result = sdk_source.class_in(path, ast.unparse(function.returns.slice))
    if result is None:
        raise LookupError(f"{path} does not declare the result of {path.stem}_output")
    return FunctionType(token, arguments_of(function, module), properties_of(result, module))


@cache
def object_type(reference: str) -> ObjectType:
    """The nested type that a TypeRef's `object` names, such as `rds.outputs.InstanceMasterUserSecret`.

    Raises LookupError if the SDK has no such type.
    """
    module, declared = _declaration_of(reference)
    return ObjectType(reference, properties_of(declared, module))


@cache
def object_documentation(reference: str) -> Mapping[str, str]:
    """What the SDK says of each property of a nested type, by Python name. Raises LookupError as `object_type` does."""
    return documentation_of(_declaration_of(reference)[1])


def _declaration_of(reference: str) -> tuple[str, str]:
    """The module and the source of a nested type."""
    *modules, name = reference.split(".")
    is_output = modules[-1:] == ["outputs"]
    module = ".".join(modules[:-1] if is_output else modules)
    file = "outputs.py" if is_output else "_inputs.py" if name.endswith("Args") else "_enums.py"
    path = sdk_source.folder_of(module) / file
    declared = sdk_source.class_in(path, name) if path.is_file() else None
    if declared is None:
        raise LookupError(f"pulumi_aws has no type {reference}")
    return module, declared


def python_names(value: Any, properties: Properties) -> Any:
    """The values with Python names instead of wire names, as deep as their types go.

    Keys of free maps (tags, dimensions) and keys that the types don't know are left as they are.
    """
    if not isinstance(value, Mapping):
        return value
    return _renamed(value, properties, lambda property: property.python_name, python_names)


def wire_names(value: Any, properties: Properties) -> Any:
    """The values with wire names instead of Python names: the inverse of `python_names`."""
    if not isinstance(value, Mapping):
        return value
    by_python_name = {value.python_name: value for value in properties.values()}
    return _renamed(value, by_python_name, lambda property: property.name, wire_names)


Rename = Callable[[Any, Properties], Any]


def _renamed(
    values: Mapping[str, Any], known: Properties, new_name: Callable[[Property], str], rename: Rename
) -> dict[str, Any]:
    renamed = {}
    for key, value in values.items():
        if key in known:
            renamed[new_name(known[key])] = _renamed_inside(value, known[key].type, rename)
        else:
            renamed[key] = value
    return renamed


def _renamed_inside(value: Any, type_: TypeRef, rename: Rename) -> Any:
    if type_.kind == "object" and type_.object is not None and isinstance(value, Mapping):
        return rename(value, object_type(type_.object).properties)
    if type_.kind == "list" and type_.element is not None and isinstance(value, (list, tuple)):
        return [_renamed_inside(element, type_.element, rename) for element in value]
    if type_.kind == "map" and type_.element is not None and isinstance(value, Mapping):
        return {key: _renamed_inside(inner, type_.element, rename) for key, inner in value.items()}
    return value
