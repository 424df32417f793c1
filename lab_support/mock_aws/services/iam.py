"""IAM: roles and policies, and the names that are unique in an account."""

from __future__ import annotations

from lab_support.mock_aws.answers import Answer


def _named(thing: str, operation: str, path: str, id: str = "{name}", **more: object) -> Answer:
    return Answer(
        id=id,
        arn=f"arn:{{partition}}:iam::{{account}}:{path}{{path}}{{name}}",
        taken=("IAM", operation, "EntityAlreadyExists", f"{thing} with name {{name}} already exists."),
        creating=f"creating IAM {thing} ({{name}})",
        defaults={"path": "/", **({"maxSessionDuration": 3600} if thing == "Role" else {})},
        computed={"uniqueId": "{upper21}", **({"policyId": "ANPA{upper17}"} if thing == "Policy" else {})},
    )


ROWS = {
    "iam.Role": _named("Role", "CreateRole", "role"),
    "iam.User": _named("User", "CreateUser", "user"),
    "iam.Group": _named("Group", "CreateGroup", "group"),
    "iam.Policy": _named("Policy", "CreatePolicy", "policy", id="{arn}"),
    "iam.InstanceProfile": _named("Instance Profile", "CreateInstanceProfile", "instance-profile"),
    "iam.RolePolicy": Answer(id="{role}:{name}"),
    "iam.RolePolicyAttachment": Answer(id="{role}/{policyArn}", name=""),
    "iam.ServiceLinkedRole": Answer(
        id="{arn}", arn="arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}", name=""
    ),
}
