"""SECRET-EXPOSED: a password or another secret that read-only access shows. The reader drill as a rule.

NIST SP 800-53 IA-5(7) (no embedded unencrypted static authenticators). A secret is what the SDK declares to be one
and the plan knows the value of. It counts where all of it appears: in the state without a mark as secret, in an
output of the stack, or in a setting that AWS shows with a known request. Values that may not be secret do not count:
short ones, placeholders, and those that the same resource also shows openly. Neither does what AWS draws and answers
in another output of the same resource, as it does with the key in the id of an AppSync key. Where the value of a
secret is a stand-in, or unknown, so is the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lab_support.drills.reader import REQUESTS, Place, ReadSecret, Sight, read_secret
from lab_support.drills.secret_values import SecretValue, secret_properties, secret_values
from lab_support.mock_aws.account import SECRET_STAND_INS
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource
from lab_support.plan.values import UNKNOWN
from lab_support.review.rule import Observation, ReviewRule, ReviewSubject
from lab_support.review.wording import listed

_SHORTEST: Final = 8
_LONG: Final = 16  # a shorter text of small letters only, such as `password`, is found by chance
_NO_SECRET: Final = re.compile(
    r"change.?(me|it)|place.?holder|to.?do|dummy|example|default|initial|your[-_ ]|<.*>", re.IGNORECASE
)
# What holds settings of programs, where a secret is handed on.
_SETTINGS: Final = {
    "ecs.TaskDefinition": "container_definitions",
    "lambda.Function": "environment",
    "ec2.Instance": "user_data",
    "ec2.LaunchTemplate": "user_data",
    "codebuild.Project": "environment",
    "batch.JobDefinition": "container_properties",
}


def check(subject: ReviewSubject) -> Iterator[Observation]:
    """Secrets that read-only access certainly shows."""
    plan = subject.plan
    for secret in secret_values(plan):
        is_stand_in = any(mark in secret.value for mark in SECRET_STAND_INS)
        if secret.resource is None or not (is_stand_in or _is_secret(secret, secret.resource)):
            continue
        read = read_secret(plan, secret)
        if is_stand_in and any(_counts(plan, sight) for sight in read.seen):
            why = f"it may be seen in {listed(sight.where for sight in read.seen)}, but its value is not known here"
            yield Observation(secret.resource, unknown=why, arguments=(secret.prop,))
        elif not is_stand_in:
            yield from _observations(plan, secret, secret.resource, read)
    yield from _unknown(plan)


def _is_secret(secret: SecretValue, resource: Resource) -> bool:
    """Whether a value is secret for certain."""
    value = secret.value
    is_word = value.isalpha() and value.islower() and len(value) < _LONG
    if len(value) < _SHORTEST or is_word or _NO_SECRET.search(value):
        return False
    secret_ones = secret_properties(resource) | resource.secrets
    return not any(
        other == value
        for values in (resource.inputs, resource.outputs)
        for name, other in values.items()
        if name not in secret_ones
    )


def _counts(plan: Plan, sight: Sight) -> bool:
    """Whether a reader certainly sees the secret there: in the account, only what a known request shows."""
    resource = plan.by_urn(sight.urn)
    return sight.place is not Place.AWS or (resource is not None and resource.kind in REQUESTS)


def _observations(
    plan: Plan, secret: SecretValue, owner: Resource, read: ReadSecret
) -> Iterator[Observation]:
    seen: dict[tuple[str, str], list[Sight]] = {}
    is_drawn = secret.prop not in owner.inputs
    for sight in read.seen:
        is_own_answer = sight.urn == owner.urn and sight.prop not in owner.inputs
        if _counts(plan, sight) and not (is_drawn and is_own_answer):
            seen.setdefault((sight.urn, sight.prop), []).append(sight)
    for (urn, name), sights in seen.items():
        resource = plan.by_urn(urn)
        if resource is None:
            where = f"output {sights[0].where}" if sights[0].place is Place.EXPORTS else "log"
            what = f"The stack's {where} shows {secret.name} to everyone who may read it."
            repair = "Leave the secret out, or make it one with require_secret or Output.secret."
            yield Observation(owner, what, repair, arguments=(secret.prop,))
            continue
        places = [
            f"in {sight.place}, because it is not marked as secret"
            if sight.place is Place.STATE
            else sight.request
            for sight in sights
        ]
        what = (
            f"{resource.name} has {secret.name} in {name}, where everyone with read-only access can see it: "
            f"{listed(places)}."
        )
        yield Observation(resource, what, _repair(resource), arguments=(name,))


def _repair(resource: Resource) -> str:
    if resource.kind == "ecs.TaskDefinition":
        return (
            "Keep it in Secrets Manager, and name the secret's ARN in `secrets` of the container (valueFrom)."
        )
    if resource.kind == "ssm.Parameter":
        return 'Set type="SecureString", and give the value with `value`.'
    return "Keep it in Secrets Manager, and give the resource the secret's ARN instead of its value."


def _unknown(plan: Plan) -> Iterator[Observation]:
    """Settings that are made from a secret of which the plan does not show the value."""
    for resource in plan:
        name = _SETTINGS.get(resource.kind)
        if name and name in resource.secrets and resource.get(name) is UNKNOWN:
            why = f"its {name} is made from a secret whose value is not known"
            yield Observation(resource, unknown=why, arguments=(name,))


RULE = ReviewRule(
    "SECRET-EXPOSED",
    "High",
    "secrets",
    "IA-5(7)",
    "A secret can be read by everyone with read-only access",
    "Let the program pass on where a secret is, not its value: the ARN of a secret in Secrets Manager or of a "
    "SecureString parameter, which ECS injects (`secrets`) or the code reads. Read configuration with require_secret, "
    "so that state and outputs have it encrypted. What a resource is given, AWS shows to everyone who may describe it, "
    "even if Pulumi's state has it encrypted. Change a password that was exposed.",
    check,
)
