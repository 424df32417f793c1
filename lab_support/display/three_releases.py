"""Draws the three-releases drill: a card for each release, with the rules of each group and who reaches whom.

The pictures are lists with words in them, so a screen reader gives the same facts in the same order.
"""

from __future__ import annotations

from typing import Final

from lab_support.display.html import escape, icon, sign, state_class, view, wrapped
from lab_support.display.view import View
from lab_support.drills.group_rules import GroupRule
from lab_support.drills.three_releases import Flow, Release, ThreeReleases
from lab_support.plan.resource import Resource
from lab_support.reporting import counted

_RULE: Final = icon('<path d="M2 6h7M6 3l3 3-3 3M14 2.5v11M11 13.5h3"/>')
_EVENTS: Final = {
    1: "creates everything",
    2: "the same program, after a refresh",
    3: "the same program, after another refresh",
}


def three_releases_view(reports: tuple[ThreeReleases, ...]) -> View:
    """The releases of each environment, one after the other."""
    return view("".join(map(_figure, reports)), "\n\n".join(map(_text, reports)))


def _title(report: ThreeReleases) -> str:
    if not report.rules:
        return f"Environment {report.environment}: no rules of security groups, so none could be taken away"
    if report.holds:
        return f"Environment {report.environment}: each release leaves all rules as they are"
    numbers = [str(release.number) for release in report.releases if release.taken]
    *first, last = numbers
    which = f"releases {', '.join(first)} and {last} take" if first else f"release {last} takes"
    count = len({(rule.owner.urn, rule.permission) for rule in report.taken})
    return f"Environment {report.environment}: {which} {counted(count, 'rule')} away"


def _named(release: Release) -> str:
    return f"Release {release.number}: {_EVENTS[release.number]}"


def _groups(report: ThreeReleases) -> tuple[Resource, ...]:
    return tuple(dict.fromkeys(rule.group for rule in report.rules))


def _rules(release: Release, group: Resource) -> list[tuple[str, bool]]:
    """The rules of a group, each in words and whether it stands after the release."""
    rules = [(rule, True) for rule in release.standing] + [(rule, False) for rule in release.taken]
    return [(_words(rule, release, stands), stands) for rule, stands in rules if rule.group == group]


def _words(rule: GroupRule, release: Release, stands: bool) -> str:
    where = "in the group's own list" if rule.is_inline else rule.owner.name
    back = ", created anew" if rule in release.returned else ""
    return f"{'' if stands else 'revoked: '}{rule.words} ({where}){back}"


def _flow(flow: Flow) -> str:
    words = f"{flow.source.name} to {flow.target_name}, port {flow.port}: "
    return words + (f"refused, {flow.blocked}" if flow.blocked else "connected")


def _text(report: ThreeReleases) -> str:
    lines = [_title(report)]
    for release in report.releases:
        lines.append(f"  {_named(release)}")
        for group in _groups(report):
            lines.append(f"    {group.name}")
            lines += [wrapped(f"{sign(stands)} {words}", 6) for words, stands in _rules(release, group)]
        lines += [wrapped(f"{sign(not flow.blocked)} {_flow(flow)}", 4) for flow in release.flows]
    return "\n".join(lines)


def _figure(report: ThreeReleases) -> str:
    cards = "".join(_card(release, report) for release in report.releases)
    return (
        f'<section class="lab-turns"><h4>{escape(_title(report))}</h4>'
        f'<ol class="lab-scenes" role="list">{cards}</ol></section>'
    )


def _card(release: Release, report: ThreeReleases) -> str:
    boxes = "".join(_box(group, release) for group in _groups(report))
    facts = "".join(f"<li>{sign(not flow.blocked)} {escape(_flow(flow))}</li>" for flow in release.flows)
    good = not release.taken and not any(flow.blocked for flow in release.flows)
    return (
        f'<li class="lab-card lab-scene {state_class(good)}"><h5>{escape(_named(release))}</h5>'
        f'<ul class="lab-zones" role="list">{boxes}</ul><ul class="lab-small">{facts}</ul></li>'
    )


def _box(group: Resource, release: Release) -> str:
    """A group with its rules, and those that this release takes away."""
    parts = "".join(
        f'<span class="lab-part {"lab-held" if stands else "lab-stopped"}">{_RULE}'
        f"<span>{sign(stands)} {escape(words)}</span></span>"
        for words, stands in _rules(release, group)
    )
    return f'<li class="lab-zone"><span class="lab-name">{escape(group.name)}</span>{parts}</li>'
