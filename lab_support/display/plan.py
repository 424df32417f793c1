"""A plan to look at: what would exist, grouped by service, the longest lists folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from typing import Any

from lab_support.display import View
from lab_support.plan import SECRET_MARK, UNKNOWN, Plan, Resource

# What a reviewer learns nothing from, because it follows from the rest.
_DULL = frozenset({"tags_all", "region", "id", "arn", "owner_id"})
_STYLE = """<style>
.lab-plan { font-size: 0.95em; line-height: 1.45; color: var(--jp-ui-font-color1, #222); }
.lab-plan p, .lab-plan h4 { padding: 0 4px; }
.lab-plan summary { cursor: pointer; padding: 2px 4px; }
.lab-plan.lab-plan table { border-collapse: collapse; margin: 2px 0 8px 1.4em; table-layout: auto; font-size: 1em; }
.lab-plan.lab-plan tr, .lab-plan.lab-plan tr:hover { background: none; }
.lab-plan.lab-plan td { padding: 1px 12px 1px 0; text-align: left; vertical-align: top; background: none;
  max-width: none; white-space: normal; }
.lab-plan code { background: none; padding: 0; word-break: break-word; }
.lab-plan h4 { margin: 10px 0 2px; font-size: 1em; font-weight: 600; }
</style>"""
_SIGNS = {"create": "+", "update": "~", "replace": "±", "delete": "-", "read": ">", "same": " "}


def plans_view(plans: tuple[Plan, ...]) -> View:
    """Several plans, one below the other."""
    views = [plan_view(plan) for plan in plans]
    return View("".join(view.html for view in views), "\n\n".join(view.text for view in views))


def plan_view(plan: Plan) -> View:
    """The resources of a plan by service, each with its properties, secrets masked."""
    return View(_html(plan), _text(plan))


def headline(plan: Plan) -> str:
    """One sentence: how many resources, where."""
    counts: dict[str, int] = {}
    for resource in plan:
        counts[resource.op] = counts.get(resource.op, 0) + 1
    done = ", ".join(f"{number} to {op}" for op, number in counts.items()) or "nothing to do"
    return f"Environment {plan.stack}, account {plan.account}, {plan.region}: {done}"


def _services(plan: Plan) -> Iterable[tuple[str, list[Resource]]]:
    def service(resource: Resource) -> str:
        return resource.kind.partition(".")[0]

    ordered = sorted(plan, key=service)
    return [(name, list(group)) for name, group in groupby(ordered, key=service)]


def properties(resource: Resource, plan: Plan) -> dict[str, str]:
    """What is worth reading of a resource: property by property, references by the name of what they mean."""
    inputs, outputs = resource.shown()
    given = {name: outputs.get(name, value) for name, value in inputs.items()}
    rest = {name: value for name, value in outputs.items() if name not in given}
    chosen = {**given, **rest}
    return {
        name: value_text(value, resource, plan)
        for name, value in chosen.items()
        if name not in _DULL and value not in (None, {}, [])
    }


def value_text(value: Any, resource: Resource, plan: Plan) -> str:
    """A value in one line; the id or ARN of another resource of the plan becomes its name."""
    if value is UNKNOWN or value == SECRET_MARK:
        return str(value)
    if isinstance(value, str):
        holder = plan.holder_of(value) if len(value) > 12 else None
        if holder is not None and holder is not resource and value != holder.name:
            return f"→ {holder.name}"
        return value if len(value) <= 160 else f"{value[:157]}..."
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={value_text(each, resource, plan)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(value_text(each, resource, plan) for each in value)
    return str(value)


def _text(plan: Plan) -> str:
    lines = [headline(plan)]
    for service, resources in _services(plan):
        lines += ["", service]
        for resource in resources:
            lines.append(f"  {_SIGNS.get(resource.op, resource.op)} {resource.kind}  {resource.name}")
            lines += [f"      {name}: {text}" for name, text in properties(resource, plan).items()]
    if plan.outputs:
        lines += ["", "outputs", *(f"  {name}: {text}" for name, text in _outputs(plan).items())]
    return "\n".join(lines)


def _html(plan: Plan) -> str:
    parts = [_STYLE, '<div class="lab-plan">', f"<p>{escape(headline(plan))}</p>"]
    for service, resources in _services(plan):
        parts.append(f"<h4>{escape(service)}</h4>")
        for resource in resources:
            sign = escape(_SIGNS.get(resource.op, resource.op))
            head = f"<code>{sign} {escape(resource.kind)}</code> <b>{escape(resource.name)}</b>"
            rows = _rows(properties(resource, plan))
            parts.append(f"<details><summary>{head}</summary><table>{rows}</table></details>")
    if plan.outputs:
        parts.append(f"<h4>outputs</h4><table>{_rows(_outputs(plan))}</table>")
    return "".join([*parts, "</div>"])


def _outputs(plan: Plan) -> dict[str, str]:
    return {
        name: str(SECRET_MARK if name in plan.output_secrets else value)
        for name, value in plan.outputs.items()
    }


def _rows(values: Mapping[str, str]) -> str:
    return "".join(
        f"<tr><td>{escape(n)}</td><td><code>{escape(v)}</code></td></tr>" for n, v in values.items()
    )
