"""A system of 75 resources: each of the five flaws is found, and a sound system has no findings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab_support import UNKNOWN, preview_all, review_plan
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.review.findings import Review
from lab_support.review.rule import ReviewSubject
from lab_support.review.rules import RULES
from tests.review.flawed import CULPRITS, FLAWS, source_with


def plans_of(*flaws: str) -> tuple[Plan, Plan]:
    names: dict[str, Any] = {"__name__": "infra"}
    exec(compile(source_with(flaws), str(Path(__file__).with_name("infra.py")), "exec"), names)
    found = preview_all(names["program"], ("dev", "staging"))
    dev, staging = found["dev"], found["staging"]
    assert isinstance(dev, Plan)
    assert isinstance(staging, Plan)
    return dev, staging


@pytest.fixture(scope="module")
def sound() -> tuple[Plan, Plan]:
    return plans_of()


@pytest.fixture(scope="module")
def flawed() -> tuple[Plan, Plan]:
    return plans_of(*FLAWS)


def found_in(review: Review) -> Mapping[str, str]:
    assert len({finding.id for finding in review.findings}) == len(review.findings)
    return {finding.id: finding.resource for finding in review.findings}


def test_a_sound_system_has_no_findings(sound: tuple[Plan, Plan]) -> None:
    review = review_plan(*sound)
    assert (review.findings, review.resources) == ((), 75)


def test_all_five_flaws_are_found_the_worst_first(flawed: tuple[Plan, Plan]) -> None:
    review = review_plan(*flawed)
    assert found_in(review) == CULPRITS
    severities = [finding.severity for finding in review.findings]
    assert severities == ["Critical", "High", "High", "Medium", "Medium"]
    for finding in review.findings:
        assert finding.source is not None
        assert finding.what.endswith(".")
        assert finding.repair.endswith(".")
        assert flawed[0].by_urn(finding.urn) is not None


@pytest.mark.parametrize("flaw", FLAWS)
def test_each_flaw_alone_is_found(flaw: str, sound: tuple[Plan, Plan], flawed: tuple[Plan, Plan]) -> None:
    mixed = [with_flaw(flaw, good, bad) for good, bad in zip(sound, flawed, strict=True)]
    assert found_in(review_plan(*mixed)) == {flaw: CULPRITS[flaw]}


def with_flaw(flaw: str, good: Plan, bad: Plan) -> Plan:
    """The good plan, with the resources of the kind that the flaw changes taken from the bad one."""
    kinds = {
        "NAME-COLLISION": "kinesis.Stream",
        "SINGLE-ZONE": "rds.Instance",
        "UNENCRYPTED-AT-REST": "efs.FileSystem",
        "EXCESS-PRIVILEGE": "iam.Policy",
        "NOBODY-PAGED": "cloudwatch.MetricAlarm",
    }
    kept = [resource for resource in good if resource.kind != kinds[flaw]]
    return replace(good, resources=(*kept, *bad.of_type(kinds[flaw])))


def test_without_a_second_plan_names_are_not_checked(flawed: tuple[Plan, Plan]) -> None:
    assert "NAME-COLLISION" not in found_in(review_plan(flawed[0]))


WATCHED = ("rds", "efs", "iam", "kinesis", "cloudwatch", "sns", "kms", "elasticache")


def test_no_rule_fails_on_an_unknown_value(flawed: tuple[Plan, Plan]) -> None:
    plan, other = flawed
    tried = 0
    for index, resource in enumerate(plan.resources):
        if resource.kind.startswith(WATCHED):
            for name in {*resource.inputs, *resource.outputs}:
                changed = (*plan.resources[:index], unknown(resource, name), *plan.resources[index + 1 :])
                subject = ReviewSubject(replace(plan, resources=changed), other)
                observations = list(itertools.chain.from_iterable(rule.check(subject) for rule in RULES))
                assert len(observations) <= len(FLAWS) + 1
                tried += 1
    assert tried > 200


def unknown(resource: Resource, name: str) -> Resource:
    """The resource with one property unknown."""

    def without(values: Mapping[str, Any]) -> dict[str, Any]:
        return {key: UNKNOWN if key == name else value for key, value in values.items()}

    return replace(resource, inputs=without(resource.inputs), outputs=without(resource.outputs))


@pytest.mark.parametrize(
    ("kind", "name", "finding"),
    [
        ("rds.Instance", "multi_az", "SINGLE-ZONE"),
        ("efs.FileSystem", "encrypted", "UNENCRYPTED-AT-REST"),
        ("iam.Policy", "policy", "EXCESS-PRIVILEGE"),
    ],
)
def test_a_finding_that_depends_on_an_unknown_value_is_listed_as_unknown(
    kind: str, name: str, finding: str, flawed: tuple[Plan, Plan]
) -> None:
    plan, other = flawed
    resources = tuple(unknown(resource, name) if resource.kind == kind else resource for resource in plan)
    review = review_plan(replace(plan, resources=resources), other)
    assert finding not in found_in(review)
    assert CULPRITS[finding] in [
        undecided.resource for undecided in review.unknown if undecided.id == finding
    ]
