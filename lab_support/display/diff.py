"""What changed between two plans, property by property: as shipped and after the repair."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lab_support.display.html import breakable, escape, view
from lab_support.display.properties import properties, stack_outputs
from lab_support.display.resource import summary
from lab_support.display.view import View
from lab_support.plan.areas import by_service
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource

NOTHING: Final = "Nothing changed in the plan."
OUTPUTS: Final = "outputs of the stack"
_WHOLE: Final = 40  # lines of a document that is shown whole
_CONTEXT: Final = 3  # unchanged lines around the changed ones of a longer one
_ADDED, _CHANGED, _REMOVED = "added", "changed", "removed"
_SIGNS: Final = {_ADDED: "+", _CHANGED: "~", _REMOVED: "-"}


@dataclass(frozen=True)
class Change:
    """One line of a difference: `sign` is +, - or a space; `name` a property, or empty for a whole resource.

    `resource` is its kind and name, or says that the properties are the stack's outputs.

    `in_document` marks a line of a long value, such as a policy.
    """

    sign: str
    resource: str
    name: str = ""
    before: str = ""
    after: str = ""
    in_document: bool = False

    def __str__(self) -> str:
        if not self.name:
            return f"{self.sign} {self.resource}"
        value = self.before if self.sign == "-" else self.after
        return (
            f"{self.sign}     {value}" if self.in_document else f"{self.sign}   {self.name}: {value}".rstrip()
        )


@dataclass(frozen=True)
class Difference:
    """What happened to one resource, or to the stack's outputs (no resource): added, removed, or changed in these
    properties (None: absent)."""

    resource: Resource | None
    done: str
    properties: tuple[tuple[str, str | None, str | None], ...] = ()


def differences(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """The differences between two plans of one environment, in a reviewer's order, removals and outputs last."""
    old = {_key(resource): resource for resource in before}
    new = {_key(resource): resource for resource in after}
    found = []
    for resource in _ordered(after):
        if _key(resource) not in old:
            found.append(Difference(resource, _ADDED))
            continue
        changed = _changed(old[_key(resource)], resource, before, after)
        found += [Difference(resource, _CHANGED, changed)] if changed else []
    found += [Difference(resource, _REMOVED) for resource in _ordered(before) if _key(resource) not in new]
    exported = _unequal(stack_outputs(before), stack_outputs(after))
    return (*found, *([Difference(None, _CHANGED, exported)] if exported else []))


def changes(before: Plan, after: Plan) -> list[Change]:
    """The differences line by line."""
    return [line for difference in differences(before, after) for line in _lines(difference)]


def diff_text(before: Plan, after: Plan) -> str:
    """The differences in the notation of a diff; empty where there are none."""
    return "\n".join(str(change) for change in changes(before, after))


def diff_view(before: Plan, after: Plan) -> View:
    """The differences by resource, a card for each that changed; the text is diff_text() under a headline."""
    found = differences(before, after)
    if not found:
        return view(f"<p>{NOTHING}</p>", NOTHING)
    cards = "".join(map(_card, found))
    html = f'<section><h4>{_headline(found)}</h4><ul class="lab-list" role="list">{cards}</ul></section>'
    return view(html, f"{_headline(found)}\n\n{diff_text(before, after)}")


def _headline(found: tuple[Difference, ...]) -> str:
    counts = Counter(difference.done for difference in found if difference.resource is not None)
    parts = [f"{counts[done]} {done}" for done in _SIGNS if counts[done]]
    told = ", ".join(parts)
    if found[-1].resource is None:
        told = f"{told}, and the {OUTPUTS}" if told else f"the {OUTPUTS}"
    return f"What changed in the plan: {told}"


def _ordered(plan: Plan) -> Iterator[Resource]:
    for _, resources in by_service(plan):
        yield from resources


def _changed(
    old: Resource, new: Resource, before: Plan, after: Plan
) -> tuple[tuple[str, str | None, str | None], ...]:
    return _unequal(properties(old, before), properties(new, after))


def _unequal(
    left: Mapping[str, str], right: Mapping[str, str]
) -> tuple[tuple[str, str | None, str | None], ...]:
    return tuple(
        (name, left.get(name), right.get(name))
        for name in dict.fromkeys([*right, *left])
        if left.get(name) != right.get(name)
    )


def _key(resource: Resource) -> tuple[str, str]:
    return resource.type, resource.name


def _lines(difference: Difference) -> Iterator[Change]:
    resource = difference.resource
    label = f"{resource.kind}  {resource.name}" if resource is not None else OUTPUTS
    yield Change(" " if difference.done == _CHANGED else _SIGNS[difference.done], label)
    for name, before, after in difference.properties:
        if before is not None and after is not None and "\n" in before + after:
            yield Change(" ", label, name)
            for mark, line in _document(before, after):
                yield Change(mark, label, name, line, line, in_document=True)
            continue
        for mark, value in (("-", before), ("+", after)):
            if value is not None:
                lines = value.splitlines()
                head, inner = ("", lines) if len(lines) > 1 else (value, [])
                yield Change(mark, label, name, head, head)
                yield from (Change(mark, label, name, line, line, in_document=True) for line in inner)


def _document(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The changed lines of a document with their sign, and a few around them; `…` replaces the rest."""
    old, new = before.splitlines(), after.splitlines()
    around = _CONTEXT if len(old) > _WHOLE else _WHOLE
    compared = difflib.unified_diff(old, new, lineterm="", n=around)
    for number, line in enumerate(compared):
        if line.startswith("@@"):
            yield from [(" ", "…")] if number > 2 else []
        elif number > 1:
            yield line[0], line[1:]


def _card(difference: Difference) -> str:
    done = _SIGNS[difference.done], difference.done
    rows = "".join(_row(*changed) for changed in difference.properties)
    if difference.resource is None:
        title = f"<h5>{OUTPUTS.capitalize()}</h5>"
    elif difference.properties:
        title = summary(difference.resource, "h5", done)
    else:
        return f'<li class="lab-row">{summary(difference.resource, "div", done)}</li>'
    return f'<li class="lab-card">{title}<dl class="lab-values">{rows}</dl></li>'


def _row(name: str, before: str | None, after: str | None) -> str:
    term = f"<dt><code>{breakable(name)}</code></dt>"
    if before is not None and after is not None and "\n" in before + after:
        lines = "".join(_value(mark, line) for mark, line in _document(before, after))
        return f'{term}<dd class="lab-document">{lines}</dd>'
    sides = (("-", before, "before"), ("+", after, "after"))
    return f"{term}<dd>{''.join(_value(mark, value, word) for mark, value, word in sides if value is not None)}</dd>"


def _value(mark: str, text: str, word: str = "") -> str:
    """A value or a line with its sign (and a word); screen readers announce `del` and `ins`."""
    label = f' <span class="lab-dim lab-small">{word}</span>' if word else ""
    tag = {"-": "del", "+": "ins"}.get(mark, "span")
    return f'<{tag} class="lab-line"><code>{escape(mark)} {escape(text)}</code>{label}</{tag}>'
