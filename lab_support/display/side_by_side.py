"""Draws the side-by-side drill: a card for each deployment, with who has which policy after it, and whose tasks start.

The pictures are lists with words in them, so a screen reader gives the same facts in the same order.
"""

from __future__ import annotations

from typing import Final

from lab_support.display.html import escape, icon, sign, state_class, view, wrapped
from lab_support.display.view import View
from lab_support.drills.side_by_side import Attachment, SideBySide, Start, Step

_ROLE: Final = icon('<circle cx="8" cy="4.5" r="3"/><path d="M2.5 14.5c0-4 2.4-6 5.5-6s5.5 2 5.5 6z"/>')
_TASK: Final = icon('<path d="M2.5 2.5h11v11h-11zM6 5.5l4.5 2.5L6 10.5z"/>')


def side_by_side_view(reports: tuple[SideBySide, ...]) -> View:
    """The deployments of each report, one after the other, and the tasks that start at the end."""
    return view("".join(map(_figure, reports)), "\n\n".join(map(_text, reports)))


def _title(report: SideBySide) -> str:
    count = len(report.environments)
    if not report.starts:
        return f"{count} environments in one account: no task definition, so no task could fail to start"
    start = [
        environment
        for environment in report.environments
        if not any(start.refused for start in report.starts if start.environment == environment)
    ]
    return f"{count} environments in one account: at the end, tasks start in {len(start)} of {count}"


def _named(step: Step) -> str:
    return f"{step.environment} {'is deployed' if step.is_first else 'gets its next release'}"


def _lost(step: Step) -> list[str]:
    """A sentence for each policy that the deployment takes away."""
    return [
        f"{eviction.by.name} takes {_policy(eviction.lost)} from {eviction.lost.name} "
        f"({eviction.lost.environment})"
        for eviction in step.evictions
    ]


def _policy(attachment: Attachment) -> str:
    return attachment.policy.rpartition("/")[2]


def _end(start: Start) -> str:
    if not start.refused:
        return f"{start.environment}: tasks of {start.definition.name} start"
    return f"{start.environment}: tasks of {start.definition.name} do not start: AWS refuses {start.refused}"


def _text(report: SideBySide) -> str:
    lines = [_title(report)]
    for number, step in enumerate(report.steps, start=1):
        lines.append(f"  {number}. {_named(step)}")
        lines += [wrapped(f"✗ {sentence}", 4) for sentence in _lost(step)]
        lines += [wrapped(f"✓ {a.name} has {_policy(a)} ({a.environment})", 4) for a in step.attached]
    lines += [wrapped(f"{sign(not start.refused)} {_end(start)}", 4) for start in report.starts]
    return "\n".join(lines)


def _figure(report: SideBySide) -> str:
    cards = "".join(_card(number, step, report) for number, step in enumerate(report.steps, start=1))
    ends = "".join(
        f'<li class="{state_class(not start.refused)}"><span class="lab-part '
        f'{"lab-stopped" if start.refused else "lab-held"}">{_TASK}<span>{sign(not start.refused)} '
        f"{escape(_end(start))}</span></span></li>"
        for start in report.starts
    )
    return (
        f'<section class="lab-turns"><h4>{escape(_title(report))}</h4>'
        f'<ol class="lab-scenes" role="list">{cards}</ol>'
        f'<ul class="lab-list" role="list">{ends}</ul></section>'
    )


def _card(number: int, step: Step, report: SideBySide) -> str:
    boxes = "".join(_box(environment, step) for environment in report.environments)
    facts = "".join(f"<li>✗ {escape(sentence)}</li>" for sentence in _lost(step))
    return (
        f'<li class="lab-card lab-scene {state_class(not step.evictions)}">'
        f"<h5>{number}. {escape(_named(step))}</h5>"
        f'<ul class="lab-zones" role="list">{boxes}</ul><ul class="lab-small">{facts}</ul></li>'
    )


def _box(environment: str, step: Step) -> str:
    """An environment with those who have a policy, and those from whom this deployment takes one."""
    parts = [(attachment, True) for attachment in step.attached if attachment.environment == environment]
    parts += [(e.lost, False) for e in step.evictions if e.lost.environment == environment]
    drawn = "".join(_part(attachment, has) for attachment, has in parts)
    return f'<li class="lab-zone"><span class="lab-name">{escape(environment)}</span>{drawn}</li>'


def _part(attachment: Attachment, has: bool) -> str:
    words = f"{attachment.name}: {sign(has)} {'has' if has else 'loses'} {_policy(attachment)}"
    return (
        f'<span class="lab-part {"lab-held" if has else "lab-stopped"}">{_ROLE}'
        f"<span>{escape(words)}</span></span>"
    )
