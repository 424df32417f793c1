"""Draws the intruder drill: for each role, the places it reaches, and in each place a bar for each access level.

A bar counts actions: solid for those that the work needs, hatched for the rest. The worst are listed by name.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from lab_support.display.html import BAD, GOOD, escape, state_class, view
from lab_support.display.view import View
from lab_support.drills.grants import Grant, Where
from lab_support.drills.harm import in_words, places, worst
from lab_support.drills.intruder import Intruder, RoleReach
from lab_support.iam.actions import LEVELS

_PURPOSE = {
    "task": "the role that the task runs with",
    "execution": "the role that ECS starts the task with",
}
_SOURCE = "Access levels: AWS Service Authorization Reference. Evaluation: IAM User Guide, “Policy evaluation logic”."


def intruder_view(reports: tuple[Intruder, ...]) -> View:
    """A card for each role of one or more plans: what it can do."""
    roles = [(report, role) for report in reports for role in report.roles]
    if not roles:
        text = "The plan has no task with a role, so code that runs there has no permissions."
        return view(f"<p>{text}</p>", text)
    html = "".join(_card(report, role) for report, role in roles)
    return view(
        f'{html}<p class="lab-dim lab-small">{_SOURCE}</p>',
        "\n\n".join([*(_text(report, role) for report, role in roles), _SOURCE]),
    )


def _title(report: Intruder, role: RoleReach) -> str:
    stream = report.stream.name if report.stream else "no stream"
    return f"{role.role.name}, {_PURPOSE[role.use]} (its own stream: {stream})"


def _count(grants: Iterable[Grant]) -> int:
    return len({grant.action for grant in grants})


def _cell(role: RoleReach, where: Where, level: str) -> tuple[int, int]:
    """How many actions of a level the role needs in a place, and how many more it can do there."""
    there = [grant for grant in role.grants if grant.where is where and grant.level == level]
    return _count(grant for grant in there if grant.needed), _count(
        grant for grant in there if grant.is_excess
    )


def _words(needed: int, beyond: int) -> str:
    parts = [f"{GOOD} {needed} needed"] if needed else []
    parts += [f"{BAD} {beyond} {'more' if needed else 'not needed'}"] if beyond else []
    return ", ".join(parts) or "–"


def _sentences(role: RoleReach) -> list[str]:
    """What the picture says, in sentences: the worst excess, missing permissions, and policies that cannot be read."""
    lines = []
    total = _count(role.excess)
    if total:
        lines.append(
            f"{total} actions beyond what it needs, through {', '.join(role.policies_to_change)}. The worst:"
        )
        lines += [
            f"  {in_words(grant)}: {places(grant.action, role.excess)}" for grant in worst(role.excess, 6)
        ]
    elif not role.unreadable:
        lines.append("Nothing beyond what it needs.")
    if role.missing:
        lines.append(f"It lacks what it needs: {', '.join(role.missing)}.")
    lines += [f"{name} attaches {what}; what it allows is unknown." for name, what in role.unreadable]
    return lines


def _text(report: Intruder, role: RoleReach) -> str:
    lines = [_title(report, role)]
    for where in Where:
        cells = {level: _cell(role, where, level) for level in LEVELS}
        counts = [f"{level}: {_words(*cell)}" for level, cell in cells.items() if any(cell)]
        lines.append(f"  {where}: {'; '.join(counts) or 'nothing'}")
    for sentence in _sentences(role):
        indent = "    " if sentence.startswith("  ") else "  "
        lines += textwrap.wrap(sentence.strip(), 96, initial_indent=indent, subsequent_indent=indent + "  ")
    return "\n".join(lines)


def _card(report: Intruder, role: RoleReach) -> str:
    longest = max((sum(_cell(role, where, level)) for where in Where for level in LEVELS), default=0)
    reached = [
        where for where in Where if any(grant.where is where for grant in role.grants if _counts(grant))
    ]
    boxes = "".join(_place(role, where, longest) for where in reached)
    picture = f'<ul class="lab-places" role="list">{boxes}</ul>' if boxes else ""
    elsewhere = ", ".join(str(where) for where in Where if where not in reached)
    sentences = _sentences(role)
    items = "".join(f"<li>{escape(line.strip())}</li>" for line in sentences if line.startswith("  "))
    plain = "".join(
        f"<p>{escape(line)}</p>{f'<ul>{items}</ul>' if line.endswith('The worst:') else ''}"
        for line in sentences
        if not line.startswith("  ")
    )
    good = not role.excess and not role.missing and not role.unreadable
    title = f"{_title(report, role)}: actions by access level"
    return (
        f'<section class="lab-card {state_class(good)}"><h4>{escape(title)}</h4>'
        f"{picture}{f'<p>Nothing in: {escape(elsewhere)}.</p>' if elsewhere else ''}{plain}</section>"
    )


def _counts(grant: Grant) -> bool:
    """Whether an action is counted; a harmless one is not."""
    return grant.needed or grant.is_excess


def _place(role: RoleReach, where: Where, longest: int) -> str:
    cells = [(level, *_cell(role, where, level)) for level in LEVELS]
    rows = "".join(
        f"<dt>{escape(level)}</dt><dd>{_bar(needed, beyond, longest)}{_words(needed, beyond)}</dd>"
        for level, needed, beyond in cells
        if needed or beyond
    )
    style = " lab-beyond" if any(beyond for _, _, beyond in cells) else ""
    title = f"{where[0].upper()}{where[1:]}"
    return f'<li class="lab-place{style}"><h5>{title}</h5><dl class="lab-levels">{rows}</dl></li>'


def _bar(needed: int, beyond: int, longest: int) -> str:
    """A bar as long as its number of actions; the words beside it say the same."""
    parts = "".join(
        f'<span class="{style}" style="width: {100 * count / longest:.1f}%"></span>'
        for style, count in (("lab-needed", needed), ("lab-excess", beyond))
        if count
    )
    return f'<span class="lab-measure" aria-hidden="true">{parts}</span>'
