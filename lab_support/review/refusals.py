"""REFUSED: what a deployment would be refused. The mock account's own verdict as a rule.

NIST SP 800-53 CM-3(2) (testing of changes before they are made). `pulumi preview` does not ask AWS, so a program can
preview and still fail halfway through its deployment. The account notes such refusals in the plan's diagnostics.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.plan.resource import Resource
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Resources that AWS would refuse to create or change."""
    from lab_support.engine.results import REFUSED_LATER  # start-up time: loads gRPC

    for diagnostic in subject.plan.diagnostics:
        if diagnostic.text.startswith(REFUSED_LATER):
            name, type_ = diagnostic.resource, diagnostic.urn.split("::")[-2:][0].rpartition("$")[2]
            resource = subject.plan.by_urn(diagnostic.urn) or Resource(diagnostic.urn, type_, name)
            words = diagnostic.text.removeprefix(REFUSED_LATER).rstrip(".")
            yield Observation(resource, f"A deployment stops at this resource: {words}.", _REPAIR)


_REPAIR = (
    "Change what AWS's message names, and review again. `pulumi preview` does not ask AWS, so it does not show this; a "
    "deployment would leave behind what it created before."
)

RULE = ReviewRule(
    "REFUSED",
    "Medium",
    "deployment",
    "CM-3(2)",
    "AWS would refuse a resource on deployment",
    "AWS answers the request for this resource with an error, which the finding quotes. Correct the argument that it "
    "names, or create what it misses first. `pulumi preview` cannot show such errors, because it does not ask AWS.",
    check,
)
