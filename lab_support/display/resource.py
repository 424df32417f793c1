"""Draws a resource: what is done to it, what the program gave and what AWS adds, property by property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from lab_support.display.html import breakable, escape, view
from lab_support.display.properties import Properties, properties_of
from lab_support.display.view import View
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

# What the engine would do: the sign that `pulumi preview` uses, and a word.
OPERATIONS: Final[Mapping[str, tuple[str, str]]] = {
    "create": ("+", "create"),
    "update": ("~", "update"),
    "replace": ("±", "replace"),
    "create-replacement": ("±", "replace"),
    "delete-replaced": ("±", "replace"),
    "delete": ("-", "delete"),
    "read": (">", "read"),
    "import": ("=", "import"),
    "same": ("·", "unchanged"),
}
_GIVEN, _ADDED = "Inputs", "What AWS adds"


def resources_view(resources: tuple[Resource, ...]) -> View:
    """Resources without their plan, each with all its properties; references by the names in their URNs."""
    html = "".join(
        f'<section class="lab-card">{summary(resource, "h4")}{properties_html(properties_of(resource))}</section>'
        for resource in resources
    )
    return view(html, "\n\n".join("\n".join(resource_lines(resource, None)) for resource in resources))


def operation(op: str) -> tuple[str, str]:
    """The sign and the word for what is done to a resource."""
    return OPERATIONS.get(op, ("?", op))


def summary(resource: Resource, tag: str = "span", done: tuple[str, str] | None = None) -> str:
    """One line: what is done (as the resource says, or `done`), the name, the type."""
    sign, word = done or operation(resource.op)
    return (
        f'<{tag} class="lab-resource lab-op-{escape(word)}"><span class="lab-op"><code>{escape(sign)}</code> '
        f"{escape(word)}</span> <b>{escape(resource.name)}</b> <code>{escape(resource.kind)}</code></{tag}>"
    )


def properties_html(properties: Properties) -> str:
    """The properties as lists of names and values, the program's own first."""
    parts = [
        f'<p class="lab-label">{heading}</p>{values_html(values)}'
        for heading, values in ((_GIVEN, properties.given), (_ADDED, properties.added))
        if values
    ]
    return "".join(parts) or '<p class="lab-dim">No properties.</p>'


def values_html(values: Mapping[str, str]) -> str:
    """Names and values as a description list."""
    rows = "".join(
        f"<dt><code>{breakable(name)}</code></dt><dd><code>{escape(value)}</code></dd>"
        for name, value in values.items()
    )
    return f'<dl class="lab-values">{rows}</dl>'


def headline_of(resource: Resource) -> str:
    """A resource in one line of text: what is done, the type and the name."""
    sign, word = operation(resource.op)
    return f"{sign} {word} {resource.kind}  {resource.name}"


def resource_lines(resource: Resource, plan: Plan | None) -> Iterator[str]:
    """A resource as lines of text."""
    yield headline_of(resource)
    for heading, values in zip((_GIVEN, _ADDED), properties_of(resource, plan), strict=True):
        if values:
            yield f"    {heading}:"
            yield from values_lines(values, "      ")


def values_lines(values: Mapping[str, str], indent: str) -> Iterator[str]:
    """Names and values as text; a document gets lines of its own."""
    for name, value in values.items():
        first, *rest = value.splitlines() or [""]
        if rest:
            yield f"{indent}{name}:"
            yield from (f"{indent}  {line}" for line in (first, *rest))
        else:
            yield f"{indent}{name}: {first}"
