"""Draws the rollout drill: a lane for each environment with the names it wants, and where two collide."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from lab_support.display.html import BAD, GOOD, escape, sign, state_class, view
from lab_support.display.view import View
from lab_support.drills.rollout import NamedResource, Rollout

_NOTHING = "No resource in these plans has a name that must be unique."


class _Outcome(NamedTuple):
    """What happens to a name: in a word, which other environments are involved, and AWS's error."""

    word: str
    about: str = ""
    error: str = ""


def rollouts_view(rollouts: tuple[Rollout, ...]) -> View:
    """A figure for each rollout: what is created and what is refused in each environment."""
    return view("".join(map(_figure, rollouts)), "\n\n".join(map(_text, rollouts)))


def _title(rollout: Rollout) -> str:
    count = len(rollout.environments)
    fate = "all succeed" if rollout.goes_through else "not all succeed"
    return f"{count} environments deployed to one account, in this order: {fate}"


def _outcomes(rollout: Rollout) -> dict[str, _Outcome]:
    """The outcome for each resource that collides, by URN. The second of two is refused."""
    found: dict[str, _Outcome] = {}
    for collision in rollout.collisions:
        first, second = collision.first, collision.second
        wanted = found.get(first.resource.urn, _Outcome(f"{GOOD} created")).about
        others = f"{wanted}, {second.environment}" if wanted else f"also wanted by {second.environment}"
        found[first.resource.urn] = _Outcome(f"{GOOD} created", others)
        found[second.resource.urn] = _Outcome(
            f"{BAD} refused", f"{first.environment} has this name", collision.error
        )
    return found


def _lanes(rollout: Rollout) -> list[tuple[str, list[tuple[NamedResource, _Outcome]]]]:
    """Each environment with its names, collisions first."""
    outcomes = _outcomes(rollout)

    def order(name: tuple[NamedResource, _Outcome]) -> tuple[bool, str, str, str]:
        named, outcome = name
        return not outcome.about, named.resource.kind, named.physical_name, named.resource.urn

    created = _Outcome(f"{GOOD} created")
    return [
        (
            environment,
            sorted(
                (
                    (named, outcomes.get(named.resource.urn, created))
                    for named in rollout.names
                    if named.environment == environment
                ),
                key=order,
            ),
        )
        for environment in rollout.environments
    ]


def _text(rollout: Rollout) -> str:
    lines = [_title(rollout)]
    for environment, names in _lanes(rollout):
        for named, outcome in names:
            about = f"  ({outcome.about})" if outcome.about else ""
            lines.append(
                f"  {environment:10} {outcome.word}  {named.resource.kind}  {named.physical_name}{about}"
            )
            lines += textwrap.wrap(outcome.error, 92, initial_indent="      ", subsequent_indent="      ")
    if not rollout.names:
        lines.append(f"  {_NOTHING}")
    return "\n".join(lines)


def _figure(rollout: Rollout) -> str:
    lanes = "".join(
        _lane(number, environment, names)
        for number, (environment, names) in enumerate(_lanes(rollout), start=1)
    )
    body = f'<ol class="lab-lanes" role="list">{lanes}</ol>' if rollout.names else f"<p>{_NOTHING}</p>"
    return f'<section class="lab-rollout"><h4>{escape(_title(rollout))}</h4>{body}</section>'


def _lane(number: int, environment: str, names: list[tuple[NamedResource, _Outcome]]) -> str:
    good = not any(outcome.error for _, outcome in names)
    listed = "".join(_name(named, outcome) for named, outcome in names)
    return (
        f'<li class="lab-card {state_class(good)}"><div class="lab-head"><h5 class="lab-title">{number}. '
        f"{escape(environment)}</h5><b>{sign(good)} {'succeeds' if good else 'is refused'}</b></div>"
        f'<ul class="lab-list" role="list">{listed}</ul></li>'
    )


def _name(named: NamedResource, outcome: _Outcome) -> str:
    style = " lab-refused" if outcome.error else " lab-held" if outcome.about else ""
    about = f'<b class="lab-block lab-small">{escape(outcome.about)}</b>' if outcome.about else ""
    error = f'<p class="lab-small">{escape(outcome.error)}</p>' if outcome.error else ""
    return (
        f'<li class="lab-wish{style}"><code class="lab-block lab-strong">{escape(named.physical_name)}</code>'
        f'<span class="lab-small"><code>{escape(named.resource.kind)}</code> {outcome.word}</span>{about}{error}</li>'
    )
