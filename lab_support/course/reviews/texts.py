"""The texts of a generated review: introduction, hints, check and debrief, and the answers to compare notes with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any, Final

from lab_support.course.exercises import EXERCISE, HINTS, POINTS, Exercise
from lab_support.course.notes import Beyond, Sound
from lab_support.course.reviews import stock
from lab_support.course.reviews.stock import Drawn, StockFlaw
from lab_support.course.reviews.variation import Variation
from lab_support.reporting import counted

_CHECK: Final = """with check("{slug}", program, environments=("dev",)) as verdict:
    # A large program: dev, the environments that it names, and two that cannot be predicted.
    for collision in rollout(verdict.plans).collisions:
        with verdict.finding(
            "NAME-COLLISION", collision.name, "What makes this name differ between environments?"
        ):
            first, second = collision.first.environment, collision.second.environment
            assert not collision, (
                f"Expected a name of its own in {{second}}; found that of {{first}}: {{collision.error}}"
            )

    for plan in verdict.plans:  # one preview for each environment
        for requirement in requirements(plan):  # what the brief asks, by what would happen
            with verdict.finding(requirement.id, requirement.resource, requirement.question):
                assert requirement.holds, requirement.what"""


SETUP: Final = """from __future__ import annotations  # a class may name one that is defined below it

import json

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from lab_support import (
    VERBATIM,
    check,
    deliveries,
    incident,
    intruder,
    outages,
    preview,
    reader,
    release,
    requirements,
    rollout,
    show,
    side_by_side,
    strangers,
    theft,
    three_releases,
    topology,
    ways_out,
    what_changed,
    what_was_found,
    work,
)"""
# The drills of 07 to 14, for the table of 06.
_MORE_DRILLS: Final = """
| Can running tasks reach the internet if a zone fails? | `show(ways_out(plan))` |
| Can a task do its work? | `show(work(plan))` |
| Do alarm notices reach the people on call? | `show(deliveries(plan))` |
| What does read-only access show of a secret? | `show(reader(plan))` |
| Who gets in from outside? | `show(strangers(plan))` |
| What is left after a rename or a destroy? | `show(release(plan))` |
| What does a second release take away? | `show(three_releases(plan))` |
| What would prod take from dev? | `show(side_by_side([plan, preview(program, "prod", config=VERBATIM)]))` |"""
_MORE: Final = """
> - **What is stored** outlives a mistake: no deployment can delete the database or the files, and a database that is
>   deleted on purpose leaves a final snapshot.
> - **Releases**: the workflow `release.yml` of the GitHub repository `alerts-example/emergency-alert` updates the ECS
>   service. It runs on the branch `main`, without a GitHub environment; no other branch, tag, pull request or
>   repository may do so. The account has an identity provider for GitHub's tokens."""

# What a note may say of the role that reviews have beside 06: see course/notes.py.
_RELEASES: Final[dict[str, Any]] = {
    "name": "release-role, release-policy",
    "called": "release role, release policy, deploy role, deploy policy, deployment role, github, oidc",
    "apart_from": "task execution api kinesis secret login key topic",
}
_SOUND: Final = Sound(
    **_RELEASES,
    why="It admits only the workflow's runs on `main`, and may only describe and update this service.",
)
_BEYOND: Final = (
    Beyond(
        name="db",
        called="database, rds, postgres",
        apart_from="subnet parameter secret log sg security alarm group",
        words="restart",
        telling="apply immediately window maintenance",
        why=(
            "Without a maintenance window, a change that needs a restart interrupts the database when it is deployed. "
            "The brief leaves that to the team."
        ),
    ),
    Beyond(
        name="key",
        called="kms, cmk, customer managed key, kms key",
        apart_from="policy access rights task role",
        words="alarm monitor cloudtrail",
        telling="disablekey schedulekeydeletion scheduled deletion",
        why=(
            "Once the key is deleted, nothing that it encrypts can be read. An alarm on its use while the deletion is "
            "pending would leave time to cancel it."
        ),
    ),
    Beyond(
        name="key",
        called="kms, key policy, cmk, customer managed key, kms key",
        apart_from="task role",
        words="statement narrow name limit context",
        telling="logs groups",
        why=(
            "The statement for CloudWatch Logs admits every log group of the account. Its condition could name the "
            "system's."
        ),
    ),
    Beyond(
        name="public-a, public-b",
        called="public subnet, subnet",
        apart_from="private",
        words="launch anything future auto automatic map_public_ip_on_launch default",
        why="Only NAT gateways are there now. Anything else that starts there would get the address, too.",
    ),
    Beyond(
        **_RELEASES,
        words="rename immutable ids taken takeover reuse names",
        why=(
            "A subject made of names also admits the next owner of these names. GitHub's immutable subjects add the "
            "IDs of owner and repository, which nobody else gets."
        ),
    ),
    Beyond(
        **_RELEASES,
        words="register registertaskdefinition pass passrole revision",
        why=(
            "The role can only update the service. To register a task definition, it would also need "
            "`ecs:RegisterTaskDefinition`, and `iam:PassRole` on the two roles of the tasks."
        ),
    ),
    Beyond(
        **_RELEASES,
        words="environment reviewer approval gate protection",
        why=(
            "A GitHub environment can require reviewers before a job gets its token. The subject then names the "
            "environment instead of the branch."
        ),
    ),
)


def requirement(brief: str) -> str:
    """The requirements of 06, with what the flaws of the stock ask for beside them."""
    return brief + _MORE


def drills(table: str) -> str:
    """The table of 06 that says which question each drill answers, with those of the other kinds of flaws."""
    return table + _MORE_DRILLS


def title(system: str) -> str:
    """The scene, in a few words."""
    return f"Before the {system.replace('-', ' ')} system goes live"


def introduction(exercise: Exercise) -> str:
    """The first cell: how many flaws there are, and of which severity."""
    counts = [
        f"{count} {severity} ({counted(points, 'point')}{' each' if count > 1 else ''})"
        for severity, points in POINTS.items()
        if (count := list(exercise.severities.values()).count(severity))
    ]
    name = exercise.system.replace("-", " ")
    return (
        f"# {exercise.title}\n\n"
        f"An AI assistant wrote the infrastructure of the {name} system, and your name goes on the review. The program "
        f"runs, the preview is clean, and {counted(len(exercise.severities), 'thing')} in it "
        f"{'is' if len(exercise.severities) == 1 else 'are'} wrong: **{', '.join(counts)}**. The rest is sound, and "
        "some of it looks worse than it is.\n\n"
        "First you read, and write down what you find. Then you repair it: the repair is the proof."
    )


def parts(variation: Variation) -> tuple[str, ...]:
    """The headings of the cells that the program is in, in the order of the review."""
    headings = [
        cell.source.partition("\n")[0].removeprefix("### ")
        for cell, following in pairwise(stock.system().cells)
        if cell.kind == "markdown" and following.tag == EXERCISE
    ]
    return tuple(headings[place] for place in variation.order(len(headings)))


def check(exercise: Exercise) -> str:
    """The check: every requirement of the brief, in every environment."""
    return _CHECK.format(slug=exercise.slug)


def hints(flaws: Sequence[StockFlaw], variation: Variation) -> list[str]:
    """Where to look, what to think about, and which argument."""
    sound = stock.sound_cells()
    places: dict[int, int] = {}
    for flaw in flaws:
        changed = next(n for n, (old, new) in enumerate(zip(sound, flaw.cells, strict=True)) if old != new)
        shown = variation.order(len(sound)).index(changed)
        places[shown] = places.get(shown, 0) + 1
    where = "\n".join(
        f"- *{parts(variation)[cell]}*: {counted(places[cell], 'flaw')}" for cell in sorted(places)
    )
    questions = dict.fromkeys(stock.kinds()[flaw.finding]["question"] for flaw in flaws)
    arguments = "\n".join(f"- {variation.text(flaw.texts['hint'])}" for flaw in flaws)
    bodies = (
        ("where to look", where),
        (
            "what to think about",
            f"Go through the whole program with one question at a time. {' '.join(questions)}",
        ),
        ("which argument", arguments),
    )
    return [
        f"<details><summary><b>Hint {number} of {HINTS}</b>: {heading}</summary>\n\n{body}\n\n</details>"
        for number, (heading, body) in enumerate(bodies, start=1)
    ]


def debrief(drawn: Drawn, variation: Variation) -> str:
    """What was wrong and what only looked so."""
    wrong = "\n".join(
        f"- **{flaw.texts['title']}** ({flaw.severity}, `{flaw.finding}`). {variation.text(flaw.texts['what'])}"
        for flaw in drawn.flaws
    )
    right = "\n".join(
        f"- {change.texts['called'].split(', ')[0].capitalize()}: {variation.text(change.texts['why'])}"
        for change in drawn.distractors
    )
    looked = f"\n\n### What looked suspicious and was right\n\n{right}" if right else ""
    return (
        f"### What was wrong\n\n{wrong}{looked}\n\n"
        "The notebooks of the single flaws name the sources for each kind, and the controls behind it."
    )


def answers(drawn: Drawn, sound: Sequence[Sound], beyond: Sequence[Beyond]) -> str:
    """The cell that notes are compared with: the flaws, what looks suspicious, and what is true beyond the brief."""
    flawed = {name for flaw in drawn.flaws for name in flaw.texts["name"].split(", ")}
    claims = tuple(dict.fromkeys(kind["words"] for kind in stock.kinds().values()))
    still = [
        replace(entry, kinds=claims) for entry in (*sound, _SOUND) if not flawed & set(entry.name.split(", "))
    ]
    named: dict[str, list[Any]] = {
        "answers": [flaw.answer() for flaw in drawn.flaws],
        "sound": [*(change.sound() for change in drawn.distractors), *still],
        "beyond": [*beyond, *_BEYOND],
    }
    lines = ["from lab_support.course.notes import Answer, Beyond, Sound"]
    for name, entries in named.items():
        lines += ["", f"{name} = [", *(f"    {_call(entry)}," for entry in entries), "]"]
    return "\n".join(lines)


def _call(entry: Any) -> str:
    given = ", ".join(f"{field.name}={getattr(entry, field.name)!r}" for field in fields(entry))
    return f"{type(entry).__name__}({given})"
