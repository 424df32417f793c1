"""The policies of a secret itself: its own, and that of a SecretPolicy."""

from __future__ import annotations

from lab_support.iam.evaluate import NamedPolicy
from lab_support.iam.policy import PolicyError, parse
from lab_support.plan.plan import Plan
from lab_support.plan.resource import Resource


def policies_on(plan: Plan, secret: Resource) -> tuple[NamedPolicy, ...]:
    """The policies of a secret in Secrets Manager that can be read, each named after the resource that defines it."""
    definers = [secret] + [
        policy
        for policy in plan.of_type("secretsmanager.SecretPolicy")
        if secret in plan.referenced(policy, "secret_arn", "secretsmanager.Secret")
    ]
    found = []
    for definer in definers:
        document = definer.get("policy")
        if isinstance(document, (str, dict)) and document:
            try:
                found.append(NamedPolicy(definer.name, parse(document), str(secret.get("arn"))))
            except PolicyError:
                continue
    return tuple(found)
