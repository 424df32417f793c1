"""What changed between two plans, property by property: the plan as shipped, and the plan after the repair."""

from __future__ import annotations

from dataclasses import dataclass

from lab_support.display.properties import properties
from lab_support.plan import Plan, Resource


@dataclass(frozen=True)
class Change:
    """One line of a difference: `sign` is +, - or ~; `name` a property, or empty for a whole resource."""

    sign: str
    resource: str
    name: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if not self.name:
            return f"{self.sign} {self.resource}"
        return f"{self.sign}   {self.name}: {self.before if self.sign == '-' else self.after}"


def changes(before: Plan, after: Plan) -> list[Change]:
    """The differences between two plans of the same environment, in the order of the second."""
    old = {_key(resource): resource for resource in before}
    new = {_key(resource): resource for resource in after}
    found: list[Change] = []
    for key, resource in new.items():
        if key not in old:
            found.append(Change("+", _label(resource)))
            continue
        found += _changed(old[key], resource, before, after)
    found += [Change("-", _label(resource)) for key, resource in old.items() if key not in new]
    return found


def diff_text(before: Plan, after: Plan) -> str:
    """The differences in the notation of a diff; empty where there are none."""
    return "\n".join(str(change) for change in changes(before, after))


def _changed(old: Resource, new: Resource, before: Plan, after: Plan) -> list[Change]:
    left, right = properties(old, before), properties(new, after)
    lines: list[Change] = []
    for name in dict.fromkeys([*right, *left]):
        if left.get(name) == right.get(name):
            continue
        if name in left:
            lines.append(Change("-", _label(new), name, before=left[name]))
        if name in right:
            lines.append(Change("+", _label(new), name, after=right[name]))
    return [Change(" ", _label(new)), *lines] if lines else []


def _key(resource: Resource) -> tuple[str, str]:
    return resource.type, resource.name


def _label(resource: Resource) -> str:
    return f"{resource.kind}  {resource.name}"
