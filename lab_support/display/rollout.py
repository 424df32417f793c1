"""The rollout drill drawn: the names that each environment wants, and where the account refuses the second one."""

from __future__ import annotations

import textwrap
from html import escape

from lab_support.display import View
from lab_support.drills.rollout import Named, Rollout

_STYLE = """<style>
.lab-rollout { margin: 4px 0 12px; color: var(--jp-ui-font-color1, #222); }
.lab-rollout.lab-rollout table { border-collapse: collapse; margin: 0; table-layout: auto; font-size: 0.95em; }
.lab-rollout.lab-rollout caption { text-align: left; caption-side: top; padding: 2px 4px;
  color: var(--jp-ui-font-color1, #222); }
.lab-rollout.lab-rollout tbody tr, .lab-rollout.lab-rollout tbody tr:hover { background: none; }
.lab-rollout.lab-rollout th, .lab-rollout.lab-rollout td { text-align: left; vertical-align: top;
  padding: 4px 14px 4px 4px; max-width: none; white-space: normal;
  border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.lab-rollout code { background: none; padding: 0; }
.lab-rollout .refused { border-left: 4px solid var(--jp-error-color1, #b00020); padding-left: 8px; display: block; }
.lab-rollout .said { display: block; font-size: 0.92em; max-width: 46em; }
</style>"""


def rollouts_view(rollouts: tuple[Rollout, ...]) -> View:
    """One table for each rollout: environment by environment, what is created and what is refused."""
    html = "".join(_table(each) for each in rollouts)
    return View(_STYLE + html, "\n\n".join(_text(each) for each in rollouts))


def _title(rollout: Rollout) -> str:
    count = len(rollout.environments)
    fate = "all of them go through" if rollout.goes_through else "not all of them go through"
    return f"{count} environments in one account, deployed in this order: {fate}"


def _errors(rollout: Rollout) -> dict[str, str]:
    return {collision.second.resource.urn: collision.error for collision in rollout.collisions}


def _rows(rollout: Rollout) -> list[tuple[str, Named]]:
    return [(named.environment, named) for named in rollout.names]


def _text(rollout: Rollout) -> str:
    errors = _errors(rollout)
    lines = [_title(rollout)]
    for environment, named in _rows(rollout):
        refused = errors.get(named.resource.urn)
        word = "✗ refused" if refused else "✓ created"
        lines.append(f"  {environment:10} {word}  {named.resource.kind}  {named.physical_name}")
        if refused:
            lines += textwrap.wrap(refused, 92, initial_indent="      ", subsequent_indent="      ")
    if not rollout.names:
        lines.append("  Nothing in these plans has a name that must be unique.")
    return "\n".join(lines)


def _table(rollout: Rollout) -> str:
    errors = _errors(rollout)
    rows = "".join(
        _row(environment, named, errors.get(named.resource.urn)) for environment, named in _rows(rollout)
    )
    return (
        f'<div class="lab-rollout"><table><caption><b>{escape(_title(rollout))}</b></caption><thead><tr>'
        '<th scope="col">Environment</th><th scope="col">Wants</th><th scope="col">Name in the account</th>'
        f'<th scope="col">The account answers</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(environment: str, named: Named, refused: str | None) -> str:
    answer = "✓ created"
    if refused:
        answer = f'<span class="refused"><b>✗ refused</b><span class="said">{escape(refused)}</span></span>'
    return (
        f'<tr><th scope="row">{escape(environment)}</th><td><code>{escape(named.resource.kind)}</code></td>'
        f"<td><code>{escape(named.physical_name)}</code></td><td>{answer}</td></tr>"
    )
