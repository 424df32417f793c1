"""IAM: roles and policies, the names that are unique in an account, and the documents that it takes."""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer, Rule
from lab_support.mock_aws.services import iam_rules as rules


def _named(thing: str, path: str, id: str = "{name}", checks: tuple[Rule, ...] = ()) -> Answer:
    return Answer(
        id=id,
        arn=f"arn:{{partition}}:iam::{{account}}:{path}{{path}}{{name}}",
        generated="terraform-",
        defaults={
            "path": "/",
            **({"maxSessionDuration": 3600} if thing == "Role" else {}),
        },
        computed={"uniqueId": "{upper21}", **({"policyId": "ANPA{upper17}"} if thing == "Policy" else {})},
        rules=checks,
    )


_ROLE = (rules.name_fits, rules.policy_is_json, rules.trust_is_well_formed, rules.policies_in_role)
_POLICY = (rules.name_fits, rules.policy_is_json, rules.policy_is_well_formed, rules.managed_policy_fits)
_ROLE_POLICY = (
    rules.name_fits,
    rules.policy_is_json,
    rules.role_exists,
    rules.policy_is_well_formed,
    rules.inline_policies_fit,
)

ROWS = {
    "iam.Role": _named("Role", "role", checks=_ROLE),
    "iam.User": _named("User", "user"),
    "iam.Group": _named("Group", "group"),
    "iam.Policy": _named("Policy", "policy", id="{arn}", checks=_POLICY),
    "iam.InstanceProfile": _named("Instance Profile", "instance-profile"),
    "iam.RolePolicy": Answer(
        id="{role}:{name}",
        generated="terraform-",
        rules=_ROLE_POLICY,
        awaits={"role": rules.ROLE},
    ),
    "iam.RolePolicyAttachment": Answer(
        id="{role}/{policyArn}",
        name="",
        rules=(rules.role_exists, rules.attached_policy_exists),
        awaits={"role": rules.ROLE, "policyArn": rules.POLICY},
    ),
    "iam.PolicyAttachment": Answer(
        id="{name}",
        rules=(rules.role_exists, rules.attached_policy_exists),
        awaits={"policyArn": rules.POLICY},
    ),
    "iam.RolePoliciesExclusive": Answer(id="{roleName}", name=""),
    "iam.RolePolicyAttachmentsExclusive": Answer(id="{roleName}", name=""),
    "iam.ServiceLinkedRole": Answer(
        id="{arn}", arn="arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}", name=""
    ),
}
