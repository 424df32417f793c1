"""What AWS answers to a request that is denied, in its own words.

IAM User Guide, "Troubleshoot access denied error messages".
"""

from __future__ import annotations

from lab_support.iam.evaluate import AccessRequest, Decision, Policies


def denial(request: AccessRequest, policies: Policies, decision: Decision) -> str:
    """AWS's message, without the name of the exception, for a request that a task's role was denied."""
    account, _, name = policies.role_arn.split(":", 4)[4].partition(":role/")
    user = f"arn:aws:sts::{account}:assumed-role/{name.rpartition('/')[2]}/task"
    identity = {named.name for named in policies.identity}
    if decision.reason == "permissions boundary":
        why = f"because no permissions boundary allows the {request.action} action"
    elif decision.reason != "explicit deny":
        why = f"because no identity-based policy allows the {request.action} action"
    elif identity & set(decision.policies):
        why = "with an explicit deny in an identity-based policy"
    elif policies.boundary and policies.boundary.name in decision.policies:
        why = "with an explicit deny in a permissions boundary"
    else:
        why = "with an explicit deny in a resource-based policy"
    return (
        f"User: {user} is not authorized to perform: {request.action} on resource: {request.resource} {why}"
    )
