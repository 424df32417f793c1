"""Draws the work drill: what a task does, stage by stage, and the request at which it is stopped."""

from __future__ import annotations

import textwrap
from typing import Final

from lab_support.display.html import BAD, GOOD, escape, state_class, view
from lab_support.display.view import View
from lab_support.display.way import Stop, reached, way_html, way_lines
from lab_support.drills.work import Call, Run, Work
from lab_support.reporting import counted

_SOURCE: Final = (
    "Source: Kinesis Data Streams Developer Guide, "
    "docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html"
)


def works_view(works: tuple[Work, ...]) -> View:
    """A row for each task definition, and the same as text."""
    runs = [run for work in works for run in work.runs]
    if not runs:
        text = "The plan has no task definition, so no task does any work."
        return view(f"<p>{text}</p>", text)
    html = "".join(map(_card, runs))
    return view(
        f'{html}<p class="lab-dim lab-small">{_SOURCE}</p>', "\n\n".join([*map(_text, runs), _SOURCE])
    )


def _title(run: Run) -> str:
    return f"The work of {run.task}" + (f", as {run.role}" if run.role else "")


def _verdict(run: Run) -> str:
    if run.succeeds:
        return f"{GOOD} the task does its work"
    first = run.refused
    if first is None:
        return f"{BAD} no work is done: {run.problem}"
    by = "KMS" if first.of_key else "Kinesis"
    return f"{BAD} the task is stopped by {by}"


def _stops(run: Run) -> tuple[Stop, ...]:
    stops = [Stop("Task starts", (run.problem or f"as {run.role}",), not run.problem)]
    for stage, calls in run.calls:
        lines = tuple(_line(call) for call in calls)
        stops.append(Stop(f"Task {stage}", lines, not any(call.error for call in calls)))
    return reached(stops)


def _line(call: Call) -> str:
    where = f" on the key {call.on}" if call.of_key else ""
    return f"{BAD if call.error else GOOD} {call.action}{where}"


def _more(run: Run) -> str:
    """What would be refused after the first refusal."""
    refused = [call for call in run.all_calls if call.error][1:]
    return f"{counted(len(refused), 'more request')} would be refused." if refused else ""


def _text(run: Run) -> str:
    lines = [_title(run), f"  {_verdict(run)}", *way_lines(_stops(run))]
    for sentence in filter(None, (run.refused.error if run.refused else "", _more(run))):
        lines += textwrap.wrap(
            sentence, 92, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
        )
    return "\n".join(lines)


def _card(run: Run) -> str:
    error = f"<p><code>{escape(run.refused.error)}</code></p>" if run.refused else ""
    more = f"<p>{_more(run)}</p>" if _more(run) else ""
    return (
        f'<section class="lab-card {state_class(run.succeeds)}"><h4>{escape(_title(run))}</h4>'
        f'{way_html(_stops(run))}<b class="lab-fate">{escape(_verdict(run))}</b>{error}{more}</section>'
    )
