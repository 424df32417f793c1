"""EVICTED: an exclusive attachment of a policy that others have, too. The side-by-side drill as a rule.

NIST SP 800-53 CM-3 (configuration change control). `iam.PolicyAttachment` is meant to hold everyone in the account who
has the policy. A policy that AWS manages, or that another program made, is had by others; the program's own policy is
only if the program attaches it in more than one place. Nothing is reported where the policy is the program's own and
attached once, or only looked up and not known. An exclusive list for a role of another program takes from it what that
program attached; what that is, a preview cannot tell.
"""

from __future__ import annotations

from collections.abc import Iterator

from lab_support.drills.side_by_side import EXCLUSIVE, EXCLUSIVE_OF_ROLE, attachments_in
from lab_support.iam.managed_policies import is_managed_arn
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject, created

_REPAIR = (
    "Attach it with iam.RolePolicyAttachment (or UserPolicyAttachment, GroupPolicyAttachment), which adds one "
    "attachment and leaves the others alone."
)


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Exclusive attachments of policies that AWS manages, or that the program attaches in other places, too."""
    plan = subject.plan
    attached = list(attachments_in(plan))
    for resource in created(plan, EXCLUSIVE):
        arn = resource.get("policy_arn")
        own = plan.resolve(arn, "iam.Policy")
        own_keys = {a.key for a in attached if a.resource.urn == resource.urn}
        others = sorted({a.resource.name for a in attached if a.policy == arn and a.key not in own_keys})
        if others:
            what = (
                f"It is to hold everyone in the account who has the policy, but {', '.join(others)} attaches it, too: "
                "a later deployment detaches what is not in its lists."
            )
            yield Observation(resource, what, _REPAIR)
        elif isinstance(arn, str) and is_managed_arn(arn):
            what = (
                f"It is to hold everyone in the account who has {arn.rpartition('/')[2]}, a policy that AWS manages: a "
                "later deployment detaches it from the roles of every other environment and program."
            )
            yield Observation(resource, what, _REPAIR)
        elif arn is UNKNOWN or own is None or own.op == "read":
            why = "its policy is not of this program, so who else has it is unknown"
            yield Observation(resource, unknown=why, arguments=("policy_arn",))
    for resource in created(plan, *EXCLUSIVE_OF_ROLE):
        role = plan.resolve(resource.get("role_name"), "iam.Role")
        if role is None or role.op == "read":
            why = "its role is not of this program, so what else the role has, and loses, is unknown"
            yield Observation(resource, unknown=why, arguments=("role_name",))


RULE = ReviewRule(
    "EVICTED",
    "High",
    "change control",
    "CM-3",
    "An exclusive attachment takes a policy from everyone else who has it",
    "Replace iam.PolicyAttachment with iam.RolePolicyAttachment, UserPolicyAttachment or GroupPolicyAttachment: each "
    "adds one attachment. An account in which exactly this program may attach the policy can accept it in "
    ".lab-review.yaml with a reason and a date.",
    check,
)
