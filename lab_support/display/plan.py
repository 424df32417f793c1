"""Draws a plan: what would exist, by service, in a reviewer's order, with long lists folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lab_support.display.html import escape, view
from lab_support.display.properties import default_tags, place_words, properties_of, stack_outputs
from lab_support.display.resource import (
    headline_of,
    operation,
    properties_html,
    resource_lines,
    summary,
    values_html,
    values_lines,
)
from lab_support.display.view import View
from lab_support.plan.areas import area_of, by_service
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.reporting import counted

FOLDED_ABOVE: Final = 8  # resources of one service


def plans_view(plans: tuple[Plan, ...]) -> View:
    """One or more plans, one below the other: resources by service, with their properties, secrets masked."""
    return view("".join(map(_html, plans)), "\n\n".join(map(_text, plans)))


def plan_view(plan: Plan) -> View:
    """One plan."""
    return plans_view((plan,))


def headline(plan: Plan) -> str:
    """What would be done in which environment."""
    return f"Environment {plan.stack}: {_done(plan)}"


def _done(plan: Plan) -> str:
    counts = Counter(operation(resource.op)[1] for resource in plan)
    if not counts:
        return "nothing to do"
    unchanged = counts.pop("unchanged", 0)
    parts = [f"{number} to {word}" for word, number in sorted(counts.items())]
    return ", ".join([*parts, *([f"{unchanged} unchanged"] if unchanged else [])])


def _place(plan: Plan) -> str:
    return f"account {plan.account}, {plan.region}"


def _census(resources: list[Resource]) -> str:
    """Resources counted by type, most frequent first: `6 Subnet, 6 RouteTable, 1 Vpc`."""
    counts = Counter(resource.kind.rpartition(".")[2] for resource in resources)
    return ", ".join(
        f"{number} {kind}" for kind, number in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _group_title(resources: list[Resource]) -> str:
    count = len(resources)
    title = counted(count, "resource")
    return f"{title}: {_census(resources)}" if count > FOLDED_ABOVE else title


def plan_summary(plan: Plan) -> str:
    """A plan in one line for each resource: what is done, type and name, and region or provider if it has its own."""
    return "\n".join(_lines(plan, is_full=False))


def _text(plan: Plan) -> str:
    return "\n".join(_lines(plan))


def _lines(plan: Plan, is_full: bool = True) -> Iterator[str]:
    yield f"{headline(plan)} ({_place(plan)})"
    for service, resources in by_service(plan):
        yield ""
        yield f"{service} ({area_of(service)}), {_group_title(resources)}"
        for resource in resources:
            lines = resource_lines(resource, plan) if is_full else [_one_line(resource, plan)]
            yield from (f"  {line}" for line in lines)
    if plan.outputs:
        yield from ("", "outputs of the stack", *values_lines(stack_outputs(plan), "  "))


def _one_line(resource: Resource, plan: Plan) -> str:
    words = place_words(resource, plan)
    if tags := default_tags(resource):
        words["default tags"] = tags
    place = ", ".join(f"{name}: {value}" for name, value in words.items())
    return f"{headline_of(resource)}  ({place})" if place else headline_of(resource)


def _html(plan: Plan) -> str:
    groups = "".join(_group(service, resources, plan) for service, resources in by_service(plan))
    outputs = _fold("outputs", "of the stack", values_html(stack_outputs(plan))) if plan.outputs else ""
    return (
        f'<section class="lab-plan"><div class="lab-head"><h4 class="lab-title">{escape(headline(plan))}</h4>'
        f'<span class="lab-dim">{escape(_place(plan))}</span></div>{groups}{outputs}</section>'
    )


def _group(service: str, resources: list[Resource], plan: Plan) -> str:
    inner = "".join(_resource(resource, plan) for resource in resources)
    about = f"{area_of(service)} · {_group_title(resources)}"
    return _fold(service, about, inner, is_open=len(resources) <= FOLDED_ABOVE)


def _fold(title: str, about: str, inner: str, is_open: bool = True) -> str:
    return (
        f'<details class="lab-group"{" open" if is_open else ""}><summary><span class="lab-service">{escape(title)}'
        f'</span> <span class="lab-dim">{escape(about)}</span></summary><div>{inner}</div></details>'
    )


def _resource(resource: Resource, plan: Plan) -> str:
    return (
        f"<details><summary>{summary(resource)}</summary>"
        f'<div class="lab-inside">{properties_html(properties_of(resource, plan))}</div></details>'
    )
