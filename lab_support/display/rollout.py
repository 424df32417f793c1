"""The rollout drill drawn: a lane for each environment with the names it wants, and where two want the same one."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from lab_support.display.html import BAD, GOOD, escape, sign, state_class, view
from lab_support.display.view import View
from lab_support.drills.rollout import NamedResource, Rollout

_NOTHING = "Nothing in these plans has a name that must be unique."


class _Answer(NamedTuple):
    """What the account answers to a wish: the words, who else has to do with it, and AWS's error."""

    word: str
    about: str = ""
    error: str = ""


def rollouts_view(rollouts: tuple[Rollout, ...]) -> View:
    """A figure for each rollout: environment by environment, what is created and what is refused."""
    return view("".join(map(_figure, rollouts)), "\n\n".join(map(_text, rollouts)))


def _title(rollout: Rollout) -> str:
    count = len(rollout.environments)
    fate = "all of them go through" if rollout.goes_through else "not all of them go through"
    return f"{count} environments in one account, deployed in this order: {fate}"


def _answers(rollout: Rollout) -> dict[str, _Answer]:
    """The answer for each resource, by its URN. Whoever comes second is refused."""
    found: dict[str, _Answer] = {}
    for collision in rollout.collisions:
        first, second = collision.first, collision.second
        wanted = found.get(first.resource.urn, _Answer(f"{GOOD} created")).about
        others = f"{wanted}, {second.environment}" if wanted else f"also wanted by {second.environment}"
        found[first.resource.urn] = _Answer(f"{GOOD} created", others)
        found[second.resource.urn] = _Answer(
            f"{BAD} refused", f"{first.environment} has this name", collision.error
        )
    return found


def _lanes(rollout: Rollout) -> list[tuple[str, list[tuple[NamedResource, _Answer]]]]:
    """For each environment its names, those that collide first."""
    answers = _answers(rollout)

    def order(wish: tuple[NamedResource, _Answer]) -> tuple[bool, str, str, str]:
        named, answer = wish
        return not answer.about, named.resource.kind, named.physical_name, named.resource.urn

    created = _Answer(f"{GOOD} created")
    return [
        (
            environment,
            sorted(
                (
                    (named, answers.get(named.resource.urn, created))
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
    for environment, wishes in _lanes(rollout):
        for named, answer in wishes:
            about = f"  ({answer.about})" if answer.about else ""
            lines.append(
                f"  {environment:10} {answer.word}  {named.resource.kind}  {named.physical_name}{about}"
            )
            lines += textwrap.wrap(answer.error, 92, initial_indent="      ", subsequent_indent="      ")
    if not rollout.names:
        lines.append(f"  {_NOTHING}")
    return "\n".join(lines)


def _figure(rollout: Rollout) -> str:
    lanes = "".join(
        _lane(number, environment, wishes)
        for number, (environment, wishes) in enumerate(_lanes(rollout), start=1)
    )
    body = f'<ol class="lab-lanes" role="list">{lanes}</ol>' if rollout.names else f"<p>{_NOTHING}</p>"
    return f'<section class="lab-rollout"><h4>{escape(_title(rollout))}</h4>{body}</section>'


def _lane(number: int, environment: str, wishes: list[tuple[NamedResource, _Answer]]) -> str:
    well = not any(answer.error for _, answer in wishes)
    names = "".join(_name(named, answer) for named, answer in wishes)
    return (
        f'<li class="lab-card {state_class(well)}"><div class="lab-head"><h5 class="lab-title">{number}. '
        f"{escape(environment)}</h5><b>{sign(well)} {'goes through' if well else 'is refused'}</b></div>"
        f'<ul class="lab-list" role="list">{names}</ul></li>'
    )


def _name(named: NamedResource, answer: _Answer) -> str:
    style = " lab-refused" if answer.error else " lab-held" if answer.about else ""
    about = f'<b class="lab-block lab-small">{escape(answer.about)}</b>' if answer.about else ""
    error = f'<p class="lab-small">{escape(answer.error)}</p>' if answer.error else ""
    return (
        f'<li class="lab-wish{style}"><code class="lab-block lab-strong">{escape(named.physical_name)}</code>'
        f'<span class="lab-small"><code>{escape(named.resource.kind)}</code> {answer.word}</span>{about}{error}</li>'
    )
