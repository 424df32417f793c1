"""The intruder drill drawn: for each role, a row for each place that it reaches and a column for each access level.

A cell counts the actions: those that the work needs, and those beyond. Below the table stand the worst ones by name.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html import escape

from lab_support.display import View
from lab_support.drills.harm import in_words, places, worst
from lab_support.drills.intruder import Grant, Intruder, RoleReach, Where
from lab_support.iam.universe import LEVELS

# JupyterLab styles every table in an output; the doubled class is what makes these rules stronger.
_STYLE = """<style>
.lab-intruder { margin: 4px 0 12px; color: var(--jp-ui-font-color1, #222); }
.lab-intruder.lab-intruder table { border-collapse: separate; border-spacing: 4px; table-layout: auto; margin: 0;
  font-size: 0.95em; }
.lab-intruder.lab-intruder caption { text-align: left; padding: 2px 4px; caption-side: top;
  color: var(--jp-ui-font-color1, #222); }
.lab-intruder.lab-intruder tbody tr, .lab-intruder.lab-intruder tbody tr:hover { background: none; }
.lab-intruder.lab-intruder th, .lab-intruder.lab-intruder td { text-align: left; vertical-align: middle;
  padding: 6px 8px; background: none; max-width: none; white-space: normal; }
.lab-intruder.lab-intruder thead th { font-weight: 600; }
.lab-intruder.lab-intruder td.level { border-radius: 4px; border: 1px solid var(--jp-border-color2, #ddd); }
.lab-intruder.lab-intruder td.beyond { border: 2px dashed var(--jp-ui-font-color1, #444); }
.lab-intruder.lab-intruder td.fits { border: 2px solid var(--jp-brand-color1, #1976d2); }
.lab-intruder .small { font-size: 0.92em; display: block; line-height: 1.4; padding: 0 4px; }
.lab-intruder ul { margin: 2px 0 2px 1.4em; padding: 0; }
</style>"""
_PURPOSE = {
    "task": "the role that the task runs with",
    "execution": "the role that ECS starts the task with",
}
_SOURCE = "Access levels: AWS Service Authorization Reference. Evaluation: IAM User Guide, “Policy evaluation logic”."


def intruder_view(reports: tuple[Intruder, ...]) -> View:
    """What the roles of one or more plans can do, one table for each role."""
    roles = [(report, role) for report in reports for role in report.roles]
    if not roles:
        text = "The plan holds no task with a role: code that runs there has no permissions."
        return View(f"<p>{text}</p>", text)
    html = "".join(_table(report, role) for report, role in roles)
    return View(
        f'{_STYLE}{html}<span class="lab-intruder small">{_SOURCE}</span>',
        "\n\n".join([*(_text(report, role) for report, role in roles), _SOURCE]),
    )


def _title(report: Intruder, role: RoleReach) -> str:
    stream = report.stream.name if report.stream else "no stream"
    return f"{role.role.name}, {_PURPOSE[role.use]} (its own stream: {stream})"


def _count(grants: Iterable[Grant]) -> int:
    return len({grant.action for grant in grants})


def _cell(role: RoleReach, where: Where, level: str) -> tuple[int, int]:
    """How many actions of a level the role's work takes in a place, and how many it can do beyond them."""
    there = [grant for grant in role.grants if grant.where is where and grant.level == level]
    return _count(g for g in there if g.needed), _count(g for g in there if g.is_excess)


def _words(needed: int, beyond: int) -> str:
    parts = [f"✓ {needed} needed"] if needed else []
    parts += [f"✗ {beyond} {'more' if needed else 'not needed'}"] if beyond else []
    return ", ".join(parts) or "–"


def _sentences(role: RoleReach) -> list[str]:
    """What to take away from the table: the worst of the excess, what is lacking, and what cannot be read."""
    lines = []
    total = _count(role.excess)
    if total:
        lines.append(
            f"{total} actions beyond its work, through {', '.join(role.policies_to_change)}. The worst:"
        )
        lines += [
            f"  {in_words(grant)}: {places(grant.action, role.excess)}" for grant in worst(role.excess, 6)
        ]
    elif not role.unreadable:
        lines.append("Nothing beyond its work.")
    if role.missing:
        lines.append(f"It lacks what its work takes: {', '.join(role.missing)}.")
    lines += [f"{name} attaches {what}: nobody can show what it allows." for name, what in role.unreadable]
    return lines


def _text(report: Intruder, role: RoleReach) -> str:
    lines = [_title(report, role)]
    for where in Where:
        cells = {level: _cell(role, where, level) for level in LEVELS}
        said = [f"{level}: {_words(*cell)}" for level, cell in cells.items() if any(cell)]
        lines.append(f"  {where}: {'; '.join(said) or 'nothing'}")
    for sentence in _sentences(role):
        indent = "    " if sentence.startswith("  ") else "  "
        lines += textwrap.wrap(sentence.strip(), 96, initial_indent=indent, subsequent_indent=indent + "  ")
    return "\n".join(lines)


def _table(report: Intruder, role: RoleReach) -> str:
    head = "".join(f'<th scope="col">{escape(level)}</th>' for level in LEVELS)
    rows = "".join(_row(role, where) for where in Where)
    said = _sentences(role)
    items = "".join(f"<li>{escape(line.strip())}</li>" for line in said if line.startswith("  "))
    plain = "".join(
        f'<span class="small">{escape(line)}</span>{f"<ul>{items}</ul>" if line.endswith("The worst:") else ""}'
        for line in said
        if not line.startswith("  ")
    )
    return (
        f'<div class="lab-intruder"><table><caption><b>{escape(_title(report, role))}</b>: actions by access level'
        f'</caption><thead><tr><th scope="col">What it reaches</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        f"{plain}</div>"
    )


def _row(role: RoleReach, where: Where) -> str:
    cells = ""
    for level in LEVELS:
        needed, beyond = _cell(role, where, level)
        style = "level beyond" if beyond else "level fits" if needed else "level"
        cells += f'<td class="{style}">{_words(needed, beyond)}</td>'
    return f'<tr><th scope="row">{escape(where)}</th>{cells}</tr>'
