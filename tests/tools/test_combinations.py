"""What tools/combinations.py takes from the SDK's documentation, and that no example of it is refused."""

from __future__ import annotations

import pytest

from lab_support.mock_aws.combinations import combinations_of, fault_of
from lab_support.mock_aws.data.combinations import (
    AT_LEAST_ONE,
    CONFLICTS,
    EXACTLY_ONE,
    NEEDS,
    NEEDS_ONE,
    REQUIRES,
)
from lab_support.mock_aws.naming import autonamed_property
from lab_support.plan.values import UNKNOWN
from lab_support.toolchain.sdk_types import resource_type
from tools import combinations
from tools.examples import examples

# Examples of other types leave these out ("// ..."); the provider's schema has them (AtLeastOneOf, ExactlyOneOf).
SHORTENED = {
    ("aws:lb/loadBalancer:LoadBalancer", "subnetMappings"),
    ("aws:ec2/instance:Instance", "ami"),
    ("aws:ec2/instance:Instance", "instanceType"),
    ("aws:cloudwatch/eventRule:EventRule", "eventPattern"),
}


@pytest.mark.parametrize(
    ("sentence", "combination"),
    [
        ("Conflicts with `name`", (CONFLICTS, "x", "name")),
        ("Cannot be specified with `a`, `b`, or `c`", (CONFLICTS, "x", "a", "b", "c")),
        ("Exactly one of `b` or `a` must be specified", (EXACTLY_ONE, "a", "b")),
        ("One of either `a` or `b` is required", (AT_LEAST_ONE, "a", "b")),
        ("Required unless `a` is specified", (NEEDS_ONE, "a", "x")),
        ("Required if `a` is set", (NEEDS, "a", "x")),
        ("Requires `b` to also be set", (REQUIRES, "x", "b")),
    ],
)
def test_a_plain_sentence_counts(sentence: str, combination: tuple[str, ...]) -> None:
    assert [*combinations._read(sentence, "x")] == [combination]


@pytest.mark.parametrize(
    "sentence",
    [
        "Conflicts with `a` if `b` is set",
        "Required if `protocol` is `HTTPS`",
        "Exactly one of `a` or `b` can be configured, except for `CUSTOM` strategies",
        "Cannot be used in `cn-north-1`",
    ],
)
def test_a_conditional_sentence_does_not_count(sentence: str) -> None:
    assert [*combinations._read(sentence, "x")] == []


def test_no_example_of_the_documentation_is_refused() -> None:
    refused = set()
    for example in examples():
        described = resource_type(example.token)
        assert described is not None
        name = autonamed_property(example.token, described)
        inputs = {name: UNKNOWN, **example.inputs} if name else example.inputs
        for combination in combinations_of(example.token):
            fault = fault_of(combination, described, inputs)
            if fault and (example.home == example.token or (example.token, fault.property) not in SHORTENED):
                refused.add((example.token, example.home, fault.reason))
    assert refused == set()
    assert len({example.token for example in examples()}) > 1500
