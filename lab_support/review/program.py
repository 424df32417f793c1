"""Reviews the program at a path, or an export of what is deployed, for `lab review` and the last notebook.

reviewed = review_program("../my-stack")
reviewed.review.findings
reviewed.plan                     # for more drills
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from lab_support.plan.plan import Plan
from lab_support.projects.advice import advice
from lab_support.projects.project import Project, read_project
from lab_support.review.acceptance import apply, read_acceptances
from lab_support.review.deployed import InvalidDeployment, read_deployment
from lab_support.review.findings import Review
from lab_support.review.names_in_one import open_questions
from lab_support.review.other_environment import (
    configured_texts,
    other_environments,
    reads_of,
    separate_accounts,
)
from lab_support.review.rule import ReviewSubject
from lab_support.review.rules import ALL_RULES, RULES, apply_rules
from lab_support.review.second_preview import SecondPreview, keep_one_ready

TIME_LIMIT = 300.0  # seconds that one preview may take


@dataclass(frozen=True)
class Reviewed:
    """A plan and its review, with the findings that .lab-review.yaml accepts set apart."""

    plan: Plan
    review: Review


def review_program(
    path: str | Path,
    stack: str | None = None,
    config: Mapping[str, str] | None = None,
    time_limit: float = TIME_LIMIT,
    *,
    strict: bool = False,
) -> Reviewed:
    """Previews the program at `path` (a project folder or a .py file) and applies every rule to its plan.

    With `strict`, Notes on what is a matter of policy are added.

    Raises InvalidProject or InvalidAcceptances if there is nothing to review, and what preview() raises if the program
    cannot be previewed.
    """
    program, given = Path(path).resolve(), dict(config or {})
    project = read_project(program, stack, given)
    acceptances = read_acceptances(program)
    plan, review = review_project(program, project, given, time_limit, strict=strict)
    keep_one_ready()
    return Reviewed(plan, apply(review, acceptances, date.today()))


def review_project(
    program: Path,
    project: Project,
    given: Mapping[str, str],
    time_limit: float,
    *,
    strict: bool = False,
) -> tuple[Plan, Review]:
    """The plan of a project and its review. A second environment is previewed at the same time, in another process."""
    rules = ALL_RULES if strict else RULES
    reads = reads_of(program, project)
    environments = other_environments(program, project, given, reads)
    second = SecondPreview(program, environments[0], time_limit)
    try:
        plan, notes = project.preview(time_limit)
    except BaseException:
        second.stop()
        raise
    notes += tuple(advice(plan, refusals=False))  # which are findings
    other, reasons = second.result(), []
    for environment in environments[1:]:
        if not isinstance(other, str):
            break
        reasons.append(f"{second.environment.stack} ({other})")
        second = SecondPreview(program, environment, time_limit)
        other = second.result()
    if isinstance(other, str):
        reasons.append(f"{second.environment.stack} ({other})")
        why = f"the program could not be previewed for another environment; tried: {'; '.join(reasons)}"
        return plan, apply_rules(ReviewSubject(plan), notes, why, rules)
    texts = configured_texts(project, reads)
    accounts = separate_accounts(project, second.environment)
    subject = ReviewSubject(plan, other, second.environment.words, texts, accounts)
    return plan, apply_rules(subject, notes, rules=rules)


def review_deployment(content: bytes, name: str, *, strict: bool = False) -> tuple[Review, Mapping[str, int]]:
    """The review of an export of a stack or of a preview by Pulumi, and the lines of the resources in it, by URN.

    `name` names it in messages. Raises InvalidDeployment.
    """
    try:
        deployment = read_deployment(content, name)
        plan = deployment.plan
        subject = ReviewSubject(plan, is_unchecked=True)
        review = apply_rules(subject, deployment.notes, rules=ALL_RULES if strict else RULES)
        reviewed = sum(resource.is_custom and resource.type.startswith("aws:") for resource in plan)
        unknown = (*review.unknown, *open_questions(plan))
    except RecursionError:
        raise InvalidDeployment(f"{name} is nested too deeply") from None
    return replace(review, unknown=unknown, resources=reviewed), deployment.lines
