"""Runs a module that only defines a component class as a program: it builds one component for one environment.

    class TapStack(pulumi.ComponentResource):
        def __init__(self, name, args, opts=None): ...

The constructor's arguments are found by name and type: the environment's suffix is the stack's name, an argument whose
type is a class of the program is built in the same way, and any other argument comes from the configuration or from
its default.
"""

from __future__ import annotations

import ast
import inspect
import re
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pulumi
from pulumi.runtime.settings import get_root_resource

from lab_support.plan.environment_names import names_environment
from lab_support.plan.values import python_name
from lab_support.program_code import parsed

_NAMES: Final = ("name", "resource_name", "component_name", "stack_name", "id", "construct_id")


class MissingArgument(TypeError):
    """A constructor requires an argument that is not known; the message says how to set it."""


def resources_made() -> list[str]:
    """The names of the resources that the running program makes from here on, as the list grows.

    Pulumi calls a transformation of the stack for every resource; outside of a run there is no stack.
    """
    made: list[str] = []
    if get_root_resource() is not None:
        pulumi.runtime.register_stack_transformation(lambda resource: made.append(resource.name))
    return made


def component_of(names: Mapping[str, Any], path: Path) -> type | None:
    """The outermost component class of a module: the last one that no other class of the module builds, or None."""
    own = {
        name: value
        for name, value in names.items()
        if isinstance(value, type)
        and issubclass(value, pulumi.ComponentResource)
        and value.__module__ == names["__name__"]
    }
    built = _built_inside(path)
    outermost = [value for name, value in own.items() if name not in built] or list(own.values())
    return outermost[-1] if outermost else None


def _built_inside(path: Path) -> set[str]:
    """The names that classes of a file call or inherit from."""
    tree = parsed(path)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)] if tree else []
    called = {
        node.func.id
        for class_ in classes
        for node in ast.walk(class_)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return called | {base.id for class_ in classes for base in class_.bases if isinstance(base, ast.Name)}


def build(component: type, stack: str, names: Mapping[str, Any]) -> Any:
    """Builds a component, or one of its arguments, for an environment. Raises MissingArgument."""
    try:
        hints = typing.get_type_hints(component.__init__, dict(names))  # type: ignore[misc]
    except Exception:  # the annotations cannot be resolved; names have to do
        hints = {}
    given = {}
    for parameter in inspect.signature(component).parameters.values():
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            given[parameter.name] = _argument(component, parameter, hints, stack, names)
    ordered = inspect.signature(component).bind_partial()
    ordered.arguments.update({name: value for name, value in given.items() if value is not inspect._empty})
    return component(*ordered.args, **ordered.kwargs)


def _argument(
    component: type,
    parameter: inspect.Parameter,
    hints: Mapping[str, Any],
    stack: str,
    names: Mapping[str, Any],
) -> Any:
    name, default = parameter.name, parameter.default
    types = _types(hints.get(name))
    configured = pulumi.Config().get(name)
    if names_environment(name):
        return configured or stack
    if configured is not None:
        return _converted(configured, types)
    own = next((type_ for type_ in types if type_.__module__ == names["__name__"] or _is_args(type_)), None)
    if own is not None:
        return build(own, stack, names)
    if default is not inspect.Parameter.empty:
        return default
    if name in _NAMES:
        return python_name(component.__name__).replace("_", "-")
    if name == "opts":
        return None
    if dict in types or name == "tags":
        return {}
    raise MissingArgument(
        f"{component.__name__} requires the argument {name!r}; set it with --config {name}=…"
    )


def _is_args(type_: type) -> bool:
    """Whether an imported class holds the arguments of a component."""
    package = type_.__module__.partition(".")[0]
    return bool(re.search(r"(Args|Config|Props|Settings)$", type_.__name__)) and not package.startswith(
        "pulumi"
    )


def _types(hint: Any) -> tuple[type, ...]:
    """The classes that an annotation allows."""
    members = typing.get_args(hint) if typing.get_origin(hint) in _UNIONS else (hint,)
    found = (typing.get_origin(member) or member for member in members)
    return tuple(member for member in found if isinstance(member, type) and member is not type(None))


def _converted(text: str, types: tuple[type, ...]) -> Any:
    if bool in types:
        return text.lower() in ("true", "1", "yes")
    number = next((type_ for type_ in types if type_ in (int, float)), None)
    return number(text) if number and str not in types else text


_UNIONS: Final = (typing.Union, type(int | str))
